"""Doses missed and late as on somebody's own days: blocks in their order, the same for any cut, and what a journal counts as what."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput
from gradatim.domain.fold import fold
from gradatim.domain.today import DoseState, states
from gradatim.journal.demo import demo_entries
from gradatim.kinetics.chance import Purpose, uniform
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.of_doses import days_of_record
from gradatim.kinetics.own_days import OwnDays, OwnDose
from gradatim.monographs import leaflet, monograph

TEN = tuple((OwnDose(8.0, k / 100), OwnDose(20.0, None if k % 3 == 0 else k / 100)) for k in range(10))
"""Ten days that can be told from one another by how late their doses were."""
PLAN = doses(5, [24.0 * day + hour for day in range(12) for hour in (8.0, 20.0)])


def lates(own: OwnDays, first: int = 0, number: int = 200, plan: Schedule = PLAN, seed: int = 1) -> list[list[float]]:
    """Hours after the planned time of each dose that was taken, of each person."""
    told = own.taken(plan, [300.0], first=first, number=number, seed=seed)
    when = np.array([row.time for row in plan.rows])
    found = []
    for person in range(number):
        times = told.dose_times[slice(*told.dose_first[person : person + 2])]
        found.append([float(round(one - when[np.searchsorted(when, one + 1e-9) - 1], 6)) for one in times])
    return found


def test_blocks_keep_their_order() -> None:
    own = OwnDays(days=TEN, block=4)
    assert own.starts == tuple(range(7))
    begun = set()
    for mine in lates(own):
        mornings = [round(late * 100) for late in _mornings(own, mine)]
        assert len(mornings) == 12
        for at in range(0, 12, 4):
            assert mornings[at : at + 4] == list(range(mornings[at], mornings[at] + 4))
            begun.add(mornings[at])
    assert begun == set(range(7))


def _mornings(own: OwnDays, mine: list[float]) -> list[float]:
    """Of each day that of its first dose: the second comes with the same number, or not at all."""
    found: list[float] = []
    waiting = False
    for late in mine:
        if waiting and late == found[-1]:
            waiting = False
            continue
        found.append(late)
        waiting = round(late * 100) % 3 != 0
    return found


def test_each_block_is_drawn_as_often() -> None:
    own = OwnDays(days=TEN, block=1)
    counts = np.zeros(10)
    for mine in lates(own, number=500):
        for late in _mornings(own, mine):
            counts[round(late * 100)] += 1
    assert counts.sum() == 6000
    assert np.all(np.abs(counts / 600 - 1) < 0.2)


def test_the_missed_share_is_that_of_the_days() -> None:
    own = OwnDays(days=TEN, block=1)
    assert (len(own.doses), own.missed) == (20, 4)
    taken = sum(map(len, lates(own, number=1000)))
    assert taken / 24_000 == pytest.approx(16 / 20, abs=0.01)


def test_a_person_is_the_same_among_any_others() -> None:
    own = OwnDays(days=TEN, block=3)
    whole = lates(own, number=50)
    assert lates(own, first=17, number=5) == whole[17:22]
    assert lates(own, number=50, seed=2) != whole
    assert Purpose.OWN_DAY not in {Purpose.MISSED, Purpose.LATE}
    assert not np.array_equal(uniform(1, Purpose.OWN_DAY, np.arange(5), 2), uniform(1, Purpose.MISSED, np.arange(5), 2))


def test_no_block_reaches_across_a_day_that_is_not_known() -> None:
    own = OwnDays(days=(*TEN[:4], (), *TEN[5:]), block=3)
    assert own.starts == (0, 1, 5, 6, 7)
    with pytest.raises(BadInput, match="no 6 days in a row of which every dose is known, of 9 such days"):
        OwnDays(days=own.days, block=6)
    with pytest.raises(BadInput, match="Give 1 or more"):
        OwnDays(days=TEN, block=0)


def test_a_planned_dose_fares_as_the_one_nearest_by_the_clock() -> None:
    day = (OwnDose(8.0, 0.5), OwnDose(14.0, None), OwnDose(21.0, 2.0))
    own = OwnDays(days=(day,), block=1)
    told = own.taken(doses(5, [7.0, 10.9, 11.0, 13.0, 22.0, 24 + 3.0]), [0.0], first=0, number=1)
    assert told.dose_times.tolist() == [7.5, 11.4, 11.5, 24.0, 27.5]


def test_days_with_another_length_and_doses_before_the_first() -> None:
    own = OwnDays(days=((OwnDose(8.0, 0.0),), (OwnDose(8.0, None),)), block=2).on([0.0, 25.0, 49.0])
    plan = doses(5, [-40.0, -16.0, 8.0, 33.0, 57.0])
    told = own.taken(plan, [0.0], first=0, number=1)
    assert told.dose_times.tolist() == [-40.0, 8.0, 57.0]  # every second day
    early = OwnDays(days=((OwnDose(8.0, -1.5),),), block=1)
    assert early.taken(doses(5, [8.0]), [0.0], first=0, number=1).dose_times.tolist() == [6.5]
    with pytest.raises(BadInput, match="given at once"):
        own.taken(Schedule(rows=(Row(time=0, evid=1, amt=5, dur=1),)), [0.0], first=0, number=1)


def test_what_a_journal_counts_as_what() -> None:
    record = fold(demo_entries(monograph()))
    last = max(one.at for one in record.takings)
    now = Instant(last.seconds)
    eve = record.day_of(now) - timedelta(days=1)
    first = record.day_of(record.since) if record.since else date(2026, 9, 3)
    own = days_of_record(record, monograph(), leaflet(), now, first, eve)
    seen: dict[date, list[DoseState]] = {}
    for one in states(record, monograph(), leaflet(), now, first, eve):
        seen.setdefault(one.dose.day, []).append(one.state)
    assert len(own.days) == (eve - first).days + 1
    kinds = set()
    for place, day in enumerate(own.days):
        here = seen.get(first + timedelta(days=place), [DoseState.BEFORE])
        kinds |= set(here)
        if DoseState.UNSURE in here or DoseState.BEFORE in here:
            assert day == ()
            continue
        assert [dose.late is not None for dose in day] == [state is DoseState.TAKEN for state in here]
    assert {DoseState.TAKEN, DoseState.SKIPPED, DoseState.MISSED} <= kinds
    assert 0 < own.unrecorded < own.missed < len(own.doses)
    taken = [dose.late for dose in own.doses if dose.late is not None]
    assert -12 < min(taken) < max(taken) < 24
    assert {dose.hour for dose in own.doses} <= set(np.arange(0, 24, 0.25))
