"""What the interface offers, read from its own description, and beside it what each operation takes and needs: a table of ours.

An operation that is missing in the table, or an id in a path that nobody knows how to fill, fails: what is added later is covered or told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from gradatim.domain.approval import CopiedFrom
from gradatim.domain.entry import NoteWritten, PlanApproved
from gradatim.server import invitations
from gradatim.server.api import api
from gradatim.server.journal import TableJournal
from gradatim.server.models import Account, Device, Role
from gradatim.server.rights import MOST, own_record
from gradatim.server.who import ALL, Scope, new_device
from tests.journal.made import a_plan, entry, every_kind
from tests.server.made import account, granted, pushed

CORPUS = Path(__file__).parents[2] / "fuzz" / "corpus" / "orders"
Body = Callable[["World"], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One address and method, as the description of the interface has it."""

    id: str
    method: str
    path: str
    ids: tuple[str, ...]
    takes_body: bool

    @property
    def about_a_record(self) -> bool:
        """Whether it is about one record that its address names."""
        return "record" in self.ids

    def at(self, ids: Mapping[str, UUID]) -> str:
        """Its address with these ids in it."""
        return self.path.format(**{name: ids[name] for name in self.ids})


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Somebody with a record, a device, and whatever else an address can name."""

    owner: Account
    record: UUID
    phone: Device
    secret: str
    ids: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way to use an operation: a body that is right, the scopes it takes, and what it answers who has them.

    ``any_scope``: one at least of those that a record knows. ``device``: what the device needs beside them, whatever was granted.
    ``problem``: what it answers instead, where this way cannot go on from here. ``or_else``: what else it may answer who is allowed, as a
    plan is weighed and not only asked for.
    """

    status: int
    needs: frozenset[Scope] = frozenset()
    any_scope: bool = False
    device: frozenset[Scope] = frozenset()
    roles: frozenset[Role] = frozenset(Role)
    administrator: bool = False
    body: Body | None = None
    query: str = ""
    problem: str = ""
    or_else: frozenset[int] = frozenset()

    def allows(self, role: Role | None, scopes: frozenset[Scope], device: frozenset[Scope]) -> bool:
        """Whether somebody may; role None where no record is named. ``scopes``: what role, grant and device leave."""
        return (
            (role is None or role in self.roles)
            and self.needs <= scopes
            and self.device <= device
            and (bool(scopes) or not self.any_scope)
        )


def _note(world: World) -> Any:
    return pushed((entry(900, NoteWritten(text="a note")),))


def _plan(world: World) -> Any:
    plan = a_plan()
    assert plan.approval is not None
    copied = replace(
        plan.approval, by=world.owner.name, copied_from=CopiedFrom(prescriber="Dr B. Name", dated=plan.start)
    )
    own = replace(plan, approval=copied)
    return pushed((entry(901, PlanApproved(plan=own)),))


def needs(*scopes: Scope) -> frozenset[Scope]:
    """Scopes, for the table."""
    return frozenset(scopes)


_ACCOUNT, _SHARE, _READ, _PLAN, _TODAY = (
    needs(one) for one in (Scope.ACCOUNT, Scope.SHARE, Scope.READ, Scope.PLAN, Scope.TODAY)
)
_WEIGHED = frozenset({409, 422})
_PAPER = {"prescriber": "Dr B. Name", "dated": "2026-11-20"}


@cache
def _order() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPUS / "ms-adult.json").read_bytes())
    return found


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPUS / "document.json").read_bytes())
    return found


ANYBODY = frozenset(
    {
        "session", "pair", "show_invitation", "sign_in_by_provider", "danger_signs", "monograph", "products", "protocols", "scales",
    }
)  # fmt: skip
"""Operations that ask for no credentials."""

CASES: dict[str, tuple[Case, ...]] = {
    # nobody is known yet
    "session": (Case(status=200),),
    "pair": (Case(status=410, body=lambda _: {"code": "22222222", "label": "A phone"}),),
    "show_invitation": (Case(status=410, body=lambda _: {"code": "2222-2222-2222-2222"}),),
    "sign_in_by_provider": (Case(status=404, body=lambda _: {}),),
    # the own account
    "make_code": (Case(status=201, device=_ACCOUNT, body=lambda _: {"scopes": ["today"]}),),
    "make_device": (Case(status=409, device=_ACCOUNT, body=lambda _: {"label": "A browser"}),),
    "list_devices": (Case(status=200, device=_ACCOUNT),),
    "end_device": (Case(status=204, device=_ACCOUNT),),
    "end_other_devices": (Case(status=200, device=_ACCOUNT),),
    "make_token": (Case(status=201, device=_ACCOUNT, body=lambda _: {"label": "A program", "scopes": ["account"]}),),
    "get_account": (Case(status=200, device=_ACCOUNT),),
    "change_account": (Case(status=200, device=_ACCOUNT, body=lambda _: {"name": "A. Name"}),),
    "erase_account": (Case(status=403, device=_ACCOUNT, problem="sign-in-again", body=lambda _: {"confirm": "erase"}),),
    "export_account": (Case(status=200, device=needs(Scope.ACCOUNT, Scope.READ)),),
    "accept_invitation": (Case(status=410, device=_ACCOUNT, body=lambda _: {"code": "2222-2222-2222-2222"}),),
    "list_records": (Case(status=200),),
    "begin_record": (Case(status=201, device=needs(Scope.PLAN)),),
    "begin_demo": (Case(status=201, device=needs(Scope.PLAN, Scope.LOG)),),
    # who runs the machine
    "list_accounts": (Case(status=200, device=_ACCOUNT, administrator=True),),
    "disable_account": (Case(status=204, device=_ACCOUNT, administrator=True),),
    "enable_account": (Case(status=204, device=_ACCOUNT, administrator=True),),
    "invite_account": (Case(status=201, device=_ACCOUNT, administrator=True, body=lambda _: {"label": "Somebody"}),),
    # one record
    "get_record": (Case(status=200, any_scope=True),),
    "erase_record": (Case(status=403, needs=_SHARE, device=_ACCOUNT, problem="sign-in-again", body=lambda _: {"confirm": "erase"}),),
    "list_people": (Case(status=200),),
    "narrow_grant": (Case(status=200, needs=_SHARE, body=lambda _: {"scopes": ["today"]}),),
    "end_grant": (Case(status=204, needs=_SHARE),),
    "invite": (
        Case(status=201, needs=needs(Scope.SHARE, Scope.TODAY), body=lambda _: {"role": "carer", "scopes": ["today"], "label": "A carer"}),
        Case(status=201, needs=MOST[Role.PERSON], body=lambda _: {"role": "person", "label": "Another parent"}),
    ),
    "list_invitations": (Case(status=200, needs=_SHARE),),
    "take_back_invitation": (Case(status=204, needs=_SHARE),),
    "list_accesses": (Case(status=200, needs=_SHARE),),
    "push": (
        Case(status=200, needs=needs(Scope.LOG), body=_note),
        Case(status=200, needs=needs(Scope.PLAN), body=_plan),
    ),
    # what is made of a record
    "packet": (Case(status=200, needs=_TODAY),),
    "get_plan": (Case(status=200, needs=_READ),),
    "follow_plan": (Case(status=200, needs=_PLAN, body=lambda _: {"document": _document()}, or_else=_WEIGHED),),
    "approve_plan": (Case(status=201, needs=_PLAN, body=lambda _: {"document": _document(), "copied_from": _PAPER}, or_else=_WEIGHED),),
    "answer_review": (Case(status=201, needs=_PLAN, body=lambda _: {"go_on": False}, or_else=_WEIGHED),),
    "report": (Case(status=200, needs=_READ, query="format=html", or_else=_WEIGHED),),
    "card": (Case(status=200, needs=_READ, query="format=pdf", or_else=_WEIGHED),),
    "calendar": (Case(status=200, needs=_READ, query="format=csv"),),
    "history": (Case(status=200, needs=_READ),),
    "insight": (Case(status=200, needs=_READ),),
    "levels": (Case(status=200, needs=_READ),),
    "stock": (Case(status=200, needs=_READ),),
    "watch": (Case(status=200, needs=_READ),),
    # plans that are in no record
    "draft_plan": (Case(status=200, device=_PLAN, body=lambda _: {"order": _order()}),),
    "taper_plan": (Case(status=200, device=_PLAN, body=lambda _: {"document": _document(), "taper": {"start": "2027-01-01"}}, or_else=_WEIGHED),),
    "change_plan": (
        Case(status=200, device=_PLAN, body=lambda _: {"document": _document(), "change": {"kind": "hold", "on": "2026-12-05", "days": 7}}, or_else=_WEIGHED),
    ),
    "check_plan": (Case(status=200, device=_PLAN, body=lambda _: {"document": _order()}),),
    "compare_plans": (Case(status=200, device=_PLAN, body=lambda _: {"old": _order()}),),
    "plan_file": (Case(status=200, device=_PLAN, body=lambda _: {"document": _order()}, query="format=csv", or_else=_WEIGHED),),
    "renal": (Case(status=200, device=_PLAN, body=lambda _: {"age": "45", "creatinine": "80 umol/L", "sex": "female", "weight": "60 kg"}),),
    # what is known, of nobody
    "danger_signs": (Case(status=200),),
    "monograph": (Case(status=200),),
    "products": (Case(status=200),),
    "protocols": (Case(status=200),),
    "scales": (Case(status=200),),
    # sync
    "pull": (Case(status=200, needs=needs(Scope.READ)), Case(status=200, needs=needs(Scope.READ), query="after=1&limit=1")),
}  # fmt: skip
"""Every operation: what is allowed to whom, and a request that is right."""


def operations() -> tuple[Operation, ...]:
    """All of them."""
    found = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            ids = tuple(one["name"] for one in told.get("parameters", ()) if one["in"] == "path")
            found.append(
                Operation(id=told["operationId"], method=method, path=path, ids=ids, takes_body="requestBody" in told)
            )
    return tuple(found)


def world(name: str = "A. Name", *, followed: bool = False) -> World:
    """Somebody new, with an id for everything that an address can name. ``followed``: with a plan in the record."""
    owner = account(name)
    grant = own_record(owner)
    TableJournal(grant.record_id).append([entry(number, NoteWritten(text="a private note")) for number in range(3)])
    if followed:
        TableJournal(grant.record_id).append([entry(50 + n, one.what) for n, one in enumerate(every_kind()[:2])])
    phone, secret = new_device(owner, "A phone", ALL, program=False)
    spare, _ = new_device(owner, "A spare phone", ALL, program=False)
    made = World(owner=owner, record=grant.record_id, phone=phone, secret=secret)
    carer = granted(grant.record_id, account(name), Role.CARER)
    invitation, _ = invitations.make(
        days=7, made_by=owner, record=grant.record_id, role=Role.CARER, scopes=[Scope.TODAY]
    )
    made.ids.update(
        record=grant.record_id, device=spare.pk, grant=carer.pk, invitation=invitation.pk, account=carer.account_id
    )
    return made
