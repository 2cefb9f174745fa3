"""The CSV of dated doses: exact, flat, harmless in a spreadsheet, and checked when it is read back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradatim.domain.calendar import Calendar, lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.person import Person
from gradatim.domain.plan import State
from gradatim.domain.prescription import Before, Prescription, Reviews, TableRow
from gradatim.domain.schedule import Mode
from gradatim.domain.supply import needs
from gradatim.domain.tablets import Making, Solid
from gradatim.domain.titrate import titrate
from gradatim.exchange.csv_file import CsvDose, doses_from_csv, to_csv
from gradatim.monographs import monograph

MG = OralDose.mg
MONOGRAPH = monograph()
LIQUIDS = tuple((p.id,) for p in MONOGRAPH.products if not p.is_solid and p.concentration)
SHELVES = (
    ("us/5", "us/10", "us/20"),
    ("us/10",),
    ("uk/5", "uk/10"),
    ("de/10", "de/25"),
    ("us/10", *LIQUIDS[0]),
    *LIQUIDS,
)
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns")
ISSUED = Instant.parse("2026-11-21T09:30:00Z")


def clock(*times: str) -> tuple[time, ...]:
    return tuple(time.fromisoformat(one) for one in times)


ORDER = Prescription(start=date(2026, 12, 1), times=clock("08:00", "14:00", "21:00"),
                     products=("us/5", "us/10", "us/20"), protocol="us-label", target=MG(60))  # fmt: skip


def laid(
    order: Prescription = ORDER, zone: str = "Europe/London", plan_id: str = "p1", mode: Mode = Mode.PLANNED
) -> Calendar:
    plan = titrate(order, Person(zone=zone, market="US"), MONOGRAPH, plan_id)
    return lay_out(Course(versions=(plan,)), Person(zone=zone, market="US"), MONOGRAPH, ISSUED, mode=mode)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def faults(text: str) -> list[Fault]:
    with pytest.raises(BadInput) as raised:
        doses_from_csv(text)
    return list(raised.value.faults)


def spoilt(text: str, row: int, **cells: str) -> str:
    """The same file with some cells of a row (from 2, as a spreadsheet counts) changed."""
    rows = table(text)
    rows[row - 2] |= cells
    out = io.StringIO()
    new = csv.DictWriter(out, rows[0].keys(), lineterminator="\r\n")
    new.writeheader()
    new.writerows(rows)
    return out.getvalue()


def test_the_first_lines() -> None:
    order = replace(ORDER, products=("us/10", "us/20", "us/5"))
    lines = to_csv(laid(order)).split("\r\n")
    assert lines[0] == (
        "plan,version,state,date,weekday,time,zone,at_utc,dose_mg,units,product_1,mg_each_1,count_1,"
        "product_2,mg_each_2,count_2,day,step,review_before,waiting_for"
    )
    assert lines[1] == (
        "p1,1,draft,2026-12-01,Tue,08:00,Europe/London,2026-12-01T08:00:00Z,5,1 tablet of 5 mg,us/5,5,1,,,,1,1,,"
    )
    review = laid(order).spans[1].stretch.review
    assert review is not None
    assert lines[10].endswith(f",4,2,{review.id},")
    assert lines[-1] == ""


def test_half_tablets_and_millilitres() -> None:
    rows = table(to_csv(laid(replace(ORDER, products=("us/10", "us/20")))))
    assert (rows[0]["dose_mg"], rows[0]["units"], rows[0]["count_1"]) == ("5", "½ tablet of 10 mg", "0.5")
    liquid = table(to_csv(laid(replace(ORDER, products=LIQUIDS[0]))))[0]
    assert (liquid["liquid"], Fraction(liquid["ml"]) * Fraction(liquid["mg_per_ml"])) == (LIQUIDS[0][0], Fraction(5))
    assert "product_1" not in liquid


def as_written(calendar: Calendar) -> list[dict[str, Any]]:
    return [
        {"plan": calendar.plan.id, "version": d.version, "state": State.DRAFT, "on": d.day, "wall": d.at,
         "zone": calendar.person.zone, "at": d.instant, "dose": d.dose, "step": d.step}
        for d in calendar.doses
    ]  # fmt: skip


def the_same(row: CsvDose, wanted: dict[str, Any]) -> bool:
    return {name: getattr(row, name) for name in wanted} == wanted


@st.composite
def prescriptions(draw: st.DrawFn) -> Prescription:
    """A random table on a random shelf, at random times, in quarters too."""
    places = sorted(draw(st.sets(st.integers(0, 95), min_size=1, max_size=4)))
    times = tuple(time(*divmod(15 * quarter, 60)) for quarter in places)
    dose = st.integers(0, 32).map(lambda quarter: OralDose(2500 * quarter))
    row = st.builds(TableRow, days=st.integers(1, 4), doses=st.tuples(*[dose] * len(times)))
    return Prescription(
        start=draw(st.dates(date(2024, 1, 1), date(2029, 12, 31))), times=times,
        products=draw(st.sampled_from(SHELVES)), table=tuple(draw(st.lists(row, min_size=1, max_size=4))),
        making=Making(quarters=draw(st.booleans())),
        reviews=Reviews(before=draw(st.sampled_from([Before.EACH, Before.NONE]))),
    )  # fmt: skip


DST = replace(ORDER, protocol=None, target=None, start=date(2027, 3, 27), times=clock("01:00", "01:30", "02:00"),
              table=(TableRow(days=4, doses=(MG(5), MG(10), MG(15))),))  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(prescriptions(), st.sampled_from(ZONES))
@example(DST, "Europe/London")
def test_counts_times_strength_is_the_dose_and_reads_back(order: Prescription, zone: str) -> None:
    try:
        calendar = laid(order, zone)
    except BadInput:
        return  # not to be made from this shelf
    text = to_csv(calendar)
    for row, dose in zip(table(text), calendar.doses, strict=True):
        solid = sum(
            Fraction(row[f"mg_each_{n}"]) * Fraction(row[f"count_{n}"]) for n in range(1, 5) if row.get(f"product_{n}")
        )
        drops = Fraction(row["ml"]) * Fraction(row["mg_per_ml"]) if row.get("liquid") else Fraction(0)
        assert solid + drops == Fraction(row["dose_mg"]) == Fraction(dose.dose.micrograms, 1000)
    read = doses_from_csv(text)
    assert all(the_same(row, wanted) for row, wanted in zip(read, as_written(calendar), strict=True))
    for need in needs(calendar.doses):
        taken = sum(part.quarters for row in read for part in row.parts if part.product == need.product.id)
        drunk = sum(row.volume.microlitres for row in read if row.volume and row.volume.product == need.product.id)
        assert (taken, drunk) == (need.quarters, need.microlitres)


def test_a_mixed_shelf_reads_back() -> None:
    order = replace(DST, start=date(2026, 12, 1), products=("us/10", *LIQUIDS[0]),
                    times=clock("08:00", "14:00", "21:00"),
                    table=(TableRow(days=3, doses=(MG(5), MG(2), MG(10))),))  # fmt: skip
    calendar = laid(order)
    assert {isinstance(dose.portion, Solid) for dose in calendar.doses} == {True, False}
    assert [row.dose for row in doses_from_csv(to_csv(calendar))] == [dose.dose for dose in calendar.doses]


def test_no_doses_is_a_header() -> None:
    text = to_csv(replace(laid(), doses=()))
    assert text.count("\r\n") == 1
    assert doses_from_csv(text) == []


def test_what_waits_for_a_review_says_so() -> None:
    calendar = laid()
    waiting = replace(calendar, doses=tuple(replace(dose, waiting="r1") for dose in calendar.doses))
    assert {row.waiting_for for row in doses_from_csv(to_csv(waiting))} == {"r1"}


@pytest.mark.parametrize("plan_id", ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "'=1", "'quoted'", "\r=1"])
def test_text_that_could_be_a_formula_is_made_text(plan_id: str) -> None:
    text = to_csv(laid(plan_id=plan_id))
    for cells in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    assert {row.plan for row in doses_from_csv(text)} == {plan_id}


@pytest.mark.parametrize("plan_id", ['a,"b"\r\nc,d', "x;y", "ü ½ 👩", 'say "no"'])
def test_any_plan_id_comes_back(plan_id: str) -> None:
    text = to_csv(laid(plan_id=plan_id))
    assert {row.plan for row in doses_from_csv(text)} == {plan_id}
    assert len(doses_from_csv(text)) == len(laid().doses)


def test_the_file_is_utf8_without_a_mark_and_one_with_a_mark_is_read() -> None:
    text = to_csv(laid())
    assert not text.startswith("\ufeff")
    assert doses_from_csv("\ufeff" + text) == doses_from_csv(text)
    assert doses_from_csv(text.replace("\r\n", "\n")) == doses_from_csv(text)


# --- what reading refuses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("plan", ""), ("version", "0"), ("version", "1.0"), ("version", "²"), ("state", "allowed"),
        ("date", "01.12.2026"), ("date", "2026-02-30"), ("weekday", "Mon"), ("time", "8:00"), ("time", "24:00"),
        ("time", "08:30"), ("zone", "Europe/Lndon"), ("at_utc", "2026-12-01T08:00:00"),
        ("at_utc", "2026-12-01T09:00:00Z"), ("dose_mg", "50"), ("dose_mg", "5 mg"), ("dose_mg", "5,0"),
        ("dose_mg", "-5"), ("dose_mg", "0"), ("units", ""), ("units", "2 tablets of 5 mg"),
        ("units", "1 tablet of 50 mg"), ("count_1", "0.3"), ("count_1", "May 1"), ("mg_each_1", ""),
        ("product_1", ""), ("day", "x"), ("step", "-1"),
    ],
)  # fmt: skip
def test_one_wrong_cell_is_found_at_its_place(column: str, cell: str) -> None:
    found = faults(spoilt(to_csv(laid()), 2, **{column: cell}))
    paths = [fault.path for fault in found]
    wanted = {"time": "at_utc"} if cell == "08:30" else {}
    assert paths == [f"row 2, column {wanted.get(column, column)}"]
    assert all(fault.problem and fault.remedy for fault in found)


@pytest.mark.parametrize(("column", "cell"), [("count_1", "2"), ("mg_each_1", "10")])
def test_a_count_that_does_not_make_the_dose_is_found_in_the_sum_and_in_the_words(column: str, cell: str) -> None:
    found = faults(spoilt(to_csv(laid()), 2, **{column: cell}))
    assert [fault.path for fault in found] == ["row 2, column dose_mg", "row 2, column units"]
    assert "the units add up to 10 mg" in found[0].problem


def test_every_fault_is_found_at_once() -> None:
    text = to_csv(laid())
    text = spoilt(text, 2, weekday="Sun", dose_mg="50")
    text = spoilt(text, 4, zone="Mars/Olympus", count_1="x")
    text = spoilt(text, 7, version="one", date="soon", step="")
    found = faults(text + "p1,1\r\n")
    assert [fault.path for fault in found] == [
        "row 2, column weekday", "row 2, column dose_mg", "row 4, column zone", "row 4, column count_1",
        "row 7, column version", "row 7, column date", "row 7, column step", f"row {len(laid().doses) + 2}",
    ]  # fmt: skip


def test_a_dose_that_is_there_twice_is_found() -> None:
    lines = to_csv(laid()).split("\r\n")
    (fault,) = faults("\r\n".join([*lines[:3], lines[1], *lines[3:]]))
    assert (fault.path, fault.problem) == ("row 4", "is the same dose as row 2")


@pytest.mark.parametrize(
    "text",
    ["", "\r\n", "a,b\r\n1,2\r\n", "plan;version;state\r\n", '"open\r\n', "x" * 200_000, "\x00"],
    ids=["empty", "blank", "foreign", "semicolons", "open quote", "one huge cell", "nul"],
)
def test_other_files_are_refused(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize("change", [lambda n: n[::-1], lambda n: n[:-1], lambda n: [*n, "more"], lambda n: [*n, n[0]]])
def test_other_columns_are_refused(change: Any) -> None:
    names, *rows = list(csv.reader(io.StringIO(to_csv(laid()), newline="")))
    (fault,) = faults("\r\n".join(",".join(cells) for cells in [change(names), *rows]))
    assert fault.path == "row 1"


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(BadInput):
        doses_from_csv(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 16), st.text(max_size=12))
def test_any_cell_is_read_or_refused(column: int, cell: str) -> None:
    text = to_csv(replace(laid(), doses=laid().doses[:2]))
    name = list(table(text)[0])[column]
    try:
        row = doses_from_csv(spoilt(text, 2, **{name: cell}))[0]
    except BadInput:
        return
    assert (row.dose, row.on, row.wall) == (MG(5), date(2026, 12, 1), time(8))
