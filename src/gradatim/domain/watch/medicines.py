"""Other medicines, alcohol and operations, when they are added to the record."""

from __future__ import annotations

from collections.abc import Iterator

from gradatim.domain.entry import EventKind, Happened, OtherChange, OtherTaken
from gradatim.domain.finding import Finding, message
from gradatim.domain.knowledge import Interaction, InteractionLevel, Level
from gradatim.domain.record import Logged
from gradatim.domain.safety.person_rules import interactions_of
from gradatim.domain.watch.case import Case, found, known_since
from gradatim.domain.watch.reach import INTERACTION


def medicines(case: Case) -> Iterator[Finding]:
    """Findings about what is taken beside the drug."""
    added = [one for one in case.record.of(OtherTaken) if case.within(one.at, INTERACTION) and _still(case, one)]
    known = [(one, interactions_of(one.what.name, case.monograph)) for one in added]
    for interaction in case.monograph.interactions:
        mine = [one for one, those in known if interaction in those]
        if mine:
            yield _beside(case, interaction, mine)
    unknown = [one for one, those in known if not those]
    if unknown:
        said = message("watch.medicine-unlisted", medicines=_names(unknown))
        newest = max(map(known_since, unknown))
        yield found("watch-medicine-unlisted", Level.NEXT_VISIT, said, data=(one.id for one in unknown), newest=newest)
    yield from _surgery(case)


def _still(case: Case, one: Logged[OtherTaken]) -> bool:
    """Whether it was taken once, or begun and not ended since."""
    if one.what.change is not OtherChange.STARTED:
        return one.what.change is OtherChange.ONCE
    return not any(
        other.what.change is OtherChange.STOPPED
        and other.what.name.lower() == one.what.name.lower()
        and other.at >= one.at
        for other in case.record.of(OtherTaken)
    )


def _names(some: list[Logged[OtherTaken]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.what.name for one in some))


def _beside(case: Case, interaction: Interaction, mine: list[Logged[OtherTaken]]) -> Finding:
    major = interaction.level is InteractionLevel.MAJOR and interaction.id not in case.leaflet.watch.next_visit
    said = message(
        "watch.interaction-today" if major else "watch.interaction",
        medicines=_names(mine), with_class=interaction.with_class, **case.clock(mine[-1].at),
    )  # fmt: skip
    return found(
        f"watch-interaction-{interaction.id}", Level.TODAY if major else Level.NEXT_VISIT, said, source=interaction.source,
        why=f"{interaction.mechanism} {interaction.action}", data=(one.id for one in mine), newest=max(map(known_since, mine)),
    )  # fmt: skip


def _surgery(case: Case) -> Iterator[Finding]:
    """An operation or stay in hospital that is to come: the drug must not stop there."""
    mine = [
        one
        for one in case.record.of(Happened)
        if one.what.event in (EventKind.SURGERY, EventKind.HOSPITAL)
        and one.what.on is not None
        and one.what.on >= case.day
    ]
    beside = next((one for one in case.monograph.interactions if one.id == case.leaflet.watch.surgery), None)
    if mine and beside is not None:
        soonest = min(mine, key=lambda one: one.what.on or case.day)
        said = message("watch.surgery", day=soonest.what.on or case.day)
        newest = max(map(known_since, mine))
        yield found(
            "watch-surgery", Level.NEXT_VISIT, said, source=beside.source, why=beside.action, data=(one.id for one in mine), newest=newest
        )  # fmt: skip
