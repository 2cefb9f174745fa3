"""The check: a plan, a person and a monograph → findings. The same function at every gate."""

from __future__ import annotations

from gradatim.domain.finding import Finding, gravest_first
from gradatim.domain.monograph import Monograph
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan
from gradatim.domain.safety.case import Case
from gradatim.domain.safety.limits import limits
from gradatim.domain.safety.person_rules import person_rules
from gradatim.domain.safety.product_rules import product_rules
from gradatim.domain.safety.protocol_rules import protocol_rules
from gradatim.domain.timeline import Answer


def review(
    plan: Plan, person: Person, monograph: Monograph, earlier: tuple[Plan, ...] = (), answers: tuple[Answer, ...] = ()
) -> tuple[Finding, ...]:
    """Everything that the monograph and the rules have to say, gravest first, one finding for each rule.

    ``earlier`` are the versions that this one follows, oldest first, and ``answers`` those given to their reviews: for changes of
    product, for a way down that began before, and for how soon a step follows the last one. Overrides are not looked at: a finding
    that was overridden is still found.
    """
    case = Case.of(plan, person, monograph, earlier, answers)
    return gravest_first([*limits(case), *person_rules(case), *protocol_rules(case), *product_rules(case)])


__all__ = ["review"]
