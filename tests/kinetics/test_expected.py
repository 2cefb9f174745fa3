"""What a model expects of dated doses: typical person, spread, days; whom it is for."""

from __future__ import annotations

import math

import pytest

from gradatim.domain.fault import BadInput
from gradatim.domain.person import Person
from gradatim.domain.reading import read
from gradatim.kinetics.expected import Dosing, above_middle, expected
from gradatim.kinetics.subject import subject

DAYS = tuple(24.0 * day for day in range(4))


def three_a_day(first: int, last: int, mg: float = 20) -> tuple[tuple[float, float], ...]:
    return tuple((24.0 * day + hour, mg) for day in range(first, last) for hour in (8, 14, 21))


def person(**parts: object) -> Person:
    return read(Person, {"zone": "Europe/London", **parts}, "person")


SETTLED = Dosing(doses=three_a_day(-10, 3), edges=DAYS)
ADULT = subject(given={"CRCL": 103})


def test_a_settled_day_has_the_area_of_dose_over_clearance() -> None:
    """60 mg a day over 10.8 L/h (180 mL/min, KOCHAK)."""
    found = expected(ADULT, SETTLED)
    last = found.days[-1]
    assert last.area == pytest.approx(60 / 10.8 * 1000, rel=2e-3)
    assert last.average == pytest.approx(60 / 10.8 * 1000 / 24, rel=2e-3)
    assert last.mg == 60
    assert last.lowest < last.average < last.highest
    assert 8 < last.highest_at - 48 < 24
    assert found.spreads == ()


def test_what_was_taken_before_the_window_counts_and_what_is_old_does_not() -> None:
    """Doses of 21 days before are reckoned in; older ones are not seen, with kidneys that clear nothing either."""
    none = subject(given={"CRCL": 0})
    short = expected(none, Dosing(doses=three_a_day(-21, 3), edges=DAYS))
    long = expected(none, Dosing(doses=three_a_day(-60, 3), edges=DAYS))
    assert short.levels == pytest.approx(long.levels, rel=1e-6)
    assert expected(none, Dosing(doses=three_a_day(0, 3), edges=DAYS)).levels[0] == 0
    assert short.levels[0] > 100


def test_the_same_seed_gives_the_same_people_on_any_number_of_threads() -> None:
    one, two = (
        expected(ADULT, SETTLED, percents=[5, 50, 95], people=700, seed=3, threads=threads) for threads in (1, 2)
    )
    assert one == two
    assert one.people == 700
    assert expected(ADULT, SETTLED, percents=[5, 50, 95], people=700, seed=4, threads=2) != one


def test_people_spread_as_the_model_says() -> None:
    """An area spreads as clearance does: CV 21 % (SIMON), log-normal, so 5 and 95 % lie exp(±1.645 ω) round the middle."""
    found = expected(ADULT, SETTLED, percents=[5, 50, 95], people=4000, seed=1)
    low, middle, high = (spread.area[-1] for spread in found.spreads)
    omega = math.sqrt(math.log1p(0.21**2))
    assert middle == pytest.approx(found.days[-1].area, rel=0.02)
    assert low / middle == pytest.approx(math.exp(-1.645 * omega), rel=0.03)
    assert high / middle == pytest.approx(math.exp(1.645 * omega), rel=0.03)
    assert found.spreads[1].highest[-1] == pytest.approx(found.days[-1].highest, rel=0.05)
    assert found.spreads[1].lowest[-1] == pytest.approx(found.days[-1].lowest, rel=0.1)
    for spread, other in zip(found.spreads, found.spreads[1:], strict=False):
        assert all(a <= b for a, b in zip(spread.levels, other.levels, strict=True))


def test_no_band_where_no_spread_was_found() -> None:
    machine = subject("renal-replacement", given={"CRCL": 0, "HD": 1})
    found = expected(machine, SETTLED, percents=[5, 95])
    assert (found.spreads, found.people, machine.varies) == ((), 0, ())


def test_people_are_told_as_they_pass() -> None:
    seen: list[int] = []
    expected(ADULT, SETTLED, percents=[50], people=600, watch=seen.append)
    assert seen[-1] == 1200
    assert seen == sorted(seen)


def test_no_dose_is_no_level() -> None:
    found = expected(ADULT, Dosing(doses=(), edges=DAYS), percents=[5, 95])
    assert set(found.levels) == {0.0}
    assert [day.area for day in found.days] == [0, 0, 0]
    assert set(found.spreads[1].levels) == {0.0}


def test_a_missed_weekend_leaves_out_its_doses_only() -> None:
    gone = SETTLED.without(24, 48)
    assert [one for one in SETTLED.doses if one not in gone.doses] == [(32.0, 20), (38.0, 20), (45.0, 20)]
    assert expected(ADULT, gone).days[1].highest < expected(ADULT, SETTLED).days[1].highest


def test_half_of_a_day_lies_above_its_middle_level() -> None:
    found = above_middle(ADULT, SETTLED, 48, 72)
    assert sum(b - a for a, b in found) == pytest.approx(12, abs=0.1)
    for peak in (9.5, 15.5, 22.5):
        assert any(a <= 48 + peak <= b for a, b in found)
    assert above_middle(ADULT, Dosing(doses=(), edges=DAYS), 48, 72) == ()


@pytest.mark.parametrize(("crcl", "clearance"), [(120, 203), (65, 129), (40, 95), (15, 61), (0, 41)])
def test_your_30_mg_are_like_their_60(crcl: float, clearance: float) -> None:
    """The ratio is that of the clearances of the table of the facts, 12.4 (derived, to whole mL/min)."""
    found = subject(given={"CRCL": crcl}).beside_normal_kidneys()
    assert found is not None
    assert found.ratio == pytest.approx(180 / clearance, rel=0.01)
    assert found.dose_like(30) == pytest.approx(30 * 180 / clearance, rel=0.01)
    assert [str(one) for one in found.source] == ["D [D]", "WUIS90 [A]", "AGAR [A]", "KOCHAK [A]"]
    assert subject("simon-2018").beside_normal_kidneys() is None


def test_the_kidneys_of_a_person() -> None:
    """Cockcroft-Gault of a man of 65 with 70 kg and 1.4 mg/dL is 52.1 (facts, 14)."""
    found = subject(person=person(age="65", sex="male", weight="70 kg", creatinine="1.4 mg/dL"))
    assert found.covariates["CRCL"] == pytest.approx(52.1, abs=0.05)
    assert found.notes[0].key == "levels.kidneys"
    reported = subject(person=person(age="65", egfr="45 mL/min"))
    assert reported.covariates["CRCL"] == 45
    assert reported.notes[0].key == "levels.kidneys-egfr"
    unknown = subject(person=person(age="65"))
    assert dict(unknown.covariates) == {}
    assert unknown.notes[0].key == "levels.kidneys-usual"
    assert subject(person=person(age="65", egfr="45 mL/min"), given={"crcl": "30mL/min"}).covariates["CRCL"] == 30


def test_a_child_has_a_model_for_children() -> None:
    child = person(age="8", weight="26 kg")
    assert subject(person=child).published.id == "he-2014"
    assert subject(person=child).typical["CL"] == pytest.approx(0.273 * 26)
    with pytest.raises(BadInput, match="somebody of 8 years"):
        subject("adult-derived", child)
    with pytest.raises(BadInput, match="somebody of 40 years"):
        subject("he-2014", person(age="40", weight="70 kg"))


@pytest.mark.parametrize(
    ("id", "who", "given", "said"),
    [
        ("kochak-1985", None, {}, "no rate of absorption"),
        ("nobody-1999", None, {}, "no model of the library"),
        (None, None, {"CRCL": "40 kg"}, "cannot be turned into"),
        (None, None, {"CRCL": -1}, "out of range"),
        (None, None, {"HAIR": 1}, "no covariate"),
        (None, {"age": "50", "dialysis": True}, {}, "on dialysis"),
        (None, {"age": "8"}, {}, "WT"),
    ],
)
def test_refusals(id: str | None, who: dict[str, object] | None, given: dict[str, str | float], said: str) -> None:
    with pytest.raises(BadInput) as bad:
        subject(id, None if who is None else person(**who), given)
    assert said in str(bad.value)


def test_doses_that_make_no_sense() -> None:
    with pytest.raises(BadInput) as bad:
        Dosing(doses=((2, 5), (1, 0)), edges=(0,))
    assert {fault.path for fault in bad.value.faults} == {"edges", "doses"}
    with pytest.raises(BadInput, match="from 0 to 100"):
        expected(ADULT, SETTLED, percents=[101])
