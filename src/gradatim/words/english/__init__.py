"""The English templates: whole sentences, never fragments. Keys name what is said; translations translate the sentences."""

from __future__ import annotations

from collections.abc import Mapping

from gradatim.words.english.access import ACCESS
from gradatim.words.english.amounts import AMOUNTS
from gradatim.words.english.calendar_file import CALENDAR_FILE
from gradatim.words.english.figures import FIGURES
from gradatim.words.english.fit import FIT
from gradatim.words.english.insight import INSIGHT
from gradatim.words.english.levels import LEVELS
from gradatim.words.english.packet import PACKET
from gradatim.words.english.pages import PAGES
from gradatim.words.english.plan import PLAN
from gradatim.words.english.record import RECORD
from gradatim.words.english.report import REPORT
from gradatim.words.english.stock import STOCK
from gradatim.words.english.watch import WATCH

INTENDED_USE = (
    "Gradatim helps people follow, record and discuss a baclofen plan that their prescriber has approved. It checks plans against "
    "published limits and shows its sources. It does not diagnose, does not decide doses, and does not replace a prescriber, a "
    "pharmacist or emergency services."
)

TEMPLATES: Mapping[str, str | Mapping[str, str]] = {
    "intended-use": INTENDED_USE, **ACCESS, **AMOUNTS, **CALENDAR_FILE, **FIGURES, **FIT, **PAGES, **INSIGHT,
    **LEVELS, **PACKET, **PLAN, **RECORD, **REPORT, **STOCK, **WATCH,
}  # fmt: skip
