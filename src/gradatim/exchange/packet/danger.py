"""What is wrong now, what may become wrong and what to do then, and whom to call: fixed texts that need no network."""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.domain.citation import Citation
from gradatim.domain.clock import Instant
from gradatim.domain.finding import Finding
from gradatim.domain.guardrail import Severity
from gradatim.domain.knowledge import Level
from gradatim.domain.missed import rule_for
from gradatim.domain.monograph import Leaflet
from gradatim.domain.record import Record
from gradatim.exchange.packet.told import Label, line, said
from gradatim.words import say

LEVELS = (Level.EMERGENCY, Level.TODAY, Level.NEXT_VISIT)  # the gravest first
TOO_MUCH, STOPPING = ("overdose",), ("stopping", "withdrawal")  # topics of the leaflet
_CONTACT = "contact-"
_FIRST = ("emergency", "prescriber", "hospital", "clinic", "pharmacist", "pharmacy")


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketAlarm:
    """A finding that nobody has dealt with: what was found, and what to do. ``data`` are the entries and doses that it speaks of.

    ``first``: from then on, if nothing more is recorded; once said it stands until there is a new packet.
    """

    first: Instant
    rule: str
    level: Level
    severity: Severity
    text: str
    act: str
    source: tuple[Citation, ...]
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketSign:
    """A danger sign: what it is, when it counts, what to do."""

    id: str
    level: Level
    sign: str
    when: str
    act: str
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketText:
    """A fixed text with its source."""

    id: str
    title: str
    text: str
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketEmergency:
    """The number of the emergency services; None where no source for it is held, and then ``text`` says so."""

    number: str | None
    text: str


def alarm_of(first: Instant, one: Finding) -> PacketAlarm:
    """A finding as it is shown."""
    return PacketAlarm(
        first=first, rule=one.rule, level=one.level or Level.NEXT_VISIT, severity=one.severity, text=say(one.message), act=one.why,
        source=one.source, data=one.data,
    )  # fmt: skip


def packet_signs(leaflet: Leaflet) -> tuple[PacketSign, ...]:
    """Every danger sign, the gravest first, otherwise as the leaflet has them."""
    signs = sorted(leaflet.danger_signs, key=lambda sign: LEVELS.index(sign.level))
    return tuple(
        PacketSign(id=one.id, level=one.level, sign=one.sign, when=one.when, act=one.act, source=one.source)
        for one in signs
    )


def packet_levels() -> tuple[Label, ...]:
    """What each level asks for, the gravest first."""
    return tuple(Label(id=str(level), text=said(f"level-{level}")) for level in LEVELS)


def topics(leaflet: Leaflet, wanted: tuple[str, ...]) -> tuple[PacketText, ...]:
    """Topics of the leaflet, in the order wanted."""
    known = {topic.id: topic for topic in leaflet.topics}
    found = [known[id] for id in wanted if id in known]
    return tuple(PacketText(id=one.id, title=one.title, text=one.text, source=one.source) for one in found)


def missed_rule(record: Record, leaflet: Leaflet) -> PacketText:
    """The missed-dose rule that holds for the person."""
    rule = rule_for(record, leaflet)
    return PacketText(id=rule.id, title=said("missed-rule"), text=rule.text, source=rule.source)


def emergency() -> PacketEmergency:
    """The monograph holds no number for any market, so none is said."""
    return PacketEmergency(number=None, text=said("no-emergency-number"))


def contacts(record: Record) -> tuple[Label, ...]:
    """The preferences ``contact-…``: whom to call, in the order in which one would."""
    found = {
        name.removeprefix(_CONTACT): text for name, text in record.preferences.items() if name.startswith(_CONTACT)
    }
    order = sorted(
        (name for name, text in found.items() if text.strip()),
        key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name),
    )
    return tuple(Label(id=name, text=line(found[name])) for name in order)
