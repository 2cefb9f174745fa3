"""Everything the planner knows about one drug, each fact with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from gradatim.domain.dose import OralDose
from gradatim.domain.fault import one_fault
from gradatim.domain.guardrail import Guardrail
from gradatim.domain.knowledge import (
    Claim,
    Code,
    ConditionRule,
    DangerSign,
    GapRule,
    Interaction,
    MissedDoseRule,
    Reaction,
    Topic,
)
from gradatim.domain.product import Product
from gradatim.domain.protocol import TaperProtocol, TitrationProtocol
from gradatim.domain.reading import did_you_mean
from gradatim.domain.sign import WatchFacts

P = TypeVar("P", Product, TitrationProtocol, TaperProtocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A word for an illness, state or indication that rules may ask for, in plain and in clinical terms."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Monograph:
    """The part of the drug knowledge that plans and rules use."""

    id: str
    name: str
    version: str
    smallest_plausible_dose: OralDose
    products: tuple[Product, ...]
    titrations: tuple[TitrationProtocol, ...]
    tapers: tuple[TaperProtocol, ...]
    guardrails: tuple[Guardrail, ...]
    conditions: tuple[Condition, ...]
    condition_rules: tuple[ConditionRule, ...]
    interactions: tuple[Interaction, ...]

    def product(self, id: str, at: str = "products") -> Product:
        """The product with this id (``gb/10`` is read as ``uk/10``). Raises `BadInput` naming near ids."""
        wanted = "uk/" + id[3:] if id.startswith("gb/") else id
        return _pick(self.products, wanted, at, "product")

    def titration(self, id: str, at: str = "protocol") -> TitrationProtocol:
        """The titration protocol with this id."""
        return _pick(self.titrations, id, at, "titration protocol")

    def taper(self, id: str, at: str = "protocol") -> TaperProtocol:
        """The taper protocol with this id."""
        return _pick(self.tapers, id, at, "taper protocol")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """The part that people read: on paper, on the danger screen, in the app."""

    codes: tuple[Code, ...]
    danger_signs: tuple[DangerSign, ...]
    missed_dose: tuple[MissedDoseRule, ...]
    gap: GapRule
    reactions: tuple[Reaction, ...]
    topics: tuple[Topic, ...]
    claims: tuple[Claim, ...]
    watch: WatchFacts

    def missed_dose_for(self, market: str | None) -> MissedDoseRule:
        """The rule of this market, else the one bound to none."""
        rules = [rule for rule in self.missed_dose if not rule.by_choice]
        own = [rule for rule in rules if market in rule.markets]
        return own[0] if own else next(rule for rule in rules if not rule.markets)


def _pick(items: tuple[P, ...], id: str, at: str, what: str) -> P:
    for item in items:
        if item.id == id:
            return item
    raise one_fault(at, f"{id!r} is not a known {what}", did_you_mean(id, [item.id for item in items]))
