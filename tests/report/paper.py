"""Plans to print, and readers that take a PDF apart as a screen reader or a pharmacist would."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache

import pikepdf
import pypdf

from gradatim.domain.approval import Approval, CopiedFrom, Override, Role
from gradatim.domain.calendar import Calendar, lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.person import Age, Creatinine, Person, Sex, Weight
from gradatim.domain.plan import Plan, State
from gradatim.domain.prescription import PerDay, Prescription, TableRow, TaperOrder
from gradatim.domain.safety import review
from gradatim.domain.taper import taper
from gradatim.domain.titrate import titrate
from gradatim.monographs import leaflet, monograph
from gradatim.report.calendar_pdf import to_pdf
from tests.property.strategies import at, doses, mg

BACLOFEN, LEAFLET = monograph(), leaflet()
PRINTED = Instant.parse("2026-11-30T10:15:00Z")
START = date(2026, 12, 1)
BY = "Dr C. Name"


def person(called: str | None = "Margaret Okafor", **facts: object) -> Person:
    usual: dict[str, object] = {
        "zone": "Europe/London", "age": Age(45 * 12), "sex": Sex.FEMALE, "weight": Weight(62000),
        "creatinine": Creatinine.parse("80 umol/L"), "market": "GB",
    }  # fmt: skip
    return Person(called=called, **{**usual, **facts})  # type: ignore[arg-type]


def approved(plan: Plan, who: Person, copied: CopiedFrom | None = None) -> Plan:
    """The plan approved, with every stop overridden."""
    overrides = tuple(
        Override(rule=f.rule, by=BY, role=Role.PRESCRIBER, reason="seen weekly in the clinic", at=PRINTED)
        for f in review(plan, who, BACLOFEN) if f.blocks
    )  # fmt: skip
    role = Role.PRESCRIBER if copied is None else Role.NURSE
    approval = Approval(by=BY, role=role, at=PRINTED, copied_from=copied)
    return replace(plan, state=State.APPROVED, approval=approval, overrides=overrides)


def calendar(plan: Plan, who: Person | None = None) -> Calendar:
    return lay_out(Course(versions=(plan,)), who or person(), BACLOFEN, PRINTED)


def rising() -> Plan:
    """5 mg three times a day to 60 mg, by the US label."""
    order = Prescription(
        start=START, times=at("08:00", "14:00", "21:00"), products=("us/10", "us/20", "us/5"), protocol="us-label", target=mg(60)
    )  # fmt: skip
    return titrate(order, person(), BACLOFEN, "p1")


def falling() -> Plan:
    """From 80 mg to nothing in halves of 10 mg."""
    order = TaperOrder(
        start=START, times=at("06:00", "12:00", "18:00", "22:00"), current=doses(20, 20, 20, 20), products=("uk/10",),
        on_drug_days=400, protocol="default-long",
    )  # fmt: skip
    return taper(order, BACLOFEN, "t1")


def six_times() -> Plan:
    order = Prescription(
        start=START, times=at("06:00", "09:00", "12:00", "15:00", "18:00", "22:00"), products=("uk/10",),
        start_doses=doses(5, 5, 5, 5, 5, 5), step=PerDay(amount=mg(5)), interval_days=4, target=mg(45),
    )  # fmt: skip
    return titrate(order, person(), BACLOFEN, "p6")


def evening_heavy() -> Plan:
    rows = ((5, 0, 5, 10), (5, 5, 5, 15), (5, 5, 10, 20), (10, 5, 10, 25))
    order = Prescription(
        start=START, times=at("07:00", "12:00", "17:00", "22:00"), products=("us/10", "us/20", "us/5"),
        table=tuple(TableRow(days=7, doses=doses(*row)) for row in rows),
    )  # fmt: skip
    return titrate(order, person(), BACLOFEN, "bed")


def liquid() -> Plan:
    order = Prescription(
        start=START, times=at("07:30", "13:00", "19:00"), products=("uk/solution-1",), protocol="eu-child-under-8",
        target=mg(18), step=PerDay(amount=mg("1.5")), interval_days=7,
    )  # fmt: skip
    return titrate(order, child(), BACLOFEN, "c1")


def child() -> Person:
    return person("Leo", age=Age(5 * 12), weight=Weight(18000), creatinine=None)


def many_steps() -> Plan:
    """Twenty steps over two years."""
    rows = [(5 * (n // 3 + (n % 3 > 0)), 5 * (n // 3), 5 * (n // 3 + (n % 3 > 1))) for n in range(1, 21)]
    order = Prescription(
        start=START, times=at("08:00", "14:00", "21:00"), products=("uk/10",),
        table=tuple(TableRow(days=36, doses=doses(*row)) for row in rows),
    )  # fmt: skip
    return titrate(order, person(), BACLOFEN, "two-years")


@cache
def printed(plan: Plan, who: Person | None = None, *, large: bool = False, letter: bool = False) -> bytes:
    """An approved calendar of a plan, printed."""
    who = who or person()
    return to_pdf(calendar(approved(plan, who), who), LEAFLET, paper="us-letter" if letter else "a4", large=large)


# --- readers ----------------------------------------------------------------------------------------------------------


def flat(text: str) -> str:
    """Text with all space the same."""
    return " ".join(text.replace("\u200b", "").split())


def pages(made: bytes) -> list[str]:
    """All the text of each page, header and footer with it."""
    return [flat(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]


@cache
def read_aloud(made: bytes) -> str:
    """What is tagged as content, in its order: headers, footers, repeated headings and drawings are artifacts and left out."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for page in pdf.pages:
            kept, inside = [], []
            for step in pikepdf.parse_content_stream(page):
                operator = str(step.operator)
                if operator in ("BMC", "BDC"):
                    inside.append(str(step.operands[0]) == "/Artifact")
                if operator == "EMC":
                    inside.pop()
                if operator in ("Tj", "TJ") and any(inside):
                    continue
                kept.append(step)
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        out = io.BytesIO()
        pdf.save(out)
    return " ".join(pages(out.getvalue()))


@dataclass(frozen=True)
class Row:
    """One day as it stands on paper: each dose with what its pieces add up to, and the day's total, in mg."""

    date: str
    number: int
    doses: tuple[Fraction, ...]
    made_of: tuple[Fraction, ...]
    total: Fraction


_DAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2} \d{4} · Day \d+ ")
_END = re.compile(
    r"Review before step|Step \d+ of \d+|Day (?:\d\d:\d\d|Time)|Version \d+|Call emergency services now|\Z"
)
_PIECES = r"(?:\d+|\d*[¼½¾]) (?:tablets?|packets?) of [\d.]+ mg"
_VOLUME = r"[\d.,]+ mL of [\d.]+ mg/mL"
_DOSE = re.compile(rf"(?:\d\d:\d\d )?([\d.,]+) mg ({_PIECES}(?: \+ {_PIECES})*|{_VOLUME})")
_MOVED = re.compile(r"this day at \d\d:\d\d: the clocks change")
_PARTS = {"¼": Fraction(1, 4), "½": Fraction(1, 2), "¾": Fraction(3, 4)}


def number(text: str) -> Fraction:
    part = _PARTS.get(text[-1], Fraction(0))
    whole = text.replace(",", "").rstrip("¼½¾")
    return (Fraction(whole) if whole else 0) + part


def adds_up_to(units: str) -> Fraction:
    """Tablets × strength, or mL × concentration, in mg."""
    sum_mg = Fraction(0)
    for unit in units.split(" + "):
        words = unit.split()
        sum_mg += number(words[0]) * number(words[words.index("of") + 1])
    return sum_mg


def day_rows(made: bytes) -> list[Row]:
    """Every day of the calendar as printed. Whatever stands in a row beside doses, "no dose" and one total is an error."""
    text = read_aloud(made)
    rows = []
    for found in _DAY.finditer(text, text.index("Tick each box")):
        body = text[found.end() : min(_END.search(text, found.end()).start(), _next_day(text, found.end()))]  # type: ignore[union-attr]
        body = _MOVED.sub("", body)
        read = _DOSE.findall(body)
        left = flat(
            re.sub(r"(?:\d\d:\d\d )?– no dose", " ", _DOSE.sub(" ", body)).replace(
                "No baclofen on this day. Watch for danger signs.", ""
            )
        )
        total = re.fullmatch(r"([\d.,]+) mg", left)
        assert total, f"{found[0]}: {left!r} is left of {body!r}"
        words = found[0].split()
        rows.append(
            Row(
                " ".join(words[:4]),
                int(words[-1]),
                tuple(number(a) for a, _ in read),
                tuple(adds_up_to(u) for _, u in read),
                number(total[1]),
            )
        )
    return rows


def _next_day(text: str, start: int) -> int:
    found = _DAY.search(text, start)
    return found.start() if found else len(text)
