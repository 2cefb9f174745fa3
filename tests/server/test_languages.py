"""What the interface says in another language: the same doses, the same instants, the same ids; other words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client
from django.utils.translation import get_language

from gradatim.languages import LANGUAGES
from tests.server.made import account, browser, demo, program, pushed, record_of, send
from tests.server.signing import Visitor, accounts_mode

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
OTHERS = sorted(LANGUAGES.keys() - {"en"})


@pytest.fixture
def home() -> tuple[UUID, Client]:
    owner = account()
    record, phone = record_of(owner), program(owner)
    assert send(phone, "post", f"/records/{record}/entries", pushed(demo())).status_code == 200
    return record, phone


@pytest.mark.parametrize("part", ["danger-signs", "monograph", "products", "protocols", "scales"])
def test_knowledge_is_kept_apart_by_language(part: str) -> None:
    answers: dict[str, tuple[str, bytes]] = {}
    for tag in (*OTHERS, "en", *OTHERS):
        said = send(browser(), "get", f"/knowledge/{part}", headers={"accept-language": tag})
        assert said.status_code == 200
        assert said["Content-Language"] == tag
        assert "Accept-Language" in said["Vary"]
        assert answers.setdefault(tag, (said["ETag"], said.content)) == (said["ETag"], said.content)
    assert len({tag for tag, _ in answers.values()}) == len(LANGUAGES)


def test_who_accepts_no_language_that_is_here_is_answered_in_english(home: tuple[UUID, Client]) -> None:
    record, phone = home
    for accepted in ("tlh", "", "xx;q=1, en;q=0.1"):
        assert (
            send(phone, "get", f"/records/{record}/packet", headers={"accept-language": accepted}).json()["language"]
            == "en"
        )


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "path",
    [
        "insight?days=84",
        "stock",
        "watch",
        "history?limit=50",
        "plan",
        "report?format=pdf",
        "report?format=html",
        "card?format=pdf",
        "calendar?format=ics",
    ],
)
def test_everything_that_is_shown_can_be_said(home: tuple[UUID, Client], path: str, language: str) -> None:
    record, phone = home
    english, other = (
        send(phone, "get", f"/records/{record}/{path}", headers={"accept-language": tag}) for tag in ("en", language)
    )
    assert (english.status_code, other.status_code) == (200, 200)
    assert other.content != english.content
    if path.endswith("=pdf"):
        assert other.content.startswith(b"%PDF")


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_wrong_with_a_form_of_signing_in_is_said_in_the_askers_language(settings: Any, language: str) -> None:
    accounts_mode(settings, sign_up=True)

    def said(tag: str) -> list[str]:
        visitor = Visitor(browser(headers={"Accept-Language": tag}))
        taken = account()
        found = [
            visitor.sign_up("nothing", password="short"),
            visitor.sign_up(taken.email, password="a long enough secret 7"),
            visitor.sign_up("new@example.org", password="123456789012"),
            visitor.log_in(taken.email, "not the password 1"),
        ]
        assert {one.status_code for one in found} == {400}
        assert {one["Content-Language"] for one in found} == {tag}
        return [error["message"] for one in found for error in one.json()["errors"]]

    told, english = said(language), said("en")
    assert len(told) == len(english) >= 5
    assert [one for one, other in zip(told, english, strict=True) if one == other] == []
    assert get_language() == "en-us"  # nobody else is answered in it


def test_a_mail_is_in_the_language_of_who_asked_for_it(settings: Any) -> None:
    accounts_mode(settings, sign_up=True)
    settings.ACCOUNT_EMAIL_VERIFICATION, settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = "mandatory", True
    for tag in ("de", "en"):
        assert Visitor(browser(headers={"Accept-Language": tag})).sign_up(f"{tag}@example.org").status_code == 401
    german, english = (str(one.body) for one in mail.outbox)
    assert ("E-Mail" in german, "E-Mail" in english) == (True, False)
