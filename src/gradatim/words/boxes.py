"""What is in a box, in words: ``12½ tablets of 10 mg``; ``250 mL of 1 mg/mL``; never in mg."""

from __future__ import annotations

from gradatim.domain.dose import millilitres
from gradatim.domain.product import Product
from gradatim.domain.tablets import WHOLE, Pieces
from gradatim.words.phrases import grouped, pieces_text

_MINUS = "\N{MINUS SIGN}"


def amount_text(product: Product, amount: int | None) -> str:
    """An amount in the product's own unit; ``not counted`` for None, and a minus sign where more was taken than there was."""
    if amount is None:
        return "not counted"
    sign = _MINUS if amount < 0 else ""
    if not product.is_solid:
        return f"{sign}{grouped(millilitres(abs(amount)))} of {product.concentration}"
    if not amount:
        return pieces_text(Pieces(product, 2 * WHOLE)).replace("2", "no", 1)
    return f"{sign}{grouped(pieces_text(Pieces(product, abs(amount))))}"
