"""A forgotten dose, rule by rule and minute by minute. The same rows make the page of the docs."""

from __future__ import annotations

import pytest
from tests.journals import LEAFLET, at
from tests.spec.missed_cases import GAP_CASES, MISSED_CASES, Missed, Silence

from gradatim.domain.today import TO_TAKE


@pytest.mark.parametrize("case", MISSED_CASES, ids=lambda case: f"{case.rule}-{'-'.join(case.times)}-{case.slot}")
def test_a_forgotten_dose(case: Missed) -> None:
    book = case.book()
    due = at(case.times[case.slot - 1])
    for minute, state in case.moments:
        seen = book.today(due.plus(60 * minute))
        assert seen.rule.id == case.rule
        mine = [one for one in seen.doses if one.dose.instant == due]
        # A dose of yesterday is shown only while it may still be taken.
        assert [one.state for one in mine] == [state] or (not mine and state not in TO_TAKE), minute
        if mine:
            assert (mine[0].window.closes.seconds - due.seconds) // 60 == case.until


@pytest.mark.parametrize("case", GAP_CASES, ids=lambda case: f"{len(case.times)}x-{case.last}-{case.now}")
def test_a_silence(case: Silence) -> None:
    seen = case.today()
    assert (seen.gap is not None) is case.gap
    assert [one.state for one in seen.doses if one.dose.instant == at(case.shown)] == [case.state]
    assert not (case.gap and seen.due)


def test_every_rule_of_the_leaflet_has_its_rows() -> None:
    assert {case.rule for case in MISSED_CASES} == {rule.id for rule in LEAFLET.missed_dose}


def test_every_row_stands_on_both_sides_of_its_edge() -> None:
    for case in MISSED_CASES:
        minutes = [minute for minute, _ in case.moments]
        assert {case.until, case.until + 1} <= set(minutes)
        assert minutes[-1] <= case.next_in
