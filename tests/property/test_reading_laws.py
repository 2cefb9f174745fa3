"""Data in and out: what is written is read back the same; what is wrong is all reported at once, at the right paths."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.strategies import (
    Down,
    Up,
    courses,
    custom_orders,
    downs,
    people,
    protocol_orders,
    table_orders,
    taper_orders,
    ups,
)

from gradatim.domain.course import Course
from gradatim.domain.fault import BadInput
from gradatim.domain.person import Creatinine, Person
from gradatim.domain.plan import Plan
from gradatim.domain.prescription import Prescription, TaperOrder
from gradatim.domain.reading import plain, read


def there_and_back(wanted: type[Any], value: object) -> None:
    written = json.loads(json.dumps(plain(value)))
    assert read(wanted, written) == value
    assert plain(read(wanted, written)) == plain(value)


@given(st.one_of(ups, downs()))
def test_plans_are_read_back_the_same(made: Up | Down) -> None:
    there_and_back(Plan, made.plan)


@given(st.one_of(custom_orders(), protocol_orders(), table_orders()))
def test_prescriptions_are_read_back_the_same(order: Prescription) -> None:
    there_and_back(Prescription, order)


@given(taper_orders())
def test_taper_orders_are_read_back_the_same(order: TaperOrder) -> None:
    there_and_back(TaperOrder, order)


@given(people())
def test_people_are_read_back_the_same(person: Person) -> None:
    there_and_back(Person, person)


@given(courses())
def test_courses_are_read_back_the_same(course: Course) -> None:
    there_and_back(Course, course)


@given(st.integers(100, 2600))
def test_a_creatinine_of_kidney_failure_is_read_back_the_same(umol: int) -> None:
    """1,200 µmol/L is printed with a comma; the file that holds it must still be readable."""
    there_and_back(Person, Person(zone="UTC", creatinine=Creatinine.parse(f"{umol} umol/L")))


# --- faults -----------------------------------------------------------------------------------------------------------

WRONG: tuple[tuple[str, Any, str], ...] = (
    ("start", "2026-13-01", "start"),
    ("start", 5, "start"),
    ("until", "tomorrow", "until"),
    ("times", ["08:00", "25:00"], "times[1]"),
    ("times", "08:00", "times"),
    ("products", [5], "products[0]"),
    ("target", "60", "target"),
    ("target", "60 mcg", "target"),
    ("target", "-60 mg", "target"),
    ("target", 60, "target"),
    ("interval_days", "3", "interval_days"),
    ("interval_days", 3.5, "interval_days"),
    ("interval_days", True, "interval_days"),
    ("spread", "evenings", "spread"),
    ("reviews", {"before": "sometimes"}, "reviews.before"),
    ("reviews", {"by": "cat"}, "reviews.by"),
    ("making", {"quarters": "yes"}, "making.quarters"),
    ("making", {"mark_microlitres": 1}, "making.mark_microlitres"),
    ("table", [{"days": 3, "doses": ["5"]}], "table[0].doses[0]"),
    ("table", [{"doses": ["5 mg"]}], "table[0].days"),
    ("step", {"kind": "per_week", "amount": "5 mg"}, "step.kind"),
    ("step", {"kind": "percent", "percent": 0}, "step.percent"),
    ("step", {"kind": "per_day"}, "step.amount"),
    ("start_doses", ["5 mg", "five"], "start_doses[1]"),
    ("targt", "60 mg", "targt"),
    ("Start", "2026-12-01", "Start"),
)


@given(st.lists(st.sampled_from(WRONG), min_size=1, max_size=8, unique_by=lambda w: w[0]))
def test_all_faults_are_reported_at_once_at_their_paths(wrong: list[tuple[str, Any, str]]) -> None:
    data: dict[str, Any] = {
        "start": "2026-12-01",
        "times": ["08:00"],
        "products": ["us/5"],
        "protocol": "us-label",
        "target": "60 mg",
    }
    for key, value, _ in wrong:
        data[key] = value
    with pytest.raises(BadInput) as caught:
        read(Prescription, data, "prescription")
    paths = {fault.path for fault in caught.value.faults}
    assert paths == {f"prescription.{path}" for _, _, path in wrong}
    assert all(fault.problem and fault.remedy for fault in caught.value.faults)
    assert all(str(fault) in str(caught.value) for fault in caught.value.faults)


@given(
    st.sampled_from(
        ["start", "times", "products", "protocol", "target", "interval_days", "spread", "weights", "reviews", "making"]
    ),
    st.data(),
)
def test_a_misspelt_key_is_answered_with_the_right_one(key: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(key) - 1))
    misspelt = key[:place] + data.draw(st.sampled_from("qxz")) + key[place + 1 :]
    with pytest.raises(BadInput) as caught:
        read(Prescription, {misspelt: 1}, "")
    mine = [fault for fault in caught.value.faults if fault.path == misspelt]
    assert len(mine) == 1
    assert key in mine[0].remedy


@pytest.mark.parametrize("missing", ["start", "times", "products"])
def test_a_missing_key_is_named(missing: str) -> None:
    data = {"start": "2026-12-01", "times": ["08:00"], "products": ["us/5"], "protocol": "us-label", "target": "60 mg"}
    del data[missing]
    with pytest.raises(BadInput) as caught:
        read(Prescription, data, "prescription")
    assert [(f.path, f.problem) for f in caught.value.faults] == [(f"prescription.{missing}", "is missing")]


def test_several_faults_of_meaning_come_together_too() -> None:
    data = {
        "start": "2026-12-10",
        "until": "2026-12-01",
        "times": ["08:00"],
        "products": [],
        "interval_days": 0,
        "weights": [1, 2],
    }
    with pytest.raises(BadInput) as caught:
        read(Prescription, data, "prescription")
    paths = {fault.path for fault in caught.value.faults}
    assert paths >= {f"prescription.{p}" for p in ("until", "products", "interval_days", "weights", "target", "step")}


@pytest.mark.parametrize(
    "text", ["2026-W01-1", "20261201", "2026-12-1", "01-12-2026", "2026/12/01", " 2026-12-01", "2026-12-01T00:00"]
)
def test_only_one_way_to_write_a_date(text: str) -> None:
    with pytest.raises(BadInput):
        read(date, text, "start")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6) | st.sampled_from(["kind", "start", "items", "slots", "doses", "times"]), inner, max_size=5),
    max_leaves=20,
), st.sampled_from([Plan, Person, Prescription, TaperOrder, Course]))  # fmt: skip
def test_rubbish_is_refused_in_order(data: Any, wanted: type) -> None:
    with pytest.raises(BadInput):
        read(wanted, data)


@given(st.one_of(ups, downs()), st.data())
def test_a_damaged_plan_is_refused_or_read_never_a_crash(made: Up | Down, data: st.DataObject) -> None:
    written = plain(made.plan)

    def damage(value: Any) -> Any:
        rubbish: st.SearchStrategy[Any] = st.sampled_from(
            [None, [], {}, "", "x", -1, 0, 1.5, True, "5", "5 mg", "99:99", {"kind": []}, {"kind": {}}, [[]], 10**30]
        )
        if isinstance(value, dict) and value and data.draw(st.integers(0, 3)):
            key = data.draw(st.sampled_from(sorted(value)))
            return {**value, key: damage(value[key])}
        if isinstance(value, list) and value and data.draw(st.integers(0, 3)):
            place = data.draw(st.integers(0, len(value) - 1))
            return [*value[:place], damage(value[place]), *value[place + 1 :]]
        return data.draw(rubbish)

    try:
        read(Plan, damage(written), "plan")
    except BadInput as bad:
        assert all(fault.problem and fault.remedy for fault in bad.faults)
