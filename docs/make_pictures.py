"""Writes the pictures of the example pages: the staircase as SVG, and the first two pages of the printed calendar as PNG. And the page
for the doctor of the made-up record, as a small PNG, and its drug levels as SVG.

``python docs/make_pictures.py`` after a change of the paper. Needs ``pdftoppm`` (Debian: poppler-utils).
"""

from __future__ import annotations

import subprocess
import tempfile
from datetime import date
from pathlib import Path

from gradatim.domain.approval import Approval, Role
from gradatim.domain.calendar import Calendar, lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course, approve, propose
from gradatim.domain.fold import fold
from gradatim.exchange.order import file_data, make_plan, read_order
from gradatim.journal.demo import demo_entries
from gradatim.kinetics import subject
from gradatim.monographs import leaflet, monograph
from gradatim.report import clinician, clinician_pdf
from gradatim.report.calendar_pdf import to_pdf
from gradatim.report.levels import level_figure, taken
from gradatim.report.levels import to_svg as levels_svg
from gradatim.report.levels.arm import held
from gradatim.report.staircase import staircase, to_svg

HERE = Path(__file__).parent
ISSUED = Instant(1795564800)


def approved(order: Path) -> Calendar:
    """The calendar of an example, approved for show."""
    asked = read_order(file_data(order), monograph(), order.parent)
    course = Course(versions=(make_plan(asked, monograph()),))
    draft = lay_out(course, asked.person, monograph(), ISSUED)
    signed = Approval(by="Demonstration prescriber", role=Role.PRESCRIBER, at=ISSUED)
    course = approve(propose(course), draft.findings, signed, (), course.latest.start)
    return lay_out(course, asked.person, monograph(), ISSUED)


def drawn(order: Path) -> str:
    """The staircase of an example."""
    return to_svg(staircase(approved(order)), title=f"The plan of {order.name}")


def report() -> bytes:
    """The page for the doctor of the made-up record."""
    record = fold(demo_entries(monograph(), start=date(2026, 9, 3)), ISSUED)
    return clinician_pdf.to_pdf(clinician.gather(record, monograph(), leaflet(), ISSUED, 14, {}))


def levels() -> str:
    """Levels of the made-up record over eight days: as planned, and as taken."""
    record = fold(demo_entries(monograph(), start=date(2026, 9, 3)), ISSUED)
    real = taken("what was taken", record, monograph(), leaflet(), ISSUED, days=8)
    return levels_svg(level_figure([held("the plan", real, record, monograph()), real], subject(person=record.person)))


def pictured(pdf: bytes, target: Path, page: int, resolution: int) -> None:
    """One page of a PDF as PNG; ``target`` without its ending."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        one = ["-f", str(page), "-l", str(page), "-singlefile", "-r", str(resolution), "-png"]
        subprocess.run(["pdftoppm", *one, file.name, str(target)], check=True)


def main() -> None:
    """Make them all."""
    pictured(report(), HERE / "_static" / "report", 1, 80)
    (HERE / "_static" / "levels.svg").write_text(levels(), "utf-8")
    for order in sorted((HERE.parent / "examples").glob("*.toml")):
        calendar = approved(order)
        (HERE / "examples" / f"{order.stem}.svg").write_text(drawn(order), "utf-8")
        pdf = to_pdf(calendar, leaflet())
        for page in (1, 2):
            pictured(pdf, HERE / "examples" / f"{order.stem}-{page}", page, 70)


if __name__ == "__main__":
    main()
