"""``gradatim sync`` against a real server: two machines and a server come to the same record, whatever is interrupted."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gradatim.cli.remote import Link, read_link, sync, write_link
from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput
from gradatim.journal.lines import LinesJournal
from tests.journal.made import OTHER, entries, entry
from tests.server.made import demo
from tests.server.postgres import cluster
from tests.server.running import Running, running

NOW = Instant.parse("2026-11-23T08:00:00Z")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("server")
    if connection.vendor == "postgresql":
        with cluster(durable=False) as made, running(folder / "data", made.url) as found:
            found.start()
            yield found
    else:
        with running(folder / "data") as found:
            found.start()
            yield found


@pytest.fixture
def home(server: Running) -> dict[str, Any]:
    """A record with two devices."""
    return server.households(1, 2)[0]


def link(server: Running, home: dict[str, Any], number: int = 0) -> Link:
    return Link(url=server.address, secret=home["tokens"][number], record=home["record"])


def no_keeping(_: Link) -> None:
    """Forget how far it came: as if every sync were interrupted at its end."""


def test_two_machines_come_to_the_same_record(server: Running, home: dict[str, Any], tmp_path: Path) -> None:
    one, other = LinesJournal(tmp_path / "one"), LinesJournal(tmp_path / "other")
    one.append(demo()[:250])
    other.append(demo()[200:])
    mine, done = sync(one, link(server, home), lambda: NOW, no_keeping)
    assert (done.sent, done.fetched) == (250, 0)
    _, done = sync(other, link(server, home, 1), lambda: NOW, no_keeping)
    assert (done.sent, done.fetched) == (len(demo()) - 250, 200)
    _, done = sync(one, mine, lambda: NOW, no_keeping)
    assert (done.sent, done.fetched) == (0, len(demo()) - 250)
    assert (
        {entry.id for entry in one.since().entries}
        == {entry.id for entry in other.since().entries}
        == {entry.id for entry in demo()}
    )
    count, ids, broken = server.rows(home["record"])
    assert (count, len(set(ids)), broken) == (len(demo()), len(demo()), [])


def test_what_is_interrupted_goes_on_where_it_was(server: Running, home: dict[str, Any], tmp_path: Path) -> None:
    journal = LinesJournal(tmp_path / "journal")
    journal.append(demo())
    kept: list[Link] = []

    class Stopped(Exception):
        pass

    def keep(new: Link) -> None:
        kept.append(new)
        if new.sent >= 250:
            raise Stopped

    with pytest.raises(Stopped):
        sync(journal, link(server, home), lambda: NOW, keep)
    assert kept[-1].sent == 250
    _, done = sync(journal, kept[-1], lambda: NOW, no_keeping)
    assert done.sent == len(demo()) - 250
    assert server.rows(home["record"])[0] == len(demo())


def test_a_server_that_was_restored_from_an_older_backup_gets_everything_again(
    server: Running, home: dict[str, Any], tmp_path: Path
) -> None:
    journal = LinesJournal(tmp_path / "journal")
    journal.append(entries(6))
    known, _ = sync(journal, link(server, home), lambda: NOW, no_keeping)
    other = server.households(1, 1)[0]  # as empty as the restored one
    moved = replace(known, record=other["record"], secret=other["tokens"][0])
    _, done = sync(journal, moved, lambda: NOW, no_keeping)
    assert done.begun_again
    assert server.rows(other["record"])[0] == 6


def test_what_the_server_refuses_is_told_and_the_rest_is_stored(
    server: Running, home: dict[str, Any], tmp_path: Path
) -> None:
    first = LinesJournal(tmp_path / "first")
    first.append([entry(1)])
    sync(first, link(server, home), lambda: NOW, no_keeping)
    journal = LinesJournal(tmp_path / "journal")
    journal.append([*entries(1), replace(entry(1), device="another"), entry(2)])
    with pytest.raises(
        BadInput, match="says something else"
    ):  # what comes from the server is another than what is here
        sync(journal, link(server, home, 1), lambda: NOW, no_keeping)
    ahead, _ = sync(LinesJournal(tmp_path / "first"), link(server, home), lambda: NOW, no_keeping)
    kept: list[Link] = []
    _, done = sync(journal, replace(ahead, secret=home["tokens"][1], sent=0), lambda: NOW, kept.append)
    assert [fault.path for fault in done.refused] == [f"entry {entry(1).id}"]
    assert done.sent == 2
    assert all(one.sent == 0 for one in kept)  # and it is offered again the next time
    assert server.rows(home["record"])[0] == 3


def test_another_persons_record_is_never_mixed_in(server: Running, home: dict[str, Any], tmp_path: Path) -> None:
    one, other = LinesJournal(tmp_path / "one"), LinesJournal(tmp_path / "other")
    one.append(entries(2))
    other.append([entry(9, person=OTHER)])
    sync(one, link(server, home), lambda: NOW, no_keeping)
    with pytest.raises(BadInput, match="this journal is of"):
        sync(other, link(server, home, 1), lambda: NOW, no_keeping)
    assert other.since().entries == (entry(9, person=OTHER),)
    assert server.rows(home["record"])[0] == 2


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://192.0.2.1:8321", "nonsense", "http://127.0.0.1:9"])
def test_an_address_that_will_not_do_is_told(url: str, home: dict[str, Any], tmp_path: Path) -> None:
    journal = LinesJournal(tmp_path / "journal")
    journal.append(entries(1))
    with pytest.raises(BadInput) as caught:
        sync(journal, Link(url=url, secret="x", record=home["record"]), lambda: NOW, no_keeping)
    assert all(fault.remedy for fault in caught.value.faults)


def test_a_link_is_kept_for_this_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl.sync"
    kept = Link(url="https://example.org", secret="s", record="r", cursor=3, head="h", sent=2)
    write_link(file, kept)
    assert read_link(file) == kept
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text("{")
    with pytest.raises(BadInput):
        read_link(file)


def gradatim(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GRADATIM_", "DJANGO_"))} | {
        "XDG_DATA_HOME": str(folder)
    }
    return subprocess.run(
        [sys.executable, "-m", "gradatim", *words], check=False, capture_output=True, text=True, env=env, cwd=folder
    )


def test_the_command_pairs_once_and_then_just_syncs(server: Running, tmp_path: Path) -> None:
    code = server.tell(do="code")["code"]
    told = gradatim(tmp_path, "demo-journal", "--out", "journal.jsonl", "--start", "2026-08-01")
    assert told.returncode == 0, told.stderr
    there = ["--journal", "journal.jsonl"]
    told = gradatim(tmp_path, "sync", *there)
    assert told.returncode == 2
    assert "not linked" in told.stderr
    told = gradatim(tmp_path, "sync", *there, "--with", server.address, "--pair", code.lower())
    assert told.returncode == 0, told.stderr
    assert "Sent " in told.stdout
    told = gradatim(tmp_path, "sync", *there)
    assert "Sent 0, fetched 0" in told.stdout
    told = gradatim(tmp_path, "sync", "--journal", "second.jsonl", "--with", server.address, "--pair", code)
    assert told.returncode == 2
    assert "used" in told.stderr


def test_verify_reads_every_journal_of_the_server_and_finds_what_was_changed(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("changes a file of its own; what verifying finds is in test_journal for both databases")
    with running(tmp_path / "data") as alone:
        home = alone.households(1, 1)[0]
        alone.start()
        journal = LinesJournal(tmp_path / "journal")
        journal.append(entries(6))
        sync(journal, link(alone, home), lambda: NOW, no_keeping)
        alone.kill()
    told = gradatim(tmp_path, "journal", "verify", "--server", "--data", str(tmp_path / "data"))
    assert (told.returncode, told.stdout) == (0, "Sound: 6 entries, each as it was written.\n"), told.stderr
    with sqlite3.connect(tmp_path / "data" / "gradatim.sqlite3") as forger:
        forger.execute("DROP TRIGGER gradatim_entry_no_update")
        forger.execute("UPDATE gradatim_entry SET body = replace(body, 'phone', 'other') WHERE place = 3")
    forger.close()
    told = gradatim(tmp_path, "journal", "verify", "--server", "--data", str(tmp_path / "data"))
    assert told.returncode == 2
    assert f"◆ journal {home['record']}, place 3: it was changed" in told.stdout
