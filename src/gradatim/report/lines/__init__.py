"""Lines over the days of a record: what was felt, and what was really taken, each over the steps of the plan. Gaps stay gaps."""

from gradatim.report.lines.symptom import StepMark, SymptomLine
from gradatim.report.lines.symptom import rows as symptom_rows
from gradatim.report.lines.symptom_drawing import to_svg as symptom_svg
from gradatim.report.lines.taken import DayTaken, TakenLine
from gradatim.report.lines.taken import rows as taken_rows
from gradatim.report.lines.taken_drawing import to_svg as taken_svg

__all__ = [
    "DayTaken", "StepMark", "SymptomLine", "TakenLine", "symptom_rows", "symptom_svg", "taken_rows", "taken_svg",
]  # fmt: skip
