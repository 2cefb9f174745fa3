"""The levels of a record: what its plan leads to beside what was taken, or what the plan leads to from here; or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput
from gradatim.domain.finding import Message, message
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.person import ADULT_MONTHS, Age, Person
from gradatim.domain.record import Record
from gradatim.kinetics.expected import expected
from gradatim.kinetics.subject import Subject, subject
from gradatim.report.levels.arm import ahead, held, taken
from gradatim.report.levels.figure import LevelFigure, Panel
from gradatim.words import phrase

MOST_DAYS = 28
"""Days at most of one record's figure: so many are worked out while somebody waits."""
PEOPLE = 200
ENDS = (5.0, 95.0)
SEED = 1
MOST_DOSES = 1000
"""Doses at most of one arm, those before its days among them: twenty a day."""
_YOUNGEST = Age(24)
"""The children that the model for them was made from were 2 to 17 years old [HE14]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLevel:
    """Why nothing can be said."""

    why: Message


def past_levels(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, *, days: int = 14
) -> LevelFigure | NoLevel:
    """The last whole days and today until now: the plan as it stood, and what is recorded as taken, with the spread of the latter."""
    who = _who(record.person)
    if isinstance(who, NoLevel):
        return who
    eve = record.day_of(now) - timedelta(days=1)
    if record.since is None or record.day_of(record.since) > eve:
        return NoLevel(why=message("levels.none-day"))
    arm = taken(phrase("levels.taken"), record, monograph, leaflet, now, days=min(days, MOST_DAYS))
    plan = held(phrase("levels.plan"), arm, record, monograph)
    if len(arm.dosing.doses) + len(arm.unknown) > MOST_DOSES:
        return NoLevel(why=message("levels.none-many"))
    own = expected(who, arm.dosing, percents=ENDS, people=PEOPLE, seed=SEED, threads=1)
    more = None if arm.at_most is None else expected(who, arm.at_most)
    panels = (Panel(arm=plan, levels=expected(who, plan.dosing)), Panel(arm=arm, levels=own, at_most=more))
    return _figure(who, panels)


def levels_ahead(record: Record, monograph: Monograph, now: Instant, *, days: int = MOST_DAYS) -> LevelFigure | NoLevel:
    """The coming days, today among them, as the plan has them."""
    who = _who(record.person)
    if isinstance(who, NoLevel):
        return who
    arm = ahead(phrase("levels.plan"), record, monograph, now, days=min(days, MOST_DAYS))
    if not any(hour >= 0 for hour, _ in arm.dosing.doses):
        return NoLevel(why=message("levels.none-ahead"))
    levels = expected(who, arm.dosing, percents=ENDS, people=PEOPLE, seed=SEED, threads=1)
    return _figure(who, (Panel(arm=arm, levels=levels),))


def _figure(who: Subject, panels: tuple[Panel, ...]) -> LevelFigure:
    first = panels[0].arm
    today = first.treads[0].total if len(panels) == 1 and first.treads else None  # of a plan ahead, the dose of now
    return LevelFigure(who=who, panels=panels, percents=ENDS if who.varies else (), seed=SEED, own=today)


def _who(person: Person | None) -> Subject | NoLevel:
    """The model of first choice with what is known. Whether somebody is a child has to be known, and nothing is guessed."""
    if person is None or person.age is None:
        return NoLevel(why=message("levels.none-age"))
    if person.dialysis:
        return NoLevel(why=message("levels.none-dialysis"))
    if person.age.months < ADULT_MONTHS and person.weight is None:
        return NoLevel(why=message("levels.none-weight"))
    if person.age < _YOUNGEST:
        return NoLevel(why=message("levels.none-model"))
    try:
        return subject(person=person)
    except BadInput:
        return NoLevel(why=message("levels.none-model"))
