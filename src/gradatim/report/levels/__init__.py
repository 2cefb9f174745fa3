"""What a plan, or what was really taken, does to the level of the drug: as data, as a table, as a figure, and in words."""

from gradatim.report.levels.arm import Arm, planned, taken
from gradatim.report.levels.drawing import to_svg
from gradatim.report.levels.figure import LevelFigure, Panel, described, level_figure, meaning, rows

__all__ = ["Arm", "LevelFigure", "Panel", "described", "level_figure", "meaning", "planned", "rows", "taken", "to_svg"]
