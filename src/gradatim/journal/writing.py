"""Things that were said become entries: with new ids, both stamps, and the name of who wrote them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from gradatim.domain.clock import Instant
from gradatim.domain.entry import Entry, What, made_at, new_id


def written_down(
    what: Sequence[What],
    *,
    subject: str | None,
    at: Instant,
    recorded: Instant,
    by: str,
    device: Callable[[], str],
    zone: str,
    after: Sequence[Entry] = (),
) -> list[Entry]:
    """Things as entries. ``subject`` None begins a journal of a new person. ``device`` is asked for the name of where they are written,
    and only when something is: a machine may have to make itself one.

    Their ids come behind those of the same second in ``after``: else chance would put an undo before what it takes back.
    """
    same = [made_at(entry.id) for entry in after if entry.recorded == recorded]
    milliseconds = max([recorded.seconds * 1000 - 1, *same]) + 1
    person = subject or new_id(milliseconds, os.urandom(10))
    return [
        Entry(
            id=new_id(milliseconds + place, os.urandom(10)), person=person, author=by, device=device(), at=at, zone=zone, recorded=recorded, what=one
        )
        for place, one in enumerate(what)
    ]  # fmt: skip
