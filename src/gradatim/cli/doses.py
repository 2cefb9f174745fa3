"""``today``, ``take``, ``skip``, ``unsure``, ``undo``, ``correct``: the doses of the day and what became of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.keep import At, By, Day, JournalOption, Keeper, day_said, followed, happened, keeper, moment_said
from gradatim.domain import taking
from gradatim.domain.alarm import emergencies, open_findings
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose, exact
from gradatim.domain.entry import (
    Correctable,
    Correction,
    DoseTaken,
    Entry,
    ExtraDose,
    PersonDescribed,
    PlanApproved,
    Preference,
    Units,
    Used,
)
from gradatim.domain.fault import BadInput, Unreadable, one_fault
from gradatim.domain.finding import message
from gradatim.domain.record import Record
from gradatim.domain.schedule import day_of_dose
from gradatim.domain.today import DoseNow, gap_at, today
from gradatim.monographs import leaflet, monograph

DoseName = Annotated[
    str | None,
    typer.Argument(metavar="[TIME]", help="Which dose, by its planned time: 14:00. By default the one that is due."),
]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why, in your own words.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why it is put right.")]
Tablets = Annotated[
    list[str] | None,
    typer.Option(
        "--of", metavar="PRODUCT=COUNT", help="What was really taken, for example uk/10=1.5 or uk/solution-1=2.5mL."
    ),
]


def today_(journal: JournalOption = None, format: o.PlainOption = o.Plain.TEXT) -> None:
    """What to take now, in tablets; what comes next; and what became of the doses of the day.

    gradatim today
    """
    found = followed(journal)
    seen = today(found.record, monograph(), leaflet(), found.now)
    if format is o.Plain.JSON:
        from gradatim.exchange.day import day_data

        typer.echo(
            json.dumps(
                day_data(seen, open_findings(found.record, monograph(), leaflet(), found.now)),
                indent=1,
                ensure_ascii=False,
            )
        )
        return
    from gradatim.cli.show_day import show_today

    show_today(seen, found)


def take(
    dose: DoseName = None,
    day: Day = None,
    at: At = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="MG", help="If it was another amount than planned: 5mg.")
    ] = None,
    of: Tablets = None,
    extra: Annotated[bool, typer.Option("--extra", help="Taken beside the plan (needs --amount or --of).")] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Record it although a warning was shown; the warning is kept with it.")
    ] = False,
    reason: Reason = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Record a dose as taken: the one that is due, or the one you name. A second tap records nothing twice.

    gradatim take

    gradatim take 14:00 --at 14:20

    gradatim take 21:00 --day yesterday --at 23:40
    """
    found = followed(journal, by)
    when = moment_said(at, found, day_said(day, found))
    if extra and amount is not None and not of:
        _record_extra(found, *_swallowed(found, amount), happened(at, day, found), anyway=anyway, reason=reason)
        return
    units = _units(found, amount, of)
    if extra:
        when = happened(at, day, found)
        if units is None:
            raise one_fault("--extra", "needs to know how much", "Give --amount 5mg, or --of uk/10=0.5")
        _record_extra(found, _total(units), units, when, anyway=anyway, reason=reason)
        return
    one = taking.meant(found.record, monograph(), leaflet(), found.now, dose, day_said(day, found))
    said = taking.take(found.record, monograph(), leaflet(), found.now, one, at=when, units=units, reason=reason)
    if isinstance(said, taking.Guarded) and anyway:
        passed = tuple(finding.rule for finding in said.findings)
        said = taking.take(
            found.record, monograph(), leaflet(), found.now, one, at=when, units=units, despite=passed, reason=reason
        )
    if isinstance(said, taking.Guarded):
        _guarded(said)
    if isinstance(said, taking.Already):
        _already(found, said, one)
        return
    assert isinstance(said, DoseTaken)
    _done(found, found.write(said, at=when))


def _swallowed(found: Keeper, amount: str) -> tuple[OralDose, Units]:
    """An amount beside the plan, whether or not the tablets can make it: what was swallowed can always be written down."""
    try:
        dose = OralDose.parse(amount)
    except Unreadable as fault:
        raise one_fault("--amount", fault.problem, fault.remedy) from None
    if not dose:
        raise one_fault("--amount", "0 mg is not a dose taken", "Leave --extra out")
    try:
        return dose, _units(found, amount, None) or ()
    except BadInput:
        return dose, ()


def _record_extra(
    found: Keeper, amount: OralDose, units: Units, when: Instant | None, *, anyway: bool, reason: str | None
) -> None:
    gap = gap_at(found.record, monograph(), leaflet(), found.now)
    said = taking.extra(leaflet(), found.now, amount, units, at=when, reason=reason, gap=gap)
    if isinstance(said, taking.Guarded) and anyway:
        said = taking.extra(
            leaflet(),
            found.now,
            amount,
            units,
            at=when,
            reason=reason,
            despite=tuple(finding.rule for finding in said.findings),
            gap=gap,
        )
    if isinstance(said, taking.Guarded):
        _guarded(said)
    assert isinstance(said, ExtraDose)
    _done(found, found.write(said, at=when))


def skip(
    dose: DoseName = None, day: Day = None, reason: Reason = None, by: By = "person", journal: JournalOption = None
) -> None:
    """Record a dose as left out on purpose.

    gradatim skip 14:00 --reason "felt sick"
    """
    found = followed(journal, by)
    one = taking.meant(found.record, monograph(), leaflet(), found.now, dose, day_said(day, found))
    said = taking.skip(one, reason)
    if isinstance(said, taking.Already):
        _already(found, said, one)
        return
    _done(found, found.write(said))


def unsure(dose: DoseName = None, day: Day = None, by: By = "person", journal: JournalOption = None) -> None:
    """Record that nobody is sure whether a dose was taken. It is not offered again: a double dose is the greater danger.

    gradatim unsure 08:00
    """
    found = followed(journal, by)
    one = taking.meant(found.record, monograph(), leaflet(), found.now, dose, day_said(day, found))
    said = taking.unsure(one)
    if isinstance(said, taking.Already):
        _already(found, said, one)
        return
    _done(found, found.write(said))


def undo(
    entry: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Which entry (see gradatim history); by default the last one.")
    ] = None,
    why: Why = "taken back",
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Take back the last entry, or the one you name. Both stay in the history; an undo can itself be undone by its id.

    gradatim undo
    """
    from gradatim.cli.show_day import entry_line

    found = keeper(journal, by)
    target = find_entry(found, entry, undoing=True)
    before = _taken_back_by(found.record, target)
    if before is None:
        (written,) = found.write(Correction(corrects=target.id, why=why))
        typer.echo(f"Taken back: {entry_line(target, found.record)}\nIt stays in the history.", nl=False)
    else:
        written = before
        typer.echo(f"Already taken back: {entry_line(target, found.record)}\nNothing was added.", nl=False)
    typer.echo(f" To bring it back: gradatim undo {written.id[-8:]}")


def _taken_back_by(record: Record, target: Entry) -> Entry | None:
    """The correction that takes an entry back and is not itself taken back."""
    aside = {one.entry.id for one in record.set_aside}
    for one in record.corrections():
        took = one.what.corrects == target.id and one.id not in aside
        whole = one.what.instead is None or isinstance(target.what, Correction)
        if took and whole and _taken_back_by(record, one.entry) is None:
            return one.entry
    return None


def correct(
    entry: Annotated[str, typer.Argument(metavar="ID", help="Which entry (see gradatim history).")],
    why: Why = "put right",
    at: At = None,
    day: Day = None,
    amount: Annotated[str | None, typer.Option("--amount", metavar="MG", help="How much it really was: 5mg.")] = None,
    of: Tablets = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Put right when a dose was taken, or how much. What was written first stays in the history.

    gradatim correct 3f9a12c7 --at 07:50 --why "wrote it down late"
    """
    found = keeper(journal, by)
    target = find_entry(found, entry)
    here = next((one for kind in (DoseTaken, ExtraDose) for one in found.record.of(kind) if one.id == target.id), None)
    what: Correctable
    if here is None:
        if isinstance(target.what, Correctable):
            what = target.what
        else:
            raise one_fault("ID", "this entry cannot be corrected", "Write a new entry that says how it is now")
        current_at = target.at
    else:
        assert isinstance(here.what, DoseTaken | ExtraDose)
        what, current_at = here.what, here.at
    units = _units(found, amount, of)
    if units is not None:
        if not isinstance(what, DoseTaken | ExtraDose):
            raise one_fault("--amount", "this entry holds no dose", "Leave it out")
        what = replace(what, units=units, amount=_total(units))
    on = day_said(day, found) or found.record.day_of(current_at)
    when = moment_said(at, found, on)
    if units is None and when is None:
        raise one_fault(
            "--at", "nothing is put right", "Give --at, --amount or --of; to take it back: gradatim undo ID"
        )
    if when is not None and isinstance(what, DoseTaken) and (planned := day_of_dose(what.dose)) is not None:
        taking.check_day(found.record, planned, when)
    moved = when or (current_at if current_at != target.at else None)  # a time that was put right before stays
    _done(found, found.write(Correction(corrects=target.id, why=why, instead=what, at=moved)))


def find_entry(found: Keeper, said: str | None, *, undoing: bool = False) -> Entry:
    """The entry meant by the end or the start of its id; without one, the last, where it can be taken back."""
    entries = found.record.entries
    if said is None:
        gone = {one.entry.id for one in found.record.corrections()}
        standing = {one.entry.id for kind in found.record.by_kind.values() for one in kind} - gone
        for entry in reversed(entries):
            if entry.id in standing and isinstance(entry.what, Correctable):
                if entry.recorded > found.now:  # a clock is wrong, so "the last" may be another than the one meant
                    raise one_fault(
                        "ID",
                        "the last entry is stamped later than this moment",
                        "Take the id from gradatim history --all",
                    )
                return entry
            if entry.id in standing and not isinstance(entry.what, PersonDescribed | PlanApproved | Preference):
                raise one_fault(
                    "ID",
                    f"the last entry is not one that can be taken back ({entry.what.kind})",
                    "To take back one before it, name it: gradatim undo ID (see gradatim history)",
                )
        raise one_fault("ID", "there is nothing to take back", "See gradatim history")
    near = [
        entry
        for entry in entries
        if len(said) >= 4 and (entry.id.endswith(said.lower()) or entry.id.startswith(said.lower()))
    ]
    if len(near) != 1:
        problem = f"{said!r} fits {len(near)} entries" if near else f"{said!r} is no entry of this journal"
        raise one_fault("ID", problem, "Take the id from gradatim history")
    if undoing and not isinstance(near[0].what, Correctable | Correction):
        raise one_fault("ID", "this entry cannot be taken back", "Write a new entry that says how it is now")
    return near[0]


def _units(found: Keeper, amount: str | None, of: list[str] | None) -> Units | None:
    if amount is not None and of:
        raise one_fault("--amount", "and --of say the same thing twice", "Give one of them")
    if of:
        return tuple(_used(text) for text in of)
    if amount is None:
        return None
    holding = found.record.holding_on(found.record.day_of(found.now))
    plan = (holding or found.record.holdings[-1]).plan
    try:
        return taking.units_for(OralDose.parse(amount), plan, monograph())
    except Unreadable as fault:
        raise one_fault("--amount", fault.problem, fault.remedy) from None


def _used(text: str) -> Used:
    id, mark, count = text.partition("=")
    product = monograph().product(id.strip(), "--of")
    if not mark:
        raise one_fault("--of", f"{text!r} gives no number", f"Write {id}=1 or {id}=0.5")
    try:
        if product.is_solid:
            return Used(product=product.id, strength=product.strength, quarters=quarters(count))
        return Used(
            product=product.id,
            concentration=product.concentration,
            microlitres=exact(count.lower().removesuffix("ml"), 1000, "the volume"),
        )
    except Unreadable as fault:
        raise one_fault("--of", fault.problem, fault.remedy) from None


def quarters(count: str) -> int:
    """``"1.5"`` tablets → 6 quarters. Raises `Unreadable` for a third of a tablet."""
    found, rest = divmod(exact(count, 100, "the number of tablets") * 4, 100)
    if rest:
        raise Unreadable(
            f"{count!r} tablets cannot be counted", "Count in whole, half or quarter tablets: 1, 0.5, 0.25"
        )
    return found


def _total(units: Units) -> OralDose:
    return OralDose(sum(one.dose.micrograms for one in units if one.dose is not None))


def _guarded(said: taking.Guarded) -> None:
    from gradatim.cli.show_day import show_guards

    show_guards(said.findings)
    raise typer.Exit(3)


def _already(found: Keeper, said: taking.Already, one: DoseNow) -> None:
    from gradatim.cli.show_day import already_line

    typer.echo(already_line(found.record, said, one))


def _done(found: Keeper, written: list[Entry]) -> None:
    """What was recorded, read back from the record as it is now, and what comes next."""
    from gradatim.cli.show_day import next_line, tell
    from gradatim.words import say

    record = tell(found, written)
    if record.holdings:
        if emergencies(open_findings(record, monograph(), leaflet(), found.now)):
            typer.echo(say(message("today.ask-first")))
        else:
            typer.echo(next_line(today(record, monograph(), leaflet(), found.now)))
