"""Speed of the record: ten years folded, the day, the watch, the box, what changed, and the page for the doctor."""

from __future__ import annotations

import os
import random
import tempfile
from datetime import date, timedelta
from pathlib import Path

from plan import approved, best, cold, someone

from gradatim.domain.clock import Instant
from gradatim.domain.entry import CheckIn, DoseTaken, Entry, PersonDescribed, PlanApproved, Score, What, new_id
from gradatim.domain.fold import fold
from gradatim.domain.run_out import outlook
from gradatim.domain.stock import inventory
from gradatim.domain.taking import used
from gradatim.domain.today import today
from gradatim.domain.watch import watch
from gradatim.insight.of_record import insight_of
from gradatim.journal.demo import demo_entries
from gradatim.journal.lines import LinesJournal
from gradatim.monographs import leaflet, monograph
from gradatim.report import clinician, clinician_html, clinician_pdf
from gradatim.report.card import hospital_card, to_pdf

ZONE = "Europe/London"
BEGAN = Instant.parse("2026-11-25T10:00:00Z")


def ten_years() -> list[Entry]:
    """20,000 entries: a plan, three doses a day for ten years of which most are taken, and check-ins."""
    chance = random.Random(1)
    person = someone(ZONE)

    def entry(what: What, at: Instant) -> Entry:
        id = new_id(at.seconds * 1000 + chance.randrange(1000), chance.randbytes(10))
        return Entry(id=id, person="p", author="person", device="bench", at=at, zone=ZONE, recorded=at, what=what)

    plan = approved("bench", person).latest
    written = [entry(PersonDescribed(person=person), BEGAN), entry(PlanApproved(plan=plan), BEGAN)]
    doses = fold(written).doses(monograph(), date(2026, 12, 1), date(2036, 12, 1))
    taken = [d for d in doses if chance.random() < 0.97]
    written += [entry(DoseTaken(dose=d.id, amount=d.dose, units=used(d.portion)), d.instant.plus(300)) for d in taken]
    evenings = [taken[n % len(taken)].instant.plus(600 + n) for n in range(20_000 - len(written))]
    scales = ("spasticity", "spasms", "sleepiness", "mood")
    written += [
        entry(CheckIn(scores=tuple(Score(scale=s, value=chance.randrange(1, 5)) for s in scales)), at)
        for at in evenings
    ]
    chance.shuffle(written)
    return written


def main() -> None:
    """Measure and print."""
    drug, paper = monograph(), leaflet()
    entries = ten_years()
    record = fold(entries)
    now = max(entry.recorded for entry in entries).plus(3600)
    yardstick = best(lambda: sorted(entries, key=lambda one: (one.recorded.seconds, one.id)), 7)
    folded = best(lambda: fold(entries), 7)
    stocks = inventory(record, drug, now)
    rows = [
        (f"fold of {len(entries):,} entries in any order", folded),
        ("today", best(lambda: today(record, drug, paper, now), 21)),
        ("watch", best(lambda: watch(record, drug, paper, now), 7)),
        (
            "stock and run-out, 400 days ahead",
            best(lambda: outlook(record, drug, paper, inventory(record, drug, now)), 7),
        ),
        ("  run-out alone", best(lambda: outlook(record, drug, paper, stocks), 7)),
    ]
    demo = demo_entries(drug)
    small = fold(demo)
    end = Instant.parse("2026-11-24T22:00:00Z")
    made = clinician.gather(small, drug, paper, end)
    rows += [
        ("twelve weeks: insight, every method on every scale", best(lambda: insight_of(small, date(2026, 11, 24)), 3)),
        (
            "twelve weeks: all that is on the page for the doctor",
            best(lambda: clinician.gather(small, drug, paper, end), 3),
        ),
        ("the page as PDF", best(lambda: clinician_pdf.to_pdf(made), 5)),
        ("the page as HTML", best(lambda: clinician_html.to_html(made), 5)),
        ("the card as PDF", best(lambda: to_pdf(hospital_card(small, drug, paper, end)), 5)),
    ]
    for name, value in rows:
        print(f"{name:62} {value * 1e3:10.2f} ms")
    print(f"  the fold beside sorting the same entries: ratio {folded / yardstick:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.jsonl"
        LinesJournal(path).append(demo)
        os.environ |= {"GRADATIM_JOURNAL": str(path), "SOURCE_DATE_EPOCH": str(end.seconds), "XDG_DATA_HOME": folder}
        bare = cold("-c", "pass")
        for words in (("today",), ("take", "--help"), ("stock",)):
            took = cold("-m", "gradatim", *words)
            print(f"cold start: gradatim {' '.join(words):43} {took * 1e3:8.0f} ms   ratio {took / bare:.1f}")
    assert (now.seconds - BEGAN.seconds) // timedelta(days=1).total_seconds() > 3600


if __name__ == "__main__":
    main()
