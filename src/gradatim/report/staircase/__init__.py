"""The staircase: the one picture of the product, drawn from the real plan. Its height is the daily dose, its width the days."""

from gradatim.report.staircase.drawing import to_svg
from gradatim.report.staircase.figure import Gate, Kind, Staircase, Tread, rows, staircase

__all__ = ["Gate", "Kind", "Staircase", "Tread", "rows", "staircase", "to_svg"]
