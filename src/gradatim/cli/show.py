"""What the terminal shows: findings first, then the staircase, the steps with their tablets, the days, the supply."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradatim.domain.clock import slot_of
from gradatim.domain.compare import compare
from gradatim.domain.fault import one_fault
from gradatim.domain.guardrail import Severity
from gradatim.domain.plan import Review
from gradatim.domain.renal import renal_function, wolf_band
from gradatim.domain.schedule import Mode
from gradatim.domain.supply import needs
from gradatim.domain.tablets import Portion
from gradatim.exchange.document import ask_text, need_data
from gradatim.words import (
    day_text,
    dose_sentence,
    period,
    reason_text,
    say,
    say_finding,
    short_day,
    sources_text,
    supply_text,
    units_text,
)
from gradatim.words.say import fact_text

if TYPE_CHECKING:
    from gradatim.domain.calendar import Calendar
    from gradatim.domain.course import Course
    from gradatim.domain.dose import OralDose
    from gradatim.domain.monograph import Monograph
    from gradatim.domain.person import Person
    from gradatim.domain.schedule import ScheduledDose, Span

SIGNS = {
    Severity.URGENT: ("▲ URGENT ", "bold red"),
    Severity.STOP: ("▲ BLOCKS ", "bold red"),
    Severity.CAUTION: ("◆ Caution", "yellow"),
    Severity.INFO: ("· Note   ", "dim"),
}
BLOCKS = " ▁▂▃▄▅▆▇█"
WIDTH = 88


def console() -> Console:
    """The terminal, at a width that reads well."""
    made = Console(highlight=False)
    return made if made.width < WIDTH else Console(highlight=False, width=min(made.width, 100))


def text_of(calendar: Calendar, every_day: bool, read_back: bool = False) -> str:
    """The same as plain text, for a file."""
    page = Console(file=io.StringIO(), width=WIDTH, highlight=False, color_system=None)
    _calendar(page, calendar, every_day, read_back)
    assert isinstance(page.file, io.StringIO)
    return page.file.getvalue()


def show_calendar(calendar: Calendar, every_day: bool, read_back: bool = False) -> None:
    """The whole calendar on the terminal."""
    _calendar(console(), calendar, every_day, read_back)


def _calendar(page: Console, calendar: Calendar, every_day: bool, read_back: bool) -> None:
    _head(page, calendar)
    _findings(page, calendar)
    if read_back:
        _read_back(page, calendar)
    _staircase(page, calendar)
    asked: tuple[str, ...] = ()
    for span in calendar.spans:
        review = span.stretch.review if span.first == span.stretch.first else None
        if review is not None:
            _review(page, review, again=review.asks == asked)
            asked = review.asks
        _step(page, calendar, span, every_day)
    page.print()
    _supply(page, calendar)
    if not calendar.spans:
        return
    page.print(
        Text(
            f"Valid until {short_day(calendar.plan.until)}. Do not stop suddenly: see the prescriber before then.",
            style="bold",
        )
    )


def _head(page: Console, calendar: Calendar) -> None:
    plan = calendar.plan
    if calendar.mode is Mode.TO_TAKE:
        if not calendar.spans:
            page.print(Text("\nNothing to take: no approved version covers these days.", style="bold yellow"))
            return
        plan = calendar.spans[-1].plan
    signed = "" if plan.approval is None else short_day(slot_of(plan.approval.at, calendar.person.zone).day)
    name = calendar.person.called
    page.print(Text.assemble((f"\nBaclofen plan {plan.rev}", "bold"), f"  {'for ' + name if name else ''}"))
    approval = plan.approval
    if approval is None:
        page.print(Text(f"{str(plan.state).upper()}: not approved. Not to be taken from.", style="bold yellow"))
    elif approval.copied_from is not None:
        copied = approval.copied_from
        page.print(
            Text(f"COPIED from {copied.prescriber}'s paper of {short_day(copied.dated)}, by {approval.by} on {signed}")
        )
    else:
        page.print(Text(f"Approved by {approval.by} ({approval.role}) on {signed}"))
    for taken in plan.overrides:
        page.print(Text(f"  override of {taken.rule} by {taken.by} ({taken.role}): {taken.reason}"))
    page.print()


def show_findings(calendar: Calendar, short: bool = False) -> None:
    """The findings of the newest version."""
    page = console()
    if short and not calendar.findings:
        return
    _findings(page, calendar)


def _findings(page: Console, calendar: Calendar) -> None:
    if not calendar.findings:
        page.print(
            Text(
                "No finding: every limit that is known here was kept. That is no promise that a dose is right.",
                style="dim",
            )
        )
        return
    table = Table.grid(padding=(0, 1))
    for finding in calendar.findings:
        sign, style = SIGNS[finding.severity]
        over = " (overridden)" if calendar.overridden(finding) else ""
        source = sources_text(finding.source)
        said = Text.assemble(
            (f"{finding.rule}{over}", "bold"), f"  {say_finding(finding)}", (f"  {source}" if source else "", "dim")
        )
        table.add_row(Text(sign, style=style), said)
    page.print(table)
    if calendar.stops:
        page.print(
            Text(
                "This plan is blocked until it is changed, or a named clinician overrides each finding that blocks with a reason.",
                style="bold red",
            )
        )


def _read_back(page: Console, calendar: Calendar) -> None:
    page.print(Text("\nRead back: check every line against the table before anyone uses it.", style="bold"))
    for span in calendar.spans:
        made = _made(calendar, span)
        page.print(
            Text(
                f"  {period(span.first, None if span.stretch.last is None else span.last)}, {span.stretch.day_total} a day:"
            )
        )
        for slot, dose in zip(span.plan.slots, span.stretch.step.doses, strict=True):
            said = (
                dose_sentence(slot.at, made[dose]) if dose else f"At {slot.at.hour}:{slot.at.minute:02d} take nothing."
            )
            page.print(Text(f"    {said}"))


def _staircase(page: Console, calendar: Calendar) -> None:
    """One column for each day or more, as high as the day's total."""
    days = [
        span.stretch.day_total.micrograms for span in calendar.spans for _ in range((span.last - span.first).days + 1)
    ]
    if not days or not max(days):
        return
    wide = 64
    count = min(wide, len(days))
    columns = [max(days[n * len(days) // count : (n + 1) * len(days) // count]) for n in range(count)]
    top = max(days)
    page.print()
    for row in (3, 2, 1):
        line = "".join(BLOCKS[max(0, min(8, round(day / top * 24) - (row - 1) * 8))] for day in columns)
        label = (
            f"  {calendar.doses and max(span.stretch.day_total for span in calendar.spans)} a day" if row == 3 else ""
        )
        page.print(Text.assemble("  ", (line, "cyan"), (label, "dim")))
    page.print(
        Text(f"  {day_text(calendar.first)}{'':{max(len(columns) - 20, 2)}}{day_text(calendar.last)}", style="dim")
    )


def _made(calendar: Calendar, span: Span) -> dict[OralDose, Portion]:
    """How the doses of one version are made: another version may make the same dose from other tablets."""
    return {dose.dose: dose.portion for dose in calendar.doses if dose.version == span.plan.version}


def _step(page: Console, calendar: Calendar, span: Span, every_day: bool) -> None:
    stretch = span.stretch
    made = _made(calendar, span)
    last = None if stretch.last is None else span.last
    days = (span.last - span.first).days + 1
    length = f"{days} day{'s' if days > 1 else ''}" if last else "goes on"
    page.print()
    page.print(
        Text.assemble(
            (f"Step {stretch.number}", "bold cyan"),
            f"  {period(span.first, last)} ({length})  ",
            (f"{stretch.day_total} a day", "bold"),
        )
    )
    source = sources_text(stretch.step.source)
    page.print(Text(f"  {reason_text(stretch.step)}{'. ' + source if source else ''}", style="dim"))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for slot, dose in zip(span.plan.slots, stretch.step.doses, strict=True):
        if dose:
            table.add_row("", f"{slot.at:%H:%M}", Text(str(dose), style="bold"), units_text(made[dose]))
        elif stretch.day_total:
            table.add_row("", f"{slot.at:%H:%M}", "–", "")
    page.print(table)
    if every_day and stretch.day_total:
        _days(page, [dose for dose in calendar.doses if span.first <= dose.day <= span.last])
    if stretch.waiting:
        page.print(Text("  ▭ Held here until the review is answered.", style="magenta"))


def _review(page: Console, review: Review, again: bool) -> None:
    page.print()
    if again:
        page.print(Text(f"◇ Before going on, the {review.by} answers the same questions again.", style="magenta"))
        return
    page.print(Text(f"◇ Before going on, the {review.by} answers:", style="magenta"))
    for ask in review.asks:
        page.print(Text(f"    ☐ {ask_text(ask)}", style="magenta"))
    page.print(Text("  If any answer is no, or nobody answers: stay on the doses above.", style="magenta"))


def _days(page: Console, doses: list[ScheduledDose]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    by_day: dict[object, list[ScheduledDose]] = {}
    for dose in doses:
        by_day.setdefault(dose.day, []).append(dose)
    for taken in by_day.values():
        table.add_row("   ", short_day(taken[0].day), *(f"☐ {dose.at:%H:%M} {dose.dose}" for dose in taken))
    page.print(table)


def _supply(page: Console, calendar: Calendar) -> None:
    if not calendar.supply:
        return
    amounts = ", ".join(supply_text(need) for need in calendar.supply)
    splits = sum(need.splits for need in calendar.supply)
    page.print(
        Text.assemble(
            (f"To dispense {period(calendar.first, calendar.last)}: ", "bold"),
            amounts,
            f" ({splits} doses need a split tablet)" if splits else "",
        )
    )


def show_supply(calendar: Calendar, by_step: bool) -> None:
    """What to dispense, in all and by step."""
    page = console()
    if by_step:
        for span in calendar.spans:
            doses = [dose for dose in calendar.doses if span.first <= dose.day <= span.last]
            amounts = ", ".join(supply_text(need) for need in needs(doses)) or "nothing"
            page.print(
                Text.assemble(
                    (f"Step {span.stretch.number}  ", "bold cyan"), f"{period(span.first, span.last)}: {amounts}"
                )
            )
    _supply(page, calendar)
    for need in calendar.supply:
        if need.product.is_solid and need.quarters % 4:
            page.print(
                Text(
                    f"  {need_data(need)['count']} tablets of {need.product.strength} are used; a started tablet is counted in full.",
                    style="dim",
                )
            )


def show_changes(old: Course, new: Course) -> None:
    """The differences in words."""
    page = console()
    said = compare(old, new)
    if not said:
        page.print("No difference in any dose.")
    for change in said:
        page.print(Text(f"  {say(change)}"))


def show_renal(person: Person, monograph: Monograph, as_json: bool) -> None:
    """Every estimate, the one that the rules use, and the limits that follow."""
    from gradatim.domain.safety.case import governing
    from gradatim.report.kidneys import renal_data

    found = renal_function(person)
    deciding = found.deciding
    if deciding is None:
        raise one_fault(
            "--sex, --weight, --height", "no formula fits", "Adults need --sex (and --weight), children --height"
        )
    rails = [g for g in governing(monograph.guardrails, person, deciding[1], 0) if g.group.startswith("renal")]
    if as_json:
        print(json.dumps(renal_data(person, monograph), indent=1))
        return
    page = console()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for formula, value in found.estimates:
        table.add_row(
            str(formula),
            f"{value:.1f} mL/min" + ("" if "Cockcroft" in formula else "/1.73 m2"),
            "← the bands go by this one" if formula is deciding[0] else "",
        )
    page.print(table)
    if found.disagreement:
        page.print(Text("◆ The formulae fall on different sides of 30 or 60.", style="yellow"))
    page.print(f"Band: eGFR {wolf_band(deciding[1])} mL/min/1.73 m2")
    for rail in rails:
        bound = rail.absolute or rail.recommended
        limit = f" ({fact_text(bound)})" if bound else ""
        page.print(Text(f"  {rail.id}{limit}: {rail.why} {sources_text(rail.source)}"))
