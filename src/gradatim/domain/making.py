"""The portions of a whole plan: the same dose made the same way throughout, from the products that the plan names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput, Fault
from gradatim.domain.monograph import Monograph
from gradatim.domain.plan import Item, Plan, Slot, Step
from gradatim.domain.product import Product
from gradatim.domain.tablets import CannotMake, Making, Portion, Solid, portion


def shelf(monograph: Monograph, ids: tuple[str, ...]) -> tuple[Product, ...]:
    """The products with these ids. Raises `BadInput` naming every unknown one."""
    found: list[Product] = []
    faults: list[Fault] = []
    for place, id in enumerate(ids):
        try:
            found.append(monograph.product(id, f"products[{place}]"))
        except BadInput as bad:
            faults += bad.faults
    names = [product.id for product in found]
    faults += [
        Fault(f"products[{n}]", f"{id} is named twice", "Name each once")
        for n, id in enumerate(names)
        if id in names[:n]
    ]
    if faults:
        raise BadInput(faults)
    return tuple(found)


def doses_of(items: Iterable[Item]) -> tuple[OralDose, ...]:
    """Every different dose that is not zero, in the order in which they first come."""
    return tuple(dict.fromkeys(dose for item in items if isinstance(item, Step) for dose in item.doses if dose))


@lru_cache(maxsize=4096)
def ways(
    doses: tuple[OralDose, ...], products: tuple[Product, ...], making: Making
) -> dict[OralDose, Portion | CannotMake]:
    """The best way to make each dose, in order: later doses prefer the products that earlier ones use."""
    made: dict[OralDose, Portion | CannotMake] = {}
    in_use: frozenset[str] = frozenset()
    for dose in doses:
        way = portion(dose, products, making, in_use=in_use)
        made[dose] = way
        if isinstance(way, Solid):
            in_use |= {part.product.id for part in way.pieces}
    return made


def portions(plan: Plan, monograph: Monograph) -> dict[OralDose, Portion]:
    """How each dose of a plan is made. Raises `BadInput` when one cannot be: `titrate` and its kin never return such a plan."""
    products = shelf(monograph, plan.products)
    made: dict[OralDose, Portion] = {}
    for dose, way in ways(doses_of(plan.items), products, plan.making).items():
        if isinstance(way, CannotMake):
            raise BadInput(unmakeable(plan.items, plan.slots, products, plan.making, monograph))
        made[dose] = way
    return made


def unmakeable(
    items: tuple[Item, ...],
    slots: tuple[Slot, ...],
    products: tuple[Product, ...],
    making: Making,
    monograph: Monograph,
) -> list[Fault]:
    """A fault for each dose that cannot be made exactly, at the step and time where it first comes."""
    made = ways(doses_of(items), products, making)
    faults: list[Fault] = []
    markets = {product.market for product in products}
    others = tuple(p for p in monograph.products if p.market in markets and p not in products and p.only_for is None)
    for number, step in enumerate((item for item in items if isinstance(item, Step)), start=1):
        for slot, dose in zip(slots, step.doses, strict=True):
            at = f"step {number}, {slot.at:%H:%M}"
            if (
                dose
                and isinstance(made[dose], CannotMake)
                and not any(f"{dose} cannot" in fault.problem for fault in faults)
            ):
                refusal = portion(dose, products, making, others=others)
                assert isinstance(refusal, CannotMake)
                faults.append(refusal.fault(at))
    return faults
