"""Every planned dose of the packet: when, how much, in which pieces, until when, in whole sentences, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from gradatim.domain.citation import Citation
from gradatim.domain.clock import Instant
from gradatim.domain.dose import Concentration, OralDose
from gradatim.domain.entry import DoseSkipped, DoseTaken
from gradatim.domain.fold import done_one
from gradatim.domain.product import Form, Product
from gradatim.domain.record import Dealt, Done, Logged, Record
from gradatim.domain.run_out import parts_of
from gradatim.domain.schedule import ScheduledDose
from gradatim.domain.tablets import WHOLE, Portion, Solid
from gradatim.domain.today import DoseNow, DoseState, Timing, timing_of
from gradatim.exchange.packet.told import moment, said
from gradatim.words import dose_sentence, portion_text, units_text
from gradatim.words.entries import clock_text, moment_text, used_text
from gradatim.words.phrases import product_name


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketProduct:
    """A product that a dose of the packet is made of. ``micrograms``: in one piece, or in one millilitre."""

    id: str
    name: str
    form: Form
    strength: OralDose | None
    concentration: Concentration | None
    micrograms: int
    scored: bool | None
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketPiece:
    """Pieces of one solid, to be drawn: ``whole`` ones, and at most one ``half`` and one ``quarter``. ``quarters`` is all of it."""

    product: str
    quarters: int
    whole: int
    half: int
    quarter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketVolume:
    """A volume of one liquid."""

    product: str
    microlitres: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketPortion:
    """What a dose is made of: pieces, or a volume, never both. ``units`` are the pieces in words, ``text`` with the mg."""

    pieces: tuple[PacketPiece, ...]
    volume: PacketVolume | None
    units: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketSaid:
    """One entry about a planned dose. ``what`` is its kind; ``notes`` are sentences: another amount than planned."""

    what: str
    entry: str
    by: str
    at: Instant
    text: str
    micrograms: int | None
    amount: OralDose | None
    timing: Timing | None
    reason: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketDone(PacketSaid):
    """What was recorded about a planned dose: the entry that counts. ``others`` say something about it too, in the order in which they
    would count where it is taken back. ``notes`` say too where it was recorded twice."""

    others: tuple[PacketSaid, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketDose:
    """One planned dose. It is on time until ``on_time_until``, may be taken until ``closes``, both included, and is missed after that.

    ``state`` and ``done`` are as of when the packet was built. ``sentence`` is to be read aloud; ``take`` and ``late`` are said while
    it may be taken, ``until`` beside them, ``missed`` once it has closed. ``waiting`` is the review that keeps the dose here.
    """

    id: str
    plan: str
    step: int
    waiting: str | None
    day: date
    time: time
    slot: str
    zone: str
    due: Instant
    on_time_until: Instant
    closes: Instant
    micrograms: int
    amount: OralDose
    portion: PacketPortion
    sentence: str
    take: str
    late: str
    until: str
    missed: str
    state: DoseState
    done: PacketDone | None


def packet_dose(record: Record, one: DoseNow) -> PacketDose:
    """A dose as it stands."""
    dose = one.dose
    zone = record.zone_on(dose.day)
    units = units_text(dose.portion)
    closes = one.window.closes
    until = clock_text(closes, zone) if closes.local(zone).date() == dose.day else moment_text(closes, zone)
    return PacketDose(
        id=dose.id, plan=_plan(record, dose), step=dose.step, waiting=dose.waiting, day=dose.day, time=dose.at, slot=dose.slot, zone=zone,
        due=one.window.due, on_time_until=one.window.on_time_until, closes=closes, micrograms=dose.dose.micrograms, amount=dose.dose,
        portion=packet_portion(dose.portion), sentence=dose_sentence(dose.at, dose.portion),
        take=said("today.take", amount=dose.dose, units=units), late=said("today.late", at=dose.at, amount=dose.dose, units=units),
        until=said("until", until=until), missed=said("today.missed", at=dose.at), state=one.state,
        done=None if one.done is None else _done(record, one, one.done),
    )  # fmt: skip


def _plan(record: Record, dose: ScheduledDose) -> str:
    holding = record.holding_on(dose.day)
    assert holding is not None
    return holding.plan.rev


def packet_portion(made: Portion) -> PacketPortion:
    """What a dose is made of, for drawing and for reading."""
    units, text = units_text(made), portion_text(made)
    if not isinstance(made, Solid):
        volume = PacketVolume(product=made.product.id, microlitres=made.microlitres)
        return PacketPortion(pieces=(), volume=volume, units=units, text=text)
    pieces = tuple(
        PacketPiece(
            product=part.product.id, quarters=part.quarters, whole=part.quarters // WHOLE, half=part.quarters % WHOLE // 2,
            quarter=part.quarters % 2,
        )
        for part in made.pieces
    )  # fmt: skip
    return PacketPortion(pieces=pieces, volume=None, units=units, text=text)


def _done(record: Record, one: DoseNow, done: Done) -> PacketDone:
    counts = _said(record, one, done.counts)
    notes = (said("done-twice"), *counts.notes) if done.taken_twice else counts.notes
    rest, others = list(done.others), []
    while rest:
        after = done_one(rest).counts
        rest.remove(after)
        others.append(_said(record, one, after))
    return PacketDone(
        what=counts.what, entry=counts.entry, by=counts.by, at=counts.at, text=counts.text, micrograms=counts.micrograms, amount=counts.amount,
        timing=counts.timing, reason=counts.reason, notes=notes, others=tuple(others),
    )  # fmt: skip


def _said(record: Record, one: DoseNow, logged: Logged[Dealt]) -> PacketSaid:
    what = logged.what
    taken = what if isinstance(what, DoseTaken) else None
    other = taken is not None and taken.amount != one.dose.dose
    return PacketSaid(
        what=what.kind, entry=logged.id, by=logged.entry.author, at=logged.at, text=_recorded(record, logged),
        micrograms=None if taken is None else taken.amount.micrograms, amount=None if taken is None else taken.amount,
        timing=None if taken is None else timing_of(logged.at, one.window),
        reason=what.reason if isinstance(what, DoseTaken | DoseSkipped) else None,
        notes=(said("done-other", amount=taken.amount, planned=one.dose.dose),) if taken is not None and other else (),
    )  # fmt: skip


def _recorded(record: Record, logged: Logged[Dealt]) -> str:
    what = logged.what
    if not isinstance(what, DoseTaken):
        return said(f"state-{DoseState.SKIPPED if isinstance(what, DoseSkipped) else DoseState.UNSURE}")
    at = moment(record, logged.at)
    if not what.units:
        return said("took-amount", at=at, amount=what.amount)
    return said("took", at=at, amount=what.amount, units=used_text(what.units))


def products_of(doses: Iterable[ScheduledDose]) -> tuple[PacketProduct, ...]:
    """Every product that the doses are made of, in order of their ids."""
    found = {product.id: product for dose in doses for product, _ in parts_of(dose.portion)}
    return tuple(_product(found[id]) for id in sorted(found))


def _product(product: Product) -> PacketProduct:
    if product.strength is not None:
        micrograms = product.strength.micrograms
    else:
        assert product.concentration is not None
        micrograms = product.concentration.micrograms_per_ml
    return PacketProduct(
        id=product.id, name=product_name(product.name), form=product.form, strength=product.strength, concentration=product.concentration,
        micrograms=micrograms, scored=product.scored, source=product.source,
    )  # fmt: skip
