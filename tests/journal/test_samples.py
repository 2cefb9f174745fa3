"""Every file that any version ever wrote is still read, and says the same. How samples are added: ``samples/README.md``."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import pytest

from gradatim.domain.entry import Entry
from gradatim.journal.codec import canonical, entry_data
from gradatim.journal.lines import LinesJournal
from gradatim.journal.sealed import Form, form_of, read_copy, seal, write_plain
from tests.journal.made import every_kind

SAMPLES = Path(__file__).parent / "samples"
PASSPHRASE = "six made up words for samples"
EVERY_KIND_1 = "335153aea5119d56de3fcb59343d394f8735ce313200f67d7e2410cfd3319b93"
DIGESTS = {"export-1.json": EVERY_KIND_1, "export-1.age": EVERY_KIND_1, "journal-1.jsonl": EVERY_KIND_1}


def digest(entries: tuple[Entry, ...]) -> str:
    return sha256(canonical(entry_data(entries))).hexdigest()


def content(path: Path) -> tuple[Entry, ...]:
    if path.suffix == ".jsonl":
        report = LinesJournal(path).verify()
        assert report.sound
        return LinesJournal(path).since().entries
    return read_copy(path.read_bytes(), PASSPHRASE)


def test_every_sample_is_listed() -> None:
    assert {path.name for path in SAMPLES.iterdir() if path.suffix != ".md"} == set(DIGESTS)
    assert all(f"`{name}`" in (SAMPLES / "README.md").read_text("utf-8") for name in DIGESTS)


@pytest.mark.parametrize("name", DIGESTS)
def test_every_sample_says_what_it_said(name: str, tmp_path: Path) -> None:
    path = tmp_path / name  # a copy: a journal may want to write a lock beside itself
    path.write_bytes((SAMPLES / name).read_bytes())
    assert digest(content(path)) == DIGESTS[name]


def test_the_samples_of_today_hold_every_kind() -> None:
    """When this fails because a kind or a field was added: it needs a new schema version, an upgrade, and new samples."""
    assert content(SAMPLES / "export-1.json") == every_kind()


def test_samples_are_what_they_are_called() -> None:
    forms = {name: form_of((SAMPLES / name).read_bytes()) for name in DIGESTS}
    assert forms == {"export-1.json": Form.PLAIN, "export-1.age": Form.SEALED, "journal-1.jsonl": Form.JOURNAL}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "export-1.json").write_bytes(write_plain(every_kind()))
    (folder / "export-1.age").write_bytes(seal(every_kind(), PASSPHRASE))
    for start in range(0, len(every_kind()), 5):
        LinesJournal(folder / "journal-1.jsonl").append(every_kind()[start : start + 5])
    (folder / "journal-1.jsonl.lock").unlink()
    print(digest(every_kind()))
