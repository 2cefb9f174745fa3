"""``gradatim accounts``: as typed on the machine, on the database that the settings name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gradatim.cli import main
from gradatim.server.app_place import front
from gradatim.server.models import Account, Audit, Invitation
from tests.server import made
from tests.server.signing import Visitor, accounts_mode, signed_in
from tests.server.test_accounts import NEW, with_totp

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Any, db: None) -> Run:
    """``run("list")``: the exit code and both streams."""
    accounts_mode(settings)

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gradatim", "accounts", *arguments])
        capsys.readouterr()
        code: Any = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        out, err = capsys.readouterr()
        return int(code), out, err

    return ran


@pytest.mark.parametrize("administrator", [True, False])
def test_an_invitation_is_printed_and_makes_what_it_says(run: Run, administrator: bool) -> None:
    code, out, err = run("invite", *["--administrator"] * administrator, "--days", "2")
    assert code == 0
    typed, link = out.split()
    assert re.fullmatch(r"([2-9A-Z]{4}-){3}[2-9A-Z]{4}", typed)
    assert link.endswith(f"{front()}#join={typed}")
    assert "Works once, until" in err
    visitor = Visitor()
    assert visitor.api("post", "/invitations/show", {"code": typed}).status_code == 200
    assert visitor.sign_up("first@example.org").status_code == 200
    assert Account.objects.get(email="first@example.org").administrator is administrator
    (line,) = Audit.objects.filter(action="invitation made")
    assert (line.account, line.detail) == ("", "administrator" if administrator else "account")


def test_the_link_names_the_server_as_the_settings_do(run: Run, settings: Any) -> None:
    settings.CONFIG = replace(settings.CONFIG, hosts=("gradatim.example.org",), proxies=("127.0.0.1",))
    assert f"https://gradatim.example.org{front()}#join=" in run("invite")[1]


def test_the_list_tells_of_accounts_and_nothing_of_records(run: Run) -> None:
    assert "No accounts yet" in run("list")[2]
    account = made.account()
    made.account("", administrator=True, is_active=False)
    record = made.record_of(account)
    signed_in(account)
    made.program(account)
    lines = run("list")[1].splitlines()
    assert len(lines) == 2
    (told,) = [line for line in lines if line.startswith(account.email)]
    assert re.search(r"A\. Name  since \d{4}-\d\d-\d\d  seen \d{4}-\d\d-\d\d  1 device$", told)
    (other,) = [line for line in lines if line != told]
    assert other.endswith("never seen  0 devices  administrator  kept out")
    assert str(record) not in "".join(lines)


def test_an_account_is_kept_out_and_let_in(run: Run) -> None:
    account = made.account()
    visitor, program = signed_in(account), made.program(account)
    assert run("disable", account.email.upper())[0] == 0
    assert not visitor.known
    assert made.send(program, "get", "/records").status_code == 401
    assert Visitor().log_in(account.email).status_code == 401
    assert run("enable", account.email)[0] == 0
    assert Visitor().log_in(account.email).status_code == 200
    assert made.send(program, "get", "/records").status_code == 200
    assert list(Audit.objects.filter(subject=str(account.pk)).order_by("id").values_list("action", flat=True)) == ["account disabled", "account enabled"]  # fmt: skip


def test_a_reset_link_sets_a_password_once_and_ends_the_sessions(run: Run) -> None:
    account = made.account()
    before, program = signed_in(account), made.program(account)
    code, out, _ = run("reset-link", account.email)
    assert code == 0
    key = out.strip().partition("/#reset=")[2]
    visitor = Visitor()
    assert visitor.auth("post", "/auth/password/reset", {"key": f"{key}x", "password": NEW}).status_code == 400
    assert visitor.auth("post", "/auth/password/reset", {"key": key, "password": "password1234"}).status_code == 400
    assert (
        visitor.auth("post", "/auth/password/reset", {"key": key, "password": NEW}).status_code == 401
    )  # and now sign in
    assert visitor.auth("post", "/auth/password/reset", {"key": key, "password": made.PASSWORD}).status_code == 400
    assert not before.known
    assert made.send(program, "get", "/records").status_code == 200  # devices stay; one call ends them
    assert Visitor().log_in(account.email, NEW).status_code == 200


def test_a_second_factor_stays_unless_it_is_to_be_forgotten(run: Run) -> None:
    account = made.account()
    with_totp(account)
    run("reset-link", account.email)
    assert Visitor().log_in(account.email).status_code == 401
    run("reset-link", account.email, "--without-second-factor")
    assert Visitor().log_in(account.email).status_code == 200
    assert Audit.objects.filter(action="reset link made", detail="second factor forgotten").count() == 1


@pytest.mark.parametrize("command", ["disable", "enable", "reset-link"])
def test_an_address_without_an_account_is_said_to_be_none(run: Run, command: str) -> None:
    code, _, err = run(command, "nobody@example.org")
    assert code == 2
    assert "EMAIL: is no account here." in err


def test_who_is_kept_out_gets_no_way_back_in(run: Run) -> None:
    account = made.account(is_active=False)
    code, out, err = run("reset-link", account.email)
    assert (code, out) == (2, "")
    assert "is kept out" in err


@pytest.mark.parametrize("arguments", [("list",), ("invite",), ("disable", "x@example.org")])
def test_in_personal_mode_there_are_no_accounts(run: Run, settings: Any, arguments: tuple[str, ...]) -> None:
    settings.CONFIG = replace(settings.CONFIG, accounts=False)
    code, _, err = run(*arguments)
    assert code == 2
    assert "GRADATIM_MODE: is personal" in err
    assert not Invitation.objects.exists()


def test_from_nothing_in_a_process_of_its_own(tmp_path: Path) -> None:
    """A machine on which the server was never started, then one on which it was."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("GRADATIM_", "DJANGO_"))}
    environ |= {"GRADATIM_DATA": str(tmp_path / "data"), "GRADATIM_MODE": "accounts"}

    def typed(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, env=environ, timeout=60, check=False)  # fmt: skip

    first = typed("gradatim", "accounts", "invite", "--administrator")
    assert first.returncode == 2
    assert "Start the server once: gradatim serve" in first.stderr
    assert typed("django", "migrate", "--settings", "gradatim.server.django_settings").returncode == 0
    second = typed("gradatim", "accounts", "invite", "--administrator")
    assert second.returncode == 0, second.stderr
    assert second.stdout.splitlines()[1].startswith(f"http://127.0.0.1:8321{front()}#join=")
    assert typed("gradatim", "accounts", "list").returncode == 0
    environ["GRADATIM_PROXY"] = "x"
    faulty = typed("gradatim", "accounts", "list")
    assert faulty.returncode == 2
    assert "GRADATIM_PROXY" in faulty.stderr
