"""Levels from a plan's dated doses and from a record of what was taken."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput
from gradatim.domain.fold import fold
from gradatim.journal.demo import demo_entries
from gradatim.kinetics.catalogue import published
from gradatim.kinetics.of_doses import hours_between, of_plan, of_record
from gradatim.kinetics.simulate import simulate
from gradatim.monographs import monograph

START = date(2026, 10, 20)
RECORD = fold(demo_entries(monograph()))
ADULT = published("adult-derived")
MODEL = ADULT.model()


def test_the_doses_of_a_plan_at_elapsed_hours() -> None:
    """The clocks go back on 25 October 2026 in London: from that night on, the same wall time is an hour later."""
    planned = RECORD.doses(monograph(), START, START + timedelta(days=9))
    first = planned[0].instant
    found = of_plan(MODEL, planned, first)
    assert len(found.rows) == len(planned)
    assert sum(row.amt for row in found.rows) == float(sum(dose.dose.micrograms for dose in planned)) / 1000
    mornings = [row.time for row, dose in zip(found.rows, planned, strict=True) if dose.at == planned[0].at]
    assert np.diff(mornings).tolist() == [24, 24, 24, 24, 25, 24, 24, 24, 24]


def test_what_was_taken_is_what_counts() -> None:
    start = RECORD.takings[0].at
    found = of_record(MODEL, RECORD, start)
    assert len(found.rows) == len(RECORD.takings)
    assert found.rows[0].time == 0
    until = start.plus(7 * 24 * 3600)
    week = of_record(MODEL, RECORD, start, until=until)
    assert [row for row in found.rows if row.time <= 168] == list(week.rows)
    levels = simulate(MODEL, found, ADULT.typical({"CRCL": 90}), np.arange(0, 500.0)).levels
    assert 0 < levels.max() < 1000


def test_elapsed_hours() -> None:
    assert hours_between(Instant(0), Instant(5400)) == 1.5


def test_no_doses_at_all() -> None:
    with pytest.raises(BadInput, match="Widen the days"):
        of_plan(MODEL, [], Instant(0))
