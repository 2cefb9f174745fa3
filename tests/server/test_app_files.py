"""The app as files: each with its kind, sent once and packed where that helps, nothing else in reach, and a clear word where it is missing."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from gradatim.server import app_files, app_place, limits, start
from gradatim.server.middleware import SECURITY_HEADERS
from gradatim.server.pairing import code_for
from tests.server.made import account, browser
from tests.server.served import ROOT
from tests.server.test_pages import checked, post

pytestmark = pytest.mark.one_database

SCRIPT = "export const words = 'step by step';\n" * 100
FILES = {
    "index.html": "<!doctype html>\n<title>Gradatim</title>\n" + "<p>step by step</p>\n" * 20,
    "worker.js": SCRIPT, "manifest.webmanifest": '{"name": "Gradatim"}' + " " * 400, "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "icon-192.png": "not really a picture", "assets/index-BmAjHFWV.js": SCRIPT, "assets/index-BbTzXQE0.css": ".a { color: red }\n" * 90,
    "assets/letters-BcXVPD7q.woff2": "letters " * 90, "assets/deep/note-12345678.json": "{}", "assets/index.js.map": "{}", "readme.md": "no",
}  # fmt: skip
GIVEN = {
    "": "text/html; charset=utf-8", "index.html": "text/html; charset=utf-8", "worker.js": "text/javascript; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json", "icon.svg": "image/svg+xml", "icon-192.png": "image/png",
    "assets/index-BmAjHFWV.js": "text/javascript; charset=utf-8", "assets/index-BbTzXQE0.css": "text/css; charset=utf-8",
    "assets/letters-BcXVPD7q.woff2": "font/woff2", "assets/deep/note-12345678.json": "application/json",
}  # fmt: skip


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An app that was built, in a folder beside secrets."""
    (tmp_path / "secret.html").write_text("a secret")
    for name, text in FILES.items():
        path = tmp_path / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(app_place, "folder", lambda: tmp_path / "app")
    app_files.built.cache_clear()
    yield tmp_path / "app"
    app_files.built.cache_clear()


@pytest.fixture
def no_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installation without it."""
    monkeypatch.setattr(app_place, "folder", lambda: tmp_path / "nothing")
    app_files.built.cache_clear()
    yield
    app_files.built.cache_clear()


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), GIVEN.items())
def test_every_file_has_its_kind_and_the_headers_of_every_answer(name: str, kind: str, app: Path) -> None:
    response = browser().get(f"/app/{name}")
    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert response.content.decode() == FILES[name or "index.html"]
    assert {name: response[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "Set-Cookie" not in response
    assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize("name", GIVEN)
def test_what_has_a_hash_in_its_name_is_kept_and_the_rest_asked_for_again(name: str, app: Path) -> None:
    said = browser().get(f"/app/{name}")["Cache-Control"]
    assert said == ("public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache")


@pytest.mark.parametrize("coding", ["identity", "gzip, deflate, br"])
@pytest.mark.parametrize("name", GIVEN)
def test_what_the_browser_has_is_not_sent_again(name: str, coding: str, app: Path) -> None:
    client = browser(headers={"Accept-Encoding": coding})
    tag = client.get(f"/app/{name}")["ETag"]
    assert re.fullmatch(r'(W/)?"[0-9a-f]{32}"', tag)
    plain = tag.removeprefix("W/")
    for known in (tag, plain, f"W/{plain}", f'"other", {tag}', "*"):
        again = client.get(f"/app/{name}", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", plain)
        assert again["Content-Security-Policy"]
        assert again["Cache-Control"]
    for other in ('"other"', plain[1:-1], plain.upper(), ""):
        assert client.get(f"/app/{name}", headers={"If-None-Match": other}).status_code == 200


def test_a_file_that_changed_has_another_tag(app: Path) -> None:
    before = browser().get("/app/worker.js")["ETag"]
    (app / "worker.js").write_text("another")
    assert browser().get("/app/worker.js")["ETag"] == before, "files are read once"
    app_files.built.cache_clear()
    assert browser().get("/app/worker.js", headers={"If-None-Match": before}).content == b"another"


@pytest.mark.parametrize("name", [name for name in GIVEN if name.endswith((".js", ".css", ".html", "webmanifest"))])
def test_words_are_packed_for_who_can_unpack_them(name: str, app: Path) -> None:
    plain, packed = (browser(headers={"Accept-Encoding": one}).get(f"/app/{name}") for one in ("identity", "gzip"))
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain


def test_its_head_is_that_of_the_file(app: Path) -> None:
    for name in GIVEN:
        full, head = browser().get(f"/app/{name}"), browser().head(f"/app/{name}")
        assert (head.status_code, head.content) == (200, b"")
        for header in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
            assert head[header] == full[header]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_sent_to_it(method: str, app: Path) -> None:
    client = browser()
    client.handler.enforce_csrf_checks = False
    assert getattr(client, method)("/app/").status_code == 405
    assert getattr(client, method)("/app/worker.js").status_code == 405


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js", "secret.html", "../secret.html", "..%2fsecret.html", "%2e%2e/secret.html", "assets/../../secret.html", "assets/..%5c..%5csecret.html",
        "assets", "assets/", "./index.html", "//index.html", "/etc/passwd", "%2fetc%2fpasswd", "index.html/", "INDEX.HTML", "index.html%00.js", "readme.md",
        "assets/index.js.map", "worker.js%20", "\N{FULLWIDTH FULL STOP}\N{FULLWIDTH FULL STOP}/secret.html", "a" * 3000,
    ],
)  # fmt: skip
def test_no_other_name_leads_anywhere(name: str, app: Path) -> None:
    response = browser().get(f"/app/{name}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response["Cache-Control"] == "no-store"
    assert b"secret" not in response.content


def test_the_address_without_its_last_sign_leads_there(app: Path) -> None:
    response = browser().get("/app")
    assert (response.status_code, response["Location"]) == (302, "/app/")


def test_a_browser_that_keeps_the_whole_app_is_not_taken_for_a_flood(app: Path, settings: Any) -> None:
    settings.RATE = 1
    many = limits.EACH_MINUTE["stranger"] + 20
    assert {browser().get("/app/worker.js").status_code for _ in range(many)} == {200}
    assert [browser().get("/api/v1/session").status_code for _ in range(many)][-1] == 429


# --- where it was not built ------------------------------------------------------------------------------------------


def test_without_it_a_page_says_so_and_leads_on(no_app: None, db: None) -> None:
    page = checked(browser().get("/app/"), 404)
    assert "/" in [attrs["href"] for attrs in page.all("a")]
    assert "make app" in browser().get("/app/").content.decode()
    answer = browser().get("/app/worker.js")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "The app was not built into this installation."


def test_without_it_nothing_leads_there(no_app: None, db: None) -> None:
    assert "/app/" not in browser().get("/").content.decode()
    assert app_place.front() == "/"
    code, _ = code_for(account(""))
    assert post(browser(), "/pair", code=code, label="x")["Location"] == "/"


# --- where people come in --------------------------------------------------------------------------------------------


def test_every_way_in_leads_to_it(app: Path, db: None) -> None:
    client = browser()
    page = checked(client.get("/"))
    first = next(attrs for attrs in page.all("a") if "open-app" in (attrs.get("class") or ""))
    assert first["href"] == "/app/"
    code, _ = code_for(account(""))
    assert post(client, "/pair", code=code, label="x")["Location"] == "/app/"
    assert "Open the app" in client.get("/").content.decode()
    answer = post(client, "/code").content.decode()
    assert re.search(r"http://127\.0\.0\.1/app/#pair=[0-9A-Z]{8}", answer)


def test_the_terminal_shows_the_way_into_it(app: Path, db: None) -> None:
    made = start.pairing("http://127.0.0.1:8321")
    assert made.link == f"http://127.0.0.1:8321/app/#pair={made.code}"


def test_the_page_without_it_stays(app: Path, db: None) -> None:
    """Also its pairing link: the script puts the code of the address into the form."""
    page = checked(browser().get("/"))
    assert [attrs["action"] for attrs in page.all("form")] == ["/pair"]
    assert [attrs["src"] for attrs in page.all("script")] == ["/static/pair.js"]
    assert "#pair=" in files("gradatim.server").joinpath("static", "pair.js").read_text()


@pytest.mark.skipif(not app_place.is_built(), reason="the app is not built here: make app")
def test_what_was_built_is_given() -> None:
    """The real one: its page names files that are there, and nothing in it is inline or from elsewhere."""
    app_files.built.cache_clear()
    text = browser().get("/app/").content.decode()
    named = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert any(one.startswith("/app/assets/") and one.endswith(".js") for one in named)
    for one in named:
        assert one.startswith("/"), one
        assert one == "/" or browser().get(one).status_code == 200, one
    assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=", text)
    for name in ("worker.js", "manifest.webmanifest"):
        assert browser().get(f"/app/{name}").status_code == 200


@pytest.mark.skipif(not app_place.is_built(), reason="the app is not built here: make app")
def test_what_was_built_is_in_the_wheel(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], check=True, capture_output=True, cwd=ROOT)  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    here = Path(str(app_place.folder()))
    built = {f"gradatim/server/app/{path.relative_to(here).as_posix()}" for path in here.rglob("*") if path.is_file()}
    assert len(built) > 10
    assert built <= packed
