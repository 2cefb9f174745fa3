"""The packet: what a phone keeps to say, without a network, what is due and what to do in danger.

A pure function of a folded record, the drug's knowledge and an instant. The phone compares instants and ids; it computes no dose.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from gradatim.domain.ahead import alarms_ahead
from gradatim.domain.citation import Source
from gradatim.domain.clock import Instant
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.reading import plain, read
from gradatim.domain.record import Record
from gradatim.domain.scale import Scale
from gradatim.domain.today import LOOK_BACK, gap_at, states
from gradatim.exchange.packet.box import PacketBox, packet_box
from gradatim.exchange.packet.card import PacketCard, packet_card
from gradatim.exchange.packet.danger import (
    STOPPING,
    TOO_MUCH,
    PacketAlarm,
    PacketEmergency,
    PacketSign,
    PacketText,
    alarm_of,
    contacts,
    emergency,
    missed_rule,
    packet_levels,
    packet_signs,
    topics,
)
from gradatim.exchange.packet.days import (
    PacketDay,
    PacketPlan,
    PacketReview,
    packet_days,
    packet_plans,
    packet_reviews,
)
from gradatim.exchange.packet.doses import PacketDose, PacketProduct, packet_dose, products_of
from gradatim.exchange.packet.guard import (
    JUST_NOW_MINUTES,
    PacketCaution,
    PacketGuard,
    PacketTaking,
    PacketTold,
    packet_cautions,
    packet_guard,
    packet_takings,
    packet_told,
)
from gradatim.exchange.packet.limits import DAYS, FRESH, GOOD, MOST_DAYS
from gradatim.exchange.packet.log import (
    PacketEvent,
    PacketGoal,
    PacketMeaning,
    PacketQuestion,
    PacketReaction,
    packet_events,
    packet_goals,
    packet_meanings,
    packet_questions,
    packet_reactions,
)
from gradatim.exchange.packet.sources import PacketSource, sources_of
from gradatim.exchange.packet.told import Label
from gradatim.exchange.packet.words import PacketWords, packet_words
from gradatim.languages import spoken
from gradatim.words import phrase

SCHEMA = "gradatim/packet/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class BasedOn:
    """What was known when the packet was built: the journal's cursor and, where there is one, the hash at it."""

    cursor: int
    hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketPerson:
    """Whose packet it is. ``id`` is None while nothing is written down, the rest while nobody is described."""

    id: str | None
    called: str | None
    market: str | None
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What a phone keeps. ``first`` and ``last`` are the days of its doses; ``built`` and both limits belong to their stretch.

    After ``fresh_until`` the phone says when it last heard; after ``good_until`` it shows no dose as due and says to ask.
    ``plan_begins`` is the first day of the first plan, where that is still to come. States, box and card are as of ``built``;
    windows, days, alarms, ``guard.held`` and ``told`` hold until ``good_until``, if nothing more is recorded.
    """

    schema: str
    intended_use: str
    language: str
    person: PacketPerson
    built: Instant
    based_on: BasedOn
    today: date
    first: date
    last: date
    fresh_until: Instant
    good_until: Instant
    words: PacketWords
    plan_begins: date | None
    plans: tuple[PacketPlan, ...]
    reviews: tuple[PacketReview, ...]
    days: tuple[PacketDay, ...]
    doses: tuple[PacketDose, ...]
    products: tuple[PacketProduct, ...]
    takings: tuple[PacketTaking, ...]
    guard: PacketGuard
    told: tuple[PacketTold, ...]
    cautions: tuple[PacketCaution, ...]
    just_now_minutes: int
    alarms: tuple[PacketAlarm, ...]
    levels: tuple[Label, ...]
    signs: tuple[PacketSign, ...]
    emergency: PacketEmergency
    contacts: tuple[Label, ...]
    missed_rule: PacketText
    too_much: tuple[PacketText, ...]
    stopping: tuple[PacketText, ...]
    card: PacketCard
    box: PacketBox
    reactions: tuple[PacketReaction, ...]
    meanings: tuple[PacketMeaning, ...]
    events: tuple[PacketEvent, ...]
    questions: tuple[PacketQuestion, ...]
    goals: tuple[PacketGoal, ...]
    sources: tuple[PacketSource, ...]


def packet(
    record: Record,
    monograph: Monograph,
    leaflet: Leaflet,
    now: Instant,
    *,
    scales: Mapping[str, Scale],
    sources: Mapping[str, Source],
    cursor: int,
    hash: str | None = None,
    days: int = DAYS,
    closed: Mapping[date, str] | None = None,
) -> Packet:
    """The packet of a record at ``now``, for so many days after today. Fold all entries that are there, also those stamped later.

    ``cursor`` and ``hash`` say up to where the journal was read; ``closed`` names days without a pharmacy. A record without a plan,
    a person or any entry gives a packet that says so. ValueError, a programmer's error, for days outside 1 to `MOST_DAYS`.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"a packet covers 1 to {MOST_DAYS} days, not {days}")
    today = record.day_of(now)
    first, last = today - LOOK_BACK, today + timedelta(days=days)
    found = states(record, monograph, leaflet, now, first, last, gap_at(record, monograph, leaflet, now))
    planned = [one.dose for one in found]
    covered = packet_days(record, monograph, leaflet, planned, first, last)
    good_until = _good_until(record, now, covered)
    doses = tuple(packet_dose(record, one) for one in found)
    takings = packet_takings(record, now)
    told = packet_told(record, now, good_until)
    guard = packet_guard(record, monograph, leaflet, now, good_until, _reaches(covered, takings, now))
    person = record.person
    made = Packet(
        schema=SCHEMA, intended_use=phrase("intended-use"), language=spoken(),
        person=PacketPerson(
            id=record.entries[0].person if record.entries else None, called=None if person is None else person.called,
            market=None if person is None else person.market, zone=record.zone_on(today),
        ),
        built=now, based_on=BasedOn(cursor=cursor, hash=hash), today=today, first=first, last=last,
        fresh_until=min(now.plus(FRESH), good_until), good_until=good_until, words=packet_words(record, now),
        plan_begins=record.holdings[0].first if record.holdings and record.holdings[0].first > today else None,
        plans=packet_plans(record, first, last), reviews=packet_reviews(record, today, first, last), days=covered, doses=doses,
        products=products_of(planned), takings=takings, guard=guard, told=told,
        cautions=packet_cautions(record, leaflet), just_now_minutes=JUST_NOW_MINUTES,
        alarms=tuple(alarm_of(one.first, one.finding) for one in alarms_ahead(record, monograph, leaflet, now, good_until)), levels=packet_levels(),
        signs=packet_signs(leaflet), emergency=emergency(), contacts=contacts(record), missed_rule=missed_rule(record, leaflet),
        too_much=topics(leaflet, TOO_MUCH), stopping=topics(leaflet, STOPPING), card=packet_card(record, now, takings, doses),
        box=packet_box(record, monograph, leaflet, now, closed or {}), reactions=packet_reactions(leaflet),
        meanings=packet_meanings(leaflet), events=packet_events(leaflet), questions=packet_questions(scales.values()),
        goals=packet_goals(record), sources=(),
    )  # fmt: skip
    return replace(made, sources=sources_of(made, sources))


def _reaches(covered: tuple[PacketDay, ...], takings: tuple[PacketTaking, ...], now: Instant) -> Instant:
    """How far back what the packet says of doses reaches."""
    return min([now, *(day.begins for day in covered[:1]), *(one.at for one in takings)])


def _good_until(record: Record, now: Instant, covered: tuple[PacketDay, ...]) -> Instant:
    """Not beyond the eve of the last day, so that what comes next is always in the packet; and, from a plan whose last day on paper is
    still to come, not beyond that day: the phone must have heard that it is over before it goes on with the same doses."""
    today = record.day_of(now)
    ends = [covered[-1].begins]
    for one in covered:
        holding = record.holding_on(one.day)
        if one.day > today and holding is not None and today <= holding.plan.until < one.day:
            ends.append(one.begins)
            break
    return min(now.plus(GOOD), *(end.plus(-1) for end in ends))


def packet_data(made: Packet) -> dict[str, Any]:
    """The document of a packet as plain data: every field is there, null where nothing is known."""
    data: dict[str, Any] = plain(made)
    return data


def packet_text(made: Packet) -> str:
    """The same as JSON in ASCII letters, which any text of a record survives."""
    return json.dumps(packet_data(made), separators=(",", ":"))


def read_packet(data: Mapping[str, Any]) -> Packet:
    """The packet of a document. Raises `BadInput` with every fault; it checks the shape, not the doses."""
    return read(Packet, data)
