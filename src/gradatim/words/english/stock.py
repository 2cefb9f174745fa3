"""What is said of the box: how long it lasts and what to order."""

from __future__ import annotations

STOCK: dict[str, str] = {}
