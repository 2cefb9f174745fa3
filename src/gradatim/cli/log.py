"""``log`` and ``checkin``: what was felt, measured, and what else happened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gradatim.cli import options as o
from gradatim.cli.keep import At, By, Day, JournalOption, Keeper, happened, keeper, usual_place
from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    EventKind,
    GoalRated,
    Happened,
    Measured,
    NoteWritten,
    OtherChange,
    OtherTaken,
    PersonDescribed,
    Preference,
    SymptomNoted,
    TripPlanned,
    What,
)
from gradatim.domain.fault import one_fault
from gradatim.domain.person import Person
from gradatim.domain.reading import did_you_mean, plain, read
from gradatim.monographs import leaflet, monograph
from gradatim.monographs.own_words import known_sign, recognised
from gradatim.words.asked import asked

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
NoteText = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="In your own words.")]


def _log(found: Keeper, what: What, at: Instant | None = None) -> None:
    from gradatim.cli.show_day import tell

    tell(found, found.write(what, at=at))


@app.callback()
def root() -> None:
    """Write down a symptom, an event, a measurement, another medicine, a note.

    gradatim log symptom withdrawal-early --note "spasms all night"

    gradatim log weight 62kg
    """


@app.command()
def symptom(
    sign: Annotated[
        str, typer.Argument(metavar="SIGN", help="A danger sign or side effect by its id, or your own words.")
    ],
    note: NoteText = None,
    at: At = None,
    day: Day = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Something felt or seen. Words that are not known are kept as they are.

    gradatim log symptom seizure
    """
    sign, perhaps = recognised(sign)
    for one in perhaps:
        typer.echo(f'If you mean "{one.sign}": {one.act}  (gradatim log symptom {one.id})', err=True)
    if not known_sign(sign):
        typer.echo(
            f"Note: {sign!r} is kept in your words; the watch cannot judge it. {UNREAD} All signs: gradatim log signs",
            err=True,
        )
    _first_aid(sign, journal)
    found = keeper(journal, by)
    _log(found, SymptomNoted(sign=sign, note=note), happened(at, day, found))
    for reaction in leaflet().reactions:
        if reaction.id == sign:
            from gradatim.words.frequency import how_common

            typer.echo(f"How common it is with baclofen ({reaction.plain})")
            for seen in how_common(reaction):
                typer.echo(f"  {seen}")


def _first_aid(sign: str, journal: Path | None) -> None:
    """Where nothing can be written down, what to do comes before the reason."""
    if not (journal or usual_place()).exists():
        for known in leaflet().danger_signs:
            if known.id == sign:
                typer.echo(f"{known.sign}: {known.act}", err=True)


UNREAD = "Nobody reads this by itself: if you are worried, call your prescriber or pharmacist; in danger, call emergency services now."


@app.command()
def signs() -> None:
    """List the signs that the watch knows, gravest first.

    gradatim log signs
    """
    for sign in leaflet().danger_signs:
        typer.echo(f"{sign.level}  {sign.id:<28} {sign.sign}")
    for reaction in leaflet().reactions:
        typer.echo(f"   {reaction.id:<28} {reaction.plain}")


_EVENTS = {
    EventKind.FALL: "A fall",
    EventKind.SEIZURE: "A seizure",
    EventKind.HOSPITAL: "A stay in hospital",
    EventKind.SURGERY: "An operation, past or to come",
    EventKind.OTHER: "Anything else that happened",
}


def _event(kind: EventKind) -> None:
    def command(
        note: NoteText = None,
        on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day, if it is still to come.")] = None,
        at: At = None,
        day: Day = None,
        by: By = "person",
        journal: JournalOption = None,
    ) -> None:
        if kind is EventKind.SEIZURE:
            _first_aid(leaflet().watch.seizure, journal)
        found = keeper(journal, by)
        ahead = None if on is None else o.day(on, "--on")
        _log(found, Happened(event=kind, note=note, on=ahead), happened(at, day, found))

    command.__doc__ = f'{_EVENTS[kind]}.\n\n    gradatim log {kind} --note "in the kitchen"\n    '
    app.command(str(kind))(command)


for _kind in EventKind:
    _event(_kind)


@app.command()
def medicine(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The medicine, or alcohol.")],
    started: Annotated[bool, typer.Option("--started", help="Begun, and taken from now on.")] = False,
    stopped: Annotated[bool, typer.Option("--stopped", help="No longer taken.")] = False,
    amount: Annotated[str | None, typer.Option("--amount", metavar="TEXT", help="How much, as on the pack.")] = None,
    at: At = None,
    day: Day = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Another medicine, or alcohol: taken once, begun, or ended. What it does beside baclofen is said at once.

    gradatim log medicine ibuprofen --amount 400mg

    gradatim log medicine alcohol --amount "2 glasses of wine"
    """
    if started and stopped:
        raise one_fault("--started", "and --stopped exclude one another", "Give one of them")
    change = OtherChange.STARTED if started else OtherChange.STOPPED if stopped else OtherChange.ONCE
    found = keeper(journal, by)
    _log(found, OtherTaken(name=name, change=change, amount=amount), happened(at, day, found))


def _measured(said: dict[str, str], at: At, day: Day, by: By, journal: JournalOption) -> None:
    """One measurement as it was typed, read with its unit."""
    found = keeper(journal, by)
    _log(found, read(Measured, said), happened(at, day, found))


@app.command()
def weight(
    text: Annotated[str, typer.Argument(metavar="KG", help="62kg")],
    at: At = None,
    day: Day = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Body weight.

    gradatim log weight 62kg
    """
    _measured({"weight": text}, at, day, by, journal)


@app.command()
def creatinine(
    text: Annotated[str, typer.Argument(metavar="VALUE", help='"80 umol/L" or "0.9 mg/dL"')],
    at: At = None,
    day: Day = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Creatinine, as on the laboratory's report.

    gradatim log creatinine "80 umol/L"
    """
    _measured({"creatinine": text}, at, day, by, journal)


@app.command()
def egfr(
    text: Annotated[str, typer.Argument(metavar="ML/MIN", help="45")],
    at: At = None,
    day: Day = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Kidney function (eGFR), as on the laboratory's report.

    gradatim log egfr 45
    """
    _measured({"egfr": text}, at, day, by, journal)


@app.command("blood-pressure")
def blood_pressure(
    text: Annotated[str, typer.Argument(metavar="UPPER/LOWER", help="120/80")],
    at: At = None,
    day: Day = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Blood pressure in mmHg.

    gradatim log blood-pressure 120/80
    """
    upper, mark, lower = text.partition("/")
    if not mark or not upper.strip().isdecimal() or not lower.strip().isdecimal():
        raise one_fault("UPPER/LOWER", f"{text!r} is not a blood pressure", "Write it as read, for example 120/80")
    found = keeper(journal, by)
    _log(found, Measured(systolic=int(upper), diastolic=int(lower)), happened(at, day, found))


@app.command()
def note(
    text: Annotated[str, typer.Argument(metavar="TEXT", help='Begin with "ask:" what you want to ask the doctor.')],
    at: At = None,
    day: Day = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Anything in your own words. What begins with "ask:" stands on the page for the doctor.

    gradatim log note "ask: can the evening dose be the larger one?"
    """
    found = keeper(journal, by)
    if not asked(text):
        typer.echo(f"Note: {UNREAD}", err=True)
    _log(found, NoteWritten(text=text), happened(at, day, found))


@app.command()
def trip(
    first: Annotated[str, typer.Argument(metavar="FIRST", help="The first day away.")],
    last: Annotated[str, typer.Argument(metavar="LAST", help="The last day away.")],
    note: NoteText = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Days away from home: the box has to last until you are back.

    gradatim log trip 2026-12-24 2027-01-02
    """
    _log(keeper(journal, by), TripPlanned(first=o.day(first, "FIRST"), last=o.day(last, "LAST"), note=note))


@app.command()
def goal(
    text: Annotated[str, typer.Argument(metavar="GOAL", help="The goal, always in the same words.")],
    level: Annotated[
        int, typer.Argument(metavar="LEVEL", help="-2 much less than expected, 0 as expected, 2 much more.")
    ],
    weight: Annotated[int, typer.Option("--weight", help="Importance (1-3) times difficulty (1-3).")] = 1,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """How far one of your own goals is reached (goal attainment scaling).

    gradatim log goal "walk to the shop" 1 --weight 4
    """
    from gradatim.cli.show_day import tell
    from gradatim.domain.goals import t_score

    found = keeper(journal, by)
    record = tell(found, found.write(GoalRated(goal=text, level=level, weight=weight)))
    latest = {one.what.goal: (one.what.weight, one.what.level) for one in record.of(GoalRated)}
    typer.echo(f"All goals as rated last, together: T {t_score(latest.values())} (50: as expected). Source: GAS [M]")


_CHOICES = ("repeat-days", "repeats-left", "region", "missed-rule", "last-visit")


@app.command()
def prefer(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="repeat-days, repeats-left, region, missed-rule, last-visit, or contact-NAME."
        ),
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it is to be.")],
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """A choice: repeat-days (days that a repeat prescription takes), repeats-left, region (for its public holidays), missed-rule,
    last-visit (a date), contact-NAME (for the hospital card).

    gradatim log prefer repeat-days 5

    gradatim log prefer contact-prescriber "Dr B. Name, 01632 960001"
    """
    if name not in _CHOICES and not name.startswith("contact-"):
        raise one_fault(
            "NAME", f"{name!r} is no choice that anything reads", did_you_mean(name, [*_CHOICES, "contact-NAME"])
        )
    if name == "missed-rule" and value not in [rule.id for rule in leaflet().missed_dose]:
        raise one_fault(
            "VALUE",
            f"{value!r} is no missed-dose rule",
            f"Use one of: {', '.join(rule.id for rule in leaflet().missed_dose)}",
        )
    if name == "repeat-days" and not (value.isdecimal() and int(value) <= 90):
        raise one_fault("VALUE", f"{value!r} is not a number of days", "Give 0 to 90")
    if name == "repeats-left" and not (value.isdecimal() and int(value) <= 99):
        raise one_fault("VALUE", f"{value!r} is not a number of repeats", "Give 0 to 99")
    if name == "last-visit":
        o.day(value, "VALUE")
    _log(keeper(journal, by), Preference(name=name, value=value))


@app.command()
def person(
    zone: Annotated[
        str | None, typer.Option("--zone", help="Where the person now lives by the clock: Europe/London.")
    ] = None,
    condition: Annotated[
        list[str] | None, typer.Option("--condition", help="An illness or state, by its code; may be given again.")
    ] = None,
    locale: Annotated[str | None, typer.Option("--locale", help="Country whose limits apply: GB.")] = None,
    age: Annotated[str | None, typer.Option("--age", help="45")] = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """Describe the person anew: another zone (from tomorrow on), country, age, conditions.

    gradatim log person --zone America/New_York
    """
    found = keeper(journal, by)
    data = plain(found.person)
    said = {
        "zone": zone,
        "market": locale,
        "age": age,
        "conditions": [*data.get("conditions", []), *(condition or [])] or None,
    }
    from gradatim.domain.safety.person_rules import check_words

    new = read(Person, {**data, **{key: value for key, value in said.items() if value is not None}}, "person")
    check_words(new, monograph())
    if new == found.person:
        raise one_fault("--zone", "nothing is new", "Give what has changed")
    _log(found, PersonDescribed(person=new))
