"""Copies and damage: carried elsewhere and brought back whole or not at all; and a journal that is not as it was written."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Diary

WORDS = "four quiet words here"


@pytest.fixture
def kept(mine: Diary) -> Diary:
    """A journal of a few days with a little of everything; at noon on 3 December."""
    mine.at("2026-12-01 07:00").says("stock", "count", "uk/10=84")
    for day in (1, 2, 3):
        mine.at(f"2026-12-0{day} 08:05").says("take")
    mine.says("log", "note", "=slept well, ½ of the night")
    mine.says("undo")
    mine.says("checkin", "spasticity=4")
    return mine.at("2026-12-03 12:00")


def elsewhere(diary: Diary) -> Path:
    """Another journal, used from now on."""
    other = diary.folder / "other" / "journal.jsonl"
    diary.patch.setenv("GRADATIM_JOURNAL", str(other))
    return other


# --- copies ----------------------------------------------------------------------------------------------------------


def test_a_plain_copy_brings_everything_back(kept: Diary) -> None:
    copy = kept.folder / "copy.json"
    told, shown = kept.data("history", "--all"), kept("today").out
    assert "not encrypted" in kept.says("export", "--plain", "--out", copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert json.loads(copy.read_text())["schema"] == "gradatim/export/1"
    other = elsewhere(kept)
    assert f"Brought in {len(told)} entries; 0 were there already." in kept.says("import", copy)
    assert kept.data("history", "--all") == told
    assert kept("today").out == shown
    before = other.read_bytes()
    assert f"Brought in 0 entries; {len(told)} were there already." in kept.says("import", copy)
    assert other.read_bytes() == before
    assert "Sound" in kept.says("journal", "verify")


def test_a_sealed_copy_opens_with_its_words_only(kept: Diary) -> None:
    copy, words = kept.folder / "copy.age", kept.folder / "words.txt"
    told = kept.data("history", "--all")
    words.write_text(f"{WORDS}\n")
    assert "Without the passphrase nobody can open it." in kept.says(
        "export", "--out", copy, "--passphrase-file", words
    )
    data = copy.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n")
    assert b"spasticity" not in data
    other = elsewhere(kept)
    kept.patch.setenv("GRADATIM_PASSPHRASE", "three other words here")
    assert "the passphrase is another, or the file is damaged" in kept.says("import", copy, code=2)
    kept.patch.setenv("GRADATIM_PASSPHRASE", WORDS)
    copy.write_bytes(data[:-30] + bytes([data[-30] ^ 1]) + data[-29:])
    assert "the file is damaged" in kept.says("import", copy, code=2)
    assert not other.exists()
    copy.write_bytes(data)
    kept.says("import", copy)
    assert kept.data("history", "--all") == told


@pytest.mark.parametrize(
    ("words", "says"),
    [("", "is empty"), ("short", "has 5 letters"), ("aaaaaaaaaaaaaaa", "1 of them different")],
)
def test_words_that_a_program_would_guess_are_refused(kept: Diary, words: str, says: str) -> None:
    kept.patch.setenv("GRADATIM_PASSPHRASE", words)
    assert says in kept.says("export", "--out", kept.folder / "copy.age", code=2)
    assert not (kept.folder / "copy.age").exists()


def test_without_words_and_without_a_terminal_nothing_is_sealed(kept: Diary) -> None:
    said = kept.says("export", "--out", kept.folder / "copy.age", code=2)
    assert "GRADATIM_PASSPHRASE" in said
    assert "--plain" in said
    assert "gives no passphrase" in kept.says("export", "--out", "copy.age", "--passphrase-file", "none.txt", code=2)
    assert not (kept.folder / "copy.age").exists()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("spasticity", "mood", "the file was changed"),
        ("gradatim/export/1", "gradatim/export/9", "export/9"),
        ('"entries": [', '"entries": ', "is damaged"),
        ('"count": ', '"count": 1', "copy.json"),
    ],
)
def test_a_copy_that_was_changed_comes_in_not_at_all(kept: Diary, old: str, new: str, says: str) -> None:
    copy = kept.folder / "copy.json"
    kept.says("export", "--plain", "--out", copy)
    assert old in copy.read_text()
    copy.write_text(copy.read_text().replace(old, new))
    other = elsewhere(kept)
    assert says in kept.says("import", copy, code=2)
    assert not other.exists()


def test_a_copy_cut_short_and_what_is_no_copy_are_refused(kept: Diary) -> None:
    copy = kept.folder / "copy.json"
    kept.says("export", "--plain", "--out", copy)
    copy.write_bytes(copy.read_bytes()[:-200])
    before = kept.file.read_bytes()
    assert "is damaged" in kept.says("import", copy, code=2)
    assert "is a journal, not a copy of one" in kept.says("import", kept.file, code=2)
    assert "is not a copy of a record" in kept.says("import", kept.folder / "order.toml", code=2)
    assert "cannot be read" in kept.says("import", kept.folder / "none.json", code=2)
    assert kept.file.read_bytes() == before


def test_the_copy_of_another_person_is_refused_in_one_sentence(kept: Diary) -> None:
    kept.says("demo-journal", "--out", kept.folder / "demo.jsonl")
    kept.says("export", "--plain", "--out", "demo.json", "--journal", kept.folder / "demo.jsonl")
    before = kept.file.read_bytes()
    said = kept.says("import", "demo.json", code=2)
    assert said.startswith("1 thing to correct; nothing was written.")
    assert "is the record of another person" in said
    assert kept.file.read_bytes() == before


def test_the_journals_of_two_devices_become_one(kept: Diary) -> None:
    copy = kept.folder / "copy.json"
    kept.says("export", "--plain", "--out", copy)
    kept.at("2026-12-03 14:00").says("take")
    elsewhere(kept)
    kept.says("import", copy)
    kept.at("2026-12-03 21:00").says("take")
    kept.says("export", "--plain", "--out", kept.folder / "back.json")
    kept.patch.setenv("GRADATIM_JOURNAL", str(kept.file))
    assert "Brought in 1 entry" in kept.says("import", kept.folder / "back.json")
    assert kept.states() == {"08:00": "taken", "14:00": "taken", "21:00": "taken"}


def test_a_copy_that_cannot_be_written_leaves_nothing(kept: Diary) -> None:
    assert "cannot be written" in kept.says("export", "--plain", "--out", "nowhere/copy.json", code=2)
    assert not (kept.folder / "nowhere").exists()


def test_an_older_copy_is_written_over_whole(kept: Diary) -> None:
    copy = kept.folder / "copy.json"
    kept.says("export", "--plain", "--out", copy)
    kept.says("log", "note", "one more")
    kept.says("export", "--plain", "--out", copy)
    assert json.loads(copy.read_text())["count"] == kept.count()


# --- damage ----------------------------------------------------------------------------------------------------------

EVERY_READER = ("today", "history", "watch", "stock", "insight")


def test_a_sound_journal_says_so(kept: Diary) -> None:
    said = kept.says("journal", "verify")
    assert f"{kept.count()} entries" in said
    assert "Sound: every line is as it was written." in said


def test_one_changed_byte_is_told_by_every_command_and_the_rest_counts(kept: Diary) -> None:
    whole = kept.count()
    lines = kept.file.read_bytes().split(b"\n")
    place = next(number for number, line in enumerate(lines) if b'"note"' in line)
    lines[place] = lines[place].replace(b"slept well", b"slept ill.")
    kept.file.write_bytes(b"\n".join(lines))
    said = kept.says("journal", "verify", code=2)
    assert f"line {place + 1}" in said
    assert "was changed after it was written" in said
    assert "Everything that can be read still counts" in said
    for command in EVERY_READER:
        done = kept(command)
        assert done.code == 0
        assert "was changed after it was written" in done.err
        assert "a dose may have been taken that is not shown" in done.err
    assert kept.count() == whole - 1
    assert kept.states()["08:00"] == "taken"


def test_writing_goes_on_behind_the_damage_and_a_copy_mends_it(kept: Diary) -> None:
    kept.says("export", "--plain", "--out", "copy.json")
    whole = kept.count()
    kept.file.write_bytes(kept.file.read_bytes().replace(b"slept well", b"slept ill."))
    assert "Recorded" in kept.at("2026-12-03 14:00").says("take")
    assert kept.states()["14:00"] == "taken"
    assert "Brought in 1 entry" in kept.says("import", "copy.json")
    assert kept.count() == whole + 1


def test_a_torn_last_line_is_set_aside_and_told(kept: Diary) -> None:
    whole = kept.count()
    kept.file.write_bytes(kept.file.read_bytes()[:-20])
    said = kept.says("journal", "verify", code=2)
    assert "has no end: it was being written when the machine or the program stopped" in said
    assert kept.count() == whole - 1
    assert "has no end" in kept("today").err
    kept.at("2026-12-03 14:00").says("take")
    torn = kept.folder / "journal.jsonl.torn"
    assert b"spasticity" in torn.read_bytes()
    said = kept.says("journal", "verify")
    assert "Sound" in said
    assert str(torn) in " ".join(said.split())
    assert kept.states()["14:00"] == "taken"


def test_in_a_journal_in_which_nothing_can_be_read_nobody_new_begins(kept: Diary) -> None:
    """Else the copy that would mend it were another person's."""
    kept.says("export", "--plain", "--out", "copy.json")
    kept.file.write_bytes(kept.file.read_bytes()[:50])
    assert "nothing can be read in it" in kept.says("log", "note", "hello", code=2)
    assert "Brought in" in kept.says("import", "copy.json")
    assert kept.states()["08:00"] == "taken"


def test_a_file_that_is_no_journal_is_not_written_to(kept: Diary) -> None:
    kept.file.write_text("hello\n")
    kept.says("log", "note", "hello", code=2)
    assert kept.file.read_text() == "hello\n"
    assert kept("journal", "verify").code == 2


def test_a_folder_in_which_nothing_may_be_written(kept: Diary) -> None:
    if os.geteuid() == 0:
        kept.patch.setenv("GRADATIM_JOURNAL", "/proc/journal.jsonl")
        assert kept("import", "order.toml").code == 2
        return
    kept.folder.chmod(0o500)
    try:
        assert "cannot be written" in kept.says("log", "note", "hello", code=2)
    finally:
        kept.folder.chmod(0o700)


# --- privacy ---------------------------------------------------------------------------------------------------------


def test_medicine_dose_and_name_stand_in_the_journal_and_nowhere_else(kept: Diary) -> None:
    """All that a session leaves behind: the journal, its lock, and a name for the machine that says nothing."""
    for name in ("order.toml", "plan.json"):
        (kept.folder / name).unlink()
    for command in (*EVERY_READER, "journal where", "journal verify", "log signs", "stock refill uk/10"):
        kept(*command.split())
    kept("log", "symptom", "seizure")
    kept("nonsense")
    kept("take", "--amount", "3mg")
    left = {str(path.relative_to(kept.folder)): path for path in kept.folder.rglob("*") if path.is_file()}
    assert set(left) == {"journal.jsonl", "journal.jsonl.lock", "data/gradatim/device"}
    for name in ("journal.jsonl.lock", "data/gradatim/device"):
        text = left[name].read_text().lower()
        for word in ("baclofen", "mg", "zebedee", "quillfeather", "uk/10"):
            assert word not in text
    assert stat.S_IMODE(left["journal.jsonl"].stat().st_mode) == 0o600


def test_the_usual_place_is_the_folder_for_data_and_is_for_its_owner_alone(mine: Diary) -> None:
    mine.patch.delenv("GRADATIM_JOURNAL")
    usual = mine.folder / "data" / "gradatim" / "journal.jsonl"
    assert f"{usual} not begun yet" in mine.says("journal", "where").replace("\n", " ")
    mine.says("follow", mine.plan)
    assert "2 entries" in mine.says("journal", "where")
    assert stat.S_IMODE(usual.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(usual.stat().st_mode) == 0o600
