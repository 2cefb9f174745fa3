"""The days of the packet, the versions of the plan that hold on them, and the reviews that they meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gradatim.domain.ahead import day_begins
from gradatim.domain.approval import CopiedFrom, Role
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.plan import Answerer, Purpose, Review
from gradatim.domain.record import Holding, Record
from gradatim.domain.schedule import ScheduledDose, Span
from gradatim.domain.taking import span_text
from gradatim.domain.today import least_apart, smallest_interval
from gradatim.exchange.document import ask_text
from gradatim.exchange.packet.told import line, said


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketPlan:
    """One version of the plan, who stands behind it, and the days on which it holds. ``until`` is its last day on paper."""

    rev: str
    id: str
    version: int
    purpose: Purpose
    first: date
    last: date | None
    until: date
    approved_by: str
    role: Role
    approved_at: Instant
    copied_from: CopiedFrom | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketReview:
    """A date on which somebody has to look. ``go_on``: it was answered so, and the next step begins on ``day``; else the dose stays."""

    id: str
    plan: str
    day: date
    by: Answerer
    asks: tuple[str, ...]
    go_on: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketDay:
    """A day by the record's clock: it is this day from ``begins`` on, until the next one begins.

    ``plan`` is None where none holds, ``waiting`` the review that keeps the step. ``least_apart`` are the minutes to leave between two
    doses, ``usual_apart`` those of the plan's closest neighbours. ``on_drug``: the drug was taken before the plan began, so that a
    record without any dose is a gap. ``says`` is to be said on the day.
    """

    day: date
    zone: str
    begins: Instant
    plan: str | None
    step: int | None
    waiting: str | None
    micrograms: int
    amount: OralDose
    least_apart: int
    usual_apart: int | None
    apart: str
    on_drug: bool
    says: tuple[str, ...]


def packet_days(
    record: Record,
    monograph: Monograph,
    leaflet: Leaflet,
    doses: Sequence[ScheduledDose],
    first: date,
    last: date,
) -> tuple[PacketDay, ...]:
    """The days from first to last. A date that is not lived is left out."""
    spans = tuple(record.spans(first, last))
    found: list[PacketDay] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        begins = day_begins(record, day)
        if begins is None:
            continue
        holding = record.holding_on(day)
        span = next((one for one in spans if one.first <= day <= one.last), None)
        total = OralDose(sum(dose.dose.micrograms for dose in doses if dose.day == day))
        least = least_apart(record, monograph, leaflet, day)
        found.append(PacketDay(
            day=day, zone=record.zone_on(day), begins=begins, plan=None if holding is None else holding.plan.rev,
            step=None if span is None else span.stretch.number, waiting=None if span is None else span.stretch.waiting,
            micrograms=total.micrograms, amount=total, least_apart=least, usual_apart=smallest_interval(record, monograph, day),
            apart=said("apart", least=span_text(least)), on_drug=holding is not None and _on_drug(holding),
            says=() if holding is None or day <= holding.plan.until else (_ended(holding),),
        ))  # fmt: skip
    return tuple(found)


def _on_drug(holding: Holding) -> bool:
    return bool(holding.plan.on_drug_days or any(holding.plan.before or ()))


def _ended(holding: Holding) -> str:
    return said("plan-ended", plan=line(holding.plan.rev), day=holding.plan.until)


def packet_plans(record: Record, first: date, last: date) -> tuple[PacketPlan, ...]:
    """Every version that holds on a day of the packet; and the first of all, where it begins later."""
    here = [one for one in record.holdings if one.first <= last and (one.last is None or one.last >= first)]
    return tuple(_plan(one) for one in here or record.holdings[:1])


def _plan(holding: Holding) -> PacketPlan:
    plan, approval = holding.plan, holding.plan.approval
    assert approval is not None
    day = approval.at.utc().date()
    copied = approval.copied_from
    if copied is None:
        text = said("plan-approved", plan=line(plan.rev), by=line(approval.by), day=day)
    else:
        text = said(
            "plan-copied", plan=line(plan.rev), by=line(approval.by), day=day, prescriber=line(copied.prescriber), dated=copied.dated
        )  # fmt: skip
    return PacketPlan(
        rev=plan.rev, id=plan.id, version=plan.version, purpose=plan.purpose, first=holding.first, last=holding.last, until=plan.until,
        approved_by=approval.by, role=approval.role, approved_at=approval.at, copied_from=copied, text=text,
    )  # fmt: skip


def packet_reviews(record: Record, today: date, first: date, last: date) -> tuple[PacketReview, ...]:
    """Reviews that wait or come due until the last day, and those answered whose step still has to begin; in order of days."""
    found = [one for span in record.spans(first, last) for one in _reviews(span, today, last)]
    return tuple(sorted({(one.plan, one.id): one for one in found}.values(), key=lambda one: (one.day, one.id)))


def _reviews(span: Span, today: date, last: date) -> Iterator[PacketReview]:
    stretch = span.stretch
    if stretch.waiting is not None and stretch.last is None and stretch.step.days is not None:
        day = stretch.first + timedelta(days=stretch.step.days)
        asked = [item for item in span.plan.items if isinstance(item, Review) and item.id == stretch.waiting]
        if asked and day <= last:
            yield _review(span, asked[0], day, go_on=False)
    if stretch.review is not None and stretch.first == span.first > today:
        yield _review(span, stretch.review, span.first, go_on=True)


def _review(span: Span, asked: Review, day: date, *, go_on: bool) -> PacketReview:
    text = said("review-answered" if go_on else f"review-{asked.by}", day=day)
    asks = tuple(map(ask_text, asked.asks))
    return PacketReview(id=asked.id, plan=span.plan.rev, day=day, by=asked.by, asks=asks, go_on=go_on, text=text)
