"""Packets with what a phone shows of them, as JSON: replayed here by the phone of the tests, and by every other client.

``python -m tests.exchange.test_packet_vectors`` writes them anew. A vector is a packet, cut down to what its cases need, and cases: an
instant, entries that are not sent, and what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.exchange.packet_client import show
from tests.exchange.vector_files import file_of, files_of
from tests.journals import BACLOFEN, DAY, DOCTOR, LEAFLET, ONE, Book, D, at, begun, dose, mg, scheme

from gradatim.domain.clock import Instant
from gradatim.domain.entry import ExtraDose, SymptomNoted, WatchAnswered
from gradatim.exchange.packet import packet, packet_data, packet_schema
from gradatim.monographs import bibliography, scales

FOLDER = Path(__file__).parent / "vectors" / "packet"
Data = dict[str, Any]
Case = tuple[str, str | Instant, Sequence[Data]]
KEPT = ("slow-breathing", "withdrawal-fever")  # danger signs; the others are left out


def vector(says: str, book: Book, built: Instant, cases: Sequence[Case], days: int = 2) -> Data:
    """A vector; the moments of its cases are written as in `tests.journals.at`."""
    made = packet(
        book.record(), BACLOFEN, LEAFLET, built, scales=scales(), sources=bibliography(), cursor=len(book.entries), hash=None, days=days
    )  # fmt: skip
    cut = replace(
        made, cautions=(), reactions=(), events=(), questions=(), sources=(), too_much=(), stopping=(), levels=(), goals=(),
        signs=tuple(one for one in made.signs if one.id in KEPT), meanings=tuple(one for one in made.meanings if one.means in KEPT),
    )  # fmt: skip
    data = packet_data(cut)
    found = []
    for case, when, unsent in cases:
        now = (when if isinstance(when, Instant) else at(when)).iso()
        found.append({"case": case, "now": now, "unsent": list(unsent), "shown": show(data, now, unsent)})
    return {"says": says, "packet": data, "cases": found}


def unsent(kind: str, when: str, dose: str | None = None, **more: str) -> Data:
    return {"kind": kind, "at": at(when).iso(), **({} if dose is None else {"dose": dose}), **more}


def a_usual_day() -> Data:
    book = begun()
    book.take(dose(1), at("08:05"))
    return vector("Three doses a day, the first taken.", book, at("08:10"), [
        ("a minute before the phone's clock reaches the packet", "08:09", ()), ("a dose to come", "13:59", ()), ("due", "14:00", ()),
        ("the last second on time", "15:00", ()), ("late", Instant(at("15:00").seconds + 1), ()), ("the last second to take it", "19:00", ()),
        ("missed", Instant(at("19:00").seconds + 1), ()), ("after midnight the evening dose may still be taken", "+1 02:00", ()),
        ("the last second of the packet", Instant(at("+2 00:00").seconds - 1), ()), ("stale", "+2 00:00", ()),
    ])  # fmt: skip


def what_is_not_sent() -> Data:
    book = begun()
    book.take(dose(1), at("08:05"))
    late = unsent("dose-taken", "18:30", dose(2))
    return vector("What the phone has recorded and not sent counts at once.", book, at("08:10"), [
        ("taken", "14:05", [unsent("dose-taken", "14:02", dose(2))]), ("left out", "14:05", [unsent("dose-skipped", "14:02", dose(2))]),
        ("not sure", "14:05", [unsent("dose-unsure", "14:02", dose(2))]),
        ("left out, and taken after all", "14:30", [unsent("dose-skipped", "14:02", dose(2)), unsent("dose-taken", "14:20", dose(2))]),
        ("taken late, and the next one too soon", "21:00", [{**late, "at": at("19:30").iso()}]), ("and far enough", "21:31", [{**late, "at": at("19:30").iso()}]),
        ("drug beside the plan keeps the next dose away", "14:00", [unsent("extra-dose", "13:00")]),
    ])  # fmt: skip


def a_gap() -> Data:
    book = begun()
    book.take_all(D, D)
    told = unsent("watch-answered", "+2 09:30", by=DOCTOR, said="half of it now")
    return vector("Nothing is recorded for a day: the next dose is held.", book, at("+1 07:00"), [
        ("before", "+1 21:30", ()), ("still on time", "+1 22:00", ()), ("held", Instant(at("+1 22:00").seconds + 1), ()), ("held the day after", "+2 09:00", ()),
        ("somebody was asked", "+2 09:31", [told]), ("drug beside the plan is no way back", "+2 09:31", [unsent("extra-dose", "+2 08:00")]),
        ("a dose taken before it got so far", "+2 09:00", [unsent("dose-taken", "+1 14:10", dose(2, D + DAY))]),
        ("a dose left out in it", "+1 22:30", [unsent("dose-skipped", "+1 14:10", dose(2, D + DAY))]),
    ], days=4)  # fmt: skip


def somebody_was_asked() -> Data:
    book = begun()
    book.take_all(D, D)
    answer = book.write(WatchAnswered(rule="gap", by=DOCTOR, said="half of it now"), at("+2 09:30")).id
    seen = {**unsent("watch-answered", "+2 09:32", by=DOCTOR, said="seen"), "rule": "watch-falls"}
    until = {**unsent("watch-answered", "+3 10:00", by=DOCTOR, said="the usual dose"), "until": at("+3 12:00").iso()}
    return vector("What was told goes before the plan, and lifts the guard for a day.", book, at("+2 09:31"), [
        ("told", "+2 09:31", ()), ("the last second of the answer", "+3 09:30", ()), ("asked again", Instant(at("+3 09:30").seconds + 1), ()),
        ("the answer taken back", "+2 09:35", [correction(answer, "+2 09:34")]), ("an answer about something else lifts nothing", "+3 09:31", [seen]),
        ("an answer that holds for two hours", "+3 11:59", [until]), ("and no longer", "+3 12:00", [until]),
    ], days=4)  # fmt: skip


def once_a_day() -> Data:
    book = begun(scheme(10, times=ONE))
    book.take_all(D, D)
    taken = unsent("dose-taken", "+1 08:05", dose(1, D + DAY))
    return vector("One dose a day is not one gap after another.", book, at("+1 07:00"), [
        ("on time, 24 hours and five minutes after the last", "+1 08:05", ()), ("held after it closed", "+2 07:00", ()),
        ("taken without network, and due the day after", "+2 08:30", [taken]), ("late", "+2 12:00", [taken]), ("held", "+3 08:10", [taken]),
    ], days=5)  # fmt: skip


def the_clocks_go_back() -> Data:
    day = date(2026, 10, 24)
    book = begun(scheme(10, start=day, times=("01:30", "09:30", "17:30")))
    book.take_all(day, day)
    return vector("In London the hour from 1 to 2 comes twice: the dose comes once.", book, at("18:00", day), [
        ("the first time 01:30", Instant.parse("2026-10-25T00:30:00Z"), ()), ("the second time", Instant.parse("2026-10-25T01:30:00Z"), ()),
        ("half past nine by the new clock", Instant.parse("2026-10-25T09:30:00Z"), ()),
    ])  # fmt: skip


def an_emergency() -> Data:
    book = begun()
    book.take_all(D, D)
    book.write(SymptomNoted(sign="withdrawal-fever"), at("+1 08:30"))
    for rule in ("watch-sign-withdrawal-fever", "watch-withdrawal"):
        book.write(WatchAnswered(rule=rule, by=DOCTOR, said="seen, go on"), at("+1 08:31"))
    return vector("A sign counts for more once the dose beside it is missed; a sign that is noted counts at once.", book, at("+1 09:00"), [
        ("dealt with", "+1 12:00", ()), ("the morning dose is missed", Instant(at("+1 12:00").seconds + 1), ()),
        ("a sign is noted, not sent yet", "+1 10:00", [unsent("symptom", "+1 10:00", sign="slow-breathing")]),
        ("the same by the name of a side effect", "+1 10:00", [unsent("symptom", "+1 10:00", sign="respiratory-depression")]),
    ])  # fmt: skip


def no_plan() -> Data:
    book = Book()
    book.describe(at("06:00"))
    return vector(
        "No plan: no dose, and the packet says so.",
        book,
        at("08:00"),
        [("on the day", "08:00", ()), ("stale", "+9 08:00", ())],
    )


def nothing_at_all() -> Data:
    return vector("An empty journal.", Book(), at("08:00"), [("on the day", "08:00", ())])


def a_review() -> Data:
    book = begun(scheme(5, 10, days=2))
    book.take_all(D, D)
    return vector("At the review the dose stays.", book, at("+1 07:00"), [
        ("the day before", "+1 08:00", ()), ("the day of the review", "+2 08:00", [unsent("dose-taken", "+1 21:00", dose(3, D + DAY))]),
    ], days=4)  # fmt: skip


def a_clock_ahead() -> Data:
    book = begun()
    book.take(dose(2), at("14:40"))
    return vector("Another device, forty minutes ahead, has recorded the dose: it is not offered again.", book, at("14:00"), [
        ("due, and recorded", "14:00", ()), ("when the stamp is reached", "14:40", ()),
    ])  # fmt: skip


def correction(entry: str, when: str, instead: Data | None = None, number: int = 1) -> Data:
    return {"id": own(number), "kind": "correction", "at": at(when).iso(), "corrects": entry, "instead": instead}


def own(number: int) -> str:
    """The id of an entry that was not sent."""
    return f"01a23000-0000-7000-8000-{number:012}"


def taken_back() -> Data:
    book = begun()
    twice = (book.take(dose(1), at("08:02")).id, book.take(dose(1), at("08:05")).id)
    left_out = book.skip(dose(2), at("13:50")).id
    after_all = book.take(dose(2), at("14:10"))
    wrong = book.correct(after_all, at("14:11")).id
    extra = book.write(ExtraDose(amount=mg(5)), at("14:12")).id
    evening = {**unsent("dose-taken", "21:02", dose(3)), "id": own(9)}
    skipped, earlier = (
        {"kind": "dose-skipped", "dose": dose(1)},
        {"kind": "dose-taken", "dose": dose(3), "at": at("20:00").iso()},
    )
    return vector("What was taken back on the phone: as the record will have it, and nothing is offered where it may have been taken.", book, at("14:15"), [
        ("one of two that say taken", "14:20", [correction(twice[0], "14:16")]), ("the other of the two", "14:20", [correction(twice[1], "14:16")]),
        ("both", "14:20", [correction(twice[0], "14:16"), correction(twice[1], "14:17", number=2)]),
        ("left out, and that taken back: due, and too soon after the drug beside the plan", "14:20", [correction(left_out, "14:16")]),
        ("the drug beside the plan taken back too", "14:20", [correction(left_out, "14:16"), correction(extra, "14:17", number=2)]),
        ("a dose was left out that was said to be taken, twice", "14:20", [correction(one, "14:16", skipped, n) for n, one in enumerate(twice)]),
        ("not sent, and taken back", "21:05", [evening, correction(own(9), "21:03")]),
        ("taken back, and that too", "21:05", [evening, correction(own(9), "21:03", number=1), correction(own(1), "21:04", number=2)]),
        ("not sent, and taken earlier than that", "21:05", [evening, correction(own(9), "21:03", earlier)]),
        ("before it was taken back", "21:02", [evening, correction(own(9), "21:03")]),
        ("a correction that the server has: only the record can tell", "14:20", [correction(wrong, "14:16"), correction(left_out, "14:17", number=2)]),
        ("something that the packet does not hold", "21:00", [correction(own(77), "14:16")]),
    ], days=1)  # fmt: skip


MAKERS = (
    a_usual_day, what_is_not_sent, a_gap, somebody_was_asked, once_a_day, the_clocks_go_back, an_emergency, no_plan, nothing_at_all,
    a_review, a_clock_ahead, taken_back,
)  # fmt: skip


@pytest.mark.parametrize("maker", MAKERS, ids=lambda one: one.__name__)
def test_a_vector_is_up_to_date(maker: Any) -> None:
    name, text = file_of(maker)
    assert (FOLDER / name).read_text("utf-8") == text, "run: python -m tests.exchange.test_packet_vectors"


def test_the_vectors_are_few_small_and_what_the_schema_says() -> None:
    files = sorted(FOLDER.glob("*.json"))
    assert len(files) == len(MAKERS) <= 12
    for file in files:
        assert file.stat().st_size < 40_000, file.name
        data = json.loads(file.read_text("utf-8"))
        jsonschema.validate(data["packet"], packet_schema())
        for case in data["cases"]:
            assert show(data["packet"], case["now"], case["unsent"]) == case["shown"], (file.name, case["case"])


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files_of(MAKERS).items():
        (FOLDER / name).write_text(text, "utf-8")
