"""What is fuzzed: every reader of bytes from outside. Each takes any bytes and returns; what it raises is a fault of ours.

A reader may refuse with `BadInput`, all of whose faults have a path and a remedy, and with nothing else. What it takes must be written and
read again as the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from gradatim.domain.fault import BadInput
from gradatim.domain.fold import fold
from gradatim.domain.monograph import Monograph
from gradatim.exchange.document import read_document
from gradatim.exchange.order import make_plan, read_order
from gradatim.journal.chain import BEFORE_ALL, Chain
from gradatim.journal.codec import SCHEMA, canonical, entry_data, parse, read_entries
from gradatim.journal.sealed import form_of, read_plain
from gradatim.server.backup.document import Reader, compressed

NOWHERE = Path("fuzzed")


def entries(data: bytes) -> None:
    """Entries as a device sends them: read, written again, folded."""
    try:
        told = parse(data)
    except ValueError:
        return
    try:
        found = read_entries(told, SCHEMA)
    except BadInput as bad:
        _told_well(bad)
        return
    try:
        again = entry_data(found)
    except BadInput as bad:  # half a letter
        _told_well(bad)
        return
    assert read_entries(parse(canonical(again)), SCHEMA) == found
    try:
        fold(found)
    except BadInput as bad:
        _told_well(bad)


def copies(data: bytes) -> None:
    """A plain copy of a record."""
    form_of(data)
    try:
        read_plain(data)
    except BadInput as bad:
        _told_well(bad)


def copies_whole(data: bytes) -> None:
    """The same, behind the hash that it is sealed with: what somebody could bring who can count it."""
    try:
        told = parse(data)
        told["sha256"] = sha256(canonical(told["entries"])).hexdigest()
        sealed = canonical(told)
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    copies(sealed)


def journal(data: bytes) -> None:
    """The lines of a journal file, all at once and cut in two."""
    try:
        Chain(NOWHERE).feed(data)
        chain = Chain(NOWHERE)
        chain.feed(data[: len(data) // 2])
        chain.feed(data[chain.end :])
    except BadInput as bad:
        _told_well(bad)


def journal_whole(data: bytes) -> None:
    """The same, each line sealed anew behind the one before it: as somebody writes them who has the file."""
    out, before = [], BEFORE_ALL
    for line in data.split(b"\n"):
        try:
            told = parse(line)
            told = {**told, "after": before}
            told.pop("hash", None)
            text = canonical(told)
        except (ValueError, TypeError, RecursionError):
            out.append(line)
            continue
        before = sha256(text).hexdigest()
        out.append(b"".join((text[:-1], b',"hash":"', before.encode(), b'"}')))
    journal(b"\n".join(out))


def orders(data: bytes) -> None:
    """An order, and the plan that it asks for; or a plan document."""
    try:
        told = parse(data)
    except ValueError:
        return
    if not isinstance(told, dict):
        return
    prescription = told.get("prescription")
    if isinstance(prescription, Mapping) and "table_file" in prescription:
        return  # the server refuses it; elsewhere a person names a file of their own
    try:
        if "schema" in told:
            read_document(told, _monograph())
        else:
            make_plan(read_order(told, _monograph()), _monograph())
    except BadInput as bad:
        _told_well(bad)


def backups(data: bytes) -> None:
    """The text of a backup, packed and as it is, in pieces."""
    for packed in (data, b"".join(compressed([data]))):
        reader = Reader("backup")
        try:
            for start in range(0, len(packed), 1000):
                reader.feed(packed[start : start + 1000])
            reader.close()
        except BadInput as bad:
            _told_well(bad)


def requests(data: bytes) -> None:
    """A request's body as the interface parses it, and packed content as its edge unpacks it."""
    from gradatim.server.api.strict import Refused, data_of

    try:
        told = data_of(data)
    except Refused as refused:
        assert "\n" not in str(refused)
        return
    json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    repr(told)


READERS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (entries, copies, copies_whole, journal, journal_whole, orders, backups, requests)
}
"""By their names, which are also those of the folders of their corpora."""


def corpus(name: str) -> list[Path]:
    """The seeds of a reader, and what was found and mended."""
    return sorted((Path(__file__).parent / "corpus" / name).iterdir())


def _told_well(bad: BadInput) -> None:
    assert bad.faults
    for fault in bad.faults:
        assert fault.problem
        assert fault.remedy


@cache
def _monograph() -> Monograph:
    from gradatim.monographs import monograph

    return monograph()
