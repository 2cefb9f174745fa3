"""The journal in a file: the laws of every journal, and what is peculiar to a file."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gradatim.domain.entry import NoteWritten
from gradatim.domain.fault import BadInput
from gradatim.domain.journal import Journal
from gradatim.domain.reading import plain
from gradatim.journal import codec
from gradatim.journal.chain import A_LINE, BEFORE_ALL, HEADER, Why
from gradatim.journal.codec import UPGRADES, Upgrade, canonical
from gradatim.journal.lines import LinesJournal
from tests.journal.conformance import ROOT, JournalLaws, Opener, any_appends_give_each_entry_once
from tests.journal.made import OTHER, entries, entry, every_kind


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


class TestLinesJournal(JournalLaws):
    @pytest.fixture
    def opener(self, path: Path) -> Opener:
        return partial(LinesJournal, path)


@pytest.mark.usefixtures("no_waiting")
def test_any_appends_give_each_entry_once(tmp_path: Path) -> None:
    number = count()
    any_appends_give_each_entry_once(lambda: partial(LinesJournal, tmp_path / f"{next(number)}.jsonl"))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def row(after: str, body: dict[str, Any]) -> bytes:
    """A line written by hand, as the manual says."""
    text = json.dumps({"after": after, **body}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return text[:-1] + b',"hash":"' + sha256(text).hexdigest().encode() + b'"}\n'


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_file_is_what_the_manual_says(path: Path) -> None:
    journal = LinesJournal(path)
    journal.append(entries(2))
    journal.append(entries(1, first=2))
    header, one, other = rows(path)
    assert (header["schema"], header["person"], header["after"]) == (HEADER, "a-name", BEFORE_ALL)
    assert (one["schema"], one["first"], other["first"]) == ("gradatim/entry/1", 0, 2)
    assert one["entries"] == [plain(entry(0)), plain(entry(1))]
    assert (one["after"], other["after"]) == (header["hash"], one["hash"])
    for line in (header, one, other):
        assert line.pop("hash") == sha256(canonical(line)).hexdigest()


def test_a_line_written_by_hand_is_read(path: Path) -> None:
    header = row(BEFORE_ALL, {"person": "a-name", "schema": HEADER})
    after = json.loads(header)["hash"]
    path.write_bytes(header + row(after, {"entries": [plain(entry(0))], "first": 0, "schema": "gradatim/entry/1"}))
    assert LinesJournal(path).since().entries == entries(1)
    assert LinesJournal(path).verify().sound


def test_file_and_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "record" / "journal.jsonl"
    LinesJournal(path).append(entries(1))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {one.name for one in path.parent.iterdir()} == {"journal.jsonl", "journal.jsonl.lock"}


def test_looking_makes_nothing(tmp_path: Path) -> None:
    journal = LinesJournal(tmp_path / "record" / "journal.jsonl")
    assert journal.since().entries == ()
    assert journal.person is None
    assert journal.append([]) == 0
    assert journal.verify().sound
    assert list(tmp_path.iterdir()) == []


def test_an_append_is_one_write_then_one_fsync(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = LinesJournal(path)
    journal.append(entries(1))
    done: list[str] = []
    write, fsync = os.write, os.fsync

    def noted_write(file: int, data: bytes) -> int:
        done.append("write")
        return write(file, data)

    def noted_fsync(file: int) -> None:
        done.append("fsync")
        fsync(file)

    monkeypatch.setattr(os, "write", noted_write)
    monkeypatch.setattr(os, "fsync", noted_fsync)
    journal.append(entries(3, first=1))
    assert done == ["write", "fsync"]
    done.clear()
    journal.append(entries(3, first=1))
    assert done == ["fsync"]  # whoever wrote them may have died before they were on the disk


def test_a_long_append_takes_several_lines_and_counts_as_one(path: Path) -> None:
    LinesJournal(path).append(entries(A_LINE * 2 + 5))
    whole = path.read_bytes()
    assert len(whole.splitlines()) == 4
    assert LinesJournal(path).since().entries == entries(A_LINE * 2 + 5)
    first_line_of_entries = len(b"".join(whole.splitlines(keepends=True)[:2]))
    path.write_bytes(whole[: first_line_of_entries + 1000])
    journal = LinesJournal(path)
    assert journal.since().entries == ()
    assert [one.why for one in journal.damage] == [Why.UNFINISHED, Why.UNFINISHED, Why.TORN]
    journal.append(entries(1))
    assert LinesJournal(path).since().entries == entries(1)
    assert LinesJournal(path).verify().sound


def test_reading_again_reads_only_what_is_new(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, other = LinesJournal(path), LinesJournal(path)
    other.append(entries(50))
    assert len(journal.since().entries) == 50
    read = [0]
    really = codec.read_entries

    def counted(data: Any, schema: object, at: str = "entries") -> Any:
        read[0] += len(data)
        return really(data, schema, at)

    monkeypatch.setattr("gradatim.journal.chain.read_entries", counted)
    journal.since()
    assert read == [0]
    other.append(entries(2, first=50))  # reads its own two
    assert len(journal.since(50).entries) == 2
    assert read == [4]


def test_a_file_put_back_from_a_backup_is_read_anew(path: Path) -> None:
    journal = LinesJournal(path)
    journal.append(entries(2))
    old = path.read_bytes()
    journal.append(entries(3, first=2))
    path.write_bytes(old)
    assert journal.since().entries == entries(2)
    longer = LinesJournal(path.with_name("other.jsonl"))
    longer.append(entries(2, first=100))
    longer.append(entries(5, first=102))
    path.write_bytes(longer.path.read_bytes())
    assert journal.since().entries == entries(7, first=100)
    path.unlink()
    assert journal.since().entries == ()


def test_threads_share_one_journal(path: Path) -> None:
    journal = LinesJournal(path)
    threads = [
        Thread(target=lambda n=n: [journal.append(entries(1, first=n * 100 + k)) for k in range(10)]) for n in range(4)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journal.since().entries) == 40
    assert LinesJournal(path).verify().sound


def test_a_link_to_the_file_is_the_same_journal(path: Path) -> None:
    LinesJournal(path).append(entries(1))
    link = path.with_name("link")
    link.symlink_to(path)
    LinesJournal(link).append(entries(1, first=1))
    assert LinesJournal(path).since().entries == entries(2)
    assert link.is_symlink()


def test_a_lock_that_somebody_keeps_is_said(path: Path) -> None:
    holder = LinesJournal(path)
    holder.append(entries(1))
    with holder._lock(), pytest.raises(BadInput, match="in use by another program"):
        LinesJournal(path, patience=0.05).append(entries(1, first=1))
    LinesJournal(path, patience=0.05).append(entries(1, first=1))


# --- damage -----------------------------------------------------------------------------------------------------------


def kept(path: Path, appends: int = 4) -> list[bytes]:
    """A journal of one-entry appends, and its lines: the header is the first."""
    journal = LinesJournal(path)
    for number in range(appends):
        journal.append(entries(1, first=number))
    return path.read_bytes().splitlines(keepends=True)


def numbers(journal: Journal) -> list[int]:
    found = {one.id: place for place, one in enumerate(entries(50))}
    return [found[one.id] for one in journal.since().entries]


def test_a_torn_line_is_reported_then_set_aside_and_never_lost(path: Path) -> None:
    lines = kept(path)
    torn = lines[-1][:100]
    path.write_bytes(b"".join(lines[:-1]) + torn)
    journal = LinesJournal(path)
    assert numbers(journal) == [0, 1, 2]
    (damage,) = journal.damage
    assert (damage.line, damage.bytes, damage.where, damage.why) == (5, 100, path, Why.TORN)
    assert path.read_bytes().endswith(torn)  # looking changes nothing
    journal.append(entries(1, first=9))
    assert numbers(LinesJournal(path)) == [0, 1, 2, 9]
    assert LinesJournal(path).verify().sound
    assert LinesJournal(path).verify().set_aside == path.with_name("journal.jsonl.torn")
    aside = path.with_name("journal.jsonl.torn")
    title, rest = aside.read_bytes().split(b"\n", 1)
    assert json.loads(title).keys() == {"bytes", "from", "line", "written"}
    assert rest == torn + b"\n"
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    (damage,) = journal.damage
    assert (damage.line, damage.where) == (5, aside)


def test_a_second_torn_line_is_set_aside_behind_the_first(path: Path) -> None:
    for number in range(2):
        lines = kept(path, 2 + number)
        path.write_bytes(b"".join(lines)[:-40])
        LinesJournal(path).append(entries(1, first=20 + number))
    assert path.with_name("journal.jsonl.torn").read_bytes().count(b'"from":"journal.jsonl"') == 2


def test_a_last_line_that_lacks_only_its_end_of_line_is_whole(path: Path) -> None:
    path.write_bytes(b"".join(kept(path))[:-1])
    journal = LinesJournal(path)
    assert numbers(journal) == [0, 1, 2, 3]
    assert journal.damage == ()
    journal.append(entries(1, first=4))
    assert numbers(journal) == numbers(LinesJournal(path)) == [0, 1, 2, 3, 4]
    assert len(path.read_bytes().splitlines()) == 6
    assert LinesJournal(path).verify().sound


def test_line_ends_of_another_system_do_no_harm(path: Path) -> None:
    path.write_bytes(b"".join(kept(path)).replace(b"\n", b"\r\n"))
    assert LinesJournal(path).verify().sound
    LinesJournal(path).append(entries(1, first=4))
    assert numbers(LinesJournal(path)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("damaged", [0, 1, 2, 3])
@pytest.mark.parametrize("how", ["garbled", "altered", "zeroed", "hash"])
def test_damage_in_the_middle_is_reported_and_stops_nobody(path: Path, damaged: int, how: str) -> None:
    lines = kept(path)
    line = lines[damaged]
    lines[damaged] = {
        "garbled": b"?" + line[1:],
        "altered": line.replace(b'"A. Name"', b'"B. Name"').replace(b'"a-name","schema"', b'"b-name","schema"'),
        "zeroed": b"\0" * 50 + line[50:],
        "hash": line[:-10] + b"0000000" + line[-3:],
    }[how]
    path.write_bytes(b"".join(lines))
    journal = LinesJournal(path)
    rest = [0, 1, 2, 3]
    del rest[damaged - 1 : damaged]
    assert numbers(journal) == (rest if damaged else [0, 1, 2, 3])
    assert [(one.line, one.why) for one in journal.damage] == [
        (damaged + 1, Why.ALTERED if how in {"altered", "hash"} else Why.GARBLED)
    ]
    assert journal.verify().first_break == damaged + 1
    here = journal.append(entries(1, first=4))
    assert here == 5  # places do not move: cursors given before the damage still hold
    assert numbers(LinesJournal(path)) == ([*rest, 4] if damaged else [0, 1, 2, 3, 4])
    assert len(LinesJournal(path).damage) == 1
    assert LinesJournal(path).since(3).entries == entries(2, first=3)
    assert not path.with_name("journal.jsonl.torn").exists()


def test_a_line_taken_out_is_noticed(path: Path) -> None:
    lines = kept(path)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    journal = LinesJournal(path)
    assert numbers(journal) == [0, 2, 3]
    assert [(one.line, one.why) for one in journal.damage] == [(3, Why.OUT_OF_PLACE)]
    assert (journal.verify().first_break, journal.verify().sound) == (3, False)


def test_lines_in_another_order_are_noticed(path: Path) -> None:
    lines = kept(path)
    path.write_bytes(b"".join([*lines[:2], lines[3], lines[2], lines[4]]))
    journal = LinesJournal(path)
    assert sorted(numbers(journal)) == [0, 1, 2, 3]
    assert {one.why for one in journal.damage} == {Why.OUT_OF_PLACE}
    assert journal.verify().first_break == 3


def test_a_line_written_anew_with_its_own_hash_is_noticed(path: Path) -> None:
    """Whoever changes a line and gives it the right hash breaks the chain at the next one."""
    lines = kept(path)
    body = {key: value for key, value in json.loads(lines[2]).items() if key not in {"after", "hash"}}
    body["entries"][0]["what"]["dose"] = "p1/2026-12-25/s1"
    lines[2] = row(json.loads(lines[1])["hash"], body)
    path.write_bytes(b"".join(lines))
    assert LinesJournal(path).verify().first_break == 4
    assert [(one.line, one.why) for one in LinesJournal(path).damage] == [(4, Why.OUT_OF_PLACE)]


def test_two_files_put_together_count_each_entry_once(path: Path) -> None:
    lines = kept(path)
    path.write_bytes(b"".join(lines + lines))
    journal = LinesJournal(path)
    assert numbers(journal) == [0, 1, 2, 3]
    assert journal.verify().duplicates == 4
    assert journal.verify().first_break == 6
    journal.append(entries(1, first=4))
    assert numbers(LinesJournal(path)) == [0, 1, 2, 3, 4]


def test_another_persons_lines_are_reported_and_not_read(path: Path) -> None:
    mine = b"".join(kept(path))
    other = LinesJournal(path.with_name("other.jsonl"))
    other.append([entry(30, person=OTHER)])
    path.write_bytes(mine + other.path.read_bytes())
    journal = LinesJournal(path)
    assert numbers(journal) == [0, 1, 2, 3]
    assert [one.why for one in journal.damage if one.why is not Why.OUT_OF_PLACE] == [Why.STRANGER, Why.STRANGER]


def test_one_id_with_two_contents_is_reported_and_the_first_holds(path: Path) -> None:
    mine = b"".join(kept(path))
    other = LinesJournal(path.with_name("other.jsonl"))
    other.append([replace(entry(1), what=NoteWritten(text="another story"))])
    path.write_bytes(mine + other.path.read_bytes())
    journal = LinesJournal(path)
    assert journal.since().entries == entries(4)
    assert [one.why for one in journal.damage if one.why is not Why.OUT_OF_PLACE] == [Why.CONTRADICTION]


@pytest.mark.parametrize(
    ("schema", "entry_data", "why"),
    [
        ("gradatim/entry/2", {"new": "shape"}, Why.NEWER),
        ("gradatim/entry/1", {"new": "shape"}, Why.UNREADABLE),
    ],
)
def test_a_whole_line_that_cannot_be_understood_stays_where_it_is(
    path: Path, schema: str, entry_data: object, why: Why
) -> None:
    lines = kept(path, 2)
    after = json.loads(lines[-1])["hash"]
    strange = row(after, {"entries": [entry_data, entry_data], "first": 2, "schema": schema})
    path.write_bytes(b"".join(lines) + strange)
    journal = LinesJournal(path)
    assert numbers(journal) == [0, 1]
    assert [(one.line, one.why) for one in journal.damage] == [(4, why)]
    assert journal.append(entries(1, first=7)) == 5
    assert numbers(LinesJournal(path)) == [0, 1, 7]
    assert strange in path.read_bytes()
    assert journal.verify().first_break is None


def test_a_line_of_an_older_version_is_read_and_newer_ones_follow_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(data: dict[str, Any]) -> dict[str, Any]:
        return {**{key: value for key, value in data.items() if key != "patient"}, "person": data["patient"]}

    lines = kept(path, 1)
    old = {("patient" if key == "person" else key): value for key, value in plain(entry(1)).items()}
    path.write_bytes(
        b"".join(lines)
        + row(json.loads(lines[-1])["hash"], {"entries": [old], "first": 1, "schema": "gradatim/entry/0"})
    )
    assert numbers(LinesJournal(path)) == [0]
    monkeypatch.setitem(UPGRADES, "gradatim/entry/0", Upgrade(to="gradatim/entry/1", change=change))
    LinesJournal(path).append(entries(2, first=1))
    assert numbers(LinesJournal(path)) == [0, 1, 2]
    assert LinesJournal(path).verify().sound


# --- files that are no journals, and disks that will not -------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"{}\n", b"hello", b"%PDF-1.7\n\0\0\0", b'{"schema": "gradatim/export/1"}\n', b'{"afters":1}\n', b"\n\n#\n"],
)
def test_another_kind_of_file_is_never_touched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(BadInput, match="is not a journal"):
        LinesJournal(path).since()
    with pytest.raises(BadInput, match="is not a journal"):
        LinesJournal(path).append(entries(1))
    assert path.read_bytes() == content
    assert not path.with_name("journal.jsonl.torn").exists()


def test_a_journal_of_a_newer_program_is_refused(path: Path) -> None:
    header = row(BEFORE_ALL, {"person": "a-name", "schema": "gradatim/journal/2"})
    path.write_bytes(header)
    with pytest.raises(BadInput, match="newer Gradatim"):
        LinesJournal(path).append(entries(1))
    assert path.read_bytes() == header


@pytest.mark.parametrize("content", [b"", b"\n", b"\0" * 500, b"{", b'{"after":"0000', b'{"after":"0000' + b"\0" * 99])
def test_what_is_left_of_a_first_append_is_set_aside(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert LinesJournal(path).since().entries == ()
    LinesJournal(path).append(entries(1))
    assert LinesJournal(path).since().entries == entries(1)
    assert LinesJournal(path).verify().sound
    aside = path.with_name("journal.jsonl.torn")
    assert content.strip(b"\n") == b"" or content in aside.read_bytes()


def test_a_folder_in_the_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(BadInput, match="cannot be read"):
        LinesJournal(path).append(entries(1))


def test_a_file_in_the_place_of_the_folder_is_refused(path: Path) -> None:
    path.write_text("a file")
    with pytest.raises(BadInput, match="cannot be written"):
        LinesJournal(path / "sub" / "journal.jsonl").append(entries(1))


@pytest.mark.parametrize("broken", ["write", "fsync"])
def test_a_disk_that_will_not_leaves_the_file_as_it_was(
    path: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = LinesJournal(path)
    journal.append(entries(2))
    before = path.read_bytes()
    calls, write, fsync = count(), os.write, os.fsync

    def short(file: int, data: bytes) -> int:
        if next(calls) == 0:
            return write(file, data[:100])
        raise OSError(28, "No space left on device")

    def failing(file: int) -> None:
        if next(calls) == 0:
            raise OSError(5, "Input/output error")
        fsync(file)

    with monkeypatch.context() as patched:
        patched.setattr(os, broken, short if broken == "write" else failing)
        with pytest.raises(BadInput) as caught:
            journal.append(entries(2, first=2))
    assert "cannot be written, nothing was changed" in str(caught.value)
    assert ("room on the disk" in str(caught.value)) is (broken == "write")
    assert path.read_bytes() == before
    assert journal.append(entries(2, first=2)) == 4
    assert LinesJournal(path).verify().sound


def test_somebody_who_presses_ctrl_c_leaves_nothing_half_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = LinesJournal(path)
    journal.append(entries(2))
    before = path.read_bytes()
    write = os.write

    def interrupted(file: int, data: bytes) -> int:
        write(file, data[:100])
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            journal.append(entries(2, first=2))
    assert path.read_bytes() == before
    assert journal.append(entries(2, first=2)) == 4


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write: Callable[[int, Any], int] = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:7]))
    journal = LinesJournal(path)
    journal.append(entries(2))
    path.write_bytes(path.read_bytes()[:-30])
    journal.append(entries(2, first=5))
    assert LinesJournal(path).verify().sound
    assert numbers(LinesJournal(path)) == [5, 6]


FULL = """
import resource, sys
from pathlib import Path
from tests.journal.made import entries
from gradatim.domain.fault import BadInput
from gradatim.journal.lines import LinesJournal
path = Path(sys.argv[1])
journal = LinesJournal(path)
journal.append(entries(2))
before = path.read_bytes()
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for room in (0, 1, 50, 300):
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + room, hard))
    try:
        journal.append(entries(3, first=2))
    except BadInput as bad:
        assert "room on the disk" in str(bad), bad
    else:
        sys.exit("it was stored")
    assert path.read_bytes() == before
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
assert journal.append(entries(3, first=2)) == 5
assert LinesJournal(path).verify().sound
"""


def test_a_full_disk_leaves_the_file_as_it_was(path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", FULL, path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is allowed to the superuser")
def test_a_file_or_folder_that_is_read_only_is_said(path: Path) -> None:
    LinesJournal(path).append(entries(2))
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        with pytest.raises(BadInput, match="cannot be written"):
            LinesJournal(path).append(entries(1, first=2))
        assert LinesJournal(path).since().entries == entries(2)
    finally:
        path.parent.chmod(0o700)


@pytest.mark.parametrize("errno", [13, 30])
def test_a_refusal_of_the_system_is_said(path: Path, errno: int, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = LinesJournal(path)
    journal.append(entries(2))

    def refuse(*_: object) -> int:
        raise OSError(errno, os.strerror(errno))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(BadInput, match="Check who may read and write"):
        journal.append(entries(1, first=2))
    assert numbers(journal) == [0, 1]


def test_everything_survives_a_sample_of_every_kind(path: Path) -> None:
    LinesJournal(path).append(every_kind())
    report = LinesJournal(path).verify()
    assert (report.entries, report.lines, report.sound, report.duplicates) == (len(every_kind()), 2, True, 0)
