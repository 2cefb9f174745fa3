"""Nothing acknowledged is ever lost: processes killed at any moment, files cut at any byte, bytes changed anywhere.

``tests/journal/campaign.py`` does the killing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from gradatim.domain.entry import Entry
from gradatim.domain.fault import BadInput
from gradatim.journal.chain import Why
from gradatim.journal.lines import LinesJournal
from tests.journal.conformance import ROOT
from tests.journal.made import entries

posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="the campaign forks")


def run(*arguments: object) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.journal.campaign", *map(str, arguments)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    figures: dict[str, int] = json.loads(ran.stdout)
    print(figures)
    return figures


def all_is_well(figures: dict[str, int]) -> bool:
    return not any(figures[name] for name in ("lost", "doubled", "strange", "unsound"))


# --- kill -9 ----------------------------------------------------------------------------------------------------------


@posix
def test_hundreds_of_kills_lose_nothing(tmp_path: Path) -> None:
    figures = run("campaign", tmp_path, 250, 1)
    assert all_is_well(figures)
    assert figures["kills"] >= 250
    assert figures["acknowledged"] > 100
    assert figures["unacknowledged"] <= figures["kills"]


@posix
def test_a_kill_at_every_step_of_an_append_loses_nothing(tmp_path: Path) -> None:
    figures = run("steps", tmp_path, 12)
    assert all_is_well(figures)
    assert figures["kills"] > 70
    assert figures["torn"] > 5


@posix
@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3])
def test_thousands_of_kills_lose_nothing(tmp_path: Path, seed: int) -> None:
    assert all_is_well(run("campaign", tmp_path, 3000, seed))


@posix
@pytest.mark.long
def test_a_kill_at_a_thousand_places_of_every_write_loses_nothing(tmp_path: Path) -> None:
    assert all_is_well(run("steps", tmp_path, 1000))


# --- bytes ------------------------------------------------------------------------------------------------------------

APPENDS = [entries(1 + (number + 1) % 3, first=number * 3) for number in range(6)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "journal.jsonl"
    for batch in APPENDS:
        LinesJournal(path).append(batch)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # nothing stops here but this test
    return tmp_path / "journal.jsonl"


def ends_of(whole: bytes) -> list[int]:
    """Where each append ends, its end of line not counted."""
    return [place for place, byte in enumerate(whole) if byte == ord("\n")][1:]


def sure(*batches: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(entry for batch in batches for entry in batch)


def goes_on(path: Path, there: tuple[Entry, ...]) -> None:
    """The next append works, and is there when the file is opened anew, behind what could be read."""
    new = entries(2, first=500)
    LinesJournal(path).append(new)
    assert LinesJournal(path).since().entries == (*there, *new)


def cut(whole: bytes, path: Path, size: int) -> None:
    path.write_bytes(whole[:size])
    path.with_name("journal.jsonl.torn").unlink(missing_ok=True)
    ends = ends_of(whole)
    complete = sure(*(batch for batch, end in zip(APPENDS, ends, strict=True) if end <= size))
    journal = LinesJournal(path)
    assert journal.since().entries == complete
    clean = size == 0 or size in ends or size - 1 in ends
    assert (journal.damage == ()) is clean
    assert path.read_bytes() == whole[:size]
    goes_on(path, complete)
    assert LinesJournal(path).verify().sound
    torn = path.with_name("journal.jsonl.torn")
    rest = whole[max((end + 1 for end in ends if end + 1 <= size), default=0) : size]
    assert clean or rest in torn.read_bytes()


def test_a_file_cut_at_every_byte_of_its_last_append_loses_what_was_cut_and_no_more(whole: bytes, path: Path) -> None:
    for size in range(ends_of(whole)[-2], len(whole) + 1):
        cut(whole, path, size)


def test_a_file_cut_in_its_first_append_begins_again(whole: bytes, path: Path) -> None:
    for size in range(0, ends_of(whole)[0] + 2, 5):
        cut(whole, path, size)


@pytest.mark.long
def test_a_file_cut_at_every_byte(whole: bytes, path: Path) -> None:
    for size in range(len(whole) + 1):
        cut(whole, path, size)


def flip(whole: bytes, path: Path, chance: Random, flips: int) -> None:
    """Change some bytes: what is read is as it was written, what is not read is reported, and the next append works."""
    damaged = bytearray(whole)
    for _ in range(flips):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    path.write_bytes(damaged)
    original = {entry.id: (entry, number) for number, batch in enumerate(APPENDS) for entry in batch}
    journal = LinesJournal(path)
    try:
        found = journal.since().entries
    except BadInput:  # every line is damaged, so that it might be any file: refused, and left as it is
        assert path.read_bytes() == bytes(damaged)
        assert flips > 3
        return
    assert all(original[entry.id][0] == entry for entry in found)
    missing = {number for entry, number in original.values() if entry not in found}
    starts = [0, *(end + 1 for end in ends_of(whole))]
    untouched = {
        number
        for number, (start, end) in enumerate(zip(starts, ends_of(whole), strict=False))
        if whole[start - 1 : end + 1] == bytes(damaged[start - 1 : end + 1])
    }
    assert not missing & untouched - {0}  # the header stands on a line of its own before the first
    assert journal.damage if damaged[:-1] != whole[:-1] else True
    assert not missing or not journal.verify().sound
    goes_on(path, found)
    assert all(entry in LinesJournal(path).since().entries for entry in found)


@pytest.mark.parametrize("flips", [1, 2, 10, 200])
def test_changed_bytes_are_never_read_as_if_they_had_been_written(whole: bytes, path: Path, flips: int) -> None:
    chance = Random(flips)
    for _ in range(100):
        flip(whole, path, chance, flips)


@pytest.mark.long
def test_every_changed_bit_is_noticed(whole: bytes, path: Path) -> None:
    for place in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            journal = LinesJournal(path)
            assert journal.since().entries != sure(*APPENDS) or journal.damage or place == len(whole) - 1
            assert not journal.verify().sound or place == len(whole) - 1


def test_a_tail_of_zeros_loses_what_was_overwritten_and_no_more(whole: bytes, path: Path) -> None:
    chance = Random(7)
    ends = ends_of(whole)
    for _ in range(100):
        size = chance.randrange(1, len(whole))
        path.write_bytes(whole[:size] + bytes(len(whole) - size + chance.choice([0, 0, 1, 4096])))
        complete = sure(*(batch for batch, end in zip(APPENDS, ends, strict=True) if end < size))
        journal = LinesJournal(path)
        assert journal.since().entries == complete
        assert {one.why for one in journal.damage} <= {Why.TORN, Why.UNFINISHED}
        assert journal.damage
        goes_on(path, complete)
        assert LinesJournal(path).verify().sound


def test_rubbish_behind_the_last_line_is_set_aside(whole: bytes, path: Path) -> None:
    chance = Random(8)
    for _ in range(50):
        rubbish = chance.randbytes(chance.randrange(1, 300)) + b"?"
        path.write_bytes(whole + rubbish)
        assert LinesJournal(path).since().entries == sure(*APPENDS)
        assert LinesJournal(path).damage
        goes_on(path, sure(*APPENDS))
        assert LinesJournal(path).verify().sound
        assert rubbish in path.with_name("journal.jsonl.torn").read_bytes()
