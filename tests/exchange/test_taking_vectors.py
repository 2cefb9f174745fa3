"""What has to be seen before a dose is recorded, as the record says it: replayed by every client that compares packets.

``python -m tests.exchange.test_taking_vectors`` writes them anew. A vector is a packet and cases: a moment, a dose with its state, when it
is said to have been taken, how much, and the rules of the cautions in their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.vector_files import file_of, files_of
from tests.journals import BACLOFEN, DAY, DOCTOR, LEAFLET, Book, D, at, begun, dose, mg

from gradatim.domain import taking
from gradatim.domain.clock import Instant
from gradatim.domain.entry import ExtraDose, SymptomNoted, Used, WatchAnswered
from gradatim.domain.today import gap_at, states
from gradatim.exchange.packet import packet, packet_data
from gradatim.monographs import bibliography, scales

FOLDER = Path(__file__).parent / "vectors" / "taking"
MINUTES_AGO = (0, 15, 16)  # both sides of what is history
QUARTERS = (4, 2, 8)  # as planned, half of it, twice as much
TABLET = {"product": "uk/10", "strength": mg(10)}


def vector(says: str, book: Book, built: Instant, moments: tuple[str, ...]) -> dict[str, Any]:
    record = book.record()
    made = packet(
        record, BACLOFEN, LEAFLET, built, scales=scales(), sources=bibliography(), cursor=len(book.entries), days=2
    )
    cut = replace(
        made, reactions=(), events=(), questions=(), sources=(), too_much=(), stopping=(), levels=(), goals=(), signs=(), meanings=()
    )  # fmt: skip
    return {"says": says, "packet": packet_data(cut), "cases": list(_cases(book, built, moments))}


def _cases(book: Book, built: Instant, moments: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    record = book.record()
    for moment in moments:
        now = at(moment)
        day = record.day_of(now)
        gap = gap_at(record, BACLOFEN, LEAFLET, now)
        for one in states(record, BACLOFEN, LEAFLET, now, day - DAY, day, gap):
            for ago in MINUTES_AGO:
                when = now.plus(-60 * ago)
                if when < built or abs((record.day_of(when) - one.dose.day).days) > 1:
                    continue
                for quarters in QUARTERS:
                    units = (Used(quarters=quarters, **TABLET),)  # type: ignore[arg-type]
                    said = taking.take(record, BACLOFEN, LEAFLET, now, one, at=when, units=units)
                    if isinstance(said, taking.Already):
                        continue
                    rules = [finding.rule for finding in said.findings] if isinstance(said, taking.Guarded) else []
                    yield {
                        "now": now.iso(), "dose": one.dose.id, "state": str(one.state), "at": when.iso(), "micrograms": quarters * 2500,
                        "rules": rules,
                    }  # fmt: skip


def a_day() -> dict[str, Any]:
    book = begun()
    book.take(dose(1), at("08:05"))
    return vector(
        "Three doses a day, the first taken.",
        book,
        at("08:10"),
        ("08:40", "10:04", "10:06", "13:00", "14:00", "19:30", "20:50"),
    )


def a_first_day() -> dict[str, Any]:
    return vector("Nothing is taken yet.", begun(), at("06:30"), ("06:50", "07:00", "08:00", "12:30"))


def a_gap() -> dict[str, Any]:
    book = begun()
    book.take_all(D, D)
    return vector(
        "Nothing is recorded for a day.", book, at("+1 07:00"), ("+1 21:30", "+1 22:10", "+1 22:30", "+2 08:00")
    )


def somebody_was_asked() -> dict[str, Any]:
    book = begun()
    book.take_all(D, D)
    book.write(WatchAnswered(rule="gap", by=DOCTOR, said="half of it now"), at("+2 09:30"))
    return vector("What was told goes before the plan.", book, at("+2 09:31"), ("+2 09:31", "+2 14:10"))


def an_emergency() -> dict[str, Any]:
    book = begun()
    book.take(dose(1), at("08:05"))
    book.write(SymptomNoted(sign="slow-breathing"), at("13:30"))
    return vector("A sign of the gravest level was noted.", book, at("13:31"), ("14:00", "21:10"))


def dealt_with() -> dict[str, Any]:
    book = begun()
    book.skip(dose(1), at("08:05"))
    book.unsure(dose(2), at("14:05"))
    book.write(ExtraDose(amount=mg(5), despite=("guard-extra",)), at("14:30"))
    return vector(
        "One left out, one not sure, and drug beside the plan.", book, at("14:31"), ("14:40", "16:31", "21:00")
    )


MAKERS = (a_day, a_first_day, a_gap, somebody_was_asked, an_emergency, dealt_with)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda one: one.__name__)
def test_a_vector_is_up_to_date(maker: Any) -> None:
    name, text = file_of(maker)
    assert (FOLDER / name).read_text("utf-8") == text, "run: python -m tests.exchange.test_taking_vectors"


def test_every_caution_of_a_planned_dose_is_met() -> None:
    cases = [case for one in MAKERS for case in one()["cases"]]
    seen = {rule for case in cases for rule in case["rules"]}
    assert seen == {
        "guard-emergency", "guard-gap", "guard-dealt", "guard-missed", "guard-early", "guard-close", "guard-told", "guard-more", "guard-less",
    }  # fmt: skip
    assert any(not case["rules"] for case in cases)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files_of(MAKERS).items():
        (FOLDER / name).write_text(text, "utf-8")
