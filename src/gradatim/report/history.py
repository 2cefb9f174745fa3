"""Everything that was written down, entry by entry, in words, with what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gradatim.domain.entry import Correction, Entry
from gradatim.domain.finding import Message
from gradatim.domain.record import AGAIN, Record
from gradatim.languages import spoken
from gradatim.monographs import leaflet, monograph, scales
from gradatim.words import say
from gradatim.words.entries import entry_text
from gradatim.words.phrases import product_name

PUT_RIGHT, TAKEN_BACK, SET_ASIDE = "put right", "taken back", "set aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry in words. ``status`` is empty where it counts as it stands; ``why`` says why one was set aside."""

    entry: Entry
    says: str
    status: str = ""
    why: str = ""


def order_of(entry: Entry) -> tuple[int, int, str]:
    """Where an entry stands in the history: by when it happened, then by when it was written."""
    return entry.at.seconds, entry.recorded.seconds, entry.id


def status_of(record: Record) -> dict[str, str]:
    """What became of entries that no longer count as they stand, by their id."""
    found = {one.entry.id: SET_ASIDE for one in record.set_aside}
    counting = {one.id: one for kind in record.by_kind.values() for one in kind}
    for one in record.corrections():
        target = one.what.corrects
        if target not in counting:
            found[target] = TAKEN_BACK
        elif counting[target].what != counting[target].entry.what or counting[target].at != counting[target].entry.at:
            found[target] = PUT_RIGHT
    return found


def lines_of(record: Record, entries: list[Entry]) -> list[Line]:
    """These entries of a record in words."""
    status = status_of(record)
    aside = {one.entry.id: say(Message(one.why)) for one in record.set_aside}
    known = {one.id: one for one in record.entries}
    return [
        Line(
            entry=one, says=says(one, record, known), why=aside.get(one.id, ""),
            status=status.get(one.id, "corrects" if isinstance(one.what, Correction) else ""),
        )
        for one in entries
    ]  # fmt: skip


def says(entry: Entry, record: Record, known: Mapping[str, Entry]) -> str:
    """What an entry says; ``known`` are all entries by their id."""
    return entry_text(
        entry.what, named=named, scale=scale_named, slot_times=lambda dose: planned_time(record, dose), other=known.get, zone=entry.zone
    )  # fmt: skip


def planned_time(record: Record, dose: str) -> str | None:
    """The clock time at which a dose was planned."""
    plan_id, day, slot = dose.removesuffix(AGAIN).rsplit(":", 2)
    for holding in reversed(record.holdings):
        if holding.plan.id == plan_id and holding.first.isoformat() <= day:
            return next((f"{one.at:%H:%M}" for one in holding.plan.slots if one.id == slot), None)
    return None


def named(id: str) -> str:
    """The words for the id of a danger sign, reaction or product; else the text itself."""
    return _names(spoken()).get(id, id)


def scale_named(id: str) -> str:
    """The name of a scale; else the text itself. Apart from the others: weakness is a scale, and a reaction too."""
    found = scales().get(id)
    return id if found is None else found.name


@cache
def _names(language: str) -> dict[str, str]:
    assert language == spoken()
    known = {sign.id: sign.sign for sign in leaflet().danger_signs} | {
        reaction.id: reaction.name for reaction in leaflet().reactions
    }
    return known | {product.id: product_name(product.name) for product in monograph().products}
