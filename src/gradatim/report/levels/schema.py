"""The JSON Schema of levels as a file: what ``simulate --out levels.json`` writes."""

from __future__ import annotations

from typing import Any

from gradatim.exchange.schema import DRAFT
from gradatim.kinetics.published import Standing
from gradatim.report.levels.arm import Of
from gradatim.report.levels.table import SCHEMA

_DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_MG = {"type": "number", "minimum": 0}


def levels_schema() -> dict[str, Any]:
    """The model and whom it is for, the arms with their doses, the curve and the days as tables, and the sentences."""
    dose = _table({"hour": {"type": "number", "description": "From the start of the first day."}, "mg": _MG})
    arm = _table({
        "name": _TEXT, "of": {"enum": [one.value for one in Of]}, "first": _DAY, "last": _DAY, "doses": _list(dose), "not_recorded": _list(dose),
        "steps": _list(_table({"first": _DAY, "last": _DAY, "mg": _MG})), "said": _TEXTS,
    })  # fmt: skip
    model = _table({
        "id": _TEXT, "name": _TEXT, "standing": {"enum": [one.value for one in Standing]}, "population": _TEXT, "source": _TEXTS, "missing": _TEXTS,
        "covariates": {"type": "object", "additionalProperties": {"type": "number"}}, "varies": _TEXTS,
    })  # fmt: skip
    cell = {"type": ["string", "number", "null"]}
    rows = _table({"columns": _TEXTS, "rows": _list(_list(cell))})
    count = {"type": "integer", "minimum": 0}
    parts = {
        "schema": {"const": SCHEMA}, "unit": _TEXT, "model": model, "people": count, "seed": count, "arms": {"minItems": 1, **_list(arm)},
        "curve": rows, "days": rows, "compared": _TEXTS, "meaning": _TEXTS,
    }  # fmt: skip
    return {"$schema": DRAFT, "title": "Gradatim levels", **_table(parts)}


def _table(parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": parts, "required": list(parts), "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
