"""What a phone compares before a dose: the last takings, the gap guard, what was told, and the cautions with their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gradatim.domain.ahead import ToldSpan, ends_gap, held_ahead, recent_takings, told_ahead
from gradatim.domain.citation import Citation
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import Correction, DoseSkipped, DoseTaken, DoseUnsure, ExtraDose, PlanApproved, WatchAnswered
from gradatim.domain.guardrail import Severity
from gradatim.domain.missed import ON_TIME, rule_for
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Logged, Record
from gradatim.domain.taking import JUST_NOW
from gradatim.domain.today import GAP_RULE, LOOK_BACK, TOLD
from gradatim.exchange.packet.limits import TAKINGS
from gradatim.exchange.packet.told import line, moment, said
from gradatim.words.entries import used_text

_COUNTED = (DoseTaken, DoseSkipped, DoseUnsure, ExtraDose, WatchAnswered)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketTaking:
    """A dose taken, planned or not. ``ends_gap``: by itself it ends a gap; drug beside the plan does only where the warning was seen."""

    entry: str
    at: Instant
    micrograms: int
    amount: OralDose
    planned: bool
    ends_gap: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketHeld:
    """From ``first`` on and before ``until`` doses are held, if nothing more is recorded. ``until`` None: as long as the packet is good."""

    first: Instant
    until: Instant | None
    since: Instant
    ever_taken: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketTold:
    """From ``first`` on and before ``until`` what somebody said who was asked goes before the plan. Of several that have begun the last
    counts, also where it has ended."""

    entry: str
    first: Instant
    until: Instant
    by: str
    at: Instant
    said: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketAnswer:
    """An answer to the gap guard: after a gap that began before ``at`` it lifts the guard from ``at`` on, and before ``until``."""

    entry: str
    at: Instant
    until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketGuard:
    """The gap guard: when it holds doses if nothing more is recorded (``held``), and what it takes to compare anew after a taking that
    the record does not know yet. ``since`` is when the record began, None where it has not. ``planned`` is when the newest plan was
    written down: what was told by then is in it, or was decided against. ``weighed`` are entries of lately that only the record can weigh, where
    somebody takes one of them back: corrections of what was said of a dose, and answers to the watch."""

    hours: int
    on_time_minutes: int
    look_back_days: int
    told_hours: int
    since: Instant | None
    planned: Instant | None
    held: tuple[PacketHeld, ...]
    answers: tuple[PacketAnswer, ...]
    weighed: tuple[str, ...]
    text: str
    source: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketCaution:
    """What has to be seen before a dose is recorded. ``rule`` is what the entry names in ``despite`` when it was seen and passed over."""

    rule: str
    severity: Severity
    text: str
    why: str
    source: tuple[Citation, ...]


def packet_takings(record: Record, now: Instant) -> tuple[PacketTaking, ...]:
    """The last takings, in order of time."""
    return tuple(_taking(record, one) for one in recent_takings(record, now, TAKINGS))


def _taking(record: Record, one: Logged[DoseTaken | ExtraDose]) -> PacketTaking:
    what, at = one.what, moment(record, one.at)
    planned = isinstance(what, DoseTaken)
    if not planned:
        text = said("took-beside", at=at, amount=what.amount)
    elif what.units:
        text = said("took", at=at, amount=what.amount, units=used_text(what.units))
    else:
        text = said("took-amount", at=at, amount=what.amount)
    return PacketTaking(
        entry=one.id, at=one.at, micrograms=what.amount.micrograms, amount=what.amount, planned=planned, ends_gap=ends_gap(one), text=text
    )  # fmt: skip


def packet_guard(
    record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant, until: Instant, since: Instant
) -> PacketGuard:
    """The guard from ``now`` to ``until``; ``since``: how far back doses and takings are in the packet."""
    rule = leaflet.gap
    held = tuple(
        PacketHeld(
            first=one.first, until=one.until, since=one.since, ever_taken=one.ever_taken, text=said("held", since=moment(record, one.since))
        )
        for one in held_ahead(record, monograph, leaflet, now, until)
    )  # fmt: skip
    seconds = rule.hours * 3600 + 1
    answers = [_answer(one, seconds) for one in record.of(WatchAnswered) if one.what.rule == GAP_RULE]
    return PacketGuard(
        hours=rule.hours, on_time_minutes=ON_TIME // 60, look_back_days=LOOK_BACK.days, told_hours=TOLD // 3600, since=record.since,
        planned=max((one.entry.recorded for one in record.of(PlanApproved)), default=None), held=held,
        answers=tuple(one for one in answers if one.until > now),
        weighed=tuple(_weighed(record, since)), text=rule.text, source=rule.source,
    )  # fmt: skip


def _answer(one: Logged[WatchAnswered], seconds: int) -> PacketAnswer:
    end = one.at.plus(seconds)
    return PacketAnswer(entry=one.id, at=one.at, until=end if one.what.until is None else min(end, one.what.until))


def _weighed(record: Record, since: Instant) -> Iterator[str]:
    known = {entry.id: entry for entry in record.entries}
    for entry in record.entries:
        if isinstance(entry.what, WatchAnswered):
            if entry.what.rule != GAP_RULE and entry.at >= since:
                yield entry.id
        elif isinstance(entry.what, Correction):
            target = known.get(entry.what.corrects)
            latest = entry.at if target is None else max(target.at, entry.what.at or target.at)
            if target is not None and isinstance(target.what, _COUNTED) and latest >= since:
                yield entry.id


def packet_told(record: Record, now: Instant, until: Instant) -> tuple[PacketTold, ...]:
    """What was told about a gap, and when it counts."""
    return tuple(_told(record, one) for one in told_ahead(record, now, until))


def _told(record: Record, span: ToldSpan) -> PacketTold:
    what, at = span.answer.what, span.answer.at
    text = said("today.told", by=line(what.by), at=moment(record, at), said=line(what.said))
    return PacketTold(
        entry=span.answer.id, first=span.first, until=span.until, by=what.by, at=at, said=what.said, text=text
    )


JUST_NOW_MINUTES = JUST_NOW // 60


def packet_cautions(record: Record, leaflet: Leaflet) -> tuple[PacketCaution, ...]:
    """Every rule of `gradatim.domain.taking`, in its words, without the numbers that only the moment gives."""
    rule, gap = rule_for(record, leaflet), leaflet.gap
    extra = next((sign for sign in leaflet.danger_signs if sign.id == leaflet.watch.extra_dose), None)
    act, acted = ("", ()) if extra is None else (extra.act, extra.source)
    cautions = (
        ("guard-emergency", Severity.URGENT, said("guard.emergency"), said("today.ask-first"), ()),
        ("guard-gap", Severity.STOP, gap.text, "", gap.source),
        ("guard-dealt", Severity.CAUTION, said("guard-dealt"), "", ()),
        ("guard-missed", Severity.CAUTION, said("guard-missed"), rule.text, rule.source),
        ("guard-early", Severity.CAUTION, said("guard-early"), "", ()),
        ("guard-close", Severity.CAUTION, said("guard-close"), "", rule.source),
        ("guard-told", Severity.CAUTION, said("guard-told"), "", ()),
        ("guard-more", Severity.CAUTION, said("guard-more"), act, acted),
        ("guard-less", Severity.CAUTION, said("guard-less"), "", ()),
        ("guard-extra", Severity.CAUTION, said("guard-extra"), act, acted),
    )
    return tuple(
        PacketCaution(rule=rule, severity=severity, text=text, why=why, source=source)
        for rule, severity, text, why, source in cautions
    )
