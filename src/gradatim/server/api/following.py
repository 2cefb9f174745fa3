"""The plan of a record: read, followed, approved, its reviews answered. Each is one append, made while nobody else writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from gradatim.domain import course as domain
from gradatim.domain.approval import Approval, CopiedFrom, Override
from gradatim.domain.approval import Role as Capacity
from gradatim.domain.clock import slot_of
from gradatim.domain.course import Course
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.following import another, displaced, joined, news, signed, unknown_jump
from gradatim.domain.person import Person
from gradatim.domain.plan import State
from gradatim.exchange.document import number
from gradatim.server.api.answers import ReviewOut, next_review
from gradatim.server.api.appending import alone, append, own_name
from gradatim.server.api.days import Day
from gradatim.server.api.drawn import Mg, PlanOut, laid, opened, shown
from gradatim.server.api.folded import Folded, blocked, folded, under
from gradatim.server.api.schemas import PlanDocument
from gradatim.server.api.shapes import PROBLEMS, In
from gradatim.server.api.standing import ApprovalOut, approvals
from gradatim.server.idempotent import once
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import Right, noted, right_to
from gradatim.server.sign_in import need_signer
from gradatim.server.who import Scope

router = Router(tags=["plan of a record"])
Name = Annotated[str, Field(min_length=1, max_length=200)]


class FollowedOut(PlanOut):
    """The plan that is followed, who brought each approval to this server, and the next review."""

    approvals: list[ApprovalOut]
    review: ReviewOut | None


class FollowIn(In):
    """An approved plan. ``instead``: it comes in place of another one that is followed now, and the prescriber said so."""

    document: PlanDocument
    instead: bool = False


class OverrideIn(In):
    """Why a stop finding is gone beyond. ``by`` None: who approves, or whose paper was copied."""

    rule: Annotated[str, Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(min_length=3, max_length=2000)]
    by: Name | None = None
    role: Capacity = Capacity.PRESCRIBER


class PaperIn(In):
    """The paper that was copied: whose, and of which day."""

    prescriber: Name
    dated: Day


class ApproveIn(In):
    """A draft or proposal to approve. ``copied_from`` is needed from everybody who is not a prescriber of this record."""

    document: PlanDocument
    overrides: Annotated[list[OverrideIn], Field(max_length=100)] = Field(default_factory=list)
    copied_from: PaperIn | None = None
    instead: bool = False


class JumpOut(Schema):
    """The dose changes by a step that the new plan was not checked against: ask the prescriber before that day."""

    day: date
    before_mg: Mg
    after_mg: Mg


class StoredOut(Schema):
    """What was written down: the ids of the entries, and where the journal ends now. Nothing is written where nothing is new."""

    entries: list[str]
    cursor: int
    head: str
    plan: str
    version: int
    holds_from: date | None
    jumps: list[JumpOut]


@router.get("/records/{uuid:record}/plan", response={200: FollowedOut, **PROBLEMS}, operation_id="get_plan")
def plan(request: HttpRequest, record: UUID) -> FollowedOut:
    """The plan that is followed, with the answers so far: to look at, and for the prescriber to change."""
    found = folded(request, record, Scope.READ)
    made = shown(laid(found.course, found.person, found.now), today=found.day)
    noted(found.right, "read the plan")
    return FollowedOut(
        **{name: getattr(made, name) for name in PlanOut.model_fields}, approvals=approvals(found), review=next_review(found)
    )  # fmt: skip


@router.post(
    "/records/{uuid:record}/plan", response={200: StoredOut, 201: StoredOut, **PROBLEMS}, operation_id="follow_plan"
)
@once
def follow(request: HttpRequest, record: UUID, said: FollowIn) -> Status[StoredOut]:
    """Follow an approved plan from now on: a new version, a first plan, or (``instead``) one in place of another."""
    right = right_to(request.auth, record, Scope.PLAN)  # type: ignore[attr-defined]
    sent = opened(said.document)
    approved = signed(sent.course)
    if approved is None:
        raise one_fault("document.course", f"{sent.course.latest.rev} is {sent.course.latest.state}", "Have it approved first")  # fmt: skip
    if any(one.approval is not None and one.approval.copied_from is None for one in approved.versions):
        need_signer(request, right, at=["document.course"])
    with alone(right, followed=False) as found:
        if (stops := laid(approved, sent.person, found.now)).blocked:
            raise blocked(stops.stops)
        done = _follow(found, sent.person, approved, instead=said.instead)
    noted(right, "followed a plan")
    return done


@router.post(
    "/records/{uuid:record}/plan/approve",
    response={200: StoredOut, 201: StoredOut, **PROBLEMS},
    operation_id="approve_plan",
)
@once
def approve(request: HttpRequest, record: UUID, said: ApproveIn) -> Status[StoredOut]:
    """Approve a plan in one's own name as its prescriber, or copy it from a prescriber's paper; and follow it. In accounts mode a prescriber
    signed in, or confirmed it, in the last ten minutes."""  # fmt: skip
    right = right_to(request.auth, record, Scope.PLAN)  # type: ignore[attr-defined]
    if said.copied_from is None:
        need_signer(request, right)
    sent = opened(said.document)
    with alone(right, followed=False) as found:
        approval = _approval(right, said, found)
        overrides = _overrides(right, said, approval)
        with under("document"):
            course = joined(found.record, sent.course)
            if course.latest.state is State.DRAFT:
                course = domain.propose(course)
            calendar = laid(course, sent.person, found.now)
            today = slot_of(found.now, sent.person.zone).day
            try:
                course = domain.approve(course, calendar.findings, approval, overrides, today)
            except domain.Blocked as stopped:
                raise blocked(stopped.findings, "The plan was not approved.") from None
        done = _follow(found, sent.person, course, instead=said.instead)
    noted(right, "approved a plan" if approval.copied_from is None else "copied a plan from paper")
    return done


def _follow(found: Folded, person: Person, course: Course, *, instead: bool) -> Status[StoredOut]:
    """Write down what an approved course brings that is new."""
    record, newest = found.record, course.latest
    if (other := another(record, person)) is not None:
        called, known = other[0] or "somebody else", other[1] or "another person"
        raise one_fault("document.person", f"is the plan of {called}, and this record is of {known}", "Keep a record for each person")  # fmt: skip
    held = displaced(record, course, found.day)
    if held is not None and not instead:
        who = held.approval.by if held.approval else "nobody"
        raise one_fault(
            "document.course", f"is plan {newest.id}, and {held.rev}, approved by {who}, is followed now",
            "Ask the prescriber whether it comes in its place; if so, say so with instead",
        )  # fmt: skip
    what = news(record, person, course)
    if not what:
        cursor = len(found.entries)
        head = found.right.journal.head_at(cursor) or ""
        return Status(200, StoredOut(entries=[], cursor=cursor, head=head, plan=newest.id, version=newest.version, holds_from=None, jumps=[]))  # fmt: skip
    written, record, stored = append(found, what, record.zone if found.entries else person.zone)
    holdings = [one for one in record.holdings if one.entry in written]
    jumps = [(one.first, jump) for one in holdings if (jump := unknown_jump(record, one)) is not None]
    return Status(
        201,
        StoredOut(
            entries=[one.id for one in written], cursor=stored.cursor, head=stored.head, plan=newest.id, version=newest.version,
            holds_from=holdings[-1].first if holdings else None,
            jumps=[JumpOut(day=day, before_mg=number(old), after_mg=number(new)) for day, (old, new) in jumps],
        ),
    )  # fmt: skip


def _approval(right: Right, said: ApproveIn, found: Folded) -> Approval:
    """A prescriber's own approval, or a copy of a prescriber's paper."""
    paper = said.copied_from
    if paper is None and right.role is not Role.PRESCRIBER:
        remedy = (
            "Say from whose paper it was copied, and of which day that is; or let a connected prescriber approve it"
        )
        raise Problem("not-allowed", "A prescriber approves a plan.", [Fault("copied_from", "is missing", remedy)])
    if paper is not None and paper.dated > found.now.utc().date() + timedelta(days=1):
        raise one_fault("copied_from.dated", f"{paper.dated} has not come yet", "Give the date on the paper")
    copied = None if paper is None else CopiedFrom(prescriber=paper.prescriber, dated=paper.dated)
    with under("copied_from"):
        return Approval(by=own_name(right), role=Capacity(right.role), at=found.now, copied_from=copied)


def _overrides(right: Right, said: ApproveIn, approval: Approval) -> tuple[Override, ...]:
    """Each in a clinician's name: the prescriber's own, or that of the paper."""
    made, faults = [], []
    usual = approval.by if approval.copied_from is None else approval.copied_from.prescriber
    for place, one in enumerate(said.overrides):
        by = one.by or usual
        if approval.copied_from is None and by != approval.by:
            faults.append(Fault(f"overrides[{place}].by", f"is {by!r}", "Override in your own name"))
            continue
        try:
            made.append(Override(rule=one.rule, by=by, role=one.role, reason=one.reason, at=approval.at))
        except BadInput as bad:
            faults += [replace(fault, path=f"overrides[{place}].{fault.path}") for fault in bad.faults]
    if faults:
        raise BadInput(faults)
    return tuple(made)
