"""The page for the clinician in words: everything that the PDF and the HTML show, nothing left for them to work out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from gradatim.domain.citation import Citation
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose, millilitres
from gradatim.domain.finding import Fact, Finding, message
from gradatim.domain.product import Product
from gradatim.domain.tablets import Pieces
from gradatim.domain.today import DoseState
from gradatim.insight.adherence import Adherence, DoseFree, Tally
from gradatim.insight.before_after import BeforeAfter
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.report.clinician import Asked, ReportInput, ScaleChange
from gradatim.report.kidneys import kidneys_text
from gradatim.report.lines.axes import number
from gradatim.report.sentences import ROLES
from gradatim.words import period, say, say_finding, short_day, sources_text, units_text
from gradatim.words.phrases import pieces_text

_COUNTS = (
    "due", "taken", "on_time", "early", "late", "missed", "skipped", "unsure", "extra", "twice", "held",
)  # fmt: skip
_ALWAYS = frozenset({"due", "taken", "late", "missed", "skipped", "unsure", "extra"})


def said(key: str, **facts: Fact) -> str:
    """A sentence of this page."""
    return say(message(f"report.{key}", **facts))


Row = tuple[tuple[str, ...], ...]  # cells, each of some lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of a list: how grave (empty for what is not graded), the text, and its source."""

    text: str
    sign: str = ""
    word: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianPage:
    """The page in words. Lists are whole here; what has no room on paper is counted there."""

    title: str
    heading: str
    who: str
    as_of: str
    self_reported: str
    lead: str
    amount: str
    amount_said: str
    counts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    doses: tuple[str, ...]
    felt: str
    table: tuple[Row, ...]
    no_data: str
    no_data_short: str
    table_said: str
    findings: tuple[Item, ...]
    supply: tuple[Item, ...]
    questions: tuple[str, ...]
    sources: str


def clinician_page(made: ReportInput) -> ClinicianPage:
    """All that the page says."""
    who = made.who or said("nobody")
    clock = made.now.local(made.zone)
    amount, amount_said = _amount(made)
    return ClinicianPage(
        title=said("title", who=who, day=made.today), heading=said("heading"), who=_person(made) or who,
        as_of=said("as-of", day=made.today, at=f"{clock:%H:%M}", zone=made.zone), self_reported=said("self"),
        lead=_lead(made), amount=amount, amount_said=amount_said,
        counts=_counts(made.recent.tally), notes=_notes(made), facts=_facts(made), doses=_doses(made), felt=_felt(made),
        table=_table(made), no_data=_no_data(made)[0], no_data_short=_no_data(made)[1], table_said=_table_said(made),
        findings=tuple(map(_finding, made.findings)),
        supply=_supply(made),
        questions=tuple(map(_question, made.questions)), sources=_sources(made),
    )  # fmt: skip


def _person(made: ReportInput) -> str:
    if made.person is None or not made.who:
        return ""
    known = [made.who]
    known += [str(made.person.age)] if made.person.age else []
    known += [str(made.person.weight)] if made.person.weight else []
    return ", ".join(known)


# --- what was taken -------------------------------------------------------------------------------------------------------


def _lead(made: ReportInput) -> str:
    recent = made.recent
    if recent.first >= recent.last:
        return said("lead-one", period=period(recent.last, recent.last))
    days = (recent.last - recent.first).days + 1
    return said("lead", days=days, period=period(recent.first, recent.last))


def _span(low: OralDose, high: OralDose) -> str:
    return str(low) if low == high else f"{str(low).removesuffix(' mg')} to {high}"


def _amount(made: ReportInput) -> tuple[str, str]:
    """The number that is read first, and what it is."""
    if made.began is None:
        return said("no-record"), said("no-record-said")
    whole = made.recent.whole_days
    if not whole:
        today = made.recent.days[-1] if made.recent.days else None
        if today is None or not today.taken:
            return said("no-whole-day"), said("so-far-said", planned=made.day.planned)
        return said("so-far", amount=today.taken), said("so-far-said", planned=made.day.planned)
    taken = sorted(day.taken for day in whole)
    planned = sorted(day.planned for day in whole)
    amount = said("mg", amount=OralDose(median_low([dose.micrograms for dose in taken])))
    if len(whole) == 1:
        return amount, said("mg-one", planned=planned[0])
    said_planned = _span(planned[0], planned[-1])
    return amount, said("mg-said", days=len(whole), low=taken[0], high=taken[-1], planned=said_planned)


def _counts(tally: Tally) -> tuple[tuple[str, str], ...]:
    """Numbers with their words; those that are rare stand there only when they are not 0."""
    found = ((name, getattr(tally, name)) for name in _COUNTS)
    return tuple(
        (str(count), said(name.replace("_", "-")))
        for name, count in found
        if count or name in _ALWAYS
    )  # fmt: skip


def _notes(made: ReportInput) -> tuple[str, ...]:
    recent = made.recent
    notes = []
    if made.began is not None and made.began >= recent.first:
        notes.append(said("nothing-yet", day=made.began))
    if whole := len(recent.whole_days):
        notes.append(said("not-covered", covered=recent.covered, days=whole))
    if partly := sum(1 for day in recent.whole_days if not day.certain):
        notes.append(said("partly", days=partly))
    if gaps := _recent_gaps(recent):
        notes.append(said("gap", limit=made.gap_hours, gaps="; ".join(_gap(made, one) for one in gaps)))
    elif recent.longest is not None:
        notes.append(said("longest", stretch=_gap(made, recent.longest)))
    return tuple(notes)


def _recent_gaps(recent: Adherence) -> tuple[DoseFree, ...]:
    return tuple(sorted(recent.gaps, key=lambda one: one.since, reverse=True))


def _gap(made: ReportInput, one: DoseFree) -> str:
    since = _moment(made, one.since)
    if one.until is None:
        return said("gap-open", hours=one.hours, since=since)
    return said("gap-one", hours=one.hours, since=since, until=_moment(made, one.until))


def _moment(made: ReportInput, at: Instant) -> str:
    clock = at.local(made.zone)
    return f"{short_day(clock.date())}, {clock:%H:%M}"


# --- the plan -------------------------------------------------------------------------------------------------------------


def _facts(made: ReportInput) -> tuple[tuple[str, str], ...]:
    facts = [(said("plan"), _plan(made))]
    if made.holding is not None and made.holding.plan.approval is not None:
        facts.append((said("approved"), _approval(made)))
    if made.ahead is not None:
        key = "next-step" if made.ahead.by is None else "next-review"
        facts.append((said("next"), said(key, amount=made.ahead.total, day=made.ahead.on, by=str(made.ahead.by))))
    facts.append((said("kidneys"), kidneys_text(made.kidneys)))
    if made.person is not None and made.person.medicines:
        facts.append((said("medicines"), ", ".join(made.person.medicines)))
    return tuple(facts)


def _plan(made: ReportInput) -> str:
    if made.holding is None:
        return said("no-plan")
    plan = made.holding.plan
    if made.span is None:
        return said("plan-before", plan=plan.id, version=plan.version, day=plan.start)
    plan, stretch = made.span.plan, made.span.stretch
    return said(
        "plan-said", plan=plan.id, version=plan.version, step=stretch.number, steps=len(plan.steps), day=stretch.first,
        amount=stretch.day_total,
    )  # fmt: skip


def _approval(made: ReportInput) -> str:
    assert made.holding is not None
    approval = made.holding.plan.approval
    assert approval is not None
    day = approval.at.local(made.zone).date()
    if approval.copied_from is None:
        return said("approved-by", by=approval.by, role=ROLES[approval.role], day=day)
    copied = approval.copied_from
    return said("copied", prescriber=copied.prescriber, dated=copied.dated, by=approval.by, role=ROLES[approval.role], day=day)  # fmt: skip


def _doses(made: ReportInput) -> tuple[str, ...]:
    """Each dose of today in mg and tablets, and what became of it."""
    found = []
    for one in made.day.doses:
        if one.dose.day != made.today:
            continue
        state = ""
        if one.state is DoseState.TAKEN and one.done is not None:
            state = f" – taken {one.done.counts.at.local(made.zone):%H:%M}"
        elif one.state in (DoseState.SKIPPED, DoseState.UNSURE, DoseState.MISSED):
            state = f" – {said(one.state.value)}"
        found.append(f"{one.dose.at:%H:%M} {one.dose.dose}: {units_text(one.dose.portion)}{state}")
    return tuple(found)


# --- what was felt --------------------------------------------------------------------------------------------------------


def _felt(made: ReportInput) -> str:
    first = made.lines[0].first if made.lines else made.since.first
    days = (made.today - first).days + 1
    weeks, rest = divmod(days, 7)
    if days == 1:
        return said("felt-day", day=made.today)
    if rest or weeks < 2:
        return said("felt-days", days=days, day=made.today)
    return said("felt", weeks=weeks, day=made.today)


def _by_change(made: ReportInput) -> list[list[ScaleChange]]:
    by_day: dict[date, list[ScaleChange]] = {}
    for one in made.changed:
        by_day.setdefault(one.change.on, []).append(one)
    return list(by_day.values())


def _table(made: ReportInput) -> tuple[Row, ...]:
    """Heading, then a row for each change of dose with enough data on one scale at least, the newest first."""
    scales = list(dict.fromkeys(one.scale.name for one in made.changed))
    body: list[Row] = []
    for found in _by_change(made):
        if all(isinstance(one.result, TooLittle) for one in found):
            continue
        cells = {one.scale.name: _cell(one) for one in found}
        body.append(((short_day(found[0].change.on), _rise(found[0])), *(cells.get(name, ("–",)) for name in scales)))
    return (((said("change"),), *((name,) for name in scales)), *body) if body else ()


def _no_data(made: ReportInput) -> tuple[str, str]:
    """The changes of dose with too little data on every scale, named and counted."""
    lacking = [
        f"{short_day(found[0].change.on)} ({_rise(found[0])})"
        for found in _by_change(made)
        if all(isinstance(one.result, TooLittle) for one in found)
    ]
    if not lacking:
        return "", ""
    return said("all-too-little", changes="; ".join(lacking)), said("some-too-little", count=len(lacking))


def _rise(one: ScaleChange) -> str:
    return said("rise", old=_bare(one.change.before.day_total), new=one.change.after.day_total)


def _bare(dose: OralDose) -> str:
    return str(dose).removesuffix(" mg")


def _cell(one: ScaleChange) -> tuple[str, ...]:
    if isinstance(one.result, TooLittle):
        side = "before" if one.result.what is Lacking.DAYS_BEFORE else "after"
        return (said("too-little"), said(f"days-{side}", have=one.result.have, need=one.result.need))
    result: BeforeAfter = one.result
    old, new = result.before.spread, result.after.spread
    unit = f" {one.scale.unit}" if one.scale.unit else ""
    return (
        said(
            "spread", before=number(old.median), b_low=number(old.low_quartile), b_high=number(old.high_quartile),
            after=number(new.median), a_low=number(new.low_quartile), a_high=number(new.high_quartile),
        ),
        said(
            "shift", shift=number(result.shift) + unit, low=number(result.interval.low), high=number(result.interval.high),
            before=old.count, after=new.count,
        ),
    )  # fmt: skip


def _table_said(made: ReportInput) -> str:
    if not made.changed:
        return said("no-comparison" if made.marks else "no-change")
    levels = {round(100 * one.result.interval.level) for one in made.changed if isinstance(one.result, BeforeAfter)}
    text = said("table-said", percent=levels.pop() if levels else 95)
    if made.many.shown:
        text += " " + said("many", shown=made.many.shown, expected=f"{made.many.expected:.1f}", alone=made.many.alone)
    return text


# --- lists and sources ------------------------------------------------------------------------------------------------------


def _finding(finding: Finding) -> Item:
    word = said(f"level-{finding.level.value}") if finding.level is not None else ""
    return Item(text=say_finding(finding), sign=finding.severity.value, word=word, source=sources_text(finding.source))


def _supply(made: ReportInput) -> tuple[Item, ...]:
    """When the boxes run out, what is in them, and what has to be said of it."""
    ahead = made.outlook.earlier
    found = []
    if ahead.first is not None and ahead.days_left is not None:
        names = ", ".join(product.name for product in ahead.lacking)
        facts: dict[str, Fact] = {
            "day": ahead.first.day,
            "at": f"{ahead.first.at:%H:%M}",
            "days": ahead.days_left,
            "products": names,
        }
        found.append(Item(text=said("run-out", **facts)))
    found += [
        Item(text=said("left", amount=_left(one.stock.product, one.stock.amount)))
        for one in ahead.products
        if one.stock.amount is not None
    ]
    found += [_finding(finding) for finding in made.supply]
    return tuple(found)


def _left(product: Product, amount: int) -> str:
    sign = "−" if amount < 0 else ""
    if not product.is_solid:
        return f"{sign}{millilitres(abs(amount))} of {product.concentration}"
    return f"{sign}{pieces_text(Pieces(product, abs(amount)))}"


def _question(asked: Asked) -> str:
    return f"{asked.text} ({short_day(asked.on)})"


def _sources(made: ReportInput) -> str:
    return said("sources-said", sources=sources_text(_cited(made)) or "–", monograph=made.monograph)


def _cited(made: ReportInput) -> tuple[Citation, ...]:
    """Every source once: of the findings, of the scales that are shown, of the plan's steps."""

    def all_of() -> Iterable[Citation]:
        for finding in (*made.findings, *made.supply):
            yield from finding.source
        for line in made.lines:
            yield from line.scale.source
        if made.span is not None:
            yield from made.span.stretch.step.source

    return tuple(dict.fromkeys(one for one in all_of() if one.key != "D"))
