"""The JSON Schema of a packet, made from the same types that write and read it."""

from __future__ import annotations

from typing import Any

from gradatim.exchange.packet.document import SCHEMA, Packet
from gradatim.exchange.schema import DRAFT, SchemaMaker


def packet_schema() -> dict[str, Any]:
    """The schema: every field is required, and no other is allowed."""
    make = SchemaMaker()
    top = make.of(Packet)
    make.definitions["Packet"]["properties"]["schema"] = {"const": SCHEMA}
    return {"$schema": DRAFT, "title": "Gradatim packet", **top, "$defs": make.definitions}
