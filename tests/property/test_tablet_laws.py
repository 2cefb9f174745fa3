"""A dose is made exactly or refused; of all ways the documented best; judged by trying every way."""

from __future__ import annotations

from functools import cache
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.strategies import BACLOFEN, MARKS, Down, Up, downs, shelves, ups

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose
from gradatim.domain.making import portions, shelf
from gradatim.domain.product import Form, Product
from gradatim.domain.tablets import MOST_PIECES, CannotMake, Liquid, Making, Solid, portion, quantum

SOURCE = (Citation.parse("US-TAB [T]"),)


@cache
def tablet(strength: int, scored: bool | None, parts: int) -> Product:
    return Product(id=f"x/{strength}-{scored}-{parts}", market="US", name="x", form=Form.TABLET, source=SOURCE,
                   strength=OralDose.mg(strength), scored=scored, divisible_into=parts)  # fmt: skip


KINDS = ((None, 1), (False, 1), (True, 1), (True, 2), (True, 4))
tablets = st.builds(lambda s, k: tablet(s, *k), st.sampled_from([2, 5, 6, 10, 15, 20, 25]), st.sampled_from(KINDS))
small_shelves = st.lists(tablets, min_size=1, max_size=3, unique_by=lambda p: p.id).map(tuple)


def quarters_allowed(product: Product, quarters: bool) -> int:
    """Into how many parts the rules of the house let this tablet be split, said anew."""
    if not product.scored:
        return 1
    if quarters:
        return 4
    return 2 if product.divisible_into >= 2 else 1


@cache
def all_ways(products: tuple[Product, ...], quarters: bool, most_mg: int) -> dict[int, list[tuple[int, ...]]]:
    """Every way to take some of each product, up to 20 pieces, by the dose in micrograms."""
    found: dict[int, list[tuple[int, ...]]] = {}

    def go(place: int, counts: tuple[int, ...], amount: int, pieces: int) -> None:
        if place == len(products):
            if amount % 4 == 0:
                found.setdefault(amount // 4, []).append(counts)
            return
        strength = products[place].strength
        assert strength is not None
        for n in range(0, (MOST_PIECES - pieces) * 4 + 1, 4 // quarters_allowed(products[place], quarters)):
            if amount + n * strength.micrograms > most_mg * 4000:
                break
            go(place + 1, (*counts, n), amount + n * strength.micrograms, pieces + ceil(n / 4))

    go(0, (), 0, 0)
    return found


def merit(products: tuple[Product, ...], counts: tuple[int, ...], in_use: frozenset[str]) -> tuple[int, ...]:
    """The documented order: no quarters, fewest splits, fewest pieces, fewest products, products in use."""
    return (
        sum(n % 2 for n in counts),
        sum(n % 4 != 0 for n in counts),
        sum(ceil(n / 4) for n in counts),
        sum(n > 0 for n in counts),
        sum(n > 0 and p.id not in in_use for p, n in zip(products, counts, strict=True)),
    )


@given(small_shelves, st.booleans(), st.integers(1, 120), st.data())
def test_the_best_of_all_ways_or_none_at_all(
    products: tuple[Product, ...], quarters: bool, half_mg: int, data: st.DataObject
) -> None:
    if quarters:
        products = products[:2]
    smallest = min(p.strength.micrograms for p in products if p.strength)
    dose = OralDose(min(half_mg * 500, smallest * (MOST_PIECES - 2)))  # so that the number of pieces never decides
    in_use = frozenset(data.draw(st.sets(st.sampled_from([p.id for p in products]))))
    ways = all_ways(products, quarters, 90)
    way = portion(dose, products, Making(quarters=quarters), in_use=in_use)
    possible = ways.get(dose.micrograms, [])
    if isinstance(way, CannotMake):
        assert not possible, f"{dose} can be made: {possible[0]}"
        reachable = sorted(amount for amount in ways if amount)
        below = [amount for amount in reachable if amount < dose.micrograms]
        above = [amount for amount in reachable if amount > dose.micrograms]
        assert way.below == (OralDose(below[-1]) if below else None)
        assert way.above == OralDose(above[0])
        return
    assert isinstance(way, Solid)
    assert way.dose == dose
    by_id = {part.product.id: part.quarters for part in way.pieces}
    counts = tuple(by_id.get(p.id, 0) for p in products)
    assert len(by_id) == len(way.pieces)
    assert all(by_id.values())
    assert counts in possible
    best = min(merit(products, other, in_use) for other in possible)
    assert merit(products, counts, in_use) == best


@given(shelves(), st.booleans(), st.sampled_from(MARKS), st.integers(1, 400))
def test_real_products_are_split_only_where_a_source_says_so(
    ids: tuple[str, ...], quarters: bool, mark: int, quarter_mg: int
) -> None:
    products, making = shelf(BACLOFEN, ids), Making(quarters=quarters, mark_microlitres=mark)
    dose = OralDose(quarter_mg * 250)
    way = portion(dose, products, making)
    match way:
        case Solid(pieces=pieces):
            assert (
                sum(part.product.strength.micrograms * part.quarters for part in pieces if part.product.strength)
                == 4 * dose.micrograms
            )
            for part in pieces:
                if part.quarters % 4:
                    assert part.product.scored
                    assert part.quarters % 2 == 0 or quarters
                    assert part.product.divisible_into >= 2 or quarters
        case Liquid(product=bottle, microlitres=volume):
            assert bottle.concentration is not None
            assert volume % mark == 0
            assert volume * bottle.concentration.micrograms_per_ml == dose.micrograms * 1000
        case CannotMake():
            for near, side in ((way.below, -1), (way.above, +1)):
                if near is not None:
                    assert (near.micrograms - dose.micrograms) * side > 0
                    assert not isinstance(portion(near, products, making), CannotMake), (
                        f"{near} is named but cannot be made"
                    )


@given(shelves(), st.booleans(), st.sampled_from(MARKS), st.integers(1, 60))
def test_every_multiple_of_the_quantum_can_be_made(ids: tuple[str, ...], quarters: bool, mark: int, times: int) -> None:
    products, making = shelf(BACLOFEN, ids), Making(quarters=quarters, mark_microlitres=mark)
    dose = quantum(products, making) * times
    way = portion(dose, products, making)
    if isinstance(way, CannotMake):  # only for want of mouths to feed it to
        solid = [p.strength.micrograms for p in products if p.strength]
        assert dose.micrograms > (MOST_PIECES - 1) * max(solid)
    else:
        assert way.dose == dose


@given(st.one_of(ups, downs()))
def test_in_a_plan_the_same_dose_is_always_the_same_portion(made: Up | Down) -> None:
    found = portions(made.plan, BACLOFEN)
    wanted = {dose for step in made.plan.steps for dose in step.doses if dose}
    assert set(found) == wanted
    assert all(way.dose == dose for dose, way in found.items())
    again = portions(made.plan, BACLOFEN)
    assert again == found
    allowed = {BACLOFEN.product(id) for id in made.plan.products}
    for way in found.values():
        used = {part.product for part in way.pieces} if isinstance(way, Solid) else {way.product}
        assert used <= allowed


def test_a_dose_of_more_pieces_than_anybody_swallows_names_only_doses_that_can_be_made() -> None:
    products = shelf(BACLOFEN, ("us/5",))
    way = portion(OralDose.mg(102), products, Making())
    assert isinstance(way, CannotMake)
    assert way.below == OralDose.mg(100)
    assert way.above is None, "21 tablets at one time are refused, so 105 mg must not be offered"


def test_a_refusal_names_the_products_that_would_do() -> None:
    five = shelf(BACLOFEN, ("uk/5",))
    way = portion(OralDose(2500), five, Making(), others=shelf(BACLOFEN, ("uk/10", "uk/solution-1", "uk/solution-2")))
    assert isinstance(way, CannotMake)
    assert (way.below, way.above) == (None, OralDose.mg(5))
    assert way.would_do == ("uk/solution-1",)  # 2.5 mg is 1.25 mL of the 10 mg/5 mL, which is between the marks


def test_a_syringe_mark_between_marks_is_refused() -> None:
    bottle = shelf(BACLOFEN, ("us/suspension-5",))
    assert isinstance(portion(OralDose(2500), bottle, Making(mark_microlitres=200)), CannotMake)
    way = portion(OralDose(2500), bottle, Making(mark_microlitres=100))
    assert isinstance(way, Liquid)
    assert way.microlitres == 500


@pytest.mark.parametrize("id", [p.id for p in BACLOFEN.products if p.is_solid and p.divisible_into == 1])
def test_a_tablet_that_no_source_calls_divisible_is_never_split(id: str) -> None:
    tab = BACLOFEN.product(id)
    assert tab.strength is not None
    half = OralDose(tab.strength.micrograms // 2)
    assert isinstance(portion(half, (tab,), Making()), CannotMake)
