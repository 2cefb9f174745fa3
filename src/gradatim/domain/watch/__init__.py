"""The watch: a record at an instant → what somebody should act on, each with its rule, its data, its source and its level.

It asks for contact and never changes a dose; it names no amount as safe and reassures of nothing.
"""

from __future__ import annotations

from gradatim.domain.clock import Instant
from gradatim.domain.finding import Finding, gravest_first
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Record
from gradatim.domain.watch.case import SEVERITY, Case
from gradatim.domain.watch.changes import changes
from gradatim.domain.watch.medicines import medicines
from gradatim.domain.watch.overdose import overdose
from gradatim.domain.watch.quiet import Shown, longest_rest, quiet
from gradatim.domain.watch.signs import signs
from gradatim.domain.watch.upkeep import upkeep
from gradatim.domain.watch.withdrawal import withdrawal

_SPEAK_FOR = frozenset({
    "watch-withdrawal", "watch-withdrawal-early", "watch-pump-withdrawal", "watch-kidney-confusion", "watch-breathing",
    "watch-weaker-after-rise",
})  # fmt: skip
"""Findings that name every sign they were made of: the sign by itself is then not said a second time, if it is no graver."""
_BY_ITSELF = ("watch-sign-", "watch-sleepy-unexplained")


def watch(record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant) -> tuple[Finding, ...]:
    """Everything that somebody should act on, gravest first; one finding for each rule. The record is folded as of ``now``."""
    case = Case.of(record, monograph, leaflet, now)
    every = [*withdrawal(case), *overdose(case), *signs(case), *changes(case), *medicines(case), *upkeep(case)]
    return gravest_first([one for one in every if not any(_speaks_for(other, one) for other in every)])


def _speaks_for(other: Finding, one: Finding) -> bool:
    order = list(SEVERITY.values())
    return (
        other.rule in _SPEAK_FOR
        and one.rule.startswith(_BY_ITSELF)
        and set(one.data) <= set(other.data)
        and order.index(other.severity) <= order.index(one.severity)
    )


def rule_ids(monograph: Monograph, leaflet: Leaflet) -> tuple[str, ...]:
    """Every rule that the watch can give for a drug."""
    return (
        "watch-withdrawal", "watch-withdrawal-early", "watch-withdrawal-scores", "watch-pump-withdrawal", "watch-gap", "watch-gap-ended",
        "watch-overdose-signs", "watch-overdose-large", "watch-overdose-at-risk", "watch-extra-dose", "watch-dose-twice", "watch-doses-together",
        "watch-kidney-confusion", "watch-breathing", *(f"watch-sign-{sign.id}" for sign in leaflet.danger_signs),
        "watch-sleepy-unexplained", "watch-reactions", "watch-noted",
        "watch-weaker-after-rise", "watch-fall", "watch-more-spasticity", "watch-mood",
        *(f"watch-interaction-{one.id}" for one in monograph.interactions), "watch-medicine-unlisted", "watch-surgery",
        "watch-plan-conflict", "watch-plan-ended", "watch-bottle-old", "watch-bottle-unknown", "watch-expired", "watch-review-overdue",
        "watch-kidneys-unknown", "watch-kidneys-recheck", "watch-kidneys-old", "watch-kidneys-low", "watch-dose-disputed", "watch-set-aside",
    )  # fmt: skip


__all__ = ["Shown", "longest_rest", "quiet", "rule_ids", "watch"]
