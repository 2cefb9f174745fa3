"""What every implementation of `gradatim.domain.journal.Journal` must do.

A test module takes part with a subclass and one fixture, ``opener``: a picklable function without arguments that opens one and the same
journal, empty at first, each time it is called. Processes call it too.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.domain.entry import Entry, NoteWritten
from gradatim.domain.fault import BadInput
from gradatim.domain.journal import Journal
from tests.journal.made import OTHER, entries, entry, every_kind

Opener = Callable[[], Journal]
ROOT = Path(__file__).parents[2]


def everything(journal: Journal) -> tuple[Entry, ...]:
    return journal.since().entries


def write_all(opener: Opener, batches: Sequence[Sequence[Entry]]) -> None:
    """Append batch by batch; run in a process of its own."""
    journal = opener()
    for batch in batches:
        journal.append(batch)


def at_once(opener: Opener, *writers: Sequence[Sequence[Entry]]) -> None:
    """Several processes, each with its own batches, at the same time."""
    spawn = multiprocessing.get_context("spawn")
    running = [spawn.Process(target=write_all, args=(opener, batches)) for batches in writers]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0] * len(writers)


class JournalLaws:
    """The laws; see the module."""

    def test_it_is_empty_at_first(self, opener: Opener) -> None:
        page = opener().since()
        assert (page.entries, page.cursor, page.more) == ((), 0, False)

    def test_what_is_appended_is_there_in_order(self, opener: Opener) -> None:
        journal = opener()
        journal.append(entries(3))
        journal.append(entries(2, first=3))
        assert everything(journal) == entries(5)

    def test_every_kind_of_entry_comes_back_the_same_when_opened_anew(self, opener: Opener) -> None:
        for one in every_kind():
            opener().append([one])
        assert everything(opener()) == every_kind()

    def test_the_order_is_that_of_storage_not_of_time(self, opener: Opener) -> None:
        journal = opener()
        journal.append([entry(9), entry(4)])
        journal.append([entry(1)])
        assert everything(opener()) == (entry(9), entry(4), entry(1))

    def test_nothing_appended_changes_nothing(self, opener: Opener) -> None:
        journal = opener()
        assert journal.append([]) == 0
        here = journal.append(entries(2))
        assert journal.append(()) == here

    # --- cursors ------------------------------------------------------------------------------------------------------

    def test_the_cursor_of_an_append_is_behind_it(self, opener: Opener) -> None:
        journal = opener()
        here = journal.append(entries(3))
        assert journal.since(here).entries == ()
        journal.append(entries(2, first=3))
        assert journal.since(here).entries == entries(2, first=3)

    def test_a_cursor_keeps_its_meaning_when_opened_anew(self, opener: Opener) -> None:
        here = opener().append(entries(3))
        opener().append(entries(3, first=3))
        assert opener().since(here).entries == entries(3, first=3)

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
    def test_pages_of_any_size_give_everything_once(self, opener: Opener, limit: int) -> None:
        opener().append(entries(4))
        opener().append(entries(3, first=4))
        found: list[Entry] = []
        cursors, more = [0], True
        while more:
            page = opener().since(cursors[-1], limit)
            assert len(page.entries) == limit or not page.more
            found += page.entries
            cursors.append(page.cursor)
            more = page.more
        assert tuple(found) == entries(7)
        assert all(one < later for one, later in pairwise(cursors))

    def test_what_comes_while_somebody_reads_page_by_page_is_on_a_later_page(self, opener: Opener) -> None:
        journal = opener()
        journal.append(entries(4))
        first = journal.since(0, 3)
        opener().append(entries(4, first=4))
        second = journal.since(first.cursor)
        assert first.entries + second.entries == entries(8)

    @pytest.mark.parametrize("cursor", [-1, 10**6])
    def test_a_cursor_that_was_never_given_is_refused(self, opener: Opener, cursor: int) -> None:
        journal = opener()
        journal.append(entries(2))
        with pytest.raises(BadInput):
            journal.since(cursor)

    @pytest.mark.parametrize("limit", [0, -1])
    def test_a_page_of_nothing_is_refused(self, opener: Opener, limit: int) -> None:
        with pytest.raises(BadInput):
            opener().since(0, limit)

    # --- twice, otherwise, somebody else's ----------------------------------------------------------------------------

    def test_sending_twice_is_harmless(self, opener: Opener) -> None:
        journal = opener()
        here = journal.append(entries(3))
        assert journal.append(entries(3)) == here
        assert opener().append([entry(1)]) == here
        assert everything(opener()) == entries(3)

    def test_twice_in_one_append_counts_once(self, opener: Opener) -> None:
        journal = opener()
        journal.append([entry(0), entry(1), entry(0)])
        assert everything(journal) == entries(2)

    def test_of_an_append_that_overlaps_only_the_new_is_stored(self, opener: Opener) -> None:
        journal = opener()
        journal.append(entries(3))
        journal.append(entries(4, first=1))
        assert everything(opener()) == entries(5)

    def test_the_same_id_with_other_content_is_refused_and_nothing_is_stored(self, opener: Opener) -> None:
        journal = opener()
        journal.append(entries(2))
        changed = replace(entry(1), what=NoteWritten(text="something else"))
        with pytest.raises(BadInput) as caught:
            journal.append([entry(5), changed])
        assert [fault.path for fault in caught.value.faults] == ["entries[1].id"]
        assert everything(opener()) == entries(2)

    def test_two_contents_of_one_id_in_one_append_are_refused(self, opener: Opener) -> None:
        with pytest.raises(BadInput):
            opener().append([entry(0), replace(entry(0), device="another")])
        assert everything(opener()) == ()

    def test_another_persons_entry_is_refused_and_nothing_is_stored(self, opener: Opener) -> None:
        journal = opener()
        journal.append(entries(2))
        with pytest.raises(BadInput) as caught:
            journal.append([entry(5), entry(6, person=OTHER), replace(entry(0), device="another")])
        assert [fault.path for fault in caught.value.faults] == ["entries[1].person", "entries[2].id"]
        assert everything(opener()) == entries(2)

    def test_two_people_cannot_begin_a_journal(self, opener: Opener) -> None:
        with pytest.raises(BadInput):
            opener().append([entry(0), entry(1, person=OTHER)])
        assert everything(opener()) == ()
        opener().append([entry(1, person=OTHER)])

    def test_what_could_not_be_read_again_is_refused(self, opener: Opener) -> None:
        journal = opener()
        with pytest.raises(BadInput) as caught:
            journal.append([entry(0), entry(1, NoteWritten(text="half a letter: \ud83d"))])
        assert caught.value.faults[0].path.startswith("entries[1]")
        assert everything(journal) == ()

    # --- several at once ----------------------------------------------------------------------------------------------

    def test_two_open_journals_see_each_other(self, opener: Opener) -> None:
        one, other = opener(), opener()
        one.append(entries(1))
        other.append(entries(1, first=1))
        one.append(entries(1, first=2))
        assert everything(one) == everything(other) == entries(3)

    def test_two_processes_at_once_lose_nothing_and_double_nothing(
        self, opener: Opener, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.syspath_prepend(str(ROOT))
        shared = [entries(1, first=number) for number in range(1000, 1010)]
        mine = [entries(2, first=number * 2) for number in range(25)]
        theirs = [entries(2, first=100 + number * 2) for number in range(25)]
        at_once(opener, [*mine, *shared], [*theirs, *shared])
        found = everything(opener())
        assert sorted(one.id for one in found) == sorted(
            one.id for one in (*entries(50), *entries(50, first=100), *entries(10, first=1000))
        )
        places = {one.id: place for place, one in enumerate(found)}
        for batch in (*mine, *theirs):  # an append is never torn apart by another
            assert places[batch[1].id] == places[batch[0].id] + 1


@given(st.lists(st.lists(st.integers(0, 30), max_size=8), max_size=8), st.integers(1, 9))
def any_appends_give_each_entry_once(fresh: Callable[[], Opener], batches: list[list[int]], limit: int) -> None:
    """Whatever was sent, however often: each entry once, in the order in which it first came; called by a test with its own journal."""
    opener = fresh()
    expected: dict[int, None] = {}
    cursors = []
    for batch in batches:
        cursors.append((len(expected), opener().append([entry(number) for number in batch])))
        expected.update(dict.fromkeys(batch))
    stored = tuple(entry(number) for number in expected)
    assert everything(opener()) == stored
    for count, cursor in zip([count for count, _ in cursors[1:]], [cursor for _, cursor in cursors[:-1]], strict=True):
        assert opener().since(cursor).entries == stored[count:]
        assert opener().since(cursor, limit).entries == stored[count : count + limit]
