"""The staircase: its data is the plan, its drawing is well-formed, readable without colour, and nothing lies over anything."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradatim.domain.calendar import lay_out
from gradatim.domain.course import Course
from gradatim.domain.plan import Plan, Review
from gradatim.domain.timeline import as_planned
from gradatim.report.staircase import Kind, Staircase, rows, staircase, to_svg
from gradatim.report.staircase.scale import width_of
from tests.property.strategies import downs, table_ups
from tests.report.paper import (
    BACLOFEN,
    PRINTED,
    START,
    calendar,
    evening_heavy,
    falling,
    many_steps,
    person,
    rising,
    six_times,
)

PLANS: tuple[Callable[[], Plan], ...] = (rising, falling, six_times, evening_heavy, many_steps)
NAMESPACE = {"s": "http://www.w3.org/2000/svg"}


def figure(plan: Plan) -> Staircase:
    return staircase(calendar(plan))


def drawn(made: Staircase, width: int = 640) -> ET.Element:
    return ET.fromstring(to_svg(made, width, title="Baclofen, mg a day"))


@pytest.mark.parametrize("plan", PLANS)
def test_its_treads_are_the_steps_of_the_plan(plan: Callable[[], Plan]) -> None:
    made, steps = figure(plan()), as_planned(plan())
    assert [(t.first, t.height, tuple(d for _, d in t.amounts)) for t in made.treads] == [
        (s.first, s.day_total, s.step.doses) for s in steps
    ]
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(made.treads))
    assert made.last == made.until == plan().until
    assert len(made.gates) == sum(isinstance(item, Review) for item in plan().items)


def test_each_tread_knows_its_direction() -> None:
    assert {tread.kind for tread in figure(rising()).treads} == {Kind.RISING}
    assert [tread.kind for tread in figure(falling()).treads[-2:]] == [Kind.CUT, Kind.STOPPED]
    assert figure(falling()).treads[0].kind is Kind.CUT  # below what was taken before


def test_today_is_marked_inside_only() -> None:
    assert staircase(calendar(rising()), today=START).today == START
    assert staircase(calendar(rising()), today=START - timedelta(days=1)).today is None
    marked = to_svg(staircase(calendar(rising()), today=START), title="x")
    assert ">today<" in marked


def test_a_figure_without_days_is_refused() -> None:
    empty = lay_out(
        Course(versions=(rising(),)),
        person(),
        BACLOFEN,
        PRINTED,
        first=START - timedelta(days=9),
        last=START - timedelta(days=8),
    )
    with pytest.raises(ValueError, match="no day"):
        staircase(empty)


@pytest.mark.parametrize("plan", PLANS)
def test_it_has_its_table(plan: Callable[[], Plan]) -> None:
    made = figure(plan())
    heading, *body = rows(made)
    assert len(body) == len(made.treads)
    assert all(len(row) == len(heading) for row in body)
    assert [row[2] for row in body] == [str(tread.height) for tread in made.treads]


@pytest.mark.parametrize("plan", PLANS)
def test_the_drawing_has_a_title_and_says_everything(plan: Callable[[], Plan]) -> None:
    made = figure(plan())
    root = drawn(made)
    title, said = root.find("s:title", NAMESPACE), root.find("s:desc", NAMESPACE)
    assert title is not None
    assert said is not None
    assert title.text == "Baclofen, mg a day"
    assert all(f"{tread.height} a day" in (said.text or "") for tread in made.treads)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {said.get('id')}"


def test_markup_in_a_title_stays_text() -> None:
    root = ET.fromstring(to_svg(figure(rising()), title='</title><script>x</script> & "'))
    assert root.find(".//s:script", NAMESPACE) is None


def test_it_follows_light_dark_and_print_on_the_web_and_is_plain_on_paper() -> None:
    web, paper = (to_svg(figure(rising()), title="x", medium=medium) for medium in ("web", "paper"))
    assert "prefers-color-scheme:dark" in web
    assert "@media print" in web
    assert "var(--gradatim-step,#0F6B66)" in web
    assert "<style" not in paper
    assert "var(" not in paper


def test_slots_differ_by_pattern_not_by_hue() -> None:
    root = drawn(figure(six_times()))
    lines = [ET.tostring(p[0]).decode() for p in root.findall(".//s:pattern", NAMESPACE)]
    assert len(lines) == len(set(lines)) == 5  # the sixth, the first of the day, is plain


def overlaps(root: ET.Element) -> list[tuple[str, str]]:
    """Pairs of labels of the plot that lie over one another."""
    boxes = []
    for text in root.findall("s:text", NAMESPACE):
        words, x, y = text.text or "", float(text.get("x", "0")), float(text.get("y", "0"))
        wide = width_of(words, 11) * 0.92  # the estimate is on the wide side
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor", "start")]
        boxes.append((words, left, left + wide, y - 9, y + 2))
    return [
        (a[0], b[0]) for a, b in combinations(boxes, 2) if a[1] < b[2] and b[1] < a[2] and a[3] < b[4] and b[3] < a[4]
    ]


@pytest.mark.parametrize("width", [320, 378, 510, 960])
@pytest.mark.parametrize("plan", PLANS)
def test_no_label_lies_over_another(plan: Callable[[], Plan], width: int) -> None:
    root = drawn(figure(plan()), width)
    assert overlaps(root) == []
    assert all(0 <= float(text.get("x", "0")) <= width for text in root.findall("s:text", NAMESPACE))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(table_ups().map(lambda up: up.plan), downs().map(lambda down: down.plan)), st.integers(300, 1000))
def test_any_plan_can_be_drawn(plan: Plan, width: int) -> None:
    root = drawn(figure(plan), width)
    assert overlaps(root) == []
    numbers = re.findall(r'"(-?\d+(?:\.\d+)?)"', ET.tostring(root).decode())
    assert all(abs(float(number)) < 5000 for number in numbers)
