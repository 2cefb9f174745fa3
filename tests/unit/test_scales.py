"""What a person can log: values that are on a scale and values that are not, the data, the checker, and how common side effects are."""

from __future__ import annotations

import copy
import tomllib
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest

from gradatim.domain.citation import Citation
from gradatim.domain.fault import BadInput, Unreadable
from gradatim.domain.knowledge import Frequency, Reaction
from gradatim.domain.reading import plain, read
from gradatim.domain.scale import Anchor, Better, Every, ImportantDifference, Rater, Scale, ScoreBand
from gradatim.monographs import UnknownScale, bibliography, leaflet, monograph, not_embedded, scale, scales
from gradatim.monographs.scales import check_scales
from gradatim.words.frequency import how_common

DATA: dict[str, Any] = tomllib.loads(files("gradatim.monographs").joinpath("scales.toml").read_text("utf-8"))
OURS = (Citation.parse("D [D]"),)
ZERO_TO_TEN = ("spasticity", "dizziness", "weakness", "mood", "sleep", "pain", "chair-ease")
GOOD_IS_HIGH = {"mood", "chair-ease", "goal"}


def a_scale(**rest: Any) -> Scale:
    given = {"low": 0, "high": 10, **rest}
    return Scale(id="x", name="X", question="How?", frame="now", every=Every.DAY, source=OURS, **given)


# --- values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "values"),
    [
        *[(id, (0, 1, 5, 9, 10)) for id in ZERO_TO_TEN],
        ("spasms", (0, 1, 4)),
        ("spasm-severity", (1, 2, 3)),
        ("sleepiness", (1, 4, 7)),
        ("falls", (0, 1, 50)),
        ("chair-time", (20, 143, 3000)),
        ("goal", (-2, -1, 0, 1, 2)),
        ("ashworth", (0, 10, 15, 20, 30, 40)),
    ],
)
def test_values_on_the_scale(id: str, values: tuple[int, ...]) -> None:
    for value in values:
        assert scale(id).accepts(value) == value
        assert scale(id).typed(scale(id).written(value)) == value


@pytest.mark.parametrize(
    ("id", "value", "remedy"),
    [
        ("pain", -1, "Give a whole number from 0 to 10"),
        ("pain", 11, "Give a whole number from 0 to 10"),
        ("spasms", 5, "Give a whole number from 0 to 4"),
        ("spasm-severity", 0, "Give a whole number from 1 to 3"),
        ("sleepiness", 0, "Give a whole number from 1 to 7"),
        ("sleepiness", 8, "Give a whole number from 1 to 7"),
        ("falls", 51, "Give a whole number from 0 to 50"),
        ("chair-time", 19, "Give a number from 2 s to 300 s"),
        ("chair-time", 3001, "Give a number from 2 s to 300 s"),
        ("goal", 3, "Give a whole number from −2 to 2"),
        ("ashworth", 2, "Give 0 or 1"),  # the grade 2 is kept as 20: a bare 2 must not pass as any grade
        ("ashworth", 41, "Give 0, 1, 1+, 2, 3 or 4"),
    ],
)
def test_values_off_the_scale(id: str, value: int, remedy: str) -> None:
    with pytest.raises(Unreadable) as refused:
        scale(id).accepts(value)
    assert refused.value.remedy == remedy


@pytest.mark.parametrize("value", [4.5, 4.0, True, "4", None])
def test_what_is_no_whole_number(value: Any) -> None:
    with pytest.raises(Unreadable, match="Give a whole number from 0 to 10"):
        scale("pain").accepts(value)


@pytest.mark.parametrize(
    ("id", "text", "value"),
    [
        ("pain", " 7 ", 7),
        ("pain", "7.0", 7),
        ("pain", "+7", 7),
        ("chair-time", "14.3", 143),
        ("chair-time", "14,3 s", 143),
        ("chair-time", "14", 140),
        ("chair-time", "14.30s", 143),
        ("goal", "-2", -2),
        ("goal", "−2", -2),
        ("goal", "+1", 1),
        ("ashworth", "1", 10),
        ("ashworth", "1+", 15),
        ("ashworth", "2", 20),
    ],
)
def test_what_people_type(id: str, text: str, value: int) -> None:
    assert scale(id).typed(text) == value


@pytest.mark.parametrize(
    ("id", "text", "remedy"),
    [
        ("pain", "4.5", "Give 4 or 5"),
        ("pain", "4,5", "Give 4 or 5"),
        ("pain", "10.5", "Give a whole number from 0 to 10"),
        ("pain", "11", "Give a whole number from 0 to 10"),
        ("pain", "-1", "Give a whole number from 0 to 10"),
        ("pain", "a lot", "Give a whole number from 0 to 10"),
        ("pain", "", "Give a whole number from 0 to 10"),
        ("pain", "7/10", "Give a whole number from 0 to 10"),
        ("pain", "٧", "Give a whole number from 0 to 10"),
        ("pain", "9" * 5000, "Give a whole number from 0 to 10"),
        ("chair-time", "14.33", "Give 14.3 s or 14.4 s"),
        ("chair-time", "1.9", "Give a number from 2 s to 300 s"),
        ("ashworth", "1.2", "Give 1 or 1+"),
        ("ashworth", "1.25", "Give 1 or 1+"),
        ("ashworth", "5", "Give 0, 1, 1+, 2, 3 or 4"),
    ],
)
def test_what_cannot_be_read(id: str, text: str, remedy: str) -> None:
    with pytest.raises(Unreadable) as refused:
        scale(id).typed(text)
    assert refused.value.remedy == remedy


def test_steps_wider_than_one() -> None:
    five = a_scale(high=20, step=5)
    assert five.values == (0, 5, 10, 15, 20)
    with pytest.raises(Unreadable, match="Give 5 or 10"):
        five.accepts(7)


def test_a_value_in_words_and_in_its_unit() -> None:
    assert scale("chair-time").written(143) == "14.3 s"
    assert scale("chair-time").written(140) == "14 s"
    assert scale("chair-time").in_unit(143) == Fraction(143, 10)
    assert scale("ashworth").written(15) == "1+"
    assert scale("ashworth").in_unit(15) == Fraction(3, 2)
    assert scale("goal").written(-2) == "−2"
    assert scale("goal").words(-2) == "much less than expected"
    assert scale("pain").words(5) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "none or mild"),
        (3, "none or mild"),
        (Fraction(799, 200), "none or mild"),  # 3.995: below 4
        (4, "moderate"),
        (6, "moderate"),
        (Fraction(139, 20), "moderate"),  # 6.95
        (7, "severe"),
        (10, "severe"),
    ],
)
def test_the_bands_of_spasticity(value: int | Fraction, words: str) -> None:
    band = scale("spasticity").band(value)
    assert band is not None
    assert band.words == words
    assert [str(key) for key in band.source] == ["NABIX [2]"]
    assert scale("pain").band(value) is None


@pytest.mark.parametrize("id", list(scales()))
def test_which_end_is_good(id: str) -> None:
    one = scale(id)
    assert one.better is (Better.HIGH if id in GOOD_IS_HIGH else Better.LOW)
    rises = one.improved(one.values[0], one.values[-1])
    assert rises is (id in GOOD_IS_HIGH)
    assert one.improved(one.values[-1], one.values[0]) is not rises
    assert one.improved(one.values[0], one.values[0]) is None
    assert a_scale().improved(0, 1) is None


@pytest.mark.parametrize("id", ["mood", "chair-ease"])
def test_a_question_whose_high_end_is_good_says_so(id: str) -> None:
    assert "0 is" in scale(id).question
    assert "10 is" in scale(id).question


@pytest.mark.parametrize(
    "rest",
    [
        {"high": 0},
        {"high": 10, "step": 0},
        {"high": 10, "step": 3},
        {"parts": 0},
        {"anchors": (Anchor(value=11, words="x"),)},
        {"anchors": (Anchor(value=1, words="x"), Anchor(value=0, words="y"))},
        {"anchors": (Anchor(value=1, words="x"), Anchor(value=1, words="y"))},
        {"bands": (ScoreBand(start=1, words="x", source=OURS),)},
        {"anchored_only": True},
    ],
)
def test_a_scale_cannot_exist_in_a_bad_state(rest: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        a_scale(**rest)


@pytest.mark.parametrize(("low", "high"), [("0", None), ("-1", None), ("2", "1"), ("x", None), ("1", "NaN")])
def test_a_difference_cannot_exist_in_a_bad_state(low: str, high: str | None) -> None:
    with pytest.raises(Unreadable):
        ImportantDifference(population="x", conditions=(), low=low, high=high, source=OURS)


# --- the data --------------------------------------------------------------------------------------------------


def test_the_scales_of_the_facts_are_there_in_the_order_of_the_check_in() -> None:
    daily = [one.id for one in scales().values() if one.every is Every.DAY]
    assert daily == [
        "spasticity", "spasms", "spasm-severity", "sleepiness", "dizziness", "weakness", "mood", "sleep", "pain", "falls", "chair-ease",
    ]  # fmt: skip
    assert [one.id for one in scales().values() if one.every is Every.WEEK] == ["chair-time", "goal"]
    assert [one.id for one in scales().values() if one.every is Every.VISIT] == ["ashworth"]
    assert [one.id for one in scales().values() if one.by is Rater.CLINICIAN] == ["ashworth"]


def test_ranges_and_windows_as_in_the_facts() -> None:
    ranges = {id: (one.low, one.high) for id, one in scales().items()}
    assert {ranges[id] for id in ZERO_TO_TEN} == {(0, 10)}
    assert (ranges["spasms"], ranges["spasm-severity"], ranges["sleepiness"]) == ((0, 4), (1, 3), (1, 7))
    assert scale("spasms").frame == "in the last 24 hours"
    assert "24 hours" in (scale("spasms").derived or "")  # the Penn scale names no window: ours is said to be ours
    assert scale("spasm-severity").only_if == "spasms"
    assert scale("sleepiness").frame == "right now"


def test_important_differences_only_where_the_facts_have_them_and_only_for_their_people() -> None:
    spans = {id: [each.span for each in one.important] for id, one in scales().items() if one.important}
    assert spans == {
        "chair-time": [(Fraction(3), Fraction(3)), (Fraction(7, 10), Fraction(19, 10))],
        "ashworth": [
            (Fraction(48, 100), Fraction(76, 100)),
            (Fraction(45, 100), Fraction(73, 100)),
        ],
    }
    assert {each.conditions for one in scales().values() for each in one.important} == {("stroke",)}
    assert "breaks off before the numbers" in (scale("spasticity").not_found or "")  # the numbers of Farrar: not found


def test_what_may_not_be_asked_is_named_with_its_reason() -> None:
    assert {refused.id for refused in not_embedded()} >= {"epworth", "karolinska", "msss-88", "phq-2"}
    assert all(refused.reason and refused.source for refused in not_embedded())


def test_the_packaged_scales_have_no_fault() -> None:
    assert check_scales() == ()


def test_every_source_resolves() -> None:
    for one in scales().values():
        cited = [*one.source]
        cited += [key for difference in one.important for key in difference.source]
        cited += [key for band in one.bands for key in band.source]
        assert cited
        assert {citation.key for citation in cited} <= bibliography().keys()


def test_reading_and_writing_undo_one_another() -> None:
    for one in scales().values():
        assert read(Scale, plain(one)) == one


def test_an_unknown_scale_is_told_the_nearest() -> None:
    with pytest.raises(UnknownScale, match="Did you mean spasticity"):
        scale("spastisity")


def test_the_questions_are_short_and_end_as_questions() -> None:
    for one in scales().values():
        assert "?" in one.question
        assert len(one.question) <= 120
        assert "!" not in one.question


# --- the checker -----------------------------------------------------------------------------------------------


def changed(id: str, /, **rest: Any) -> dict[str, Any]:
    """The packaged data with fields of one scale replaced; None takes a field out."""
    data = copy.deepcopy(DATA)
    one = next(one for one in data["scales"] if one["id"] == id)
    one |= rest
    for name in [name for name, value in one.items() if value is None]:
        del one[name]
    return data


@pytest.mark.parametrize(
    ("id", "rest", "problem"),
    [
        ("pain", {"source": []}, "no source"),
        ("pain", {"source": ["NOBODY [A]"], "derived": None}, "not in the bibliography"),
        ("pain", {"derived": None}, "it is not said what"),
        ("sleepiness", {"source": ["NINDS [2]"]}, "D [D] is missing"),
        ("sleepiness", {"source": ["NINDS [D]", "D [D]"]}, "mixes a source"),
        ("pain", {"not_found": None}, "nothing is said of the difference"),
        ("pain", {"id": "epworth"}, "may not be asked"),
        ("pain", {"name": "Epworth Sleepiness Scale"}, "may not be asked"),
        ("pain", {"name": "Karolinska"}, "may not be asked"),
        ("pain", {"id": "msss-88-stiffness"}, "may not be asked"),
        ("pain", {"id": "phq2"}, "may not be asked"),
        ("ashworth", {"by": "person"}, "for clinicians"),
        ("pain", {"anchors": []}, "no words"),
        ("pain", {"anchors": [{"value": 0, "words": "x"}]}, "the high end"),
        ("pain", {"id": "mood"}, "twice"),
        ("spasm-severity", {"only_if": "goal"}, "not asked before it"),
        ("pain", {"high": -1}, "is not a scale"),
    ],
)
def test_the_checker_refuses(id: str, rest: dict[str, Any], problem: str) -> None:
    faults = check_scales(changed(id, **rest))
    assert any(problem in fault.problem for fault in faults), faults
    assert all(fault.remedy for fault in faults)


def test_the_checker_looks_into_bands_and_differences() -> None:
    bad = changed("spasticity", bands=[{"start": 0, "words": "x", "source": []}])
    assert [fault.path for fault in check_scales(bad)] == ["scales[0].bands[0].source"]
    stroke = {"population": "x", "conditions": ["strok"], "low": "1", "source": ["CHEN [A]"]}
    faults = check_scales(changed("ashworth", important=[stroke]))
    assert [fault.remedy for fault in faults] == ["Did you mean stroke?"]


def test_the_checker_misses_a_refusal_that_is_not_named() -> None:
    data = copy.deepcopy(DATA)
    data["not_embedded"] = [one for one in data["not_embedded"] if one["id"] != "phq-2"]
    assert [fault.problem for fault in check_scales(data)] == ["phq-2 is not named"]


def test_conditions_of_a_difference_are_those_of_the_monograph() -> None:
    assert "stroke" in {condition.code for condition in monograph().conditions}


# --- how common ------------------------------------------------------------------------------------------------


def lines(id: str) -> list[str]:
    return [str(line) for line in how_common(next(one for one in leaflet().reactions if one.id == id))]


@pytest.mark.parametrize(
    ("id", "start"),
    [
        ("drowsiness", "10 to 63 in 100 people – US label, read in a copy, GLOBALRPH [M]"),
        ("dizziness", "5 to 15 in 100 people"),
        ("weakness", "5 to 15 in 100 people"),
        ("fatigue", "2 to 4 in 100 people"),
        ("confusion", "1 to 11 in 100 people"),
        ("headache", "4 to 8 in 100 people"),
        ("insomnia", "2 to 7 in 100 people"),
        ("hypotension", "up to 9 in 100 people"),
        ("nausea", "4 to 12 in 100 people"),
        ("constipation", "2 to 6 in 100 people"),
        ("urinary-frequency", "2 to 6 in 100 people"),
        ("any", "10 to 75 in 100 people – review of trials, DARIO [A]"),
    ],
)
def test_the_published_figures_in_plain_words(id: str, start: str) -> None:
    assert lines(id)[0].startswith(start)


def test_sources_that_differ_stand_side_by_side() -> None:
    assert lines("drowsiness")[1].startswith(
        "very common (at least 1 in 10): about 10 in 100 people (10.2 %) – Swiss text, CH-AE [T]"
    )
    assert [line.split(" – ")[0] for line in lines("nausea")] == [
        "4 to 12 in 100 people",
        "very common (at least 1 in 10)",
        "about 1 person in 10",
    ]
    assert [line.split(" – ")[0] for line in lines("any")] == ["10 to 75 in 100 people", "25 to 75 in 100 people"]


def test_every_reaction_has_a_line_for_each_source() -> None:
    for reaction in leaflet().reactions:
        said = how_common(reaction)
        assert len(said) == len(reaction.frequencies) > 0
        assert all(line.source and line.text != "no number given" for line in said)
        assert all(f"{line.source[0]}" in str(line) or line.source[0].key == "D" for line in said)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("10.0", "63", "10 to 63 in 100 people"),
        ("0", "9", "up to 9 in 100 people"),
        (None, "9", "up to 9 in 100 people"),
        ("4", None, "at least 4 in 100 people"),
        ("10.2", "10.2", "about 10 in 100 people (10.2 %)"),
        ("5", "5", "about 5 in 100 people"),
        ("0.2", "0.2", "about 0.2 in 100 people (0.2 %)"),
        ("0.5", "1.5", "0.5 to 1.5 in 100 people"),
        (None, None, "no number given"),
    ],
)
def test_shares_in_words(low: str | None, high: str | None, text: str) -> None:
    one = Frequency(source=(Citation.parse("MARTIN [2]"),), percent_low=low, percent_high=high)
    (line,) = how_common(Reaction(id="x", name="x", plain="x", frequencies=(one,)))
    assert line.text == text
    assert str(line) == f"{text} – MARTIN [2]"
