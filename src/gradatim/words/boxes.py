"""What is in a box, in words: ``12½ tablets of 10 mg``; ``250 mL of 1 mg/mL``; never in mg."""

from __future__ import annotations

from gradatim.domain.product import Form, Product
from gradatim.domain.tablets import Pieces
from gradatim.words.phrases import liquid_text, pieces_text
from gradatim.words.sentence import numbers, sentence

_MINUS = "\N{MINUS SIGN}"


def amount_text(product: Product, amount: int | None) -> str:
    """An amount in the product's own unit; ``not counted`` for None, and a minus sign where more was taken than there was."""
    if amount is None:
        return sentence("amount.not-counted")
    sign = _MINUS if amount < 0 else ""
    if not product.is_solid:
        return f"{sign}{liquid_text(abs(amount), str(product.concentration))}"
    if not amount:
        what = "packets" if product.form is Form.GRANULES else "tablets"
        return sentence(f"amount.no-{what}", strength=numbers(str(product.strength)))
    return f"{sign}{pieces_text(Pieces(product, abs(amount)))}"
