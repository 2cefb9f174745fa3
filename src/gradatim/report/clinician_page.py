"""The page for the clinician in words: everything that the PDF and the HTML show, nothing left for them to work out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from statistics import median_low
from typing import Any

from gradatim.domain.dose import OralDose
from gradatim.domain.plan import Answerer
from gradatim.domain.record import Logged
from gradatim.domain.today import DoseState
from gradatim.insight.adherence import Adherence, DoseFree, Tally
from gradatim.insight.before_after import BeforeAfter
from gradatim.insight.enough import Lacking, TooLittle
from gradatim.report.clinician import ReportInput, ScaleChange
from gradatim.report.clinician_lists import (
    Item,
    findings_of,
    happened_of,
    open_emergency,
    question_of,
    said,
    shown_of,
    sources_of,
    supply_of,
)
from gradatim.report.kidneys import kidneys_text
from gradatim.report.lines.axes import number
from gradatim.report.medicines import medicines_text
from gradatim.report.taken_text import (
    few,
    gap_text,
    least,
    mostly_unknown,
    parted,
    span,
    swallowed_amount,
    swallowed_notes,
    unknown_text,
)
from gradatim.words import day_text, period, phrase, short_day, units_text
from gradatim.words.phrases import dose_text

_COUNTS = (
    "due", "taken", "on_time", "early", "late", "missed", "skipped", "unsure", "extra", "twice", "held",
)  # fmt: skip
_ALWAYS = frozenset({"due", "taken", "late", "missed", "skipped", "unsure", "extra"})


Row = tuple[tuple[str, ...], ...]  # cells, each of some lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianPage:
    """The page in words. Lists are whole here; what has no room on paper is counted there."""

    title: str
    heading: str
    who: str
    as_of: str
    self_reported: str
    urgent: tuple[Item, ...]
    decide: str
    lead: str
    amount: str
    amount_said: str
    clock: tuple[tuple[str, str, str], ...]
    counts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    doses: tuple[str, ...]
    happened_heading: str
    happened: tuple[Item, ...]
    felt: str
    table: tuple[Row, ...]
    no_data: str
    no_data_short: str
    table_said: str
    findings: tuple[Item, ...]
    no_findings: str
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
        urgent=tuple(shown_of(made, one) for one in made.findings if open_emergency(one)), decide=_decide(made),
        lead=_lead(made), amount=amount, amount_said=amount_said,
        clock=_clock(made), counts=_counts(made.recent.tally), notes=_notes(made), facts=_facts(made), doses=_doses(made),
        happened_heading=_happened_heading(made), happened=happened_of(made), felt=_felt(made),
        table=_table(made), no_data=_no_data(made)[0], no_data_short=_no_data(made)[1], table_said=_table_said(made),
        findings=findings_of(made), no_findings=said("no-open-findings" if any(map(open_emergency, made.findings)) else "no-findings"),
        supply=supply_of(made),
        questions=tuple(map(question_of, made.questions)), sources=sources_of(made),
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
    clear, _ = parted(whole)
    planned = sorted(day.planned for day in (whole if mostly_unknown(whole) else clear))
    said_planned = span(planned[0], planned[-1])
    if mostly_unknown(whole):
        unclear = parted(whole)[1]
        text = unknown_text(unclear if not any(day.unknown for day in unclear) else whole)
        return said("not-known"), said("not-known-said", unknown=text, planned=said_planned)
    taken = sorted(day.taken for day in clear)
    amount = said("mg", amount=OralDose(median_low([dose.micrograms for dose in taken])))
    if len(clear) == 1:
        return amount, said("mg-one", planned=planned[0])
    if taken[0] == taken[-1]:
        return amount, said("mg-same", days=len(clear), planned=said_planned)
    if listed := few(clear):
        return amount, said("mg-few", days=len(clear), few=listed, planned=said_planned)
    return amount, said("mg-said", days=len(clear), range=span(taken[0], taken[-1]), planned=said_planned)


def _clock(made: ReportInput) -> tuple[tuple[str, str, str], ...]:
    """What was swallowed in the last hours: its name, the amount, what belongs to it."""
    if made.began is None and not made.record.takings:
        return ()
    return tuple((said("clock", hours=one.hours), swallowed_amount(one), swallowed_notes(one)) for one in made.clock)


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
    unclear = parted(recent.whole_days)[1]
    if unclear and not mostly_unknown(recent.whole_days):
        notes.append(said("partly", days=len(unclear), whole=len(recent.whole_days), least=least(unclear)))
    if gaps := _recent_gaps(recent):
        notes.append(said("gap", limit=made.gap_hours, gaps="; ".join(gap_text(made.record, one) for one in gaps)))
    elif recent.longest is not None:
        notes.append(said("longest", stretch=gap_text(made.record, recent.longest)))
    return tuple(notes)


def _recent_gaps(recent: Adherence) -> tuple[DoseFree, ...]:
    return tuple(sorted(recent.gaps, key=lambda one: one.since, reverse=True))


# --- the plan -------------------------------------------------------------------------------------------------------------


def _answerer(by: Answerer | None) -> str:
    return "" if by is None else phrase(f"answerer.{by}")


def _facts(made: ReportInput) -> tuple[tuple[str, str], ...]:
    facts = [(said("plan"), _plan(made))]
    if made.holding is not None and made.holding.plan.approval is not None:
        facts.append((said("approved"), _approval(made)))
    if made.ahead is not None and not _decide(made):
        key = "next-step" if made.ahead.by is None else "next-review"
        facts.append((said("next"), said(key, amount=made.ahead.total, day=made.ahead.on, by=_answerer(made.ahead.by))))
    facts.append((said("kidneys"), kidneys_text(made.kidneys)))
    facts.append((said("medicines"), medicines_text(made.record, made.now)))
    return tuple(facts)


def _decide(made: ReportInput) -> str:
    """What the visit has to decide: a review that waits."""
    if made.ahead is None or made.ahead.by is None or made.ahead.on > made.today or made.span is None:
        return ""
    old = made.span.stretch.day_total
    return said(
        "decide", old=_bare(old), new=made.ahead.total, by=_answerer(made.ahead.by), day=day_text(made.ahead.on)
    )


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
    day = made.record.day_of(approval.at)
    if approval.copied_from is None:
        return said("approved-by", by=approval.by, role=phrase(f"role.{approval.role}"), day=day)
    copied = approval.copied_from
    return said("copied", prescriber=copied.prescriber, dated=copied.dated, by=approval.by, role=phrase(f"role.{approval.role}"), day=day)  # fmt: skip


def _doses(made: ReportInput) -> tuple[str, ...]:
    """Each dose of today in mg and tablets, and what became of it."""
    found = []
    for one in made.day.doses:
        if one.dose.day != made.today:
            continue
        state = ""
        if one.state is DoseState.TAKEN and one.done is not None:
            state = f" – {said('taken-at', at=f'{_local(made, one.done.counts):%H:%M}')}"
        elif one.state in (DoseState.SKIPPED, DoseState.UNSURE, DoseState.MISSED):
            state = f" – {said(one.state.value)}"
        found.append(f"{one.dose.at:%H:%M} {dose_text(one.dose.dose)}: {units_text(one.dose.portion)}{state}")
    return tuple(found)


def _local(made: ReportInput, one: Logged[Any]) -> datetime:
    """By the clock of the zone of its own day."""
    return one.at.local(made.record.zone_on(made.record.day_of(one.at)))


# --- what happened --------------------------------------------------------------------------------------------------------


def _happened_heading(made: ReportInput) -> str:
    weeks, rest = divmod((made.today - made.since.first).days + 1, 7)
    return said("happened-days", day=made.since.first) if rest or weeks < 2 else said("happened", weeks=weeks)


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
        return said("no-comparison" if made.marks or len(made.since_line.treads) > 1 else "no-change")
    levels = {round(100 * one.result.interval.level) for one in made.changed if isinstance(one.result, BeforeAfter)}
    text = said("table-said", percent=levels.pop() if levels else 95)
    if made.many.shown:
        text += " " + said("many", shown=made.many.shown, expected=f"{made.many.expected:.1f}", alone=made.many.alone)
    return text
