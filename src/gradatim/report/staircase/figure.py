"""The staircase as data: treads with their dates, doses and kind, the gates between them, where versions begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from gradatim.domain.calendar import Calendar
from gradatim.domain.dose import OralDose, total
from gradatim.domain.plan import Answerer, Hold
from gradatim.domain.schedule import Span
from gradatim.domain.timeline import Stretch
from gradatim.words import day_time, period, phrase
from gradatim.words.phrases import dose_text


class Kind(StrEnum):
    """Which way a tread goes from the one before it."""

    RISING = "rising"
    HOLD = "hold"
    CUT = "cut"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tread:
    """Consecutive days with the same doses. ``last`` is the last day drawn; ``open`` when the step goes on after it."""

    first: date
    last: date
    open: bool
    number: int
    version: int
    kind: Kind
    amounts: tuple[tuple[time, OralDose], ...]

    @property
    def height(self) -> OralDose:
        """The sum of one day."""
        return total(tuple(dose for _, dose in self.amounts))

    @property
    def days(self) -> int:
        """How many days are drawn."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A review that has to be answered before the tread that begins on ``day``."""

    day: date
    by: Answerer


@dataclass(frozen=True, slots=True, kw_only=True)
class Staircase:
    """The whole figure. ``versions`` are the first days of later versions; ``until`` the last day that the newest is valid for."""

    treads: tuple[Tread, ...]
    gates: tuple[Gate, ...]
    versions: tuple[tuple[date, int], ...]
    until: date
    today: date | None = None

    @property
    def first(self) -> date:
        """The first day drawn."""
        return self.treads[0].first

    @property
    def last(self) -> date:
        """The last day drawn."""
        return self.treads[-1].last

    @property
    def highest(self) -> OralDose:
        """The largest daily dose."""
        return max(tread.height for tread in self.treads)


def staircase(calendar: Calendar, *, today: date | None = None) -> Staircase:
    """The figure of a calendar. ``today`` is marked when it lies inside. A calendar without a single day is a programmer's error."""
    if not calendar.spans:
        raise ValueError(f"the calendar from {calendar.first} to {calendar.last} holds no day of any version")
    treads: list[Tread] = []
    gates: list[Gate] = []
    versions: list[tuple[date, int]] = []
    first = calendar.spans[0]
    height = _height_before(first)
    for span in calendar.spans:
        if treads and span.plan.version != treads[-1].version:
            versions.append((span.first, span.plan.version))
        if span.stretch.review is not None and span.first == span.stretch.first:
            gates.append(Gate(day=span.first, by=span.stretch.review.by))
        treads.append(Tread(
            first=span.first, last=span.last, open=span.stretch.last is None and span is calendar.spans[-1],
            number=span.stretch.number, version=span.plan.version, kind=_kind(height, span.stretch),
            amounts=tuple((slot.at, dose) for slot, dose in zip(span.plan.slots, span.stretch.step.doses, strict=True)),
        ))  # fmt: skip
        height = span.stretch.day_total
    inside = today is not None and treads[0].first <= today <= treads[-1].last
    return Staircase(
        treads=tuple(treads), gates=tuple(gates), versions=tuple(versions), until=calendar.plan.until,
        today=today if inside else None,
    )  # fmt: skip


def _height_before(span: Span) -> OralDose | None:
    """The daily dose of the day before the figure begins, where the plan tells it."""
    if span.stretch.number > 1:
        return total(span.plan.steps[span.stretch.number - 2].doses)
    return None if span.plan.before is None else total(span.plan.before)


def _kind(before: OralDose | None, now: Stretch) -> Kind:
    if not now.day_total:
        return Kind.STOPPED
    if isinstance(now.step, Hold) or before == now.day_total:
        return Kind.HOLD
    return Kind.RISING if before is None or before < now.day_total else Kind.CUT


def rows(figure: Staircase) -> tuple[tuple[str, ...], ...]:
    """The same data as a table, heading first: every figure has its table."""
    heading = tuple(phrase(f"figure.{name}") for name in ("step", "days", "mg-a-day", "doses", "direction", "before"))
    gated = {gate.day: gate for gate in figure.gates}
    began = dict(figure.versions)
    body = []
    for tread in figure.treads:
        doses = ", ".join(f"{day_time(at)} {dose_text(dose)}" for at, dose in tread.amounts if dose) or phrase(
            "figure.no-doses"
        )
        before = [phrase("figure.version-begins", version=began[tread.first])] if tread.first in began else []
        before += [phrase(f"figure.review-by-{gated[tread.first].by}")] if tread.first in gated else []
        days = period(tread.first, tread.last)
        days = phrase("figure.and-on", days=days) if tread.open and tread.height else days
        body.append(
            (
                str(tread.number),
                days,
                dose_text(tread.height),
                doses,
                phrase(f"figure.kind-{tread.kind}"),
                "; ".join(before) or "–",
            )
        )
    return (heading, *body)


def described(figure: Staircase) -> str:
    """The figure in sentences, for those who do not see it."""
    gates = len(figure.gates)
    said = [phrase("figure.described", first=figure.first, last=figure.last)]
    said += [phrase(f"figure.tread-{t.kind}", days=period(t.first, t.last), amount=t.height) for t in figure.treads]
    if gates:
        said.append(phrase("figure.reviews", n=gates))
    if figure.today:
        said.append(phrase("figure.today-is", day=figure.today))
    return " ".join(said)
