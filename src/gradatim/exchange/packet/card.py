"""The card to show to somebody who asks: who, what was taken last, what is planned, what else is taken, and why it must not stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradatim.domain.clock import Instant
from gradatim.domain.record import Record
from gradatim.exchange.packet.doses import PacketDose
from gradatim.exchange.packet.guard import PacketTaking
from gradatim.exchange.packet.told import line, moment, said


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketCard:
    """What the card says, line by line. ``last``: the newest first; where nothing is recorded it says so."""

    title: str
    who: str | None
    as_of: str
    last: tuple[str, ...]
    planned: tuple[str, ...]
    medicines: tuple[str, ...]
    note: str


def packet_card(
    record: Record, now: Instant, takings: Sequence[PacketTaking], doses: Sequence[PacketDose]
) -> PacketCard:
    """The card as of ``now``. It leaves out takings that another device stamped later than that."""
    today = record.day_of(now)
    person = record.person
    last = tuple(one.text for one in reversed(takings) if one.at <= now)
    planned = tuple(one.sentence for one in doses if one.day == today)
    return PacketCard(
        title=said("card.danger"), who=None if person is None or not person.called else line(person.called),
        as_of=said("as-of", at=moment(record, now), zone=record.zone_on(today)), last=last or (said("took-nothing"),),
        planned=planned or (said("card.not-planned") if record.holding_on(today) is None else said("today.nothing-due"),),
        medicines=tuple(map(line, person.medicines)) if person is not None and person.medicines else (said("medicines-none"),),
        note=said("self"),
    )  # fmt: skip
