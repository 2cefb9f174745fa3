"""Reviews: which comes next, and what was answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from gradatim.domain import course as domain
from gradatim.domain.alarm import open_findings
from gradatim.domain.answering import asked_by, review_meant, taken_back, works_from
from gradatim.domain.clock import slot_of
from gradatim.domain.course import Course
from gradatim.domain.entry import ReviewAnswered
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.plan import Answerer
from gradatim.domain.record import Record
from gradatim.domain.timeline import Answer
from gradatim.exchange.document import ask_text, number
from gradatim.monographs import leaflet, monograph
from gradatim.server.api.appending import alone, append, own_name
from gradatim.server.api.drawn import Mg
from gradatim.server.api.folded import Folded
from gradatim.server.api.shapes import PROBLEMS, In
from gradatim.server.idempotent import once
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import Right, noted, right_to
from gradatim.server.who import Scope
from gradatim.words import say

router = Router(tags=["plan of a record"])
_OWN = {Role.PERSON: Answerer.PERSON, Role.CARER: Answerer.CARER, Role.PRESCRIBER: Answerer.CLINICIAN}
Name = Annotated[str, Field(min_length=1, max_length=200)]


class ReviewOut(Schema):
    """The review that comes next; what "go on" would change if it were said now; ``not_yet``: why it may not be said yet."""

    id: str
    by: str
    asks: list[str]
    from_day: date
    mg: Mg | None
    next_mg: Mg | None
    not_yet: str | None


class AnswerIn(In):
    """Go on, or not yet. ``review`` None: the one that waits or comes next.

    ``by`` and ``role`` say whose answer it is, where somebody else gave it: a clinician on the telephone. ``anyway``: although the watch
    says something against it.
    """

    go_on: bool
    review: Annotated[str | None, Field(max_length=200)] = None
    by: Name | None = None
    role: Answerer | None = None
    anyway: bool = False


class AnsweredOut(Schema):
    """What was written down, and what it changes from when on."""

    entry: str
    cursor: int
    head: str
    review: str
    go_on: bool
    from_day: date
    mg: Mg | None
    next_mg: Mg | None


@router.post("/records/{uuid:record}/answers", response={201: AnsweredOut, **PROBLEMS}, operation_id="answer_review")
@once
def answer(request: HttpRequest, record: UUID, said: AnswerIn) -> Status[AnsweredOut]:
    """Answer a review: go on, or not yet. Until then the doses stay as they are."""
    right = right_to(request.auth, record, Scope.PLAN)  # type: ignore[attr-defined]
    by, role = _answerer(right, said)
    with alone(right) as found:
        course = found.course
        given = _given(found, course, said, by, role)
        after = domain.answer_when_due(course, given)
        if said.go_on and not said.anyway:
            _heed(found)
        what = ReviewAnswered(
            plan=course.latest.id, review=given.review, go_on=given.go_on, by=by, role=role, from_day=given.from_day
        )
        written, record_now, stored = append(found, [what])
        _check_counts(record_now, course, given)
    noted(right, "answered a review")
    old, new = course.to_take(given.from_day), after.to_take(given.from_day)
    return Status(
        201,
        AnsweredOut(
            entry=written[0].id, cursor=stored.cursor, head=stored.head, review=given.review, go_on=given.go_on, from_day=given.from_day,
            mg=None if old is None else number(old.day_total), next_mg=None if new is None else number(new.day_total),
        ),
    )  # fmt: skip


def _answerer(right: Right, said: AnswerIn) -> tuple[str, Answerer]:
    """Whose answer it is, and in what capacity: one's own, or what somebody else said and is named for."""
    own, name = _OWN[right.role], own_name(right)
    role = said.role or own
    if right.role is Role.PRESCRIBER and (role is not own or said.by not in (None, name)):
        raise Problem("not-allowed", "A prescriber answers in their own name.")
    if right.role is Role.CARER and (role is Answerer.PERSON or (role is own and said.by not in (None, name))):
        raise Problem("not-allowed", "A carer answers in their own name, or tells what a clinician said.")
    if role is not own and said.by is None:
        raise one_fault("by", "is missing", "Say whose answer it is")
    return said.by or name, role


def _given(found: Folded, course: Course, said: AnswerIn, by: str, role: Answerer) -> Answer:
    local = slot_of(found.now, found.record.zone)
    plan = course.in_force(local.day)
    if plan is None:
        raise Problem("no-plan", f"No approved plan is in force on {local.day}.")
    chosen = said.review or (None if said.go_on else taken_back(course, local.day)) or review_meant(course, local.day)
    if chosen is None:
        raise one_fault("review", "no review is open", "Nothing has to be answered")
    return Answer(review=chosen, go_on=said.go_on, by=by, role=role, on=local.day, from_day=works_from(plan, local))


def _heed(found: Folded) -> None:
    """Raise `Problem` while the watch says something that nobody has dealt with."""
    shown = open_findings(found.record, monograph(), leaflet(), found.now)
    if shown:
        faults = [
            Fault(
                "go_on",
                f"{one.finding.rule}: {say(one.finding.message)}",
                one.finding.why or "Ask the prescriber first",
            )
            for one in shown
        ]
        raise Problem("blocked", "The watch says something against it. Ask the prescriber first.", faults)


def _check_counts(record: Record, course: Course, given: Answer) -> None:
    """Raise `BadInput` where an answer that another device stamped later would win over this one."""
    mine = next(one.answers for one in reversed(record.holdings) if one.plan.id == course.latest.id)
    counted = [one for one in mine if one.review == given.review]
    if (counted[-1].go_on, counted[-1].by, counted[-1].from_day) != (given.go_on, given.by, given.from_day):
        raise one_fault(
            "clock", f"another answer to {given.review} is stamped later than this moment", "Check the clocks of the devices, and answer again"
        )  # fmt: skip


def next_review(found: Folded) -> ReviewOut | None:
    """The next review as the domain sees it: a phone asks, and never works it out."""
    course, local = found.course, slot_of(found.now, found.record.zone)
    id, plan = review_meant(course, local.day), course.in_force(local.day)
    asked = None if id is None else asked_by(course, id)
    if plan is None or asked is None:
        return None
    from_day = works_from(plan, local)
    given = Answer(review=asked.id, go_on=True, by="–", role=asked.by, on=local.day, from_day=from_day)
    try:
        after, not_yet = domain.answer_when_due(course, given).to_take(from_day), None
    except BadInput as bad:
        after, not_yet = None, "; ".join(f"{fault.problem}. {fault.remedy}" for fault in bad.faults)
    old = course.to_take(from_day)
    return ReviewOut(
        id=asked.id, by=str(asked.by), asks=[ask_text(ask) for ask in asked.asks], from_day=from_day, not_yet=not_yet,
 mg=None if old is None else number(old.day_total),
        next_mg=None if after is None else number(after.day_total),
    )  # fmt: skip
