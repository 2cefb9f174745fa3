"""Copies of a record: sealed or plain, read whole or not at all, and brought into a journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pyrage
import pytest

from gradatim.domain.entry import Entry, NoteWritten
from gradatim.domain.fault import BadInput
from gradatim.journal.codec import canonical
from gradatim.journal.lines import LinesJournal
from gradatim.journal.sealed import Form, bring_in, form_of, read_copy, read_plain, seal, unseal, write_plain
from tests.journal.made import OTHER, entries, entry, every_kind

PASSPHRASE = "walnut tram lantern seven"


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """Sealing takes a second or two, by design: once is enough."""
    return seal(every_kind(), PASSPHRASE)


# --- plain ------------------------------------------------------------------------------------------------------------


def test_a_plain_copy_comes_back_the_same() -> None:
    copy = write_plain(every_kind())
    assert read_plain(copy) == read_copy(copy) == every_kind()
    assert write_plain(read_plain(copy)) == copy


def test_a_plain_copy_says_what_it_is() -> None:
    document = json.loads(write_plain(entries(3)))
    assert {key: document[key] for key in ("schema", "entry_schema", "person", "count")} == {
        "schema": "gradatim/export/1", "entry_schema": "gradatim/entry/1", "person": "a-name", "count": 3,
    }  # fmt: skip
    assert document["sha256"] == sha256(canonical(document["entries"])).hexdigest()


def test_the_same_copy_laid_out_otherwise_is_the_same() -> None:
    document = json.loads(write_plain(every_kind()))
    assert read_plain(json.dumps(document, sort_keys=True).encode()) == every_kind()


def rehashed(document: dict[str, Any]) -> None:
    document["sha256"] = sha256(canonical(document["entries"])).hexdigest()


def one_less(document: dict[str, Any]) -> None:
    del document["entries"][1]


def one_less_rehashed(document: dict[str, Any]) -> None:
    one_less(document)
    rehashed(document)


def twice(document: dict[str, Any]) -> None:
    document["entries"][1] = document["entries"][0]
    rehashed(document)


def somebody_elses(document: dict[str, Any]) -> None:
    document["entries"][1]["person"] = OTHER
    rehashed(document)


def not_an_entry(document: dict[str, Any]) -> None:
    document["entries"][1]["what"]["kind"] = "thrown"
    del document["entries"][2]["zone"]
    rehashed(document)


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], list[str]]] = {
    "foreign": (lambda d: d.update(schema="other/export/1"), ["copy.schema"]),
    "newer": (lambda d: d.update(schema="gradatim/export/2"), ["copy.schema"]),
    "newer entries": (lambda d: d.update(entry_schema="gradatim/entry/2"), ["schema"]),
    "no count": (lambda d: d.pop("count"), ["copy.count"]),
    "unknown": (lambda d: d.update(extra=1), ["copy.extra"]),
    "count": (lambda d: d.update(count=4), ["copy.count"]),
    "person": (lambda d: d.update(person=OTHER), ["copy.person"]),
    "one less": (one_less, ["copy.sha256"]),
    "one less, rehashed": (one_less_rehashed, ["copy.count"]),
    "twice": (twice, ["copy.count"]),
    "somebody else's": (somebody_elses, ["copy.person"]),
    "not entries": (not_an_entry, ["copy.entries[1].what.kind", "copy.entries[2].zone"]),
    "half a letter": (lambda d: d["entries"][0].update(author="\ud83d"), ["copy.sha256"]),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_copy_that_was_changed_is_refused_whole(what: str) -> None:
    change, paths = WRONG[what]
    document = json.loads(write_plain(entries(3)))
    change(document)
    with pytest.raises(BadInput) as caught:
        read_plain(json.dumps(document).encode())
    assert [fault.path for fault in caught.value.faults] == paths


def test_every_byte_of_a_plain_copy_counts() -> None:
    copy = write_plain(entries(2))
    for place in range(len(copy)):
        changed = bytearray(copy)
        changed[place] ^= 1
        with suppress(BadInput):
            assert read_plain(bytes(changed)) == entries(2)  # a space became something JSON skips
        if place % 7 == 0 and copy[:place].strip() != copy.strip():
            with pytest.raises(BadInput):
                read_plain(copy[:place])


def test_nothing_and_two_people_are_not_copied() -> None:
    with pytest.raises(BadInput, match="nothing to copy"):
        write_plain([])
    with pytest.raises(BadInput, match="more than one person"):
        write_plain([entry(0), entry(1, person=OTHER)])


# --- sealed -----------------------------------------------------------------------------------------------------------


def test_a_sealed_copy_comes_back_the_same(sealed: bytes) -> None:
    assert unseal(sealed, PASSPHRASE) == every_kind()
    assert b"a-name" not in sealed


def test_a_sealed_copy_is_a_file_of_the_age_program(sealed: bytes) -> None:
    assert sealed.startswith(b"age-encryption.org/v1\n-> scrypt ")
    opened = json.loads(pyrage.passphrase.decrypt(sealed, PASSPHRASE))
    assert (opened["schema"], opened["count"]) == ("gradatim/export/1", len(every_kind()))


@pytest.mark.parametrize("passphrase", ["", "walnut tram lantern sevem"])
def test_a_wrong_passphrase_is_said(sealed: bytes, passphrase: str) -> None:
    with pytest.raises(BadInput, match="passphrase is another, or the file is damaged"):
        unseal(sealed, passphrase)


def refused(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read_copy(data, PASSPHRASE)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize("size", [0, 10, 22, 100, 180])
def test_a_sealed_copy_cut_short_is_refused(sealed: bytes, size: int) -> None:
    refused(sealed[:size])


def test_a_sealed_copy_that_lacks_its_last_byte_is_refused(sealed: bytes) -> None:
    refused(sealed[:-1])


def test_one_changed_bit_of_a_sealed_copy_is_refused(sealed: bytes) -> None:
    changed = bytearray(sealed)
    changed[-len(sealed) // 3] ^= 1
    refused(bytes(changed))


@pytest.mark.long
def test_a_sealed_copy_changed_or_cut_anywhere_is_refused(sealed: bytes) -> None:
    chance = Random(3)
    for _ in range(60):
        changed = bytearray(sealed)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        refused(bytes(changed))
        refused(sealed[: chance.randrange(len(sealed))])


def test_what_age_sealed_for_something_else_is_refused() -> None:
    with pytest.raises(BadInput, match="is damaged"):
        unseal(pyrage.passphrase.encrypt(b"a letter", PASSPHRASE), PASSPHRASE)


def test_what_age_sealed_for_a_key_is_refused() -> None:
    key = pyrage.x25519.Identity.generate()
    refused(pyrage.encrypt(b"a letter", [key.to_public()]))


@pytest.mark.parametrize("passphrase", ["", "   ", "short", "elevenchars", "aaaaaaaaaaaaaaaa", " " * 20])
def test_a_passphrase_that_is_soon_guessed_is_refused(passphrase: str) -> None:
    with pytest.raises(BadInput, match="whoever finds the file can try"):
        seal(entries(1), passphrase)


# --- which is which ---------------------------------------------------------------------------------------------------


def test_files_are_told_apart(sealed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    LinesJournal(path).append(entries(1))
    assert form_of(path.read_bytes()) is Form.JOURNAL
    assert form_of(sealed) is Form.SEALED
    assert form_of(write_plain(entries(1))) is Form.PLAIN
    assert {form_of(data) for data in (b"", b"{}", b"\0\1", b'{"schema":"gradatim/plan/1"}', b"[1]")} == {Form.OTHER}


@pytest.mark.parametrize("data", [b"", b"{}", b"%PDF-1.7", b'{"schema":"gradatim/plan/1"}'])
def test_what_is_no_copy_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="is not a copy"):
        read_copy(data, PASSPHRASE)


def test_a_sealed_copy_asks_for_its_passphrase(sealed: bytes) -> None:
    with pytest.raises(BadInput, match=r"export\.age: is sealed\. Give its passphrase"):
        read_copy(sealed, at="export.age")


def test_a_journal_given_as_a_copy_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    LinesJournal(path).append(entries(1))
    with pytest.raises(BadInput, match="is a journal"):
        read_copy(path.read_bytes())


# --- into a journal ---------------------------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> LinesJournal:
    return LinesJournal(tmp_path / "journal.jsonl")


def counts(journal: LinesJournal, copy: tuple[Entry, ...]) -> tuple[int, int]:
    brought = bring_in(journal, copy)
    return brought.new, brought.already


def test_a_copy_is_brought_into_an_empty_journal_and_again(journal: LinesJournal) -> None:
    assert counts(journal, every_kind()) == (len(every_kind()), 0)
    assert counts(journal, every_kind()) == (0, len(every_kind()))
    assert journal.since().entries == every_kind()


def test_two_records_of_one_person_become_one(journal: LinesJournal) -> None:
    journal.append(entries(5))
    assert counts(journal, entries(6, first=3)) == (4, 2)
    assert journal.since().entries == entries(9)


def test_another_persons_copy_is_refused_unless_the_journal_is_empty(journal: LinesJournal) -> None:
    theirs = tuple(entry(number, person=OTHER) for number in range(2))
    journal.append(entries(1, first=7))
    with pytest.raises(BadInput, match="Keep a journal for each person"):
        bring_in(journal, theirs)
    assert journal.since().entries == entries(1, first=7)
    empty = LinesJournal(journal.path.with_name("other.jsonl"))
    assert counts(empty, theirs) == (2, 0)


def test_a_copy_that_says_something_else_brings_nothing_in(journal: LinesJournal) -> None:
    journal.append(entries(2))
    with pytest.raises(BadInput, match="says something else"):
        bring_in(journal, [entry(5), replace(entry(1), what=NoteWritten(text="another story"))])
    assert journal.since().entries == entries(2)
