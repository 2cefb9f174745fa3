"""What a plan, or what was really taken, does to the level of the drug: as data, as a table, as a figure, and in words."""

from gradatim.report.levels.arm import Arm, planned, taken
from gradatim.report.levels.compared import compared, steps, windows
from gradatim.report.levels.drawing import to_svg
from gradatim.report.levels.figure import LevelFigure, Panel, beside_normal, described, level_figure, meaning, rows
from gradatim.report.levels.trial_drawing import trial_svg
from gradatim.report.levels.variants import at_speed, split, stepped

__all__ = [
    "Arm", "LevelFigure", "Panel", "at_speed", "beside_normal", "compared", "described", "level_figure", "meaning", "planned", "rows",
    "split", "stepped", "steps", "taken", "to_svg", "trial_svg", "windows",
]  # fmt: skip
