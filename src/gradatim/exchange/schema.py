"""The JSON Schemas of orders, plan documents, entries and copies of a journal, made from the same types that read them."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from gradatim.domain.approval import Override
from gradatim.domain.clock import Instant
from gradatim.domain.entry import Entry
from gradatim.domain.guardrail import Severity
from gradatim.domain.plan import State
from gradatim.exchange.document import SCHEMA, PlanFile
from gradatim.exchange.order import Order

DRAFT = "https://json-schema.org/draft/2020-12/schema"
PATTERNS = {
    "OralDose": r"^\s*\d+(\.\d+)?\s*mg\s*$",
    "Weight": r"^\s*\d+(\.\d+)?\s*kg\s*$",
    "Creatinine": r"^\s*\d+(\.\d+)?\s*(umol/L|µmol/L|mg/dL)\s*$",
    "Citation": r"^[A-Z0-9][A-Z0-9-]* \[[TAM2D]\]$",
    "Instant": r"^\d{4}-\d\d-\d\dT\d\d:\d\d",
}


class SchemaMaker:
    """Collects the definitions of the types that it meets."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def of(self, wanted: Any) -> dict[str, Any]:
        """The schema of one type; dataclasses are defined once and referred to."""
        origin = get_origin(wanted)
        if origin in (Union, types.UnionType):
            return {"anyOf": [{"type": "null"} if part is type(None) else self.of(part) for part in get_args(wanted)]}
        if origin is tuple:
            return {"type": "array", "items": self.of(get_args(wanted)[0])}
        if hasattr(wanted, "parse"):
            kinds: dict[str, Any] = {
                "type": ["string", "number"] if wanted.__name__ in ("Age", "Filtration") else "string"
            }
            if wanted.__name__ in PATTERNS:
                kinds["pattern"] = PATTERNS[wanted.__name__]
            return {"description": first_line(wanted), **kinds}
        if is_dataclass(wanted):
            return self._reference(wanted)
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return {"enum": [member.value for member in wanted]}
        simple = {str: "string", int: "integer", bool: "boolean"}
        if wanted is date:
            return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
        if wanted is time:
            return {"type": "string", "pattern": r"^\d\d:\d\d$"}
        return {"type": simple[wanted]}

    def _reference(self, wanted: Any) -> dict[str, Any]:
        name = wanted.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # before its parts: types may refer to one another
            hints = get_type_hints(wanted)
            kind = getattr(wanted, "kind", None)
            made = {field.name: self.of(hints[field.name]) for field in fields(wanted)}
            required = [f.name for f in fields(wanted) if f.default is MISSING and f.default_factory is MISSING]
            if isinstance(kind, str):
                made, required = {"kind": {"const": kind}, **made}, ["kind", *required]
            self.definitions[name] = {
                "description": first_line(wanted),
                "type": "object",
                "properties": made,
                "required": required,
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}


def first_line(wanted: Any) -> str:
    """The first line of a type's docstring."""
    return (wanted.__doc__ or "").strip().splitlines()[0]


def order_schema() -> dict[str, Any]:
    """The schema of an order in JSON; TOML orders have the same shape, with dates as dates."""
    make = SchemaMaker()
    top = make.of(Order)
    make.definitions["Person"]["properties"]["locale"] = {
        "type": "string",
        "description": "The market, as a locale: en-GB.",
    }
    prescription = make.definitions["Prescription"]
    prescription["properties"]["table"] = {"anyOf": [prescription["properties"]["table"], {"type": "string"}]}
    prescription["properties"]["table_file"] = {"type": "string", "description": "A CSV file beside the order."}
    prescription["required"] = ["products"]
    return {"$schema": DRAFT, "title": "Gradatim order", **top, "$defs": make.definitions}


def plan_schema() -> dict[str, Any]:
    """The schema of a plan document: what is read back (person, course), and what is derived from it."""
    make = SchemaMaker()
    make.of(PlanFile)
    number = {"type": "number", "minimum": 0}
    text = {"type": "string"}

    def table(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {**required, **(optional or {})},
            "required": list(required),
            "additionalProperties": False,
        }

    solid = table({"product": text, "strength_mg": number, "count": number})
    liquid = table({"product": text, "ml": number, "mg_per_ml": number})
    dose = table(
        {"id": text, "date": text, "time": text, "zone": text, "at": make.of(Instant), "mg": number,
         "units": {"anyOf": [{"type": "array", "items": solid}, liquid]}, "text": text, "sentence": text, "version": {"type": "integer"},
         "step": {"type": "integer"}},
        {"waiting_for": text},
    )  # fmt: skip
    review = table({"id": text, "by": text, "asks": {"type": "array", "items": text}})
    step = table(
        {"version": {"type": "integer"}, "number": {"type": "integer"}, "kind": {"enum": ["step", "hold"]}, "first": text, "last": text,
         "open": {"type": "boolean"}, "doses": {"type": "array", "items": table({"slot": text, "time": text, "mg": number})},
         "day_mg": number, "because": text, "reason": text, "source": {"type": "array", "items": text}},
        {"review": review, "waiting_for": text},
    )  # fmt: skip
    finding = table(
        {"rule": text, "severity": make.of(Severity), "message": text, "source": {"type": "array", "items": text}, "at": text,
         "overridden": {"type": "boolean"}, "facts": {"type": "object", "additionalProperties": text}},
    )  # fmt: skip
    summary = table(
        {"id": text, "version": {"type": "integer"}, "state": make.of(State), "drug": text, "monograph": text, "purpose": text,
         "protocol": {"type": ["string", "null"]}, "start": text, "valid_until": text, "zone": text, "blocked": {"type": "boolean"}},
        {"approved_by": text, "approved_at": text, "copied_from": {"type": ["object", "null"]},
         "overrides": {"type": "array", "items": make.of(Override)}},
    )  # fmt: skip
    needs = {
        "anyOf": [
            table({"product": text, "strength_mg": number, "count": number, "dispense": number, "splits": number}),
            liquid,
        ]
    }
    parts = {
        "schema": {"const": SCHEMA}, "intended_use": text, "language": text, "issued": make.of(Instant), "mode": text, "first": text, "last": text,
        "plan": summary, "steps": {"type": "array", "items": step}, "doses": {"type": "array", "items": dose},
        "findings": {"type": "array", "items": finding}, "supply": {"type": "array", "items": needs},
        "person": {"$ref": "#/$defs/Person"}, "course": {"$ref": "#/$defs/Course"},
    }  # fmt: skip
    return {
        "$schema": DRAFT, "title": "Gradatim plan document", "type": "object", "properties": parts,
        "required": ["schema", "person", "course"], "additionalProperties": False, "$defs": make.definitions,
    }  # fmt: skip


def entry_schema() -> dict[str, Any]:
    """The schema of one entry of a journal."""
    make = SchemaMaker()
    top = make.of(Entry)
    return {"$schema": DRAFT, "title": "Gradatim entry", **top, "$defs": make.definitions}


def export_schema(schema: str, entry: str) -> dict[str, Any]:
    """The schema of a plain copy of a journal; ``schema`` and ``entry`` are the names of its version and of that of its entries."""
    make = SchemaMaker()
    parts = {
        "schema": {"const": schema}, "entry_schema": {"const": entry}, "person": {"type": "string"}, "count": {"type": "integer", "minimum": 1},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "entries": {"type": "array", "items": make.of(Entry)},
    }  # fmt: skip
    return {
        "$schema": DRAFT, "title": "Gradatim export", "type": "object", "properties": parts, "required": list(parts),
        "additionalProperties": False, "$defs": make.definitions,
    }  # fmt: skip
