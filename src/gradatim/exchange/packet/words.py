"""The sentences that the phone says of itself: how old its knowledge is, what is missing, and what each state is called."""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.domain.clock import Instant
from gradatim.domain.record import Record
from gradatim.domain.today import DoseState
from gradatim.exchange.packet.told import Label, moment, said


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketWords:
    """``last_heard`` after ``fresh_until``, ``stale`` after ``good_until``, ``clock_behind`` before ``built``; ``missing`` at all times.

    ``ask_first`` stands in place of a dose while an emergency is open, ``unsettled`` while the phone cannot know what is due: something
    was taken back that only the record can weigh.
    """

    last_heard: str
    stale: str
    clock_behind: str
    missing: tuple[str, ...]
    ask_first: str
    unsettled: str
    nothing_due: str
    states: tuple[Label, ...]


def packet_words(record: Record, now: Instant) -> PacketWords:
    """The sentences of a packet built at ``now``."""
    at = moment(record, now)
    missing = [] if record.person is not None else [said("nobody")]
    if not record.holdings:
        missing.append(said("no-plan"))
    elif record.holdings[0].first > record.day_of(now):
        missing.append(said("today.begins", day=record.holdings[0].first))
    return PacketWords(
        last_heard=said("last-heard", at=at), stale=said("stale", at=at), clock_behind=said("clock-behind"), missing=tuple(missing),
        ask_first=said("today.ask-first"), unsettled=said("unsettled"), nothing_due=said("today.nothing-due"),
        states=tuple(Label(id=str(state), text=said(f"state-{state}")) for state in DoseState),
    )  # fmt: skip
