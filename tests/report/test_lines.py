"""The lines over a record: their drawing is their data, gaps stay gaps, every state has a shape, and each has its table."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from statistics import median

import pytest
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st

from gradatim.domain.scale import Every, Scale
from gradatim.monographs.scales import scale, scales
from gradatim.report.lines import (
    DayTaken,
    StepMark,
    SymptomLine,
    TakenLine,
    symptom_rows,
    symptom_svg,
    taken_rows,
    taken_svg,
)
from gradatim.report.lines.axes import SIZE, ceiling, number
from gradatim.report.lines.symptom import described as symptom_described
from gradatim.report.lines.taken import described as taken_described
from gradatim.report.staircase.scale import width_of
from tests.journals import mg
from tests.report.records import CASES

SVG = {"s": "http://www.w3.org/2000/svg"}
FIRST = date(2026, 9, 2)
DAY = timedelta(days=1)


def symptom(values: dict[int, float], days: int = 28, **changed: object) -> SymptomLine:
    made = SymptomLine(
        scale=scale("spasticity"), first=FIRST, last=FIRST + (days - 1) * DAY,
        points=tuple((FIRST + at * DAY, value) for at, value in sorted(values.items())),
        steps=(StepMark(day=FIRST, total=mg(15)), StepMark(day=FIRST + 7 * DAY, total=mg(20))), not_recorded=(FIRST + 3 * DAY,),
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def root(text: str) -> ET.Element:
    return ET.fromstring(text)


def dots(drawing: ET.Element, ink: str) -> list[tuple[float, float]]:
    found = drawing.findall(f".//s:circle[@class='gs-fill-{ink}']", SVG)
    return [(float(one.get("cx", "")), float(one.get("cy", ""))) for one in found]


def test_each_day_with_data_is_a_dot_where_its_value_is() -> None:
    drawing = root(symptom_svg(symptom({0: 10, 1: 5, 5: 0}), 300, 100))
    (x0, y0), (x1, y1), (x5, y5) = dots(drawing, "step")
    assert abs((y0 + y5) / 2 - y1) < 0.2
    assert abs((x5 - x0) - 5 * (x1 - x0)) < 0.6


def test_a_missing_day_breaks_the_line() -> None:
    made = symptom({0: 3, 1: 4, 3: 5, 4: 5, 5: 6, 9: 2})
    assert [[value for _, value in piece] for piece in made.pieces] == [[3, 4], [5, 5, 6], [2]]
    lines = root(symptom_svg(made, 300, 100)).findall("s:path[@class='gs-stroke-step']", SVG)
    assert [(path.get("d") or "").count("L") for path in lines] == [1, 2]


def test_a_scale_asked_every_week_joins_weeks() -> None:
    weekly = scale("chair-time")
    assert weekly.every is Every.WEEK
    made = symptom({0: 14.3, 7: 13.1, 21: 12.0}, scale=weekly)
    assert [len(piece) for piece in made.pieces] == [2, 1]
    assert "s, lower is better" in made.title


def test_a_change_of_dose_is_a_line_with_its_day_total() -> None:
    drawing = root(symptom_svg(symptom({0: 3}), 300, 100))
    dashed = [path for path in drawing.findall("s:path", SVG) if path.get("stroke-dasharray")]
    assert len(dashed) == 2
    assert {"15", "20"} <= {text.text for text in drawing.findall("s:text", SVG)}


def test_a_dose_not_recorded_is_a_circle_with_a_bar() -> None:
    with_one, without = (symptom_svg(symptom({0: 3}, not_recorded=days), 300, 100) for days in ((FIRST,), ()))
    assert with_one.count("<circle") == without.count("<circle") + 2
    assert with_one.count("<path") == without.count("<path") + 1


@pytest.mark.parametrize("days", [1, 10, 28, 84])
def test_the_table_is_the_drawing(days: int) -> None:
    values = {at: float((at * 7) % 11) for at in range(0, days, 2)}
    made = symptom(values, days)
    heading, *body = symptom_rows(made)
    assert all(len(row) == len(heading) for row in body)
    assert sum(int(row[3]) for row in body) == len(values) == len(dots(root(symptom_svg(made, 300, 100)), "step"))
    assert len(body) == (days if days <= 14 else -(-days // 7))
    assert body[0][1] == number(median([value for at, value in values.items() if at < (1 if days <= 14 else 7)]))


def test_a_week_without_data_says_so() -> None:
    assert symptom_rows(symptom({0: 3}))[2][1:4] == ("no data", "–", "0")


def taken(*days: tuple[int, int | None, bool]) -> TakenLine:
    made = tuple(
        DayTaken(day=FIRST + at * DAY, planned=mg(30), taken=None if amount is None else mg(amount), certain=certain, missed=not certain)
        for at, amount, certain in days
    )  # fmt: skip
    return TakenLine(first=FIRST, last=FIRST + 13 * DAY, days=made)


def test_what_was_taken_is_a_full_dot_and_what_may_be_more_a_hollow_one() -> None:
    made = taken((0, 30, True), (1, 20, False), (2, None, False), (3, 30, True))
    drawing = root(taken_svg(made, 500, 100, title="x", key=False))
    assert len(dots(drawing, "ink")) == 2
    assert [len(piece) for piece in made.pieces] == [2, 1]
    assert {"30", "20+", "?"} <= {text.text for text in drawing.findall("s:text", SVG)}


def test_a_day_that_is_not_over_is_not_joined_to_the_rest() -> None:
    made = taken((0, 30, True), (1, 10, False))
    today = replace(made, days=(made.days[0], replace(made.days[1], still_open=True, missed=0)))
    assert [len(piece) for piece in today.pieces] == [1]
    assert taken_rows(today)[2][1] == "10 mg so far"


def test_every_sign_that_is_there_is_explained() -> None:
    plain = taken((0, 30, True))
    strange = replace(plain, days=(replace(plain.days[0], missed=1, skipped=1, unsure=1, extra=1),))
    for words in ("a dose not recorded", "skipped", "not sure", "extra"):
        assert words in taken_svg(strange, 700, 100, title="x")
        assert words not in taken_svg(plain, 700, 100, title="x").split("</desc>")[1]


def test_the_table_of_what_was_taken_is_the_record() -> None:
    report = CASES["full"]()
    heading, *body = taken_rows(report.since_line)
    assert len(heading) == 7
    assert [row[2] for row in body] == [str(day.planned) for day in report.since.days]
    for row, day in zip(body, report.since.days, strict=True):
        known = f"at least {day.taken}" if day.unknown else str(day.taken)
        assert row[1] == (known if day.taken or (day.recorded and not day.unknown) else "not recorded")
        assert int(row[3]) == day.tally.missed


def test_days_in_a_row_are_said_once() -> None:
    said = taken_described(taken((0, 30, True), (1, 30, True), (2, None, False)))
    assert (
        said
        == "Taken and planned, mg a day: Wed 2 Sep – Thu 3 Sep 2026 30 mg of 30 mg; Fri 4 Sep 2026 not recorded of 30 mg."
    )


def test_the_symptom_is_said_in_one_sentence() -> None:
    said = symptom_described(symptom({0: 6, 1: 7, 27: 4}))
    assert said.startswith(
        "Spasticity, 0 to 10, lower is better, Wed 2 Sep – Tue 29 Sep 2026: data on 3 of 28 days, median 6.5 in the week of"
    )
    assert said.endswith("dose changes: 15 mg a day from Wed 2 Sep 2026, 20 mg a day from Wed 9 Sep 2026.")


def overlaps(drawing: ET.Element) -> list[tuple[str, str]]:
    boxes = []
    for one in drawing.findall("s:text", SVG):
        words, x, y = one.text or "", float(one.get("x", "0")), float(one.get("y", "0"))
        wide = width_of(words, SIZE) * 0.9
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[one.get("text-anchor", "start")]
        boxes.append((words, left, left + wide, y - 7, y + 1))
    return [
        (a[0], b[0]) for a, b in combinations(boxes, 2) if a[1] < b[2] and b[1] < a[2] and a[3] < b[4] and b[3] < a[4]
    ]


@settings(max_examples=60)
@each(
    st.sampled_from([one for one in scales().values() if one.id != "falls"]),
    st.integers(1, 84),
    st.dictionaries(st.integers(0, 83), st.integers(0, 1000), max_size=84),
    st.lists(st.integers(0, 83), max_size=12, unique=True),
)
def test_any_line_can_be_drawn_and_read(kind: Scale, days: int, values: dict[int, int], steps: list[int]) -> None:
    lowest, highest = kind.low, kind.high
    known = {
        at: float(kind.in_unit(lowest + value % (highest - lowest + 1))) for at, value in values.items() if at < days
    }
    marks = tuple(
        StepMark(day=FIRST + at * DAY, total=mg(5 * place + 5)) for place, at in enumerate(sorted(steps)) if at < days
    )
    made = symptom(known, days, scale=kind, steps=marks)
    drawing = root(symptom_svg(made, 264, 90))
    assert overlaps(drawing) == []
    assert len(dots(drawing, "step")) == len(known)
    assert all(0 <= x <= 264 and 0 <= y <= 90 for x, y in dots(drawing, "step"))
    assert sum(int(row[3]) for row in symptom_rows(made)[1:]) == len(known)


@pytest.mark.parametrize("name", ["full", "28 days", "two years", "one day"])
def test_no_label_of_a_page_lies_over_another(name: str) -> None:
    report = CASES[name]()
    assert all(overlaps(root(symptom_svg(line, 264, 90))) == [] for line in report.lines)
    assert overlaps(root(taken_svg(report.recent_line, 521, 86, title="x", medium="paper"))) == []
    assert overlaps(root(taken_svg(report.recent_line, 500, 112, title="x"))) == []
    assert overlaps(root(taken_svg(report.since_line, 264, 90, title="Taken and planned, mg a day", key=False))) == []


def test_on_paper_it_is_plain_and_on_the_web_it_follows_the_page() -> None:
    web, paper = (symptom_svg(symptom({0: 3}), 300, 100, medium=medium) for medium in ("web", "paper"))
    assert "prefers-color-scheme:dark" in web
    assert "<style" not in paper
    drawing = root(web)
    assert drawing.get("role") == "img"
    assert drawing.find("s:title", SVG) is not None
    assert drawing.find("s:desc", SVG) is not None


def test_the_letters_of_a_figure_are_nine_points() -> None:
    assert re.findall(r'font-size="([\d.]+)"', symptom_svg(symptom({0: 3}), 300, 100)) == ["9"]


@pytest.mark.parametrize(("value", "top"), [(1, 1), (5, 5), (17, 20), (45, 50), (110, 120), (149, 160), (301, 400)])
def test_the_axis_ends_at_a_round_number(value: float, top: float) -> None:
    assert ceiling(value) == top
