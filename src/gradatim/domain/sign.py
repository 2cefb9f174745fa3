"""What the things that people note mean to the watch, as data of the drug: a second drug brings its own table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose


class Beside(StrEnum):
    """What a sign is noted beside, which can give it another meaning."""

    NOTHING = "nothing"  # by itself
    NOT_TAKEN = "not-taken"  # doses missed, skipped, unsure, held back, taken short, or cut by the plan
    PUMP = "pump"
    WEAK_KIDNEYS = "weak-kidneys"  # or a newly begun medicine that can weaken them
    SLOW_BREATHING = "slow-breathing"  # a medicine or drink that slows breathing
    RISE = "rise"  # of the planned dose


@dataclass(frozen=True, slots=True, kw_only=True)
class SignMeaning:
    """Of what danger sign the noted signs and reactions (by id) are a case, beside something else or by themselves.

    A danger sign that is noted is always a case of itself too, whether it stands here or not.
    """

    means: str
    noted: tuple[str, ...]
    beside: Beside = Beside.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFacts:
    """Which entries of one drug's knowledge the rules of the watch speak of.

    ``seizure`` and ``fall``: what these events are noted as. ``extra_dose`` … ``stiffer``: the danger signs whose texts say what to
    do. ``too_much_from``: so much within 24 hours, beyond the plan, is ``too_much`` even without a sign; less is never called safe.
    ``slows_breathing``, ``weakens_kidneys``, ``next_visit`` and ``surgery`` name interactions; those of ``next_visit`` ask for no call
    by themselves. ``pump`` are conditions.
    """

    meanings: tuple[SignMeaning, ...]
    seizure: str
    fall: str
    extra_dose: str
    too_much: str
    too_much_from: OralDose
    too_much_at_risk: str
    too_much_with_signs: str
    weaker: str
    stiffer: str
    sleepy: str
    mood: tuple[str, ...]
    slows_breathing: tuple[str, ...]
    weakens_kidneys: tuple[str, ...]
    next_visit: tuple[str, ...]
    surgery: str
    pump: tuple[str, ...]
    source: tuple[Citation, ...]
    derived: str | None = None
