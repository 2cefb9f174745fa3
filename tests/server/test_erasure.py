"""Taking everything along, and erasing: all of it or nothing, gone for everybody, and gone from the files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from gradatim.domain.entry import NoteWritten
from gradatim.journal.sealed import read_plain
from gradatim.server import erasure
from gradatim.server.journal import NoRecord, TableJournal
from gradatim.server.models import (
    Access,
    Account,
    Answered,
    Audit,
    Device,
    Entry,
    Erasure,
    Grant,
    Invitation,
    PairingCode,
    Record,
    Role,
)
from gradatim.server.who import Scope
from tests.journal.made import entry
from tests.server import made
from tests.server.made import send
from tests.server.signing import Visitor, accounts_mode, invited, signed_in, totp

pytestmark = pytest.mark.usefixtures("kept")
WORD = {"confirm": "erase"}


@pytest.fixture(autouse=True)
def mode(settings: Any) -> None:
    accounts_mode(settings)


class Life:
    """A person with a record, a carer of theirs with a record too, and everything that an account leaves behind."""

    def __init__(self, words: str = "an ordinary day") -> None:
        self.account, self.carer = made.account(), made.account("B. Name")
        EmailAddress.objects.create(user=self.account, email=self.account.email, primary=True)
        self.record, self.theirs = made.record_of(self.account), made.record_of(self.carer)
        self.helped = made.granted(self.theirs, self.account, Role.CARER)
        self.helper = made.granted(self.record, self.carer, Role.CARER, consented_by=str(self.account.pk))
        self.here = signed_in(self.account)
        self.phone, self.other = made.program(self.account), made.program(self.carer)
        self.here.auth("get", "/auth/session")
        own = [
            replace(entry(number, NoteWritten(text=f"{words} {number}")), person=f"p {words}") for number in range(5)
        ]
        assert send(self.phone, "post", f"/records/{self.record}/entries", made.pushed(own)).status_code == 200
        self.entries = tuple(own)
        begun = made.pushed([entry(6, NoteWritten(text="theirs"))])
        assert send(self.other, "post", f"/records/{self.theirs}/entries", begun).status_code == 200
        body = made.pushed([replace(entry(7, NoteWritten(text="theirs")), author="A. Name")])
        assert send(self.phone, "post", f"/records/{self.theirs}/entries", body).status_code == 200
        assert send(self.other, "get", f"/records/{self.record}/entries").status_code == 200
        invitation = {"role": "carer", "scopes": ["read"], "label": f"label {words}"}
        assert send(self.phone, "post", f"/records/{self.record}/invitations", invitation).status_code == 201
        assert send(self.phone, "post", "/devices/codes", {}).status_code == 201
        for account in (self.account, self.carer):
            Answered.objects.create(account=account, key="k", request_hash="0" * 64, status=200, body=f"answer {words}")

    def erase(self, by: Visitor | None = None) -> Any:
        return (by or self.here).api("delete", "/account", WORD)


def counts(account: Account) -> dict[str, int]:
    """Every row that an account leaves, by its table."""
    return {
        "devices": Device.objects.filter(account=account).count(), "codes": PairingCode.objects.filter(account=account).count(),
        "grants": Grant.objects.filter(account=account).count(), "invitations": Invitation.objects.filter(made_by=account).count(),
        "addresses": EmailAddress.objects.filter(user=account).count(), "sessions": UserSession.objects.filter(user=account).count(),
        "answers": Answered.objects.filter(account=account).count(),
    }  # fmt: skip


# --- a copy of everything ---------------------------------------------------------------------------------------------


def test_the_copy_holds_everything_about_the_account_and_its_records_whole() -> None:
    life = Life()
    answer = life.here.api("get", "/account/export")
    assert "attachment" in answer["Content-Disposition"]
    found = answer.json()
    assert found["account"]["email"] == life.account.email
    assert {name: len(found[name]) for name in ("devices", "pairing_codes", "grants", "invitations", "sessions", "kept_answers", "addresses")} == {
        "devices": 1, "pairing_codes": 1, "grants": 2, "invitations": 1, "sessions": 1, "kept_answers": 1, "addresses": 1,
    }  # fmt: skip
    assert {one["record"] for one in found["accesses"]} == {str(life.record), str(life.theirs)}
    assert {"invitation made", "pairing code made", "account exported"} <= {one["action"] for one in found["audit"]}
    assert list(found["records"]) == [str(life.record)]  # not that of the other, whom they help
    assert read_plain(json.dumps(found["records"][str(life.record)]).encode()) == life.entries
    log = send(life.phone, "get", f"/records/{life.record}/access").json()["accesses"]
    assert ("A. Name", "exported everything") in [(one["name"], one["action"]) for one in log]


def test_the_copy_holds_no_secret() -> None:
    life = Life()
    account = Account.objects.get(pk=life.account.pk)
    life.here.confirm()
    secret = life.here.auth("get", "/account/authenticators/totp").json()["meta"]["secret"]
    assert life.here.auth("post", "/account/authenticators/totp", {"code": totp(secret)}).status_code == 200
    text = life.here.api("get", "/account/export").content.decode()
    assert '"totp"' in text
    hashes = [
        *Device.objects.values_list("secret_hash", flat=True),
        *Invitation.objects.values_list("code_hash", flat=True),
    ]
    for one in (account.password, secret, *hashes, *PairingCode.objects.values_list("code_hash", flat=True), life.here.client.cookies["gradatim-session"].value):  # fmt: skip
        assert one not in text


@pytest.mark.parametrize("scopes", [[Scope.ACCOUNT], [Scope.READ, Scope.LOG]])
def test_the_copy_takes_the_right_to_read_and_to_the_account(scopes: list[Scope]) -> None:
    account = made.account()
    assert send(made.program(account, scopes), "get", "/account/export").status_code == 403


def test_a_record_in_which_nothing_was_written_is_copied_as_nothing() -> None:
    account = made.account()
    record = made.record_of(account)
    assert signed_in(account).api("get", "/account/export").json()["records"] == {str(record): None}


# --- erasing ----------------------------------------------------------------------------------------------------------


def same(client: Client, record: UUID) -> None:
    """To this client the record is as one that never was, at every address."""
    for method, path, body in (
        ("get", "", None), ("get", "/entries", None), ("get", "/people", None), ("get", "/access", None), ("delete", "", WORD),
        ("post", "/entries", made.pushed([])), ("post", "/invitations", {"role": "carer", "scopes": ["read"], "label": "x"}),
    ):  # fmt: skip
        one, never = (send(client, method, f"/records/{which}{path}", body) for which in (record, uuid4()))
        assert (one.status_code, one.content) == (never.status_code, never.content), path
        assert one.status_code == 404
    assert str(record) not in send(client, "get", "/records").content.decode()


def test_an_account_goes_with_its_record_and_what_is_others_stays() -> None:
    life = Life()
    code = send(
        life.phone, "post", f"/records/{life.record}/invitations", {"role": "carer", "scopes": ["read"], "label": "x"}
    ).json()["code"]
    keys = list(UserSession.objects.filter(user=life.account).values_list("session_key", flat=True))
    head = Record.objects.get(pk=life.record).head
    assert min(counts(life.account).values()) >= 1
    assert life.erase().status_code == 204
    assert set(counts(life.account).values()) == {0}
    assert not Account.objects.filter(pk=life.account.pk).exists()
    assert not Session.objects.filter(session_key__in=keys).exists()
    assert not life.here.known
    assert send(life.phone, "get", "/records").status_code == 401
    assert Visitor().log_in(life.account.email).status_code == 400
    # the record
    assert not Entry.objects.filter(record=life.record).exists()
    assert not Access.objects.filter(record=life.record).exists()
    assert not Grant.objects.filter(record=life.record).exists()
    kept, erased = Record.objects.get(pk=life.record), Erasure.objects.get(record=life.record)
    assert (kept.person, kept.count, kept.erased is not None) == ("", 0, True)
    assert (erased.entries, erased.head) == (5, head)
    same(life.other, life.record)
    with pytest.raises(NoRecord):
        TableJournal(life.record).append(life.entries)
    assert send(life.other, "post", "/invitations/accept", {"code": code}).status_code == 410
    assert not Answered.objects.filter(account=life.carer).exists()  # it could have quoted the record
    # what is the carer's
    assert TableJournal(life.theirs).verify() == (2, ())
    assert Entry.objects.get(record=life.theirs, place=1).account == str(life.account.pk)
    log = send(life.other, "get", f"/records/{life.theirs}/access").json()["accesses"]
    assert ("A. Name", "wrote entries") in [(one["name"], one["action"]) for one in log]
    # and that it was done
    told = Audit.objects.filter(account=str(life.account.pk), action__in=["record erased", "account erased"])
    assert sorted((one.action, one.subject, one.detail) for one in told) == [
        ("account erased", str(life.account.pk), ""), ("record erased", str(life.record), ""),
    ]  # fmt: skip


def test_the_same_address_may_begin_anew_and_finds_nothing() -> None:
    life = Life()
    life.erase()
    visitor = Visitor()
    visitor.api("post", "/invitations/show", {"code": invited()})
    assert visitor.sign_up(life.account.email).status_code == 200
    assert visitor.api("get", "/records").json() == []


def test_one_record_goes_and_the_account_stays() -> None:
    life = Life()
    second = made.record_of(life.account)
    assert life.here.api("delete", f"/records/{life.record}", WORD).status_code == 204
    same(life.phone, life.record)
    same(life.other, life.record)
    assert [one["id"] for one in life.here.api("get", "/records").json()] == [str(life.theirs), str(second)]
    assert Audit.objects.filter(account=str(life.account.pk), action="record erased", subject=str(life.record)).exists()


def test_a_record_that_another_person_holds_too_stays() -> None:
    life = Life()
    mother = made.account("C. Name")
    made.granted(life.record, mother, Role.PERSON)
    assert life.here.api("delete", f"/records/{life.record}", WORD).status_code == 403
    assert life.erase().status_code == 204
    assert TableJournal(life.record).since().entries == life.entries
    assert send(made.program(mother), "get", f"/records/{life.record}").json()["entries"] == 5
    assert not Grant.objects.filter(record=life.record, account=life.account).exists()


def test_a_part_that_was_ended_before_erases_nothing() -> None:
    """Somebody who was a person of a record once and gave it up; even where nobody holds it now, which no request can bring about."""
    life = Life()
    mother, father = made.account("C. Name"), made.account("D. Name")
    part = made.granted(life.record, mother, Role.PERSON, consented_by=str(life.account.pk))
    made.granted(life.record, father, Role.PERSON)
    client = made.program(mother)
    assert send(client, "delete", f"/records/{life.record}/people/{part.pk}").status_code == 204
    assert signed_in(mother).api("delete", "/account", WORD).status_code == 204
    assert TableJournal(life.record).since().entries == life.entries
    Grant.objects.filter(record=life.record).update(revoked=timezone.now())
    assert signed_in(father).api("delete", "/account", WORD).status_code == 204
    assert TableJournal(life.record).since().entries == life.entries


@pytest.mark.parametrize("body", [None, {}, {"confirm": "yes"}, {"confirm": "ERASE"}, {"confirm": "erase", "more": 1}])
@pytest.mark.parametrize("path", ["/account", "/records/{}"])
def test_without_the_word_nothing_goes(path: str, body: Any) -> None:
    life = Life()
    assert life.here.api("delete", path.format(life.record), body).status_code in (415, 422)
    assert TableJournal(life.record).since().entries == life.entries
    assert life.here.known


@pytest.mark.parametrize("path", ["/account", "/records/{}"])
def test_erasing_takes_somebody_who_just_proved_who_they_are(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    import time

    life = Life()
    where = path.format(life.record)
    answer = send(life.phone, "delete", where, WORD)  # a program, or a device: no proof at all
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:gradatim:problem:sign-in-again")
    other = signed_in(made.account("D. Name"))  # a proof, of somebody else
    device = life.here.api("post", "/devices", {"label": "A phone"}).cookies["gradatim-device"].value
    other.client.cookies["gradatim-device"] = device
    assert other.api("get", "/account").json()["id"] == str(life.account.pk)
    assert other.api("delete", where, WORD).status_code == 403
    later = time.time() + 601
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: later)
        assert life.here.api("delete", where, WORD).status_code == 403
        assert TableJournal(life.record).since().entries == life.entries
        cache.clear()
        assert life.here.confirm().status_code == 200
        assert life.here.api("delete", where, WORD).status_code == 204


def test_in_personal_mode_a_paired_browser_erases_and_a_program_does_not(settings: Any) -> None:
    from gradatim.server import who

    life = Life()
    settings.CONFIG = replace(settings.CONFIG, accounts=False)
    assert send(life.phone, "delete", "/account", WORD).status_code == 403
    visitor = Visitor()
    visitor.client.cookies["gradatim-device"] = who.new_device(life.account, "A browser", who.ALL, program=False)[1]
    assert visitor.api("delete", "/account", WORD).status_code == 204
    assert not Account.objects.filter(pk=life.account.pk).exists()
    assert not Entry.objects.filter(record=life.record).exists()


@pytest.mark.parametrize("at", ["record", "sessions", "audit", "account"])
def test_a_failure_on_the_way_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    life = Life()
    before, rows = counts(life.account), Access.objects.filter(record=life.record).count()

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError

    if at == "record":
        monkeypatch.setattr(Grant.objects.none().__class__, "update", fails)
    elif at == "sessions":
        monkeypatch.setattr(erasure, "end_sessions", fails)
    elif at == "audit":
        monkeypatch.setattr(erasure, "audited", fails)
    else:
        monkeypatch.setattr(Account, "delete", fails)
    with pytest.raises(RuntimeError):
        erasure.erase_account(life.account)
    monkeypatch.undo()
    assert counts(life.account) == before
    assert Access.objects.filter(record=life.record).count() == rows
    assert TableJournal(life.record).verify() == (5, ())
    assert TableJournal(life.record).since().entries == life.entries
    assert not Erasure.objects.filter(record=life.record).exists()
    assert not Audit.objects.filter(subject=str(life.record), action="record erased").exists()
    assert life.erase().status_code == 204


# --- the files --------------------------------------------------------------------------------------------------------


def in_files(*words: str) -> dict[str, list[str]]:
    """In which files of the database each of these words still lies."""
    name = Path(str(connection.settings_dict["NAME"]))
    files = [one for one in (name, name.with_name(f"{name.name}-wal")) if one.exists()]
    return {
        word: ["log" if one.name.endswith("-wal") else "file" for one in files if word.encode() in one.read_bytes()]
        for word in words
    }


@pytest.mark.parametrize("what", ["account", "record"])
def test_what_was_erased_is_gone_from_the_files_of_sqlite(what: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps removed rows until it tidies up; the manual says so")
    words = f"marked{uuid4().hex}"
    life = Life(words)
    with connection.cursor() as cursor:  # part of it is in the file itself, and the rest in the log
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    more = [
        replace(entry(number, NoteWritten(text=f"{words} {'long ' * 700}{number}")), person=f"p {words}")
        for number in range(10, 13)
    ]
    assert send(life.phone, "post", f"/records/{life.record}/entries", made.pushed(more)).status_code == 200
    assert in_files(words) == {words: ["file", "log"]}
    path = "/account" if what == "account" else f"/records/{life.record}"
    assert life.here.api("delete", path, WORD).status_code == 204
    assert in_files(words) == {words: []}
    if what == "account":
        assert in_files(life.account.email) == {life.account.email: []}


def test_sqlite_is_told_to_overwrite_what_is_removed() -> None:
    """Some builds do it without being told, so that the test above says nothing about the setting."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has such a setting")
    assert "PRAGMA secure_delete=ON" in connection.settings_dict["OPTIONS"]["init_command"]
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_what_could_not_be_emptied_at_once_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has such a file")
    import sqlite3

    life = Life()
    reader = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM gradatim_entry").fetchone()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=100")
    try:
        erasure.erase_record(life.record, life.account)
    finally:
        reader.close()
        connection.close()
    assert [one.message for one in caplog.records if one.name == "gradatim.erasure"] == ["erased, and still in the database's log for a while"]  # fmt: skip
