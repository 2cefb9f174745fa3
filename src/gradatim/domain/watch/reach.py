"""How far back each rule looks, and how long an answer lets it rest: every number of the watch that is ours, in one table.

Hours and days from the facts stand with their source. Where the facts give none, the number is derived and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.domain.citation import Citation

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A stretch of time with its reason. ``seconds`` back from now; both ends belong to it."""

    what: str
    seconds: int
    why: str
    source: tuple[Citation, ...]

    @property
    def days(self) -> int:
        """Whole days."""
        return self.seconds // DAY


def _reach(what: str, seconds: int, why: str, *source: str) -> Reach:
    return Reach(what=what, seconds=seconds, why=why, source=tuple(map(Citation.parse, source)))


NOT_TAKEN = _reach(
    "doses not taken, and cuts of the plan", 3 * DAY,
    "The facts speak of about 1 to 3 days after stopping or cutting; a grave sign counts later too, by itself.",
    "US-TAB [T]", "DALEO [A]", "LEO [2]", "D [D]",
)  # fmt: skip
SIGN = _reach(
    "a sign for now or today", 3 * DAY, "No source says how long a sign that was noted still stands.", "D [D]"
)
LATER = _reach(
    "a sign for the next visit, and a sinking mood", 14 * DAY,
    "No source says how long; a visit is often weeks away, and a mood does not pass in days.", "D [D]",
)  # fmt: skip
EXTRA = _reach(
    "an extra dose without a sign, in somebody not known to be at risk", DAY,
    "Signs often start within 1 to 2 hours; no source says when the danger is over, so a whole day is taken.", "WIKITOX [2]", "D [D]",
)  # fmt: skip
OVERDOSE = _reach(
    "too much taken by somebody at risk, with a sign, or from 200 mg", 3 * DAY,
    "The course that the sources describe runs to about 72 hours.", "WIKITOX [2]", "LITFL [2]", "OLSON [2]", "D [D]",
)  # fmt: skip
ONE_DAY = _reach(
    "amounts added up", DAY, "The published amount is of one overdose; 24 hours is our reading.", "LEUNG [A]", "D [D]"
)
WITH_BREATHING = _reach(
    "an opioid or alcohol taken once", DAY, "No source says how long. What is taken regularly counts at all times.", "D [D]"
)  # fmt: skip
NEW_MEDICINE = _reach(
    "a medicine that can weaken the kidneys, as new", 30 * DAY,
    "No source says how long a new medicine explains confusion. 30 days is the time after both were begun in which opioid overdose was counted.",
    "NEUROL [2]", "D [D]",
)  # fmt: skip
INTERACTION = _reach(
    "a medicine begun or taken once", 7 * DAY, "No source says how long; after that the plan check goes on naming it.", "D [D]"
)  # fmt: skip
AFTER_RISE = _reach(
    "a rise of the dose", 14 * DAY, "Sleepiness is graded for the first 1 to 2 weeks; the same is taken for weakness and falls.", "D [D]"
)  # fmt: skip
RECENT = _reach(
    "scores now",
    3 * DAY,
    "No source says which change of a score matters, so only a clear one is told: see FEWEST.",
    "D [D]",
)
BEFORE = _reach("scores before", 7 * DAY, "The days before those, of the same person.", "D [D]")
FEWEST = 3
"""Scores needed in `RECENT` and in `BEFORE`: a change is told only when every one of the first is worse than every one of the second.
No size of a change is asked for, because no source gives one [D]."""
KIDNEY_TEST = _reach(
    "the last kidney test", 365 * DAY, "An interval was searched for and not found. A year is ours, and it asks for the next visit only.", "D [D]"
)  # fmt: skip
ASIDE = _reach(
    "entries that do not count", 30 * DAY, "So long they are named here; the history always shows them.", "D [D]"
)

REST_TODAY = _reach("rest after an answer, level D", DAY, "Ours: a day later it is asked again.", "D [D]")
REST_NEXT_VISIT = _reach("rest after an answer, level V", 30 * DAY, "Ours: once a month it is named again.", "D [D]")

REACHES = (
    NOT_TAKEN, SIGN, LATER, EXTRA, OVERDOSE, ONE_DAY, WITH_BREATHING, NEW_MEDICINE, INTERACTION, AFTER_RISE, RECENT, BEFORE, KIDNEY_TEST,
    ASIDE, REST_TODAY, REST_NEXT_VISIT,
)  # fmt: skip
