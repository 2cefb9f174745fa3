"""What the page for the clinician is made from: gathered from a record, so that the page itself works nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose, total
from gradatim.domain.entry import CheckIn, NoteWritten
from gradatim.domain.finding import Finding
from gradatim.domain.low_stock import stock_findings
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import Answerer, Review
from gradatim.domain.record import Holding, Record
from gradatim.domain.run_out import Outlook, outlook
from gradatim.domain.scale import Rater, Scale
from gradatim.domain.schedule import Span
from gradatim.domain.stock import Inventory, inventory
from gradatim.domain.today import Today, today
from gradatim.domain.watch import watch
from gradatim.insight.adherence import Adherence, adherence
from gradatim.insight.before_after import BeforeAfter, each_change
from gradatim.insight.doses import Change, changes
from gradatim.insight.enough import TooLittle
from gradatim.insight.many import Many, many
from gradatim.insight.of_record import important_for, segments_of, series_of
from gradatim.monographs.scales import scales
from gradatim.report.kidneys import Kidneys, kidneys_of
from gradatim.report.lines import StepMark, SymptomLine, TakenLine
from gradatim.report.lines.taken import taken_line

WEEKS = 12  # how far back the lines go
MOST_SCALES = 3  # with the doses they fill a square of four figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something that the person wants to ask, and when it was written down."""

    on: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The next change of dose: from when, and who has to answer a review first (None: nobody)."""

    total: OralDose
    on: date
    by: Answerer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleChange:
    """One scale at one change of dose."""

    scale: Scale
    change: Change
    result: BeforeAfter | TooLittle


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """Everything that the page shows. ``recent`` are the last 14 or 28 days, ``since`` the whole time of the lines.

    ``lines`` are the scales with most data, most first, and ``left_out`` the other scales with data. ``changed`` is newest first.
    """

    now: Instant
    days: int
    zone: str
    person: Person | None
    began: date | None
    monograph: str
    gap_hours: int
    day: Today
    holding: Holding | None
    span: Span | None
    ahead: Ahead | None
    recent: Adherence
    since: Adherence
    marks: tuple[StepMark, ...]
    lines: tuple[SymptomLine, ...]
    left_out: tuple[SymptomLine, ...]
    changed: tuple[ScaleChange, ...]
    many: Many
    findings: tuple[Finding, ...]
    stocks: Inventory
    outlook: Outlook
    supply: tuple[Finding, ...]
    questions: tuple[Asked, ...]
    kidneys: Kidneys

    @property
    def today(self) -> date:
        """The local day of the report."""
        return self.day.day

    @property
    def who(self) -> str:
        """What the person is called, on one line; empty where no name is known."""
        return " ".join((self.person.called or "").split()) if self.person else ""

    @property
    def recent_line(self) -> TakenLine:
        """The last days as a figure."""
        return taken_line(self.recent)

    @property
    def since_line(self) -> TakenLine:
        """The whole time of the lines as a figure, on the days of the lines."""
        made = taken_line(self.since)
        return replace(made, first=self.lines[0].first, last=self.lines[0].last) if self.lines else made


def gather(
    record: Record,
    monograph: Monograph,
    leaflet: Leaflet,
    now: Instant,
    days: int = 14,
    closed: Mapping[date, str] | None = None,
) -> ReportInput:
    """All of it, from a record folded as of ``now``. ``closed`` names the days without a pharmacy, for the supply."""
    seen = today(record, monograph, leaflet, now)
    day = seen.day
    recent = adherence(record, monograph, leaflet, now, day - timedelta(days=days - 1), day)
    first = _first_of_lines(record, day, recent.first)
    segments = segments_of(record, day)
    found = changes(segments)
    marks = tuple(StepMark(day=one.on, total=one.after.day_total) for one in found)
    since = adherence(record, monograph, leaflet, now, first, day)
    lines = _lines(record, first, day, marks, since)
    shown = [line.scale for line in lines[:MOST_SCALES]]
    changed = [
        ScaleChange(scale=scale, change=change, result=result)
        for scale in shown
        for change, result in each_change(
            series_of(record, scale), found, important=important_for(scale, record.person)
        )
    ]
    changed.sort(key=lambda one: one.change.on, reverse=True)
    spans = tuple(record.spans(day, day))
    stocks = inventory(record, monograph, now)
    ahead = outlook(record, monograph, leaflet, stocks)
    return ReportInput(
        now=now, days=days, zone=seen.zone, person=record.person, monograph=f"{monograph.id} {monograph.version}",
        began=None if record.since is None else record.day_of(record.since),
        gap_hours=leaflet.gap.hours, day=seen, holding=record.holding_on(day) or next(iter(record.holdings), None),
        span=spans[0] if spans else None, ahead=_ahead(record, day), recent=recent, since=since, marks=marks,
        lines=lines[:MOST_SCALES], left_out=lines[MOST_SCALES:], changed=tuple(changed),
        many=many([one.result.p for one in changed if isinstance(one.result, BeforeAfter)]),
        findings=watch(record, monograph, leaflet, now), stocks=stocks, outlook=ahead,
        supply=stock_findings(record, leaflet, stocks, ahead, closed or {}), questions=_questions(record, first), kidneys=kidneys_of(record),
    )  # fmt: skip


def _first_of_lines(record: Record, day: date, latest: date) -> date:
    """Twelve weeks back, or the first day of the record where that is later; never later than the recent days begin."""
    begins = [record.day_of(one.at) for one in (*record.of(CheckIn), *record.takings)]
    begins += [record.day_of(record.since)] if record.since else []
    first = min(begins, default=latest)
    return min(max(first, day - timedelta(days=7 * WEEKS - 1)), latest)


def _lines(
    record: Record, first: date, last: date, marks: tuple[StepMark, ...], since: Adherence
) -> tuple[SymptomLine, ...]:
    """A line for each scale with data in these days, those with most days first. Scales whose number of days falls into the same
    quarter of the largest number count as equals, and stand in the order of the check-in: a day more or less decides nothing."""
    unknown = tuple(one.day for one in since.days if one.tally.missed)
    made = []
    for scale in scales().values():
        points = series_of(record, scale).between(first, last).values
        if points and scale.by is Rater.PERSON:
            made.append(SymptomLine(
                scale=scale, first=first, last=last, points=points, not_recorded=unknown,
                steps=tuple(mark for mark in marks if first <= mark.day <= last),
            ))  # fmt: skip
    most = max((len(line.points) for line in made), default=1)
    return tuple(sorted(made, key=lambda line: (most - len(line.points)) * 4 // (most + 1)))


def _ahead(record: Record, day: date) -> Ahead | None:
    """What comes next: another version that takes over, a later step, or the step behind a review that is not answered."""
    spans = list(record.spans(day, day + timedelta(days=366)))
    if len(spans) > 1:
        return Ahead(total=spans[1].stretch.day_total, on=spans[1].first, by=None)
    if not spans or spans[0].stretch.waiting is None:
        return None
    plan, stretch = spans[0].plan, spans[0].stretch
    by = next(item.by for item in plan.items if isinstance(item, Review) and item.id == stretch.waiting)
    on = stretch.first + timedelta(days=stretch.step.days or 0)
    return Ahead(total=total(plan.steps[stretch.number].doses), on=on, by=by)


def _questions(record: Record, first: date) -> tuple[Asked, ...]:
    """Notes that begin with "ask:" or "?", newest first: since the last visit (preference ``last-visit``), else since ``first``."""
    try:
        since = date.fromisoformat(record.preferences.get("last-visit", ""))
    except ValueError:
        since = first
    found = []
    for one in record.of(NoteWritten):
        said, on = " ".join(one.what.text.split()), record.day_of(one.at)
        text = said[4:] if said.lower().startswith("ask:") else said[1:] if said.startswith("?") else ""
        if text.strip() and on >= since:
            found.append(Asked(on=on, text=text.strip()))
    return tuple(reversed(found))
