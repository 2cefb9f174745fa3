"""Speed of the journal: ten years of entries read, one appended, and a sealed copy. Ratios are to a yardstick of the same run."""

from __future__ import annotations

import os
import platform
import tempfile
from pathlib import Path
from random import Random

from plan import best

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import (
    CheckIn,
    DoseSkipped,
    DoseTaken,
    Entry,
    Score,
    StockChange,
    StockChanged,
    Used,
    What,
    new_id,
)
from gradatim.domain.reading import plain, read
from gradatim.journal.codec import canonical, parse
from gradatim.journal.lines import LinesJournal
from gradatim.journal.sealed import read_plain, seal, unseal, write_plain

BEGIN = Instant.parse("2026-12-01T08:00:00Z")
ENTRIES = 20_000  # ten years of three doses and two or three other things a day
APPENDS = 200
PASSPHRASE = "made up words for measuring"


def entry(number: int, chance: Random) -> Entry:
    """Mostly doses; now and then a check-in, a dose left out, a box counted."""
    at = BEGIN.plus(number * 15_768)
    ten = OralDose.mg(10)
    dose = f"p1/{at.iso()[:10]}/s{number % 3 + 1}"
    whats: list[What] = [
        DoseTaken(dose=dose, amount=ten, units=(Used(product="us/10", strength=ten, quarters=4),)),
        DoseSkipped(dose=dose, reason="asleep"),
        CheckIn(
            scores=tuple(Score(scale=name, value=chance.randrange(11)) for name in ("spasticity", "sleep", "mood"))
        ),
        StockChanged(change=StockChange.COUNTED, product="us/10", quarters=4 * chance.randrange(100)),
    ]
    what = chance.choices(whats, [80, 3, 15, 2])[0]
    id = new_id(at.seconds * 1000, chance.randbytes(10))
    return Entry(
        id=id, person="a-name", author="A. Name", device="phone", at=at, zone="Europe/London",
        recorded=at.plus(chance.choice([0, 0, 45, 600])), what=what,
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    chance = Random(1)
    entries = tuple(entry(number, chance) for number in range(ENTRIES))
    data = [plain(one) for one in entries]
    texts = [canonical(one) for one in data]
    reading = best(lambda: [read(Entry, one) for one in data], 5)
    writing = best(lambda: [plain(one) for one in entries], 5)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        path = Path(folder) / "journal.jsonl"
        journal = LinesJournal(path)
        for one in entries:
            journal.append((one,))
        size = path.stat().st_size
        opening = best(lambda: LinesJournal(path).since(), 5)
        bare = best(lambda: [parse(line) for line in path.read_bytes().splitlines()], 5)
        parsing = best(lambda: [parse(text) for text in texts], 5)
        again = best(lambda: journal.since(ENTRIES), 101)
        more = iter([entry(ENTRIES + number, chance) for number in range(APPENDS + 5)])
        cold = best(lambda: LinesJournal(path).append((next(more),)), 5)
        warm = best(lambda: journal.append((next(more),)), APPENDS)
        line = path.read_bytes().splitlines(keepends=True)[-1]
        other = os.open(Path(folder) / "raw", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        raw = best(lambda: (os.write(other, line), os.fsync(other)), APPENDS)
        os.close(other)
        verify = best(journal.verify, 3)
    copy = write_plain(entries)
    plainly = best(lambda: read_plain(copy), 3)
    sealing = best(lambda: seal(entries, PASSPHRASE), 3)
    sealed = seal(entries, PASSPHRASE)
    opening_sealed = best(lambda: unseal(sealed, PASSPHRASE), 3)

    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {platform.system()}")
    print(f"journal of {ENTRIES:,} entries, one append each: {size / 1e6:.1f} MB")
    print(
        f"  data to entries                                 {reading * 1e3:8.0f} ms    {reading / ENTRIES * 1e6:.1f} µs an entry"
    )
    print(
        f"  entries to data                                 {writing * 1e3:8.0f} ms    {writing / ENTRIES * 1e6:.1f} µs an entry"
    )
    print(
        f"  file opened and read, every hash checked        {opening * 1e3:8.0f} ms    {opening / ENTRIES * 1e6:.1f} µs an entry"
    )
    print(f"    its JSON alone                                {bare * 1e3:8.0f} ms    ratio {opening / bare:.1f}")
    print(f"    the JSON of the entries alone                 {parsing * 1e3:8.0f} ms")
    print(f"  read again, nothing new                         {again * 1e6:8.0f} µs")
    print(f"  verified from the first byte                    {verify * 1e3:8.0f} ms")
    print(f"  one entry appended, journal open                {warm * 1e6:8.0f} µs")
    print(f"    the same bytes written and fsynced            {raw * 1e6:8.0f} µs    ratio {warm / raw:.1f}")
    print(f"  one entry appended, journal opened for it       {cold * 1e3:8.0f} ms")
    print(f"plain copy of {len(copy) / 1e6:.1f} MB read and checked           {plainly * 1e3:8.0f} ms")
    print(f"sealed copy of {len(sealed) / 1e6:.1f} MB: made                    {sealing:8.1f} s")
    print(f"  opened                                          {opening_sealed:8.1f} s")


if __name__ == "__main__":
    main()
