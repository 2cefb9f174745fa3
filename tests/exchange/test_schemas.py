"""What the program writes is what its JSON Schemas say, and an unknown field is not."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.journal.made import every_kind

from gradatim.domain.calendar import lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.exchange.document import document
from gradatim.exchange.order import file_data, make_plan, read_order
from gradatim.exchange.schema import entry_schema, export_schema, plan_schema
from gradatim.journal.codec import SCHEMA as ENTRY
from gradatim.journal.codec import entry_data
from gradatim.journal.sealed import SCHEMA as EXPORT
from gradatim.journal.sealed import write_plain
from gradatim.monographs import bibliography, monograph

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))


def refused(data: Any, schema: dict[str, Any]) -> bool:
    return not jsonschema.Draft202012Validator(schema).is_valid(data)


@pytest.mark.parametrize("order", EXAMPLES, ids=lambda path: path.stem)
def test_a_plan_document_is_what_its_schema_says(order: Path) -> None:
    asked = read_order(file_data(order), monograph(), order.parent)
    course = Course(versions=(make_plan(asked, monograph()),))
    calendar = lay_out(course, asked.person, monograph(), Instant.parse("2026-11-25T10:00:00Z"))
    jsonschema.validate(json.loads(json.dumps(document(calendar, bibliography()))), plan_schema())


def test_every_kind_of_entry_is_what_its_schema_says() -> None:
    for entry in entry_data(every_kind()):
        jsonschema.validate(entry, entry_schema())
        assert refused(entry | {"mood": "blue"}, entry_schema())
        assert refused(entry | {"what": entry["what"] | {"kind": "unheard-of"}}, entry_schema())


def test_a_copy_is_what_its_schema_says() -> None:
    schema = export_schema(EXPORT, ENTRY)
    copy = json.loads(write_plain(every_kind()))
    jsonschema.validate(copy, schema)
    changed = deepcopy(copy)
    del changed["entries"][0]["recorded"]
    assert refused(changed, schema)
    assert refused(copy | {"schema": "gradatim/export/2"}, schema)
