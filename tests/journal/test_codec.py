"""Entries as JSON: what is wrong is all said at once, and what an older version wrote is still read."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from gradatim.domain.entry import NoteWritten, What
from gradatim.domain.fault import BadInput
from gradatim.domain.reading import plain
from gradatim.journal.codec import SCHEMA, UPGRADES, Upgrade, canonical, entry_data, parse, read_entries
from tests.journal.made import entry, every_kind


def test_the_made_up_record_has_every_kind() -> None:
    assert {type(one.what) for one in every_kind()} == set(get_args(What))


def test_every_kind_is_read_back_the_same() -> None:
    written = canonical(entry_data(every_kind()))
    assert read_entries(parse(written), SCHEMA) == every_kind()
    assert canonical(entry_data(read_entries(parse(written), SCHEMA))) == written


def test_every_fault_of_every_entry_is_named_at_its_path() -> None:
    data: list[Any] = [plain(entry(number)) for number in range(4)]
    data[0]["colour"] = "blue"
    data[1]["what"]["kind"] = "dose-thrown"
    data[2]["what"]["amount"] = "10"
    del data[2]["zone"]
    data[3]["id"] = "7"
    with pytest.raises(BadInput) as caught:
        read_entries(data, SCHEMA)
    assert [fault.path for fault in caught.value.faults] == [
        "entries[0].colour", "entries[1].what.kind", "entries[2].zone", "entries[2].what.amount", "entries[3].id",
    ]  # fmt: skip
    assert all(fault.problem and fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize("data", [None, {}, "x", [1], [[]], [None]])
def test_what_is_no_list_of_entries_is_refused(data: object) -> None:
    with pytest.raises(BadInput):
        read_entries(data, SCHEMA)


@pytest.mark.parametrize("text", [b"", b"{", b"[NaN]", b'"\xff"', b"[" * 100_000, b"\xff\xfe[\x00]\x00", b"9" * 5000])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse(text)


def test_canonical_json_has_one_spelling() -> None:
    assert canonical({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'.encode()


# --- versions ---------------------------------------------------------------------------------------------------------


def older(data: dict[str, Any]) -> dict[str, Any]:
    """A made-up version −1 called the person ``patient``; version 0 had notes without a kind."""
    changed = {"patient" if key == "person" else key: value for key, value in data.items()}
    changed["what"] = changed["what"]["text"]
    return changed


@pytest.fixture
def old_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(data: dict[str, Any]) -> dict[str, Any]:
        return {**{key: value for key, value in data.items() if key != "patient"}, "person": data["patient"]}

    def kinds(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "what": {"kind": "note", "text": data["what"]}}

    monkeypatch.setitem(UPGRADES, "gradatim/entry/00", Upgrade(to="gradatim/entry/0", change=named))
    monkeypatch.setitem(UPGRADES, "gradatim/entry/0", Upgrade(to=SCHEMA, change=kinds))


@pytest.mark.usefixtures("old_versions")
def test_an_older_version_is_brought_up_step_by_step() -> None:
    notes = tuple(entry(number, NoteWritten(text=f"note {number}")) for number in range(3))
    data = [older(plain(one)) for one in notes]
    untouched = [dict(one) for one in data]
    assert read_entries(data, "gradatim/entry/00") == notes
    assert data == untouched


@pytest.mark.usefixtures("old_versions")
@pytest.mark.parametrize("item", [{}, [], None, {"patient": 5}])
def test_an_old_entry_that_is_not_even_that_is_refused(item: object) -> None:
    with pytest.raises(BadInput):
        read_entries([item], "gradatim/entry/00")


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ("gradatim/entry/2", "newer"),
        ("gradatim/entry/999", "newer"),
        ("gradatim/entry/0", "is not gradatim/entry/1"),
        ("gradatim/plan/2", "is not gradatim/entry/1"),
        (None, "is not gradatim/entry/1"),
        (1, "is not gradatim/entry/1"),
        ([], "is not gradatim/entry/1"),
    ],
)
def test_a_version_that_nobody_knows_is_refused(schema: object, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_entries([plain(entry(0))], schema)
