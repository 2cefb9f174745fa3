"""What the page for the clinician is made from: gathered from a record, so that the page itself works nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose, total
from gradatim.domain.entry import CheckIn, NoteWritten, WatchAnswered
from gradatim.domain.finding import Finding
from gradatim.domain.fold import fold
from gradatim.domain.low_stock import stock_findings
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import Answerer, Review
from gradatim.domain.record import Holding, Logged, Record
from gradatim.domain.run_out import Outlook, outlook
from gradatim.domain.scale import Better, Every, Scale
from gradatim.domain.schedule import Span
from gradatim.domain.stock import Inventory, inventory
from gradatim.domain.today import GAP_RULE, Today, today
from gradatim.domain.watch import Shown, quiet, watch
from gradatim.insight.adherence import Adherence, adherence
from gradatim.insight.before_after import BeforeAfter, each_change
from gradatim.insight.doses import Change, changes
from gradatim.insight.enough import TooLittle
from gradatim.insight.many import Many, many
from gradatim.insight.of_record import important_for, segments_of, series_of
from gradatim.insight.swallowed import Swallowed, swallowed
from gradatim.report.happened import Event, happened
from gradatim.report.kidneys import Kidneys, kidneys_of
from gradatim.report.lines import StepMark, SymptomLine, TakenLine
from gradatim.report.lines.of_record import step_marks, symptom_lines
from gradatim.report.lines.taken import taken_line
from gradatim.words.asked import asked

WEEKS = 12  # how far back the lines go
MOST_SCALES = 3  # with the doses they fill a square of four figures
_MOST_ANSWERED = 8  # answers whose finding is looked up as it stood then
_ALWAYS = "weakness"  # with spasticity treated, this is what too high a dose takes away


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
class Answered:
    """A finding that somebody answered and that does not fire any more; None where it cannot be found again."""

    finding: Finding | None
    answer: Logged[WatchAnswered]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleChange:
    """One scale at one change of dose."""

    scale: Scale
    change: Change
    result: BeforeAfter | TooLittle


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """Everything that the page shows. ``recent`` are the last 14 or 28 days, ``since`` the whole time of the lines.

    ``lines`` are the scales that got worst, worst first, and ``left_out`` the other scales with data. ``changed`` is newest first.
    ``clock`` is what was swallowed in the last 24 and 48 hours. ``answered`` are findings that were answered and fire no more.
    """

    record: Record
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
    clock: tuple[Swallowed, ...]
    events: tuple[Event, ...]
    findings: tuple[Shown, ...]
    answered: tuple[Answered, ...]
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
    found = changes(segments_of(record, day))
    marks = step_marks(record, day)
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
    findings = watch(record, monograph, leaflet, now)
    return ReportInput(
        record=record, now=now, days=days, zone=seen.zone, person=record.person, monograph=f"{monograph.id} {monograph.version}",
        began=None if record.since is None else record.day_of(record.since),
        gap_hours=leaflet.gap.hours, day=seen, holding=record.holding_on(day) or next(iter(record.holdings), None),
        span=spans[0] if spans else None, ahead=_ahead(record, day), recent=recent, since=since, marks=marks,
        lines=lines[:MOST_SCALES], left_out=lines[MOST_SCALES:], changed=tuple(changed),
        many=many([one.result.p for one in changed if isinstance(one.result, BeforeAfter)]),
        clock=tuple(swallowed(record, monograph, leaflet, now, hours) for hours in (24, 48)), events=happened(record, leaflet, since, now),
        findings=quiet(findings, record, now), answered=_answered(record, monograph, leaflet, now, first, findings), stocks=stocks, outlook=ahead,
        supply=stock_findings(record, leaflet, stocks, ahead, closed or {}), questions=_questions(record, first), kidneys=kidneys_of(record),
    )  # fmt: skip


def _answered(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, first: date, firing: tuple[Finding, ...]
) -> tuple[Answered, ...]:
    """The last answers to what does not fire any more, newest first, each with its finding as it stood when it was answered."""
    rules = {one.rule for one in firing}
    made: list[Answered] = []
    for one in reversed(record.of(WatchAnswered)):
        rule = "watch-gap" if one.what.rule == GAP_RULE else one.what.rule
        if rule in rules or one.at > now or record.day_of(one.at) < first or len(made) == _MOST_ANSWERED:
            continue
        rules.add(rule)
        then = one.entry.recorded.plus(-1)
        found = watch(fold(record.entries, then), monograph, leaflet, then)
        made.append(Answered(finding=next((each for each in found if each.rule == rule), None), answer=one))
    return tuple(made)


def _first_of_lines(record: Record, day: date, latest: date) -> date:
    """Twelve weeks back, or the first day of the record where that is later; never later than the recent days begin."""
    begins = [record.day_of(one.at) for one in (*record.of(CheckIn), *record.takings)]
    begins += [record.day_of(record.since)] if record.since else []
    first = min(begins, default=latest)
    return min(max(first, day - timedelta(days=7 * WEEKS - 1)), latest)


def _lines(
    record: Record, first: date, last: date, marks: tuple[StepMark, ...], since: Adherence
) -> tuple[SymptomLine, ...]:
    """A line for each scale with data in these days: weakness first where it got worse, then those that got worst."""
    made = symptom_lines(record, first, last, marks, since)
    return tuple(
        sorted(made, key=lambda line: (not (line.scale.id == _ALWAYS and worsening(line) > 0), -worsening(line)))
    )


def worsening(line: SymptomLine) -> float:
    """How much worse the middle of any week was than that of a week before it, as a share of the scale. Weeks of one value do not
    count, and a scale that is neither better high nor low does not get worse."""
    if line.scale.better is None:
        return 0.0
    low, high = line.ends
    sign = 1 if line.scale.better is Better.LOW else -1
    middles = [
        sign * median(values)
        for _, _, values in line.weeks
        if len(values) > 1 or (line.scale.every is not Every.DAY and values)
    ]
    best = [min(middles[: place + 1]) for place in range(len(middles))]
    return max((middle - least for middle, least in zip(middles, best, strict=True)), default=0.0) / (
        (high - low) or 1.0
    )


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
    """Notes that ask something, newest first: since the last visit (preference ``last-visit``), else since ``first``."""
    try:
        since = date.fromisoformat(record.preferences.get("last-visit", ""))
    except ValueError:
        since = first
    found = []
    for one in record.of(NoteWritten):
        text, on = asked(one.what.text), record.day_of(one.at)
        if text and on >= since:
            found.append(Asked(on=on, text=text))
    return tuple(reversed(found))
