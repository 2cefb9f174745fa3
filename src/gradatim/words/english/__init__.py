"""The English templates: whole sentences, never fragments. Keys name what is said; translations translate the sentences."""

from __future__ import annotations

from gradatim.words.english.insight import INSIGHT
from gradatim.words.english.levels import LEVELS
from gradatim.words.english.packet import PACKET
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

TEMPLATES = {**INSIGHT, **LEVELS, **PACKET, **PLAN, **RECORD, **REPORT, **STOCK, **WATCH}
