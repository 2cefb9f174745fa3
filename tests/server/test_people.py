"""The people of a record: invited, joined, narrowed, ended; who looked."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from gradatim.server import rights
from gradatim.server.app_place import front
from gradatim.server.invitations import MOST_OPEN
from gradatim.server.models import Access, Grant, Invitation, Record, Role
from gradatim.server.who import Scope
from gradatim.words.sentence import known
from tests.server import made
from tests.server.household import SOME, Household, kind
from tests.server.made import send
from tests.server.signing import Visitor, accounts_mode

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mode(settings: Any) -> None:
    accounts_mode(settings)


# --- inviting and joining ---------------------------------------------------------------------------------------------


def test_a_carer_is_invited_joins_and_is_seen_by_the_person() -> None:
    home = Household()
    answer = home.invite(days=3, grant_days=30)
    assert answer.json()["address"].endswith(f"{front()}#join={answer.json()['code']}")
    account, client = made.account("B. Name"), None
    client = made.program(account)
    assert send(client, "get", home.path).status_code == 404
    joined = send(client, "post", "/invitations/accept", {"code": answer.json()["code"]})
    assert joined.status_code == 201
    assert (joined.json()["role"], sorted(joined.json()["scopes"]), joined.json()["you"]) == (
        "carer",
        ["log", "read", "today"],
        True,
    )
    assert send(client, "get", home.path).json()["role"] == "carer"
    assert [(one["name"], one["role"], one["you"]) for one in home.people()] == [
        ("A. Name", "person", True),
        ("B. Name", "carer", False),
    ]
    assert home.people()[1]["expires"] is not None
    assert [one["name"] for one in send(client, "get", f"{home.path}/people").json()] == ["B. Name"]  # only oneself
    assert ("B. Name", "joined") in [(one.name, one.action) for one in Access.objects.filter(record=home.record)]


def test_an_invitation_to_a_record_also_makes_the_account() -> None:
    home = Household()
    visitor = Visitor()
    shown = visitor.api("post", "/invitations/show", {"code": home.code("prescriber", [*SOME, Scope.PLAN])}).json()
    assert (shown["role"], shown["invited_by"], sorted(shown["scopes"])) == ("prescriber", "A. Name", ["log", "plan", "read", "today"])  # fmt: skip
    assert visitor.sign_up(f"{uuid4()}@example.org", "Dr B. Name").status_code == 200
    assert [(one["name"], one["role"]) for one in home.people()] == [("A. Name", "person"), ("Dr B. Name", "prescriber")]  # fmt: skip
    assert visitor.api("get", home.path).status_code == 200


def test_the_code_is_shown_once_and_kept_as_a_hash() -> None:
    home = Household()
    code = home.code()
    listed = send(home.client, "get", f"{home.path}/invitations")
    assert [one["label"] for one in listed.json()] == ["somebody"]
    assert code not in listed.content.decode()
    assert code.replace("-", "") not in str(list(Invitation.objects.values()))


@pytest.mark.parametrize(
    "how", ["used", "taken back", "ended", "the grant would have ended", "who invited has left", "unknown", "erased"]
)
def test_a_code_that_does_not_hold_is_gone(how: str) -> None:
    home = Household()
    code = home.code()
    client = made.program(made.account())
    invitation = Invitation.objects.get(record=home.record)
    if how == "used":
        send(made.program(made.account()), "post", "/invitations/accept", {"code": code})
    elif how == "taken back":
        path = f"{home.path}/invitations/{invitation.pk}"
        assert send(home.client, "delete", path).status_code == 204
        assert send(home.client, "delete", path).status_code == 404
    elif how == "ended":
        Invitation.objects.filter(pk=invitation.pk).update(expires=timezone.now())
    elif how == "the grant would have ended":
        Invitation.objects.filter(pk=invitation.pk).update(grant_expires=timezone.now())
    elif how == "who invited has left":
        Grant.objects.filter(record=home.record).update(revoked=timezone.now())
    elif how == "erased":
        Record.objects.filter(pk=home.record).update(erased=timezone.now())
    else:
        code = "AAAA-AAAA-AAAA-AAAA"
    answer = send(client, "post", "/invitations/accept", {"code": code})
    assert (answer.status_code, kind(answer)) == (410, "gone")
    assert send(client, "get", home.path).status_code == 404


def test_of_a_record_there_is_one_grant_for_each_account() -> None:
    home = Household()
    account, client = home.joined()
    code = home.code("prescriber", [Scope.READ])
    answer = send(client, "post", "/invitations/accept", {"code": code})
    assert (answer.status_code, kind(answer)) == (409, "there-already")
    assert kind(send(home.client, "post", "/invitations/accept", {"code": code})) == "there-already"
    assert Grant.objects.filter(record=home.record, account=account, revoked=None).count() == 1
    assert (
        send(made.program(made.account()), "post", "/invitations/accept", {"code": code}).status_code == 201
    )  # still good


def test_a_prescriber_has_a_name_before_joining() -> None:
    home = Household()
    account = made.account("")
    client, code = made.program(account), home.code("prescriber", [Scope.READ])
    answer = send(client, "post", "/invitations/accept", {"code": code})
    assert (answer.status_code, [one["path"] for one in answer.json()["faults"]]) == (422, ["account.name"])
    send(client, "patch", "/account", {"name": "Dr B. Name"})
    assert send(client, "post", "/invitations/accept", {"code": code}).status_code == 201


@pytest.mark.parametrize(
    ("role", "scopes", "status"),
    [("carer", ["share"], 422), ("prescriber", ["read", "share"], 422), ("carer", ["account"], 422), ("carer", [], 422), ("carer", None, 422),
     ("person", ["read"], 422), ("person", None, 201), ("administrator", ["read"], 422), ("carer", ["plan"], 201)],
)  # fmt: skip
def test_nobody_is_invited_to_more_than_the_role_may_have(role: str, scopes: Any, status: int) -> None:
    assert Household().invite(role, scopes).status_code == status


def test_a_persons_part_does_not_end_by_itself() -> None:
    assert Household().invite("person", None, grant_days=5).status_code == 422


def test_a_program_invites_to_no_more_than_it_may_do_itself() -> None:
    home = Household()
    home.client = made.program(home.account, [Scope.SHARE, Scope.READ])
    assert home.invite("carer", ["read"]).status_code == 201
    assert home.invite("carer", ["read", "plan"]).status_code == 403
    assert home.invite("person", None).status_code == 403


def test_only_so_many_invitations_wait() -> None:
    home = Household()
    for _ in range(MOST_OPEN):
        home.code()
    assert home.invite().status_code == 403


def test_in_personal_mode_nobody_is_invited(settings: Any) -> None:
    from dataclasses import replace

    home = Household()
    code = home.code()
    settings.CONFIG = replace(settings.CONFIG, accounts=False)
    assert home.invite().status_code == 403
    assert send(made.program(made.account()), "post", "/invitations/accept", {"code": code}).status_code == 403
    assert Visitor().api("post", "/invitations/show", {"code": code}).status_code == 403


# --- narrowing and ending ---------------------------------------------------------------------------------------------


def test_a_grant_becomes_narrower_and_never_wider() -> None:
    home = Household()
    account, client = home.joined()
    path = f"{home.path}/people/{home.grant(account)}"
    assert send(client, "get", f"{home.path}/entries").status_code == 200
    assert send(home.client, "patch", path, {"scopes": ["today", "log"]}).json()["scopes"] == ["log", "today"]
    assert send(client, "get", f"{home.path}/entries").status_code == 403
    for scopes in (["today", "read"], ["share"], []):
        assert send(home.client, "patch", path, {"scopes": scopes}).status_code == 422
    own = f"{home.path}/people/{home.grant(home.account)}"
    assert send(home.client, "patch", own, {"scopes": ["read"]}).status_code == 403
    assert send(client, "patch", path, {"scopes": ["log"]}).status_code == 403


def test_the_person_ends_a_carers_part_and_it_holds_at_once() -> None:
    home = Household()
    account, client = home.joined()
    path = f"{home.path}/people/{home.grant(account)}"
    assert send(home.client, "delete", path).status_code == 204
    assert send(client, "get", home.path).status_code == 404
    assert send(client, "get", home.path).content == send(client, "get", f"/records/{uuid4()}").content
    assert send(client, "get", "/records").json() == []
    assert send(home.client, "delete", path).status_code == 404
    assert [one["name"] for one in home.people()] == ["A. Name"]
    home.code()  # and may invite again
    assert home.joined()


def test_a_carer_gives_up_and_ends_nobody_else() -> None:
    home = Household()
    account, client = home.joined()
    other, theirs = home.joined("C. Name")
    for grant in (home.grant(other), home.grant(home.account), uuid4()):
        assert send(client, "delete", f"{home.path}/people/{grant}").status_code == 403
    narrow = made.program(account, [Scope.READ])
    assert send(narrow, "delete", f"{home.path}/people/{home.grant(account)}").status_code == 403
    assert send(client, "delete", f"{home.path}/people/{home.grant(account)}").status_code == 204
    assert send(client, "get", home.path).status_code == 404
    assert send(theirs, "get", home.path).status_code == 200


def test_the_last_person_cannot_be_ended() -> None:
    home = Household()
    home.joined()
    answer = send(home.client, "delete", f"{home.path}/people/{home.grant(home.account)}")
    assert (answer.status_code, kind(answer)) == (403, "not-allowed")
    second, theirs = home.joined("B. Name", "person", None)
    assert send(home.client, "delete", f"{home.path}/people/{home.grant(home.account)}").status_code == 204
    assert send(theirs, "delete", f"{home.path}/people/{home.grant(second)}").status_code == 403


def test_who_was_invited_as_a_person_cannot_throw_out_who_invited_them() -> None:
    home = Household()
    second, theirs = home.joined("B. Name", "person", None)
    assert send(theirs, "delete", f"{home.path}/people/{home.grant(home.account)}").status_code == 403
    assert send(home.client, "delete", f"{home.path}/people/{home.grant(second)}").status_code == 204


def test_a_grant_of_another_record_is_not_reached_through_ones_own() -> None:
    home, other = Household(), Household()
    account, client = other.joined()
    path = f"{home.path}/people/{other.grant(account)}"
    assert send(home.client, "delete", path).status_code == 404
    assert send(home.client, "patch", path, {"scopes": ["read"]}).status_code == 404
    other.code()
    invitation = Invitation.objects.get(record=other.record, used=None)
    assert send(home.client, "delete", f"{home.path}/invitations/{invitation.pk}").status_code == 404
    assert send(client, "get", other.path).status_code == 200


def test_a_part_ends_with_its_day() -> None:
    home = Household()
    account, client = home.joined(grant_days=1)
    assert send(client, "get", home.path).status_code == 200
    Grant.objects.filter(account=account).update(expires=timezone.now() - timedelta(seconds=1))
    assert send(client, "get", home.path).status_code == 404
    assert [one["name"] for one in home.people()] == ["A. Name"]


@pytest.mark.parametrize("role", ["carer", "prescriber"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/invitations"), ("post", "/invitations"), ("get", "/access"), ("delete", "/invitations/{}"), ("patch", "/people/{}"), ("delete", "")],
)  # fmt: skip
def test_neither_carer_nor_prescriber_shares_whatever_the_row_says(role: str, method: str, path: str) -> None:
    home = Household()
    account = made.account()
    made.granted(home.record, account, Role(role), [*Scope])
    bodies = {
        "/invitations": {"role": "carer", "scopes": ["read"], "label": "x"},
        "": {"confirm": "erase"},
        "/people/{}": {"scopes": ["read"]},
    }
    body = bodies.get(path) if method != "get" else None
    answer = send(made.program(account), method, f"{home.path}{path.format(uuid4())}", body)
    assert (answer.status_code, kind(answer)) == (403, "not-allowed")


# --- who looked -------------------------------------------------------------------------------------------------------


def test_the_person_sees_who_looked_and_who_wrote() -> None:
    home = Household()
    send(home.client, "post", f"{home.path}/entries", made.pushed(made.demo()[:3]))
    _, carer = home.joined("B. Name")
    _, doctor = home.joined("Dr C. Name", "prescriber", [Scope.READ, Scope.PLAN])
    for client in (carer, doctor, home.client, carer):
        assert send(client, "get", f"{home.path}/entries").status_code == 200
    found = send(home.client, "get", f"{home.path}/access").json()
    told = [(one["name"], one["role"], one["device"], one["action"]) for one in found["accesses"]]
    assert told[:3] == [
        ("A. Name", "person", "A phone", "read entries"),
        ("Dr C. Name", "prescriber", "Another phone", "read entries"),
        ("B. Name", "carer", "Another phone", "read entries"),
    ]
    assert told.count(("B. Name", "carer", "Another phone", "read entries")) == 1  # once in an hour
    assert ("A. Name", "person", "A phone", "wrote entries") in told
    assert found["next"] is None
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    assert found["accesses"][0]["hour"][:13] in {one.isoformat()[:13] for one in (hour, hour - timedelta(hours=1))}
    assert send(home.client, "get", f"{home.path}/access").json() == found  # looking here leaves no trace


def test_the_log_comes_in_pages_that_miss_nothing_while_it_grows() -> None:
    home = Household()
    start = timezone.now()

    def looked(number: int) -> Access:
        return Access(
            record_id=home.record, account=str(number), name=f"N{number}", role="carer", action="x", hour=start
        )

    Access.objects.bulk_create([looked(number) for number in range(7)])
    names: list[str] = []
    before: int | None = None
    for page in range(4):
        where = "?limit=2" if before is None else f"?limit=2&before={before}"
        found = send(home.client, "get", f"{home.path}/access{where}").json()
        names += [one["name"] for one in found["accesses"]]
        before = found["next"]
        Access.objects.bulk_create([looked(100 + page)])
    assert names == ["N6", "N5", "N4", "N3", "N2", "N1", "N0"]
    assert before is None


def test_who_asks_after_the_end_is_not_in_the_log() -> None:
    """They saw nothing; and an app that was left open asks by itself, which would look like a person who does."""
    home = Household()
    account, client = home.joined()
    send(home.client, "delete", f"{home.path}/people/{home.grant(account)}")
    before = Access.objects.filter(record=home.record).count()
    assert send(client, "get", f"{home.path}/entries").status_code == 404
    assert Access.objects.filter(record=home.record).count() == before


NOTED = re.compile(r"""noted\(\s*(?:[^"()]|\([^()]*\))*?,\s*(?:"left" if own else )?f?"([^"]+)\"""")


def test_everything_that_is_written_down_can_be_said() -> None:
    """What somebody did with a record is stored in English; each has words in the catalogue."""
    source = "".join(path.read_text("utf-8") for path in Path(rights.__file__).parent.rglob("*.py"))
    found = {re.sub(r"\{\w+\.role\}", str(role), one) for one in NOTED.findall(source) for role in Role}
    assert {"read the report", "invited a carer", "ended a prescriber's part", "wrote entries"} <= found
    assert {one for one in found if not known(f"access.{one.replace(chr(39), '').replace(' ', '-')}")} == set()
