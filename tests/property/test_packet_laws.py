"""The packet: what a phone without network gets by comparing is what the record says at that instant, while nothing new is written.

Asked of the same three devices as the record's own laws: clocks that are hours off, moves between zones, versions, reviews, corrections.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from tests.exchange.packet_client import compared, show
from tests.journals import BACLOFEN, DAY, DOCTOR, HOUR, LEAFLET, MINUTE, ONE, THREE, TWO, D, at, begun, mg, scheme
from tests.property.strategies import heavy
from tests.property.test_record_laws import Journal

from gradatim.domain.alarm import emergencies, open_findings
from gradatim.domain.citation import Citation
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import (
    Correctable,
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    ExtraDose,
    NoteWritten,
    Preference,
    SymptomNoted,
    WatchAnswered,
    What,
    new_id,
)
from gradatim.domain.fold import fold
from gradatim.domain.plan import Because, Hold, Plan
from gradatim.domain.record import Record
from gradatim.domain.schedule import dose_id
from gradatim.domain.taking import Guarded, take
from gradatim.domain.today import states, today
from gradatim.exchange.packet import Packet, packet, packet_data, packet_schema, packet_text, read_packet
from gradatim.exchange.packet.limits import FRESH, GOOD
from gradatim.monographs import bibliography, scales

seen: Counter[str] = Counter()


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(packet_schema())


def built(record: Record, now: Instant, days: int = 9) -> Packet:
    return packet(
        record, BACLOFEN, LEAFLET, now, scales=scales(), sources=bibliography(), cursor=len(record.entries), days=days
    )


def by_the_record(record: Record, now: Instant) -> dict[str, Any]:
    day = today(record, BACLOFEN, LEAFLET, now)
    return {
        "day": day.day.isoformat(),
        "doses": [{"id": one.dose.id, "state": str(one.state)} for one in day.doses],
        "due": day.due and day.due.dose.id,
        "wait_until": day.wait and day.wait.iso(),
        "held_since": day.gap and day.gap.since.iso(),
        "told": day.told and day.told.at.iso(),
    }


def agree(
    made: Packet, data: dict[str, Any], record: Record, now: Instant, unsent: Sequence[dict[str, Any]] = ()
) -> None:
    """What a phone shows at an instant of the packet's life is what the record says; ``record`` holds what is not sent too."""
    shown, said = show(data, now.iso(), unsent), by_the_record(record, now)
    assert {name: shown[name] for name in said} == said, now
    if not unsent and emergencies(open_findings(record, BACLOFEN, LEAFLET, now)):
        assert shown["ask_first"], "an emergency that time alone brings is in the packet too"
        seen["emergency"] += 1
        seen["an emergency that came"] += not any(one.level == "E" and one.first == made.built for one in made.alarms)
    after = today(record, BACLOFEN, LEAFLET, now).next
    ahead = next((dose for dose in data["doses"] if dose["id"] == shown["next"]), None)
    if after is not None and after.day <= made.last:
        assert shown["next"] == after.id
    else:
        assert ahead is None or date.fromisoformat(ahead["day"]) > record.day_of(now) + 2 * DAY
    seen["held" if shown["held_since"] else "due" if shown["due"] else "nothing due"] += 1
    seen["waits"] += shown["wait_until"] is not None
    seen["told"] += shown["told"] is not None


def moments(made: Packet, drawn: Iterable[int]) -> list[Instant]:
    """Instants of the packet's life: drawn ones, and those beside every edge that something is compared with."""
    edges = [dose_edge for dose in made.doses for dose_edge in (dose.due, dose.on_time_until, dose.closes)]
    edges += [span.first for span in made.guard.held] + [span.until for span in made.guard.held if span.until]
    edges += [day.begins for day in made.days] + [span.until for span in made.told]
    edges += [edge for one in made.guard.answers for edge in (one.at, one.until)]
    edges += [taking.at.plus(made.guard.hours * HOUR) for taking in made.takings]
    life = made.good_until.seconds - made.built.seconds
    found = {made.built, made.good_until, *(made.built.plus(n % (life + 1)) for n in drawn)}
    near = [one.plus(n) for one in edges for n in (-1, 0, 1)]
    chosen = [near[n % len(near)] for n in drawn]
    return sorted({one for one in (*found, *chosen) if made.built <= one <= made.good_until})


def lawful(record: Record, now: Instant, drawn: Sequence[int], days: int = 9) -> tuple[Packet, dict[str, Any]]:
    """Every law of one packet of a record."""
    made = built(record, now, days)
    text = packet_text(made)
    data = json.loads(text)
    assert text.isascii()
    assert data == packet_data(made)
    assert read_packet(data) == made, "read back, it is the same packet"
    assert [error.message for error in validator().iter_errors(data)] == []
    adds_up(made)
    only_what_the_plan_knows(made, record)
    cited(made)
    for moment in moments(made, drawn):
        agree(made, data, record, moment)
        day = next(one for one in reversed(data["days"]) if one["begins"] <= moment.iso())
        assert compared(data, moment.iso(), day, []) == show(data, moment.iso())["held_since"], "both ways say the same"
        windows(made, record, moment)
    stale = show(data, made.good_until.plus(1).iso())
    assert stale["age"] == "stale"
    assert (stale["due"], stale["offer"], stale["doses"]) == (None, None, [])
    return made, data


def adds_up(made: Packet) -> None:
    """Tablets × strength = mg, in every dose; and the day's doses are the day's amount."""
    held = {product.id: product.micrograms for product in made.products}
    for dose in made.doses:
        portion = dose.portion
        assert dose.amount == OralDose(dose.micrograms)
        if portion.volume is None:
            assert sum(held[one.product] * one.quarters for one in portion.pieces) == 4 * dose.micrograms
            for one in portion.pieces:
                assert one.quarters == 4 * one.whole + 2 * one.half + one.quarter
                assert one.half in (0, 1)
                assert one.quarter in (0, 1)
        else:
            assert not portion.pieces
            assert held[portion.volume.product] * portion.volume.microlitres == 1000 * dose.micrograms
        for sentence in (dose.sentence, dose.take, dose.late, portion.text):
            assert str(dose.amount) in sentence
        assert dose.due <= dose.on_time_until <= dose.closes or dose.closes == dose.due.plus(-1)
    for day in made.days:
        assert day.micrograms == sum(dose.micrograms for dose in made.doses if dose.day == day.day)


def only_what_the_plan_knows(made: Packet, record: Record) -> None:
    planned = {dose.id: dose for dose in record.doses(BACLOFEN, made.first - 2 * DAY, made.last + 2 * DAY)}
    for dose in made.doses:
        known = planned[dose.id]
        assert (dose.micrograms, dose.due, dose.step) == (known.dose.micrograms, known.instant, known.step)
        assert made.first <= dose.day <= made.last
    assert {id for id, one in planned.items() if made.first <= one.day <= made.last} == {dose.id for dose in made.doses}
    assert made.built <= made.fresh_until <= made.good_until <= made.built.plus(GOOD)
    assert made.fresh_until <= made.built.plus(FRESH)
    assert record.day_of(made.good_until) < made.last
    plans = {plan.rev: plan for plan in made.plans}
    begins = {day.day: day for day in made.days}
    for day in made.days:
        if day.begins > made.built and day.plan is not None and made.today <= plans[day.plan].until < day.day:
            assert made.good_until < day.begins, "not beyond the paper of a plan that is not over yet"
    for dose in made.doses:
        holding = record.holding_on(dose.day)
        assert holding is not None
        assert dose.plan == holding.plan.rev == begins[dose.day].plan


def cited(made: Packet) -> None:
    """What has a source in the monograph has it here, and its title with it."""
    titles = {source.key for source in made.sources}
    found = set(_citations(made))
    assert {one.key for one in found} - titles <= {"D"}
    sourced: tuple[Any, ...] = (
        *made.signs,
        *made.too_much,
        *made.stopping,
        made.missed_rule,
        made.guard,
        *made.alarms,
        *made.products,
    )
    assert all(one.source for one in (*sourced, *made.questions, *made.box.warnings))


def _citations(value: object) -> Iterable[Citation]:
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _citations(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _citations(getattr(value, field.name))


def windows(made: Packet, record: Record, now: Instant) -> None:
    """Ids and windows are those of the record at that instant."""
    day = record.day_of(now)
    here = states(record, BACLOFEN, LEAFLET, now, max(made.first, day - 2 * DAY), min(made.last, day + DAY))
    said = {dose.id: dose for dose in made.doses}
    for one in here:
        dose = said[one.dose.id]
        assert (dose.due, dose.on_time_until, dose.closes) == (
            one.window.due,
            one.window.on_time_until,
            one.window.closes,
        )


# --- any journal ------------------------------------------------------------------------------------------------------

drawn_moments = st.lists(st.integers(0, 10**6), min_size=3, max_size=6)


SIGNS = ("withdrawal-fever", "withdrawal-early", "hallucinations", "weak-legs", "hives")


def dealt_with(sign: str) -> tuple[What, ...]:
    """A sign that is noted, and everything that the watch can say of it by itself answered: what comes later comes by time alone."""
    rules = (
        "watch-sign-withdrawal-fever",
        "watch-sign-confused-on-prescribed-dose",
        "watch-withdrawal",
        "watch-withdrawal-early",
        "watch-gap",
    )
    return (SymptomNoted(sign=sign), *(WatchAnswered(rule=rule, by=DOCTOR, said="seen, go on") for rule in rules))


class Phone(Journal):
    """The devices of the record's laws; now and then one of them takes a packet along."""

    def teardown(self) -> None:
        """The laws of the record itself are asked for where they belong."""

    @rule(device=st.integers(0, 2), zone=st.sampled_from(["Europe/London", "Asia/Tokyo"]))
    def somebody_was_asked(self, device: int, zone: str) -> None:
        self.write(device, WatchAnswered(rule="gap", by=DOCTOR, said="go on with the usual dose"), zone)

    @rule(device=st.integers(0, 2), doses=st.integers(1, 6))
    def takes_what_comes(self, device: int, doses: int) -> None:
        """A good day: the next doses, each at its time."""
        for _ in range(doses):
            now = Instant(self.now + self.offsets[device])
            ahead = today(fold(self.devices[device].values()), BACLOFEN, LEAFLET, now).next
            if ahead is None:
                return
            self.now += ahead.instant.seconds - now.seconds
            self.write(device, DoseTaken(dose=ahead.id, amount=ahead.dose), "Europe/London")

    @rule(
        device=st.integers(0, 2),
        drawn=drawn_moments,
        everything=st.booleans(),
        later=st.sampled_from([0, 0, 0, 1, 4, 12, 30]),
        noted=st.sampled_from([None, None, *SIGNS]),
    )
    def a_packet_is_taken_along(
        self, device: int, drawn: list[int], everything: bool, later: int, noted: str | None
    ) -> None:
        """``everything``: as a server builds it, also from entries of devices whose clocks run ahead. ``noted``: a sign, dealt with."""
        for what in () if noted is None else dealt_with(noted):
            self.write(device, what, "Europe/London")
        now = Instant(self.now + self.offsets[device] + later * HOUR)
        entries = self.everything() if everything else list(self.devices[device].values())
        if len({entry.id for entry in entries}) < len(set(entries)):
            return
        record = fold(entries)
        seen["a device is ahead"] += any(entry.at > now for entry in entries)
        seen["no plan"] += not record.holdings
        lawful(record, now, drawn)


WANTED = {"held": 10, "due": 3, "no plan": 1, "emergency": 1}
RARE = {"told": 1}  # which examples are drawn hangs on what else is loaded; a hundred may come without


def goes_along(examples: int, steps: int, wanted: Mapping[str, int] = WANTED) -> None:
    seen.clear()
    run_state_machine_as_test(Phone, settings=settings(max_examples=examples, stateful_step_count=steps, database=None))
    assert {what: seen[what] for what, least in wanted.items() if seen[what] < least} == {}, "the machine misses these"


def test_a_phone_without_network_says_what_the_record_says() -> None:
    goes_along(150, 25)


@pytest.mark.long
def test_a_phone_without_network_says_what_the_record_says_at_length() -> None:
    goes_along(1000, 30, {**WANTED, **RARE})


# --- a few days of one person, and what the phone has not sent ---------------------------------------------------------

Habit = tuple[float, int]  # the share of doses that are taken, and how many minutes late
KINDS = ("dose-taken", "dose-taken", "dose-taken", "dose-skipped", "dose-unsure", "extra-dose", "watch-answered")


@st.composite
def a_person(draw: st.DrawFn) -> tuple[list[Entry], Instant]:
    """Some days of a plan, most doses taken, some not; the clocks change in it, in some."""
    times = draw(st.sampled_from([THREE, TWO, ONE, ("00:30", "06:00", "12:00", "18:30"), ("22:00", "22:45")]))
    zone, start = draw(st.sampled_from([
        ("Europe/London", D), ("Europe/London", date(2026, 10, 22)), ("Europe/London", date(2027, 3, 25)),
        ("America/New_York", date(2026, 10, 29)), ("Australia/Lord_Howe", date(2026, 10, 1)), ("Asia/Beirut", date(2026, 10, 22)),
    ]))  # fmt: skip
    steps = draw(st.sampled_from([(5, 10), (10,), (20, 10, 0), (15, 0, 5)]))
    plan: Plan = scheme(*steps, start=start, times=times, days=draw(st.integers(1, 5)), reviews=draw(st.booleans()),
                        on_drug_days=draw(st.sampled_from([0, 100])))  # fmt: skip
    book = begun(plan, zone=zone)
    days = draw(st.integers(0, 6))
    now = at("00:00", start, zone).plus(days * 24 * HOUR + draw(st.integers(0, 24 * 60)) * MINUTE)
    if draw(st.booleans()):
        book.write(
            Preference(name="missed-rule", value=draw(st.sampled_from(["strict", "nhs", "eu-leaflet"]))),
            at("05:40", start, zone),
        )
    ends = draw(st.sampled_from([0, 0, 20, 30, 50]))  # hours before now from which on nothing was taken
    for dose in book.planned(start, start + days * DAY):
        when = dose.instant.plus(draw(st.integers(-70, 200)) * MINUTE)
        if when <= now.plus(-ends * HOUR) and draw(st.integers(0, 9)):
            kind = draw(st.sampled_from([DoseTaken] * 8 + [DoseSkipped, DoseUnsure]))
            book.write(DoseTaken(dose=dose.id, amount=dose.dose) if kind is DoseTaken else kind(dose=dose.id), when)
    if draw(st.integers(0, 3)) == 0:
        book.write(
            ExtraDose(amount=mg(5), despite=draw(st.sampled_from([(), ("guard-gap",)]))),
            now.plus(-draw(st.integers(0, 30)) * HOUR),
        )
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        until = draw(st.sampled_from([None, now.plus(5 * HOUR)]))
        told = WatchAnswered(rule="gap", by=DOCTOR, said="go on with the usual dose", until=until)
        book.write(told, now.plus(-draw(st.integers(0, 30)) * HOUR))
    sign = draw(st.sampled_from([None, None, *SIGNS]))
    for what in () if sign is None else dealt_with(sign):
        book.write(what, now.plus(-draw(st.integers(0, 6)) * HOUR))
    return book.entries, now


def sent_later(
    entries: list[Entry], kind: str, when: Instant, dose: str | None, number: int
) -> tuple[dict[str, Any], Entry]:
    """An entry as the phone keeps it until it can send it, and as the record will have it."""
    what: What
    match kind:
        case "dose-taken":
            what = DoseTaken(dose=dose or "", amount=mg(10))
        case "dose-skipped":
            what = DoseSkipped(dose=dose or "")
        case "dose-unsure":
            what = DoseUnsure(dose=dose or "")
        case "extra-dose":
            what = ExtraDose(amount=mg(5))
        case _:
            what = WatchAnswered(rule="gap", by=DOCTOR, said="half of it now")
    entry = Entry(
        id=new_id(when.seconds * 1000 + number, bytes([255, *[number] * 9])), person=entries[0].person, author="somebody", device="phone",
        at=when, zone=entries[0].zone, recorded=when, what=what,
    )  # fmt: skip
    return {"kind": kind, "at": when.iso(), "dose": dose, "by": DOCTOR, "said": "half of it now"}, entry


@heavy
@given(a_person(), drawn_moments)
def test_days_of_one_person(case: tuple[list[Entry], Instant], drawn: list[int]) -> None:
    entries, now = case
    lawful(fold(entries), now, [*drawn, *(n * 7919 for n in drawn)])


@heavy
@given(
    a_person(),
    drawn_moments,
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 10**6), st.integers(0, 5)), min_size=1, max_size=5),
)
def test_what_the_phone_has_not_sent_counts_as_it_will_in_the_record(
    case: tuple[list[Entry], Instant], drawn: list[int], later: list[tuple[str, int, int]]
) -> None:
    entries, now = case
    record = fold(entries)
    made = built(record, now)
    data = packet_data(made)
    open_doses = [dose for dose in made.doses if dose.done is None and dose.day >= made.today]
    unsent: list[dict[str, Any]] = []
    written: list[Entry] = []
    for number, (kind, offset, place) in enumerate(later):
        whens = [dose.due.plus(offset % (3 * HOUR)) for dose in open_doses if dose.due >= now] or [
            now.plus(offset % (40 * HOUR))
        ]
        when = whens[place % len(whens)] if place < 4 else now.plus(offset % (40 * HOUR))
        near = [dose for dose in open_doses if dose.due <= when]
        needs = kind in ("dose-taken", "dose-skipped", "dose-unsure")
        if needs and not near:
            continue
        dose = near[-1].id if needs else None
        if dose is not None and any(one["dose"] == dose for one in unsent):
            continue
        one, entry = sent_later(entries, kind, when, dose, number)
        unsent.append(one)
        written.append(entry)
    for moment in moments(made, [*drawn, *(n * 7919 for n in drawn)]):
        known = [entry for entry in written if entry.recorded <= moment]
        agree(made, data, fold([*entries, *known]), moment, unsent)


Change = tuple[int, int, str]  # of which entry, after how many seconds, and what it should have said
CHANGES = ("nothing", "nothing", "nothing", "dose-taken", "dose-skipped", "dose-unsure", "extra-dose", "later")
_COUNTED = (DoseTaken, DoseSkipped, DoseUnsure, ExtraDose, WatchAnswered)


def changed_to(change: str, was: Entry) -> tuple[Correctable | None, Instant | None]:
    """What a correction says instead, and when that was; the time is always said."""
    dose = was.what.dose if isinstance(was.what, DoseTaken | DoseSkipped | DoseUnsure) else None
    match change:
        case "dose-taken" if dose is not None:
            return DoseTaken(dose=dose, amount=mg(10)), was.at
        case "dose-skipped" if dose is not None:
            return DoseSkipped(dose=dose), was.at
        case "dose-unsure" if dose is not None:
            return DoseUnsure(dose=dose), was.at
        case "extra-dose":
            return ExtraDose(amount=mg(5)), was.at
        case "later" if isinstance(was.what, _COUNTED):
            return was.what, was.at.plus(-1800)
    return None, None


def as_kept(entry: Entry) -> dict[str, Any]:
    """An entry as the phone keeps it until it can send it."""
    if not isinstance(entry.what, Correction):
        return {"id": entry.id, "at": entry.at.iso(), **_looked(entry.what)}
    instead, at = entry.what.instead, entry.what.at
    said = None if instead is None else _looked(instead) | ({} if at is None else {"at": at.iso()})
    return {"id": entry.id, "kind": "correction", "at": entry.at.iso(), "corrects": entry.what.corrects, "instead": said}  # fmt: skip


def _looked(what: What) -> dict[str, Any]:
    names = ("dose", "sign", "by", "said", "despite", "rule")
    until = {"until": what.until.iso()} if isinstance(what, WatchAnswered) and what.until is not None else {}
    return {"kind": what.kind, **{name: getattr(what, name) for name in names if hasattr(what, name)}, **until}


def written_later(entries: list[Entry], what: What, when: Instant, number: int) -> Entry:
    return Entry(
        id=new_id(when.seconds * 1000 + number, bytes([255, *[number] * 9])), person=entries[0].person, author="somebody", device="phone",
        at=when, zone=entries[0].zone, recorded=when, what=what,
    )  # fmt: skip


changes = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 4 * HOUR), st.sampled_from(CHANGES)), max_size=3)


@heavy
@given(
    a_person(),
    drawn_moments,
    changes,
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 10**6)), max_size=3),
    changes,
)
def test_what_the_phone_takes_back_counts_as_it_will_in_the_record(
    case: tuple[list[Entry], Instant],
    drawn: list[int],
    before: list[Change],
    later: list[tuple[str, int]],
    after: list[Change],
) -> None:
    """Entries that the server has, entries that it has not, and corrections of both; a second entry about the same dose too."""
    entries, now = case
    sent, number = list(entries), 0
    sayings = [entry for entry in entries if isinstance(entry.what, _COUNTED)]
    for which, _, change in before:  # written and sent before the packet: said twice, or corrected
        if not sayings:
            break
        number += 1
        was = sayings[which % len(sayings)]
        what, at = changed_to(change, was)
        twice = what if which % 2 and what is not None else Correction(corrects=was.id, why="so", instead=what, at=at)
        sent.append(written_later(entries, twice, max(now.plus(-60 + number), was.recorded.plus(number)), number))
    now = max(now, *(one.recorded for one in sent))
    made = built(fold(sent), now)
    data = packet_data(made)
    open_doses = [dose for dose in made.doses if dose.day >= made.today]
    written: list[Entry] = []
    clock = now
    for kind, offset in later:
        number, clock = number + 1, clock.plus(offset % (5 * HOUR))
        near = [dose for dose in open_doses if dose.due <= clock]
        if kind.startswith("dose") and not near:
            continue
        _, entry = sent_later(entries, kind, clock, near[-1 - offset % 2 % len(near)].id if near else None, number)
        written.append(entry)
    for which, seconds, change in after:
        number, clock = number + 1, clock.plus(seconds)
        targets = [one for one in (*sent, *written) if isinstance(one.what, (*_COUNTED, Correction))]
        if not targets:
            break
        was = targets[-1 - which % min(len(targets), 9)]
        what, at = (None, None) if isinstance(was.what, Correction) else changed_to(change, was)
        written.append(
            written_later(entries, Correction(corrects=was.id, why="so", instead=what, at=at), clock, number)
        )
    unsent = [as_kept(one) for one in written]
    for moment in moments(made, [*drawn, *(n * 7919 for n in drawn)]):
        known = [entry for entry in written if entry.recorded <= moment]
        record, shown = fold([*sent, *known]), show(data, moment.iso(), unsent)
        by_record = today(record, BACLOFEN, LEAFLET, moment)
        seen["offered"] += shown["offer"] is not None and len(known)
        if data["words"]["unsettled"] in shown["says"]:
            seen["unsettled"] += 1
            assert shown["offer"] is None
            continue
        agree(made, data, record, moment, unsent)
        if shown["offer"] is not None:
            assert by_record.due is not None
            assert by_record.due.dose.id == shown["offer"]
        seen["taken back"] += any(isinstance(entry.what, Correction) for entry in known)


@given(a_person(), st.integers(0, 10**6))
def test_every_guard_before_a_dose_has_its_words(case: tuple[list[Entry], Instant], place: int) -> None:
    entries, now = case
    record = fold(entries)
    made = built(record, now, days=1)
    here = states(record, BACLOFEN, LEAFLET, now, made.today, made.today)
    if not here:
        return
    for amount in (None, mg(1)):
        units = None if amount is None else ()
        said = take(record, BACLOFEN, LEAFLET, now, here[place % len(here)], units=units)
        if isinstance(said, Guarded):
            assert {one.rule for one in said.findings} <= {one.rule for one in made.cautions}


# --- free text --------------------------------------------------------------------------------------------------------

hostile = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(["</script><b>", "{amount} {0} %s", '"\\\n\t\x00', "\u202eevil\u2066", "\ud800", "=HYPERLINK(1)", "🧪" * 20, "a\r\nb"]),
).filter(lambda text: len(text.strip()) >= 3)  # fmt: skip


@settings(max_examples=30)
@given(hostile, hostile, hostile)
def test_any_text_of_a_record_survives(name: str, said: str, goal: str) -> None:
    from gradatim.domain.entry import GoalRated

    book = begun(called=name, medicines=(said,))
    book.write(Preference(name="contact-prescriber", value=said), at("06:00"))
    book.write(SymptomNoted(sign=goal, note=said), at("07:00"))
    book.write(NoteWritten(text=said), at("07:01"))
    book.write(GoalRated(goal=goal, level=0), at("07:02"))
    book.write(DoseSkipped(dose="p1:2026-12-01:s1", reason=said), at("08:02"))
    book.write(WatchAnswered(rule="gap", by=name, said=said), at("09:00"))
    made, data = lawful(book.record(), at("09:30"), [1, 2, 3])
    assert data["person"]["called"] == name
    assert [one["text"] for one in data["goals"]] == [goal]
    assert [one["reason"] for one in (dose["done"] for dose in data["doses"]) if one] == [said]
    assert [one["said"] for one in data["told"]] == [said]
    assert made.told[0].text.startswith(" ".join(name.split()))
    assert data["contacts"][0]["text"] == " ".join(said.split())


def test_many_doses_beside_the_plan_do_not_hide_the_last_planned_one() -> None:
    book = begun()
    book.take_all(D, D)
    for number in range(9):
        book.write(ExtraDose(amount=mg(1)), at("+1 22:00").plus(number * MINUTE))
    book.take(dose_id("p1", D + 2 * DAY, "s1"), at("+2 09:00"))  # by a device that is ahead
    made, _ = lawful(book.record(), at("+1 22:30"), list(range(0, 10**6, 40_009)))
    assert made.takings[0].at == at("21:00")
    assert made.guard.held[0].until == at("+2 09:00")


def test_each_answer_to_the_guard_counts_for_itself() -> None:
    book = begun()
    book.take_all(D, D)
    book.write(WatchAnswered(rule="gap", by=DOCTOR, said="go on"), at("+2 06:00"))
    book.write(WatchAnswered(rule="gap", by=DOCTOR, said="go on", until=at("+2 10:00")), at("+2 07:00"))
    made, data = lawful(book.record(), at("+2 07:30"), list(range(0, 10**6, 4_009)))
    assert [span.first for span in made.guard.held] == [at("+3 06:00").plus(1)]
    for when, held in ((at("+3 06:00"), False), (at("+3 06:00").plus(1), True)):
        day = next(one for one in reversed(data["days"]) if one["begins"] <= when.iso())
        assert (compared(data, when.iso(), day, []) is not None) is held


def test_a_rest_is_a_step_like_any_other() -> None:
    plan = scheme(5, 10)
    rest = Hold(doses=(mg(5),) * 3, because=Because.HOLD, days=2)
    book = begun(
        Plan(
            **{f.name: getattr(plan, f.name) for f in fields(plan)} | {"items": (plan.items[0], rest, *plan.items[1:])}
        )
    )
    lawful(book.record(), at("+2 09:00"), [5, 50, 500])


def test_a_journey_and_a_skipped_date() -> None:
    book = begun()
    book.describe(at("12:00"), "Pacific/Auckland")
    lawful(book.record(), at("13:00"), list(range(0, 10**6, 40_009)))
    old = begun(scheme(start=date(2011, 12, 27)), zone="Pacific/Apia")
    made, _ = lawful(old.record(), at("20:00", date(2011, 12, 28), "Pacific/Apia"), list(range(0, 10**6, 40_009)))
    assert date(2011, 12, 30) not in {day.day for day in made.days}
    assert timedelta(days=1) == DAY
