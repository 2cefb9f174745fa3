"""Drug levels as a figure, as a table and in words: what is planned, what was taken, what is typical and what is spread."""

from __future__ import annotations

import re
import time as clock
from datetime import date, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from gradatim.cli.look import opened
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput
from gradatim.domain.fold import fold
from gradatim.journal.demo import demo_entries
from gradatim.kinetics.subject import subject
from gradatim.monographs import bibliography, leaflet, monograph
from gradatim.report.levels import (
    Arm,
    LevelFigure,
    at_speed,
    compared,
    described,
    level_figure,
    meaning,
    planned,
    rows,
    split,
    steps,
    taken,
    to_svg,
    windows,
)
from gradatim.report.levels.arm import held
from gradatim.report.levels.legend import wrapped
from gradatim.report.levels.picture import to_png
from gradatim.report.levels.table import curve_rows, data, day_rows, to_csv
from gradatim.words.english.levels import LEVELS
from tests.report.pixels import pixels

EXAMPLES = Path(__file__).parents[2] / "examples"
ADULT = opened(EXAMPLES / "ms-adult.toml")
TAPER = opened(EXAMPLES / "taper-after-3-months.toml")
RECORD = fold(demo_entries(monograph()))
NOW = Instant.parse("2026-11-25T00:00:00Z")
WHO = subject(person=ADULT.person)
TIMES = (time(8), time(14), time(21))
THIRTY = OralDose(30_000)
LONDON = "Europe/London"


def plan(**window: object) -> Arm:
    return planned("plan", ADULT.course, LONDON, monograph(), **window)  # type: ignore[arg-type]


def was_taken(days: int = 21) -> Arm:
    return taken("taken", RECORD, monograph(), leaflet(), NOW, days=days)


def figure(*arms: Arm, people: int = 100) -> LevelFigure:
    return level_figure(arms, WHO, people=people)


# --- arms ---------------------------------------------------------------------------------------------------------------


def test_the_doses_of_a_plan_by_the_clock() -> None:
    arm = plan(days=14)
    assert (arm.first, arm.last, arm.days) == (date(2026, 12, 1), date(2026, 12, 14), 14)
    assert arm.dosing.doses[:4] == ((8.0, 5.0), (14.0, 5.0), (21.0, 5.0), (32.0, 5.0))
    assert [(one.first.day, one.last.day, str(one.total)) for one in arm.treads] == [
        (1, 3, "15 mg"), (4, 6, "30 mg"), (7, 9, "45 mg"), (10, 14, "60 mg"),
    ]  # fmt: skip
    assert arm.notes[0].key == "levels.from-nothing"


def test_a_taper_begins_where_the_person_is() -> None:
    """The doses of the days before are reckoned in: the first hour is no zero."""
    arm = planned("taper", TAPER.course, TAPER.person.zone, monograph(), days=7)
    assert arm.notes[0].key == "levels.before"
    assert min(hour for hour, _ in arm.dosing.doses) < -480
    assert level_figure([arm], WHO, percents=[]).panels[0].levels.levels[0] > 50


def test_a_window_inside_a_plan_remembers_the_days_before() -> None:
    inside = figure(plan(first=date(2026, 12, 12), days=2)).panels[0].levels
    whole = figure(plan(days=14)).panels[0].levels
    assert inside.days[0].area == pytest.approx(whole.days[11].area, rel=1e-9)


def test_a_day_of_25_hours_is_one_day() -> None:
    arm = taken("taken", RECORD, monograph(), leaflet(), NOW, first=date(2026, 10, 20))
    lengths = [b - a for a, b in zip(arm.dosing.edges, arm.dosing.edges[1:], strict=False)]
    assert lengths[5] == 25
    assert {*lengths[:5], *lengths[6:]} == {24}


def test_what_is_not_recorded_is_not_called_left_out() -> None:
    """Doses that nobody knows of are not among the doses taken; with them the level would be higher."""
    arm = was_taken()
    assert len(arm.unknown) == 6
    assert arm.at_most is not None
    assert len(arm.at_most.doses) == len(arm.dosing.doses) + 6
    assert date(2026, 11, 4) in arm.days_unknown
    assert not {*arm.unknown} & {*arm.dosing.doses}
    panel = figure(arm).panels[0]
    assert panel.at_most is not None
    assert sum(day.area for day in panel.at_most.days) > sum(day.area for day in panel.levels.days)
    assert all(b >= a - 1e-9 for a, b in zip(panel.levels.levels, panel.at_most.levels, strict=True))
    assert any("4 doses of these days are not recorded" in one for one in meaning(figure(arm)))


def test_only_the_days_asked_for_are_looked_at() -> None:
    """A record may be ten years long: what is worked out hangs on the window alone."""
    arm = was_taken(7)
    assert arm.days == 7
    assert min(hour for hour, _ in arm.dosing.doses) >= -21 * 24
    assert len(arm.dosing.doses) < 7 * 3 + 21 * 3 + 6
    start = clock.perf_counter()
    figure(arm)
    assert clock.perf_counter() - start < 20


@pytest.mark.parametrize(
    ("window", "said"),
    [({"days": 367}, "too many"), ({"first": date(2026, 12, 5), "last": date(2026, 12, 1)}, "is before")],
)
def test_windows_that_are_none(window: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        plan(**window)


def test_a_missed_weekend_lies_inside() -> None:
    with pytest.raises(BadInput, match="lies outside"):
        plan(days=14).without(date(2027, 2, 6), date(2027, 2, 7), "away")


# --- comparisons --------------------------------------------------------------------------------------------------------


def test_two_splits_of_a_day_have_the_same_average() -> None:
    even = split("even", THIRTY, (1, 1, 1), date(2026, 12, 1), LONDON, TIMES)
    night = split("bedtime-heavy", THIRTY, (1, 1, 4), date(2026, 12, 1), LONDON, TIMES)
    assert [mg for hour, mg in night.dosing.doses if 0 <= hour < 24] == [5, 5, 20]
    made = figure(even, night)
    said = compared(made)[0]
    assert said.startswith("bedtime-heavy, beside even: the average level is the same; the highest is ")
    found = re.search(r"highest is (\d+) % higher", said)
    assert found is not None
    peaks = [max(day.highest for day in panel.levels.days) for panel in made.panels]
    assert int(found[1]) == round(100 * (peaks[1] / peaks[0] - 1))


def test_a_missed_weekend_in_words() -> None:
    whole = plan(first=date(2026, 12, 14), days=14)
    away = whole.without(date(2026, 12, 19), date(2026, 12, 20), "without the weekend")
    said = compared(figure(whole, away))[0]
    assert "the average level is 14 % lower; the highest is the same, and the lowest after the first day" in said
    assert "% lower." in said


def test_speeds_up_and_down() -> None:
    slow, fast = (at_speed(ADULT.course.latest, LONDON, days) for days in (7, 3))
    assert (slow.name, fast.name) == ("steps of 7 days", "steps of 3 days")
    assert [one.total for one in slow.treads] == [one.total for one in fast.treads]
    assert slow.treads[0].last == slow.first + timedelta(days=6)
    down = at_speed(TAPER.course.latest, LONDON, 7)
    assert down.notes[0].key == "levels.before"
    assert not down.treads[-1].total
    assert figure(down, at_speed(TAPER.course.latest, LONDON, 14), people=50).panels[0].levels.days[-1].highest < 1


def test_the_last_step_of_a_taper_takes_all() -> None:
    said = steps(figure(planned("taper", TAPER.course, TAPER.person.zone, monograph()), people=20).panels[0])
    falls = [int(found[1]) for one in said if (found := re.search(r"(\d+) % lower", one))]
    assert falls[-1] == max(falls) == 50  # a step of the same mg is an ever larger share of what is left
    assert "the level goes to 0" in said[-1]
    arm = planned("taper", TAPER.course, TAPER.person.zone, monograph())
    assert arm.before is not None
    assert f"from {arm.before} to {arm.treads[0].total}" in said[0]  # the first cut, from what was taken before
    assert len(said) == len(arm.treads)
    assert all(one.endswith("SIMON [A], MARSOT [A].") for one in said)


def test_the_hours_of_a_day_above_its_middle_level() -> None:
    made = figure(plan(days=14))
    said = windows(made.panels[0], WHO)
    assert said.startswith("On Mon 14 Dec 2026 the level is above your own middle level ")
    spans = [
        tuple(60 * int(one[:2]) + int(one[3:]) for one in pair)
        for pair in re.findall(r"from (\d\d:\d\d) to (\d\d:\d\d)", said)
    ]
    assert all(b > a for a, b in spans)
    assert "no source tells" in said
    after = figure(planned("taper", TAPER.course, TAPER.person.zone, monograph()), people=20).panels[0]
    assert after.levels.days[-1].mg == 0
    last = max(k for k, day in enumerate(after.levels.days) if day.mg)
    assert windows(after, WHO) == windows(after, WHO, last)  # not of a day when the drug is gone
    early = windows(made.panels[0], WHO, 0)
    assert "from midnight" not in early  # before the first dose there is nothing


# --- the figure ---------------------------------------------------------------------------------------------------------


def test_the_figure_is_sound_and_carries_what_it_means() -> None:
    made = figure(plan(days=7))
    drawn = to_svg(made)
    root = ElementTree.fromstring(drawn)
    words = " ".join("".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "KOCHAK [A]" in words
    assert "derived [D]" in words
    assert "no usable link was found" in words
    assert "90 of 100 made-up people" in words
    assert "prefers-color-scheme:dark" in drawn
    assert "<style>" not in to_svg(made, medium="paper")


def test_a_line_does_not_end_within_a_number() -> None:
    """Thousands are grouped by a no-break space outside English: `1 250 ng/mL` stays together at every width."""
    said = "Die höchsten liegen bei 1\N{NO-BREAK SPACE}250\N{NO-BREAK SPACE}ng/mL und darüber"
    for width in range(60, 400, 7):
        drawn, _ = wrapped(said, width, 0.0)
        assert "1\N{NO-BREAK SPACE}250\N{NO-BREAK SPACE}ng/mL" in drawn
    assert len(re.findall("<text", wrapped(said, 100, 0.0)[0])) > 2


def test_panels_share_their_scales() -> None:
    """A day is as wide in every panel, and a level as high, so that the thin line of the first lies where it belongs."""
    drawn = to_svg(figure(plan(days=5), plan(days=10), people=20))
    across = [float(one) for one in re.findall(r"[ML](-?\d+\.\d) -?\d+\.\d", drawn)]
    assert min(across) > 50
    assert max(across) <= 720
    assert len(re.findall(r">1 Dec 2026<", drawn)) == 2
    places = [float(one) for one in re.findall(r'x="([\d.]+)"[^>]*>4 Dec<', drawn)]
    assert len(places) == 2
    assert places[0] == places[1]


def test_many_days_are_drawn_day_by_day() -> None:
    many, few = to_svg(figure(plan(days=37), people=20)), to_svg(figure(plan(days=7), people=20))
    assert "lowest to highest of each day" in many
    assert "lowest to highest of each day" not in few
    assert len(many) < 40_000


def test_two_bands_are_told_apart() -> None:
    four = to_svg(level_figure([plan(days=3)], WHO, people=100, percents=[5, 25, 75, 95]))
    assert "90 of 100 made-up people lie in the band" in four
    assert "50 of 100 in the darker one" in four
    assert "in the darker one" not in to_svg(figure(plan(days=3)))


def test_doses_not_recorded_have_a_sign_and_a_line() -> None:
    drawn = to_svg(figure(was_taken(), people=20))
    assert "a dose not recorded" in drawn
    assert "if the doses not recorded were taken" in drawn
    assert 'stroke-dasharray="6 2 1.5 2"' in drawn
    assert "a dose not recorded" not in to_svg(figure(plan(days=7), people=20))


def test_a_model_without_spread_says_so() -> None:
    machine = subject("renal-replacement", given={"CRCL": 0})
    made = level_figure([plan(days=3)], machine)
    assert any("no band is drawn" in one for one in meaning(made))
    assert "people lie in the band" not in to_svg(made)


def test_a_picture_with_greys_apart() -> None:
    """In grey the line of the typical person, the band and the paper are three tones."""
    seen = pixels(to_png(figure(plan(days=5), people=50), 0))
    assert seen.shape[1] == 2 * (720 + 24)
    greys, counts = np.unique(seen[..., :3] @ [0.299, 0.587, 0.114] // 8, return_counts=True)
    often = greys[counts > 2000]
    assert len(often) >= 3  # paper, band, line
    assert max(often) - min(often) > 15


def test_the_words_make_no_claim() -> None:
    """Levels are told, effects are not; nobody is called safe; and no sentence calms."""
    whole = " ".join(LEVELS.values()).lower()
    for word in ("safe", "dangerous", "therapeutic", "toxic", "overdose", "effective", "sedat", "should", "!"):
        assert word not in whole
    cited = set(re.findall(r"([A-Z][A-Z0-9-]+) \[[TAM2]\]", described(figure(plan(days=3)))))
    assert cited
    assert cited <= {*bibliography()}


# --- tables -------------------------------------------------------------------------------------------------------------


def test_the_table_has_every_step_and_the_ratio() -> None:
    whole = plan(first=date(2026, 12, 14), days=14)
    heading, *body = rows(figure(whole, whole.without(date(2026, 12, 19), date(2026, 12, 20), "away")))
    assert heading[:3] == ("Level of", "Days", "mg a day")
    assert [row[1] for row in body] == ["Mon 14 Dec – Sun 27 Dec 2026", "all days"] * 2
    assert body[-1][-1] == "86 %"
    assert body[1][-1] == "–"


def test_rows_for_programs() -> None:
    made = figure(held("plan", was_taken(5), RECORD, monograph()), was_taken(5))
    columns, curve = curve_rows(made)
    assert columns == ("arm", "at", "hour", "level", "at_most", "p5", "p50", "p95")
    assert {len(row) for row in curve} == {8}
    assert curve[0][:3] == ("plan", "2026-11-20T00:00:00Z", 0.0)
    names, days = day_rows(made)
    assert len(days) == 10
    assert names[-1] == "area_p95"
    text = to_csv(names, days)
    assert text.count("\r\n") == 11
    found = data(made)
    assert found["schema"] == "gradatim/levels/1"
    assert [arm["of"] for arm in found["arms"]] == ["plan", "taken"]
    assert found["model"]["source"][-1].startswith("AGAR")
