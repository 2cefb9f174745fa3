"""Tablets, liquids and hands."""

from __future__ import annotations

from collections.abc import Iterator

from gradatim.domain.citation import Citation
from gradatim.domain.finding import Finding, message
from gradatim.domain.guardrail import Severity
from gradatim.domain.making import portions
from gradatim.domain.product import Product
from gradatim.domain.safety.case import Case
from gradatim.domain.tablets import Solid


def product_rules(case: Case) -> Iterator[Finding]:
    """Findings about what the doses are made of."""
    liquids = [product for product in case.products if not product.is_solid]
    yield from _strengths(liquids)
    yield from _switched(case, liquids)
    made = [way for way in portions(case.plan, case.monograph).values() if isinstance(way, Solid)]
    split = [part.product for way in made for part in way.pieces if part.split]
    if split and "poor-hand-function" in case.person.conditions:
        yield _about("split-with-poor-hands", Severity.CAUTION, "product.split-hands", split[:1])
    quarters = [part.product for way in made for part in way.pieces if part.quarters % 2]
    if quarters:
        yield _about("quarter-tablets", Severity.CAUTION, "product.quarters", quarters[:1])
    special = [p for p in case.products if p.only_for is not None and p.only_for != case.person.indication]
    if special:
        said = message("product.only-for", product=special[0].name, only_for=special[0].only_for or "")
        yield Finding(
            rule="product-for-another-indication",
            severity=Severity.CAUTION,
            message=said,
            source=special[0].source,
            at="products",
        )


def _about(rule: str, severity: Severity, key: str, products: list[Product]) -> Finding:
    said = message(key, products=tuple(product.name for product in products))
    return Finding(rule=rule, severity=severity, message=said, source=_sources(products), at="products")


def _sources(products: list[Product]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citation for product in products for citation in product.source))


def _strengths(liquids: list[Product]) -> Iterator[Finding]:
    if len({product.concentration for product in liquids}) > 1:
        yield _about("liquid-two-strengths", Severity.STOP, "product.two-strengths", liquids)


def _switched(case: Case, liquids: list[Product]) -> Iterator[Finding]:
    if not case.earlier:
        return
    before = [case.monograph.product(id) for id in case.earlier[-1].products]
    old = [product for product in before if not product.is_solid]
    if old and liquids and {p.concentration for p in old} != {p.concentration for p in liquids}:
        said = message("product.strength-changed", old=str(old[0].concentration), new=str(liquids[0].concentration))
        yield Finding(
            rule="liquid-strength-changed",
            severity=Severity.STOP,
            message=said,
            source=_sources(old + liquids),
            at="products",
        )
    if {p.is_solid for p in before} != {p.is_solid for p in case.products}:
        yield _about("form-changed", Severity.CAUTION, "product.form-changed", list(case.products))
