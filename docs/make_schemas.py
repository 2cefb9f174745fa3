"""Writes the JSON Schemas into docs/reference/schemas: run after a change of the types. A test finds them stale."""

from __future__ import annotations

import json
from pathlib import Path

from gradatim.exchange.packet import packet_schema
from gradatim.exchange.schema import entry_schema, export_schema, order_schema, plan_schema
from gradatim.journal import codec, sealed
from gradatim.report.levels.schema import levels_schema

FOLDER = Path(__file__).parent / "reference" / "schemas"


def made() -> dict[str, str]:
    """File names and what they should hold."""
    schemas = {
        "order.json": order_schema(),
        "plan.json": plan_schema(),
        "entry.json": entry_schema(),
        "export.json": export_schema(sealed.SCHEMA, codec.SCHEMA),
        "packet.json": packet_schema(),
        "levels.json": levels_schema(),
    }
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in made().items():
        (FOLDER / name).write_text(text, "utf-8")
