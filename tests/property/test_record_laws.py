"""The record: whatever is written, on whichever device, by whatever clock, in whatever order it arrives.

One person, three devices that do not see one another, each with a clock that may be off by hours. What is said of past days, exactly:

* Once a plan has begun to hold, the planned doses of the days before the day of T (id, mg, instant) are the same as of T and for
  ever after.
* Before a plan has begun to hold there are none, and the first transcription may fill them in.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.journals import (
    BACKLOG,
    BACLOFEN,
    DAY,
    DOCTOR,
    HOUR,
    LEAFLET,
    MINUTE,
    ONE,
    THREE,
    TWO,
    D,
    at,
    dose,
    mg,
    scheme,
)

from gradatim.domain.approval import Role
from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    CheckIn,
    Correctable,
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    EventKind,
    ExtraDose,
    GoalRated,
    Happened,
    Measured,
    NoteWritten,
    OtherChange,
    OtherTaken,
    PersonDescribed,
    PlanApproved,
    PlanSuperseded,
    Preference,
    ReviewAnswered,
    Score,
    StockChange,
    StockChanged,
    SymptomNoted,
    TripPlanned,
    WatchAnswered,
    What,
    new_id,
)
from gradatim.domain.fold import fold
from gradatim.domain.person import Creatinine, Person, Weight
from gradatim.domain.plan import Answerer, Plan, Review
from gradatim.domain.record import Record
from gradatim.domain.timeline import Answer, as_answered
from gradatim.domain.today import TO_TAKE, DoseState, states, today

HERE = ("Europe/London", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Auckland", "America/New_York")
FIRST, LAST = D - BACKLOG, D + timedelta(days=45)
seen: Counter[str] = Counter()
few = st.integers(0, 3)
any_place = st.integers(0, 10_000)


def fields(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in Record.__slots__}


def same(one: Record, other: Record) -> bool:
    """Field by field, so that a failure names the field."""
    mine, yours = fields(one), fields(other)
    assert [name for name in mine if mine[name] != yours[name]] == []
    return True


def past(record: Record, before: date) -> list[tuple[object, ...]]:
    """What every day before one shows."""
    return [
        (d.id, d.day, d.dose.micrograms, d.instant.seconds, d.version, d.step, d.portion)
        for d in record.doses(BACLOFEN, FIRST, before - DAY)
    ]


def governed(record: Record, day: date) -> bool:
    return any(holding.first <= day for holding in record.holdings)


def missed(record: Record, now: Instant, day: date) -> set[str]:
    found = states(record, BACLOFEN, LEAFLET, now, day - 2 * DAY, day - DAY)
    return {one.dose.id for one in found if one.state is DoseState.MISSED}


def open_still(record: Record, now: Instant, day: date) -> set[str]:
    found = states(record, BACLOFEN, LEAFLET, now, day - 2 * DAY, day - DAY)
    return {one.dose.id for one in found if one.state in TO_TAKE}


def past_days_stay(entries: Iterable[Entry], cuts: Iterable[Instant]) -> None:
    """The law of past days, between each instant and the next; it carries over, for the days before an instant only grow."""
    entries = list(entries)
    folds = [fold(entries, cut) for cut in sorted(set(cuts))]
    folds.append(fold(entries))
    for cut, (earlier, later) in zip(sorted(set(cuts)), pairwise(folds), strict=True):
        day = earlier.day_of(cut)
        if governed(earlier, day):
            assert past(later, day) == past(earlier, day), f"days before {day} changed after {cut}"
            assert later.day_of(cut) == day, "which day it was stays known"
            if later.preferences == earlier.preferences:
                assert not missed(earlier, cut, day) & open_still(later, cut, day), (
                    "what was missed is not offered again"
                )
        else:
            assert past(earlier, day) == []


class Journal(RuleBasedStateMachine):
    """Three devices offline from one another."""

    def __init__(self) -> None:
        super().__init__()
        self.devices: list[dict[str, Entry]] = [{}, {}, {}]
        self.offsets = [0, 0, 0]
        self.now = at("06:00").seconds
        self.made = 0
        self.chance = random.Random(0)  # only shuffles; the cases themselves come from Hypothesis

    @initialize(
        offsets=st.tuples(*[st.integers(-6 * 60, 6 * 60)] * 3),
        zone=st.sampled_from(HERE),
        start=st.integers(-12, 3),
        known=st.booleans(),
        late=st.booleans(),
        seed=any_place,
    )
    def begin(self, offsets: tuple[int, ...], zone: str, start: int, known: bool, late: bool, seed: int) -> None:
        """A person described, and mostly a first plan; on one device, the others hear of it later."""
        self.chance.seed(seed)
        self.offsets = [minutes * MINUTE for minutes in offsets]
        if known:
            self.write(0, PersonDescribed(person=Person(zone=zone, market="GB")), zone)
        if not late:
            self.write(0, PlanApproved(plan=self.version("p1", 1, start, 0)), zone)

    # --- writing ------------------------------------------------------------------------------------------------------

    def write(self, device: int, what: What, zone: str, ago: int = 0, id: str | None = None) -> Entry:
        self.now += 7 * MINUTE
        self.made += 1
        stamp = Instant(self.now + self.offsets[device])
        entry = Entry(
            id=id or new_id(stamp.seconds * 1000, self.made.to_bytes(10, "big")), person="somebody", author="somebody",
            device=f"d{device}", at=stamp.plus(-ago * MINUTE), zone=zone, recorded=stamp, what=what,
        )  # fmt: skip
        self.devices[device][entry.id] = entry
        return entry

    def known(self, device: int) -> list[Entry]:
        return sorted(self.devices[device].values(), key=lambda entry: (entry.recorded.seconds, entry.id))

    def everything(self) -> list[Entry]:
        return [entry for device in self.devices for entry in device.values()]

    def record(self, device: int) -> Record:
        return fold(self.devices[device].values())

    def day(self, device: int) -> date:
        return at("00:00").utc().date() + timedelta(
            days=(self.now + self.offsets[device] - at("00:00").seconds) // (24 * HOUR)
        )

    def version(self, id: str, version: int, start: int, shape: int) -> Plan:
        day = D + timedelta(days=(self.now - at("00:00").seconds) // (24 * HOUR) + start)
        steps = ((5, 10, 15), (10, 15), (20, 15, 10, 5), (15,))[shape % 4]
        by = (Answerer.CLINICIAN, Answerer.PERSON)[shape % 2]
        return scheme(
            *steps, start=day, times=(THREE, TWO, ONE)[shape % 3], days=2 + shape % 4, version=version, id=id, by=by
        )

    @rule(
        device=st.integers(0, 2),
        start=st.integers(-4, 4),
        version=st.sampled_from([1, 2, 2, 2, 3]),
        id=st.sampled_from(["p1", "p1", "p1", "p2"]),
        shape=any_place,
        zone=st.sampled_from(HERE),
    )
    def plan_approved(self, device: int, start: int, version: int, id: str, shape: int, zone: str) -> None:
        answers: tuple[Answer, ...] = ()
        if shape % 3 == 0:
            day = self.day(device) - DAY
            answers = (
                Answer(review=f"v{version}-r1", go_on=True, by=DOCTOR, role=Answerer.CLINICIAN, on=day, from_day=day),
            )
        self.write(device, PlanApproved(plan=self.version(id, version, start, shape), answers=answers), zone)
        seen[f"approved v{version}"] += 1
        seen[f"approved to start {'later' if start > 0 else 'today' if not start else 'in the past'}"] += 1

    @rule(device=st.integers(0, 2), place=any_place, zone=st.sampled_from(HERE))
    def plan_superseded(self, device: int, place: int, zone: str) -> None:
        plans = [entry.what.plan for entry in self.known(device) if isinstance(entry.what, PlanApproved)]
        if not plans:
            return
        before = self.record(device)
        to_start = [holding.plan for holding in before.holdings[1:] if holding.first > self.day(device) + DAY]
        plan = to_start[-1] if to_start and place % 4 else plans[-1 - place % len(plans)]
        what = PlanSuperseded(plan=plan.id, version=plan.version, by=DOCTOR, role=Role.PRESCRIBER, reason="not now")
        self.write(device, what, zone)
        seen["superseded"] += 1
        seen["superseded, and it counted"] += self.record(device).holdings != before.holdings

    @rule(
        device=st.integers(0, 2),
        start=st.integers(2, 5),
        shape=any_place,
        hours=st.integers(0, 30),
        back=st.booleans(),
        zone=st.sampled_from(HERE),
    )
    def next_version(self, device: int, start: int, shape: int, hours: int, back: bool, zone: str) -> None:
        """A version for some later day, and perhaps second thoughts about it."""
        known = [entry.what.plan.version for entry in self.known(device) if isinstance(entry.what, PlanApproved)]
        if not known:
            return
        version = max(known) + 1
        self.write(device, PlanApproved(plan=self.version("p1", version, start, shape)), zone)
        seen["approved v2"] += 1
        if back:
            self.now += hours * HOUR
            self.plan_superseded(device, -1, zone)

    @rule(
        device=st.integers(0, 2),
        go_on=st.booleans(),
        days=st.integers(-3, 4),
        place=any_place,
        zone=st.sampled_from(HERE),
    )
    def review_answered(self, device: int, go_on: bool, days: int, place: int, zone: str) -> None:
        plans = [entry.what.plan for entry in self.known(device) if isinstance(entry.what, PlanApproved)]
        asked = [(plan, item) for plan in plans for item in plan.items if isinstance(item, Review)]
        if not asked:
            return
        before = self.record(device)
        waiting = [
            (held.plan, s.waiting)
            for held in before.holdings
            for s in as_answered(held.plan, held.answers)
            if s.waiting
        ]
        asked = [(plan, item) for plan, item in asked if (plan, item.id) in waiting] if waiting and place % 4 else asked
        plan, review = asked[place % len(asked)]
        day = self.day(device) + timedelta(days=days)
        self.write(device, ReviewAnswered(plan=plan.id, review=review.id, go_on=go_on, by=DOCTOR, role=(Answerer.CLINICIAN, Answerer.PERSON)[place % 3 == 0], from_day=day), zone)  # fmt: skip
        seen["go on" if go_on else "not yet"] += 1
        seen[f"{'go on' if go_on else 'not yet'}, and it moved a dose"] += past(before, LAST) != past(
            self.record(device), LAST
        )

    @rule(device=st.integers(0, 2), place=any_place, days=st.integers(1, 5), zone=st.sampled_from(HERE))
    def review_answered_with_second_thoughts(self, device: int, place: int, days: int, zone: str) -> None:
        self.review_answered(device, True, days, place, zone)
        self.review_answered(device, False, days, place, zone)

    @rule(
        device=st.integers(0, 2),
        back=st.integers(0, 5),
        ago=st.integers(0, 900),
        kind=st.sampled_from([DoseTaken, DoseTaken, DoseSkipped, DoseUnsure]),
        zone=st.sampled_from(HERE),
    )
    def dose_dealt_with(
        self, device: int, back: int, ago: int, kind: type[DoseTaken | DoseSkipped | DoseUnsure], zone: str
    ) -> None:
        day = self.day(device)
        planned = self.record(device).doses(BACLOFEN, day - 2 * DAY, day + DAY)
        id = planned[-1 - back].id if back < len(planned) else dose(1, day)
        self.write(
            device,
            DoseTaken(dose=id, amount=mg(10))
            if kind is DoseTaken
            else (DoseSkipped if kind is DoseSkipped else DoseUnsure)(dose=id),
            zone,
            ago,
        )
        seen[f"{kind.kind}"] += 1
        seen["said something of a dose again"] += any(d.others for d in self.record(device).done.values())

    @rule(device=st.integers(0, 2), hours=st.integers(1, 30), zone=st.sampled_from(HERE))
    def took_what_was_due(self, device: int, hours: int, zone: str) -> None:
        """Somebody who does what `today` says."""
        self.now += hours * HOUR
        now = Instant(self.now + self.offsets[device])
        due = today(fold(self.devices[device].values(), now), BACLOFEN, LEAFLET, now).due
        if due is not None:
            self.write(device, DoseTaken(dose=due.dose.id, amount=due.dose.dose), zone)
            seen["took what was due"] += 1

    @rule(device=st.integers(0, 2), which=st.integers(0, 12), ago=st.integers(0, 3000), zone=st.sampled_from(HERE))
    def anything_else(self, device: int, which: int, ago: int, zone: str) -> None:
        self.write(device, self.other(which, ago), zone, ago)

    def other(self, which: int, ago: int) -> Correctable | Preference | WatchAnswered:
        day = self.day(0)
        kinds: list[Correctable | Preference | WatchAnswered] = [
            ExtraDose(amount=mg(5)), CheckIn(scores=(Score(scale="spasticity", value=ago % 11),)), SymptomNoted(sign="dizziness"),
            Measured(weight=Weight(60_000 + ago)), Measured(creatinine=Creatinine(80_000 + ago, "umol/L")),
            Happened(event=EventKind.FALL), OtherTaken(name="ibuprofen", change=list(OtherChange)[ago % 3]),
            StockChanged(change=StockChange.COUNTED, product="uk/10", quarters=ago), TripPlanned(first=day, last=day + 3 * DAY),
            GoalRated(goal="walk to the shop", level=0), NoteWritten(text="a note"),
            Preference(name="missed-rule", value=("strict", "nhs", "eu-leaflet")[ago % 3]),
            WatchAnswered(rule="gap", by=DOCTOR, said="go on with the usual dose"),
        ]  # fmt: skip
        return kinds[which]

    @rule(device=st.integers(0, 2), new=st.sampled_from(HERE), here=st.booleans())
    def person_moved(self, device: int, new: str, here: bool) -> None:
        self.write(device, PersonDescribed(person=Person(zone=new, market="GB")), new if here else "Europe/London")
        seen["described anew"] += 1
        seen["moved"] += len(self.record(device).zones) > 1

    @rule(
        device=st.integers(0, 2),
        place=any_place,
        which=st.integers(0, 14),
        when=st.one_of(st.none(), st.integers(0, 500)),
        zone=st.sampled_from(HERE),
    )
    def corrected(self, device: int, place: int, which: int, when: int | None, zone: str) -> None:
        entries = self.known(device)
        if entries:
            self.correct(device, entries[place % len(entries)], which, when, zone)

    @rule(device=st.integers(0, 2), place=any_place, zone=st.sampled_from(HERE))
    def correction_corrected(self, device: int, place: int, zone: str) -> None:
        corrections = [entry for entry in self.known(device) if isinstance(entry.what, Correction)]
        if corrections:
            self.correct(device, corrections[-1 - place % len(corrections)], 20, None, zone)

    def correct(self, device: int, target: Entry, which: int, when: int | None, zone: str) -> None:
        instead = None if which > 10 else self.other(which, 30)
        if which in (9, 10) and isinstance(target.what, DoseTaken | DoseSkipped | DoseUnsure):
            instead = DoseTaken(dose=target.what.dose, amount=mg(15))
        if isinstance(instead, Preference | WatchAnswered):
            instead = None
        latest = Instant(self.now + 7 * MINUTE + self.offsets[device])  # a device knows no later time than its own
        really = None if when is None else min(target.recorded.plus(-when * MINUTE), latest)
        written = self.write(
            device, Correction(corrects=target.id, why="a wrong tap", instead=instead, at=really), zone
        )
        seen["correction of a correction" if isinstance(target.what, Correction) else "correction"] += 1
        seen["correction set aside"] += any(one.entry == written for one in self.record(device).set_aside)

    @rule(device=st.integers(0, 2), place=any_place)
    def same_id_other_content(self, device: int, place: int) -> None:
        """A broken client. It must not make two devices disagree for ever."""
        entries = self.known(device)
        if entries and place % 4 == 0:
            old = entries[place % len(entries)]
            other = replace(old, what=NoteWritten(text=f"not what it was: {place}"))
            for n in range(3):
                self.devices[n].pop(old.id, None)
            self.devices[device][old.id] = old
            self.devices[(device + 1) % 3][old.id] = other
            seen["same id, other content"] += 1

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR

    # --- meeting ------------------------------------------------------------------------------------------------------

    def deliver(self, giver: int, taker: int, part: int = 1) -> None:
        given = [entry for n, entry in enumerate(self.known(giver)) if n % part == 0]
        self.chance.shuffle(given)
        for entry in given + given[:2]:
            self.devices[taker].setdefault(entry.id, entry)

    @rule(giver=st.integers(0, 2), taker=st.integers(0, 2))
    def synchronised(self, giver: int, taker: int) -> None:
        self.deliver(giver, taker)

    @rule(giver=st.integers(0, 2), taker=st.integers(0, 2), part=st.integers(2, 4))
    def synchronised_in_part(self, giver: int, taker: int, part: int) -> None:
        self.deliver(giver, taker, part)

    # --- laws ---------------------------------------------------------------------------------------------------------

    @rule()
    def any_order_and_any_repetition_make_the_same_record(self) -> None:
        entries = self.everything()
        shuffled = entries + self.chance.choices(entries, k=len(entries)) if entries else []
        self.chance.shuffle(shuffled)
        assert same(fold(entries), fold(shuffled))
        assert same(fold(entries), fold(reversed(entries)))

    @rule(device=st.integers(0, 2), minutes=st.integers(-3 * 24 * 60, 3 * 24 * 60))
    def a_look_at_the_day(self, device: int, minutes: int) -> None:
        look(list(self.devices[device].values()), Instant(self.now + self.offsets[device] + minutes * MINUTE))

    @rule(back=any_place)
    def what_comes_later_leaves_the_record_of_then_alone(self, back: int) -> None:
        entries = self.everything()
        if entries:
            cut = sorted(entry.recorded for entry in entries)[back % len(entries)]
            same(fold(entries, cut), fold([entry for entry in entries if entry.recorded <= cut]))

    @invariant()
    def nothing_written_is_lost(self) -> None:
        for device in self.devices:
            record = fold(device.values())
            assert {entry.id for entry in record.entries} == set(device)

    def teardown(self) -> None:
        entries = self.everything()
        if not entries:
            return
        record = fold(entries)
        kept = [*record.entries, *(one.entry for one in record.set_aside)]
        assert set(entries) <= set(kept), "an entry with the id of another is set aside, not lost"
        if len({entry.id for entry in entries}) == len(set(entries)):
            for giver in (0, 1, 2, 0, 1, 2):
                for taker in range(3):
                    self.deliver(giver, taker)
            for device in self.devices:
                same(fold(device.values()), record)
        cuts = [entry.recorded for entry in entries]
        past_days_stay(entries, [*cuts, *(cut.plus(9 * HOUR) for cut in cuts)])
        first, last = min(cuts).seconds, max(cuts).seconds + 30 * HOUR
        for n in range(12):
            look(entries, Instant(first + (last - first) * n // 11))


def look(entries: list[Entry], now: Instant) -> None:
    """What holds of every day at every instant."""
    record = fold(entries, now)
    day = today(record, BACLOFEN, LEAFLET, now)
    offered = [one for one in day.doses if one.state in TO_TAKE]
    assert len(offered) <= 1, "never two due at once"
    assert day.due is (offered[0] if offered else None)
    ids = [one.dose.id for one in day.doses]
    assert len(ids) == len(set(ids)), "a dose is shown once"
    for one in day.doses:
        twin = one.window.closes == one.window.due.plus(-1)
        assert twin or one.window.due <= one.window.on_time_until <= one.window.closes, (
            "two at the same second, after a move: one is missed"
        )
        if isinstance(one.done and one.done.counts.what, DoseTaken):
            assert one.state is DoseState.TAKEN, "what was taken is never offered again"
        assert one.state is not DoseState.MISSED or one.window.closes < now
    assert day.gap is None or not offered, "nothing is offered in a gap"
    if day.next is not None:
        assert day.next.instant > now
        assert day.next.id not in record.done
    if record.since is not None:
        early = states(record, BACLOFEN, LEAFLET, now, day.day - 3 * DAY, day.day)
        assert not [one for one in early if one.state is DoseState.MISSED and one.window.due < record.since]
    seen[f"looked at a day with something {'due' if offered else 'held' if day.held else 'neither'}"] += 1


WANTED = {
    "approved v2": 33, "approved to start later": 16, "approved to start in the past": 16, "superseded": 8,
    "superseded, and it counted": 1, "go on, and it moved a dose": 1, "not yet": 1, "not yet, and it moved a dose": 1,
    "correction": 8, "correction of a correction": 3, "correction set aside": 5, "moved": 10, "took what was due": 1,
    "said something of a dose again": 1, "same id, other content": 3, "looked at a day with something due": 50,
    "looked at a day with something held": 16,
}  # fmt: skip


def goes_everywhere(examples: int, steps: int) -> None:
    seen.clear()
    run_state_machine_as_test(
        Journal, settings=settings(max_examples=examples, stateful_step_count=steps, database=None)
    )
    assert {what: seen[what] for what, least in WANTED.items() if seen[what] < least} == {}, "the machine misses these"


def test_three_devices_agree_and_past_days_stay() -> None:
    goes_everywhere(250, 25)


@pytest.mark.long
def test_three_devices_agree_and_past_days_stay_in_many_more_journals() -> None:
    goes_everywhere(6000, 50)
