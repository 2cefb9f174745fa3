"""What a person can write down without a network: signs, side effects, events, the questions of the check-in, goals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradatim.domain.citation import Citation
from gradatim.domain.entry import EventKind, GoalRated
from gradatim.domain.monograph import Leaflet
from gradatim.domain.record import Record
from gradatim.domain.scale import Better, Every, Rater, Scale
from gradatim.domain.sign import Beside
from gradatim.exchange.packet.told import said


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketReaction:
    """A side effect in plain words."""

    id: str
    name: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketMeaning:
    """Of what danger sign the noted ids are a case, by themselves or beside something. A danger sign is always a case of itself."""

    noted: tuple[str, ...]
    beside: Beside
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketEvent:
    """Something that happened. ``sign`` is the danger sign or side effect as which it counts, if any."""

    event: EventKind
    text: str
    sign: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketAnchor:
    """What one value of a question means, and how it is written where it is no plain number."""

    value: int
    words: str
    written: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketQuestion:
    """A question of the check-in: whole numbers from ``low`` to ``high`` in steps of ``step``; ``parts`` of them are one ``unit``."""

    id: str
    name: str
    question: str
    frame: str
    every: Every
    low: int
    high: int
    step: int
    parts: int
    unit: str
    better: Better | None
    anchored_only: bool
    anchors: tuple[PacketAnchor, ...]
    only_if: str | None
    how: str | None
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketGoal:
    """A goal of the person's own, as it was rated last."""

    text: str
    weight: int


def packet_reactions(leaflet: Leaflet) -> tuple[PacketReaction, ...]:
    """Every side effect that the leaflet names, in its order."""
    return tuple(PacketReaction(id=one.id, name=one.name, plain=one.plain) for one in leaflet.reactions)


def packet_meanings(leaflet: Leaflet) -> tuple[PacketMeaning, ...]:
    """What noted signs mean, by themselves and beside something."""
    return tuple(PacketMeaning(noted=one.noted, beside=one.beside, means=one.means) for one in leaflet.watch.meanings)


def packet_events(leaflet: Leaflet) -> tuple[PacketEvent, ...]:
    """What can happen."""
    signs = {EventKind.SEIZURE: leaflet.watch.seizure, EventKind.FALL: leaflet.watch.fall}
    return tuple(PacketEvent(event=one, text=said(f"event.{one}"), sign=signs.get(one)) for one in EventKind)


def packet_questions(scales: Iterable[Scale]) -> tuple[PacketQuestion, ...]:
    """The questions that the person answers, daily and weekly, in their order."""
    return tuple(_question(one) for one in scales if one.by is Rater.PERSON and one.every is not Every.VISIT)


def _question(one: Scale) -> PacketQuestion:
    anchors = tuple(PacketAnchor(value=a.value, words=a.words, written=a.written) for a in one.anchors)
    return PacketQuestion(
        id=one.id, name=one.name, question=one.question, frame=one.frame, every=one.every, low=one.low, high=one.high, step=one.step,
        parts=one.parts, unit=one.unit, better=one.better, anchored_only=one.anchored_only, anchors=anchors, only_if=one.only_if,
        how=one.how, source=one.source,
    )  # fmt: skip


def packet_goals(record: Record) -> tuple[PacketGoal, ...]:
    """The goals that were rated, in the order in which they first were."""
    weights = {one.what.goal: one.what.weight for one in record.of(GoalRated)}
    return tuple(PacketGoal(text=text, weight=weight) for text, weight in weights.items())
