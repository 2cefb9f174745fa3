"""A backup that is cut, changed, sealed to another, or of another program is refused before anything is touched."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gradatim.domain.fault import BadInput
from gradatim.journal import sealing
from gradatim.journal.codec import canonical
from gradatim.journal.sealing import Passphrase, PublicKeys, SecretKeys
from gradatim.server import triggers
from gradatim.server.backup import restoring, schema
from gradatim.server.backup.document import Reader
from gradatim.server.backup.restoring import restore
from gradatim.server.backup.taking import Checked, back_up, check
from tests.journal.made import entries
from tests.server.backup.conftest import Kept, New, filled
from tests.server.backup.machine import NOW

EVERY = 37  # bytes between two lengths of the quick test; a prime, so that it meets every part of a line


def plain(kept: Kept) -> bytes:
    """The text of its backup."""
    out = io.BytesIO()
    with kept.made.path.open("rb") as file:
        sealing.unseal(file, out.write, kept.machine.own_keys, "backup")
    return gzip.decompress(out.getvalue())


def sealed(text: bytes, kept: Kept, at: Path) -> Path:
    """A text sealed again, as somebody could who knows the public key."""
    own = PublicKeys(keys=tuple(sealing.public_key(key) for key in kept.machine.own_keys.keys))
    with at.open("wb") as file:
        sealing.seal([gzip.compress(text)], file, own)
    return at


def remade(kept: Kept, at: Path, change: Callable[[dict[str, Any], list[Any]], None]) -> Path:
    """The backup with its header and rows changed and a true hash at the end: made by a program, not damaged."""
    header, *rows, end = [json.loads(line) for line in plain(kept).splitlines()]
    change(header, rows)
    text = b"".join(canonical(line) + b"\n" for line in (header, *rows))
    end["end"] |= {"sha256": sha256(text).hexdigest(), "rows": sum(isinstance(row, list) for row in rows)}
    return sealed(text + canonical(end) + b"\n", kept, at)


def read_text(text: bytes) -> None:
    """Read the text of a backup, as it is read behind the seal."""
    reader = Reader("backup")
    reader.feed(gzip.compress(text, 1))
    reader.close()


def assert_all_refused(kept: Kept, every: int) -> None:
    data, text = kept.made.path.read_bytes(), plain(kept)
    cut = kept.machine.config.data / "cut"
    keys = kept.machine.own_keys
    for length in range(0, len(data), every):
        cut.write_bytes(data[:length])
        with pytest.raises(BadInput):
            check(cut, keys)
    for length in range(0, len(text), every):
        with pytest.raises(BadInput):
            read_text(text[:length])
    read_text(text)
    for place in range(0, len(data), every):
        cut.write_bytes(flipped(data, place))
        with pytest.raises(BadInput):
            check(cut, keys)
    for place in range(0, len(text), every):
        with pytest.raises(BadInput):
            read_text(flipped(text, place))


def flipped(data: bytes, place: int) -> bytes:
    out = bytearray(data)
    out[place] ^= 1 << Random(place).randrange(8)
    return bytes(out)


def test_cut_or_changed_anywhere(small: Kept) -> None:
    assert_all_refused(small, EVERY)


@pytest.mark.long
def test_cut_or_changed_at_every_byte(small: Kept) -> None:
    assert_all_refused(small, 1)


@pytest.mark.parametrize("behind", [b"x", b"\n", b"{}\n"])
def test_something_behind_the_end(small: Kept, behind: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line"):
        check(sealed(plain(small) + behind, small, tmp_path / "longer"), small.machine.own_keys)
    whole = tmp_path / "whole"
    whole.write_bytes(small.made.path.read_bytes() + behind)
    with pytest.raises(BadInput, match="was changed"):
        check(whole, small.machine.own_keys)


def test_two_backups_in_one_file(small: Kept, tmp_path: Path) -> None:
    twice = io.BytesIO()
    sealing.seal(
        [gzip.compress(plain(small)) * 2], twice, PublicKeys(keys=(sealing.public_key(small.machine.own_keys.keys[0]),))
    )
    (tmp_path / "twice").write_bytes(twice.getvalue())
    with pytest.raises(BadInput, match="behind its end"):
        check(tmp_path / "twice", small.machine.own_keys)


def test_what_is_compressed_has_its_own_end(small: Kept) -> None:
    data = gzip.compress(plain(small))
    for cut in range(1, 30):
        reader = Reader("backup")
        reader.feed(data[:-cut])
        with pytest.raises(BadInput, match="its end is missing"):
            reader.close()


# --- made by a program ------------------------------------------------------------------------------------------------


def _entry_of(rows: list[Any], place: int) -> list[Any]:
    return [row for row in rows if isinstance(row, list) and "gradatim/entry/1" in row][place]


def _columns(header: dict[str, Any], table: str) -> list[str]:
    return next(one["columns"] for one in header["tables"] if one["name"] == table)


def newer_format(header: dict[str, Any], rows: list[Any]) -> None:
    header["format"] = "gradatim/backup/2"


def other_format(header: dict[str, Any], rows: list[Any]) -> None:
    header["format"] = "gradatim/export/1"


def newer_tables(header: dict[str, Any], rows: list[Any]) -> None:
    header["migrations"].append("gradatim.9999_from_tomorrow")


def half_a_state(header: dict[str, Any], rows: list[Any]) -> None:
    header["migrations"].remove("gradatim.0001_begin")


def another_column(header: dict[str, Any], rows: list[Any]) -> None:
    _columns(header, "gradatim_account")[0] = "somebody"


def another_table(header: dict[str, Any], rows: list[Any]) -> None:
    header["tables"][0]["name"] = "sqlite_master"


def one_row_less(header: dict[str, Any], rows: list[Any]) -> None:
    rows.remove(_entry_of(rows, -1))


def one_row_less_and_told(header: dict[str, Any], rows: list[Any]) -> None:
    rows.remove(_entry_of(rows, -1))
    next(table for table in header["tables"] if table["name"] == "gradatim_entry")["rows"] -= 1


def a_dose_changed(header: dict[str, Any], rows: list[Any]) -> None:
    row = _entry_of(rows, 1)
    place = _columns(header, "gradatim_entry").index("body")
    assert "10 mg" in row[place]
    row[place] = row[place].replace("10 mg", "100 mg")


def somebody_else_brought_it(header: dict[str, Any], rows: list[Any]) -> None:
    _entry_of(rows, 1)[_columns(header, "gradatim_entry").index("account")] = "somebody"


def a_journal_of_nobody(header: dict[str, Any], rows: list[Any]) -> None:
    _entry_of(rows, 1)[_columns(header, "gradatim_entry").index("record_id")] = "0" * 32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (newer_format, r"gradatim/backup/2 was written by a newer Gradatim\. Update"),
        (other_format, "'gradatim/export/1' is not gradatim/backup/1"),
        (newer_tables, r"does not know: gradatim\.9999_from_tomorrow\. Use the Gradatim that wrote it, or a newer one"),
        (half_a_state, "a state that never was"),
        (another_column, "holds other tables"),
        (another_table, "holds other tables"),
        (one_row_less, "more rows|rows are missing|another table"),
        (one_row_less_and_told, "does not verify at place 2"),
        (a_dose_changed, "does not verify at place 1"),
        (somebody_else_brought_it, "does not verify at place 1"),
        (a_journal_of_nobody, "belongs to no journal"),
    ],
)
def test_what_no_program_of_this_version_wrote(
    small: Kept, there: Kept, tmp_path: Path, change: Callable[[dict[str, Any], list[Any]], None], said: str
) -> None:
    file = remade(small, tmp_path / "remade", change)
    before = there.machine.contents()
    with pytest.raises(BadInput, match=said):
        restore(there.machine.config, file, NOW, key=small.key, replace=True)
    assert there.machine.contents() == before


def nothing(header: dict[str, Any], rows: list[Any]) -> None:
    """For comparison."""


def test_remaking_itself_changes_nothing(small: Kept, tmp_path: Path) -> None:
    file = remade(small, tmp_path / "remade", nothing)
    assert check(file, small.machine.own_keys) == small.made.checked


def wrong_date(header: dict[str, Any], rows: list[Any]) -> None:
    account = next(row for row in rows if isinstance(row, list))
    account[_columns(header, "gradatim_account").index("made")] = "yesterday"


def no_account(header: dict[str, Any], rows: list[Any]) -> None:
    """A grant to nobody."""
    at = next(n for n, row in enumerate(rows) if row == {"table": "gradatim_grant"})
    rows[at + 1][_columns(header, "gradatim_grant").index("account_id")] = "00000000-0000-0000-0000-000000000000"


def same_address_twice(header: dict[str, Any], rows: list[Any]) -> None:
    column = _columns(header, "gradatim_account").index("email")
    at = next(n for n, row in enumerate(rows) if row == {"table": "gradatim_account"})
    rows[at + 2][column] = rows[at + 1][column]


@pytest.mark.parametrize(
    ("change", "said"),
    [(wrong_date, "gradatim_account.made: holds something of another kind"), (no_account, "nothing was changed"), (same_address_twice, "nothing was changed")],
)  # fmt: skip
def test_what_only_the_database_finds_leaves_it_as_it_was(
    small: Kept, there: Kept, tmp_path: Path, change: Callable[[dict[str, Any], list[Any]], None], said: str
) -> None:
    file = remade(small, tmp_path / "remade", change)
    check(file, small.machine.own_keys)
    before = there.machine.contents()
    with pytest.raises(BadInput, match=said) as caught:
        restore(there.machine.config, file, NOW, key=small.key, replace=True)
    assert "example.org" not in str(caught.value)  # what was being stored is not told
    assert there.machine.contents() == before


# --- what goes wrong on the way ---------------------------------------------------------------------------------------


def test_another_file_put_in_its_place_while_it_is_read(
    small: Kept, there: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, before = tmp_path / "backup.age", there.machine.contents()
    file.write_bytes(small.made.path.read_bytes())

    def checked(path: Path, *told: Any) -> Checked:
        found = check(path, *told)
        file.write_bytes(later.path.read_bytes())
        return found

    later = back_up(small.machine.config, NOW.plus(60), folder=tmp_path)
    monkeypatch.setattr(restoring, "check", checked)
    with pytest.raises(BadInput, match="changed while it was read"):
        restore(there.machine.config, file, NOW, key=small.key, replace=True)
    assert there.machine.contents() == before


def test_a_database_that_stores_something_else(small: Kept, there: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    before, value = there.machine.contents(), schema.value

    def another(field: Any, said: Any) -> Any:
        return value(field, said.replace("10 mg", "100 mg") if field.column == "body" else said)

    monkeypatch.setattr(schema, "value", another)
    with pytest.raises(BadInput, match="would not verify at place 0"):
        restore(there.machine.config, small.made.path, NOW, key=small.key, replace=True)
    assert there.machine.contents() == before


def test_a_database_that_would_let_rows_be_changed(small: Kept, there: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    before = there.machine.contents()
    monkeypatch.setattr(triggers, "statements", lambda _: [])
    with pytest.raises(BadInput, match="would not refuse changes"):
        restore(there.machine.config, small.made.path, NOW, key=small.key, replace=True)
    assert there.machine.contents() == before


@pytest.fixture(scope="module")
def there(new: New) -> Kept:
    """Another machine, onto which nothing of this gets."""
    return filled(new(), entries(2))


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_wrong_key(small: Kept, there: Kept) -> None:
    before = there.machine.contents()
    with pytest.raises(BadInput, match="the key is another"):
        restore(there.machine.config, small.made.path, NOW, replace=True)
    assert there.machine.contents() == before


def test_no_key(small: Kept, new: New) -> None:
    with pytest.raises(BadInput, match="there is none here"):
        restore(new().config, small.made.path, NOW)


def test_a_passphrase_for_a_key(small: Kept, new: New) -> None:
    with pytest.raises(BadInput, match="sealed to a key, not with a passphrase"):
        restore(new().config, small.made.path, NOW, passphrase="four words on paper")


@pytest.mark.parametrize("text", ["", "# nothing\n", "AGE-SECRET-KEY-1NONSENSE\n", "\0"])
def test_a_file_that_holds_no_key(small: Kept, new: New, tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(BadInput, match=r"no key|no secret key"):
        restore(new().config, small.made.path, NOW, key=tmp_path / "key")


@pytest.mark.parametrize("data", [b"", b"hello", b"age-encryption.org/v1\n", b"SQLite format 3\0"])
def test_what_is_no_backup(new: New, small: Kept, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(BadInput, match="no sealed backup"):
        restore(new().config, tmp_path / "file", NOW, key=small.key)


def test_a_sealed_file_that_is_no_backup(new: New, small: Kept, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not gradatim/backup/1"):
        restore(new().config, sealed(b'{"schema":"gradatim/export/1"}\n', small, tmp_path / "f"), NOW, key=small.key)


def test_a_bomb_is_stopped(small: Kept) -> None:
    reader = Reader("backup")
    bomb = gzip.compress(b'{"format":"' + b"x" * (80 * 1024 * 1024), 1)
    with pytest.raises(BadInput, match="a line has no end"):
        reader.feed(bomb)


def test_secrets_are_not_told() -> None:
    secret = sealing.new_key()
    assert secret not in repr(SecretKeys(keys=(secret,)))
    assert "words" not in repr(Passphrase(text="four words"))
