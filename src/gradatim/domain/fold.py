"""From entries to a record: any order, any repetition, as of any instant.

Entries are put in the order in which they were written (``recorded``, then id). A later approval takes over from the day it was
written at the earliest wherever a plan already held, and an answer works from the day it was written: so nothing written later can
change which dose an earlier day showed. A plan of another name, or of more or fewer doses a day, takes over a day later still, for
its doses have other names than those already taken, or the same names for other doses. Only days that no plan held yet may be
filled in later, by a plan copied from paper; versions written down in the same second are copied together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from gradatim.domain.clock import Instant, slot_of
from gradatim.domain.course import may_answer
from gradatim.domain.entry import (
    Correctable,
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    ExtraDose,
    Measured,
    OtherChange,
    OtherTaken,
    PersonDescribed,
    PlanApproved,
    PlanSuperseded,
    Preference,
    ReviewAnswered,
    What,
)
from gradatim.domain.fault import one_fault
from gradatim.domain.person import Person
from gradatim.domain.plan import Review
from gradatim.domain.record import Dealt, Done, Holding, Logged, Record, SetAside, day_in
from gradatim.domain.timeline import Answer

_CORRECTABLE = Correctable.__args__
_DEALT = (DoseTaken, DoseSkipped, DoseUnsure)


def fold(entries: Iterable[Entry], as_of: Instant | None = None) -> Record:
    """The record of one person's entries, of those written until ``as_of``.

    Order and repetition make no difference. Raises `BadInput` for entries of more than one person: two people's doses must never
    mix. What cannot count (a correction of nothing, a second version of the same number) is set aside, and shown.
    """
    aside: list[SetAside] = []
    written = _in_order(entries, as_of, aside)
    if len({entry.person for entry in written}) > 1:
        raise one_fault("person", "these entries belong to more than one person", "Keep a journal for each person")
    logged = _corrected(written, aside)
    by_kind: dict[str, list[Logged[What]]] = {}
    for one in logged:
        by_kind.setdefault(one.what.kind, []).append(one)
    ordered = {kind: tuple(sorted(found, key=_when)) for kind, found in by_kind.items()}
    zones = _zones(logged, written)
    plans = _Plans(zones=zones)
    for one in logged:
        plans.read(one, aside)
    described = [one.what.person for one in logged if isinstance(one.what, PersonDescribed)]
    takings = sorted((one for kind in (DoseTaken.kind, ExtraDose.kind) for one in ordered.get(kind, ())), key=_when)
    return Record(
        person=_person(described[-1], logged) if described else None,
        described=described[-1] if described else None,
        since=plans.since,
        zones=zones,
        holdings=plans.holdings(),
        done=_done(logged),
        takings=tuple(takings),  # type: ignore[arg-type]
        by_kind=ordered,
        preferences={one.what.name: one.what.value for one in logged if isinstance(one.what, Preference)},
        set_aside=tuple(aside),
        entries=tuple(written),
    )


def _key(entry: Entry) -> tuple[int, str]:
    return entry.recorded.seconds, entry.id


def _when(one: Logged[What]) -> tuple[int, int, str]:
    return one.at.seconds, one.entry.recorded.seconds, one.entry.id


def _in_order(entries: Iterable[Entry], as_of: Instant | None, aside: list[SetAside]) -> list[Entry]:
    known: dict[str, Entry] = {}
    clashing: dict[str, set[Entry]] = {}
    for entry in entries:
        if as_of is not None and entry.recorded > as_of:
            continue
        if known.setdefault(entry.id, entry) is not entry and known[entry.id] != entry:
            clashing.setdefault(entry.id, {known[entry.id]}).add(entry)
    for id, same in sorted(clashing.items()):
        first, *rest = sorted(same, key=lambda entry: (entry.recorded.seconds, repr(entry)))
        known[id] = first
        aside += [SetAside(entry=entry, why="aside.same-id") for entry in rest]
    return sorted(known.values(), key=_key)


def _corrected(written: list[Entry], aside: list[SetAside]) -> list[Logged[What]]:
    """Every entry that counts, with what its corrections made of it."""
    corrections = [entry for entry in written if isinstance(entry.what, Correction)]
    if not corrections:
        return [Logged(entry=entry, what=entry.what, at=entry.at) for entry in written]
    known = {entry.id: entry for entry in written}
    pointing: dict[str, list[Entry]] = {}
    for entry in corrections:
        assert isinstance(entry.what, Correction)
        target = known.get(entry.what.corrects)
        if target is None:
            aside.append(SetAside(entry=entry, why="aside.corrects-unknown"))
        elif isinstance(target.what, Correction) and _key(target) >= _key(entry):  # only these could go in circles
            aside.append(SetAside(entry=entry, why="aside.corrects-later"))
        elif not isinstance(target.what, (*_CORRECTABLE, Correction)):
            aside.append(SetAside(entry=entry, why="aside.not-correctable"))
        elif isinstance(target.what, Correction) and entry.what.instead is not None:
            aside.append(SetAside(entry=entry, why="aside.only-takes-back"))
        else:
            pointing.setdefault(target.id, []).append(entry)
    undone: set[str] = set()
    for entry in reversed(corrections):  # a correction points backwards, so those that undo it are judged before it
        undone.update(entry.id for one in pointing.get(entry.id, ()) if one.id not in undone)
    found: list[Logged[What]] = []
    for entry in written:
        mine = tuple(pointing.get(entry.id, ()))
        standing = [one for one in mine if one.id not in undone]
        if isinstance(entry.what, Correction) or not standing:
            found.append(Logged(entry=entry, what=entry.what, at=entry.at, corrections=mine))
            continue
        last = standing[-1].what
        assert isinstance(last, Correction)
        if last.instead is not None:
            found.append(Logged(entry=entry, what=last.instead, at=last.at or entry.at, corrections=mine))
    return found


def _done(logged: list[Logged[What]]) -> Mapping[str, Done]:
    """For each dose the entry that counts: taken outranks the rest, for drug in the body must never be doubled; else the latest."""
    found: dict[str, list[Logged[Dealt]]] = {}
    for one in logged:
        if isinstance(one.what, _DEALT):
            found.setdefault(one.what.dose, []).append(one)  # type: ignore[arg-type]
    return {dose: done_one(sayings) for dose, sayings in found.items()}


def done_one(sayings: list[Logged[Dealt]]) -> Done:
    """What counts of entries about one dose, given in the order in which they were written."""
    if len(sayings) == 1:
        return Done(counts=sayings[0])
    taken = [one for one in sayings if isinstance(one.what, DoseTaken)]
    counts = min(taken, key=_when) if taken else sayings[-1]
    return Done(counts=counts, others=tuple(one for one in sayings if one is not counts))


def _person(described: Person, logged: list[Logged[What]]) -> Person:
    """As described last, with what was measured since, and other medicines as they were begun and ended since. What was written
    down since counts in the order in which it happened: an old value typed in late does not replace a newer one."""
    person = described
    last = max(place for place, one in enumerate(logged) if isinstance(one.what, PersonDescribed))
    for one in sorted(logged[last + 1 :], key=_when):
        match one.what:
            case Measured() as said:
                person = replace(
                    person, weight=said.weight or person.weight, creatinine=said.creatinine or person.creatinine, egfr=said.egfr or person.egfr,
                )  # fmt: skip
            case OtherTaken(change=OtherChange.STARTED) as said:
                if said.name.lower() not in [name.lower() for name in person.medicines]:
                    person = replace(person, medicines=(*person.medicines, said.name))
            case OtherTaken(change=OtherChange.STOPPED) as said:
                person = replace(
                    person, medicines=tuple(name for name in person.medicines if name.lower() != said.name.lower())
                )
            case _:
                pass
    return person


def _zones(logged: list[Logged[What]], written: list[Entry]) -> tuple[tuple[date, str], ...]:
    """The zone of each day: a move works from the day after it was written down. Who follows a plan before anybody has described
    the person follows it by the clock of the first entry, and the description is a move like any other."""
    found: list[tuple[date, str]] = []
    for one in logged:
        if isinstance(one.what, PlanApproved) and not found:
            found.append((date.min, written[0].zone))
        if not isinstance(one.what, PersonDescribed):
            continue
        name = one.what.person.zone
        if not found:
            found.append((date.min, name))
        elif found[-1][1] != name:
            today = (day_in(found, one.entry.recorded), slot_of(one.entry.recorded, name).day)
            day = max(today) + timedelta(days=1)
            found = [*(pair for pair in found if pair[0] < day), (day, name)]
    return tuple(found) or ((date.min, written[0].zone if written else "UTC"),)


@dataclass
class _Plans:
    """The plans as their entries come, in the order of writing; the day of an entry is that of the record's own clock."""

    zones: tuple[tuple[date, str], ...]
    held: list[Holding] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    takeovers: list[tuple[Entry, PlanApproved, date]] = field(default_factory=list)
    since: Instant | None = None

    def read(self, one: Logged[What], aside: list[SetAside]) -> None:
        match one.what:
            case PlanApproved() as said:
                self._approved(one.entry, said, aside)
            case PlanSuperseded() as said:
                self._superseded(one.entry, said, aside)
            case ReviewAnswered() as said:
                self._answered(one.entry, said, aside)
            case _:
                pass

    def _approved(self, entry: Entry, said: PlanApproved, aside: list[SetAside]) -> None:
        for _, earlier, _ in self.takeovers:
            if (earlier.plan.id, earlier.plan.version) == (said.plan.id, said.plan.version):
                same = earlier.plan == said.plan
                aside.append(SetAside(entry=entry, why="aside.plan-known" if same else "aside.plan-conflict"))
                return
        day = day_in(self.zones, entry.recorded)
        governed = any(first <= day and other.recorded < entry.recorded for other, _, first in self.takeovers)
        if not self.takeovers:
            self.since = entry.recorded
            self.answers[said.plan.id] = list(said.answers)
        earliest = day if governed else said.plan.start
        if governed and self._governing(day) != (said.plan.id, len(said.plan.slots)):
            # its doses have other names, or the same names for others: today would offer again, or leave out, what was taken
            earliest = day + timedelta(days=1)
        self.takeovers.append((entry, said, max(said.plan.start, earliest)))

    def _governing(self, day: date) -> tuple[str, int] | None:
        """Which plan holds on a day, and its number of times a day."""
        plans = (said.plan for _, said, first in reversed(self.takeovers) if first <= day)
        return next(((plan.id, len(plan.slots)) for plan in plans), None)

    def _superseded(self, entry: Entry, said: PlanSuperseded, aside: list[SetAside]) -> None:
        day = day_in(self.zones, entry.recorded)
        for place, (_, approved, first) in enumerate(self.takeovers):
            if (approved.plan.id, approved.plan.version) == (said.plan, said.version):
                if (
                    first <= day or place == 0
                ):  # it holds already, or nothing would be left: the drug must not stop at once
                    break
                del self.takeovers[place]
                return
        else:
            aside.append(SetAside(entry=entry, why="aside.no-such-plan"))
            return
        aside.append(SetAside(entry=entry, why="aside.plan-holds"))

    def _answered(self, entry: Entry, said: ReviewAnswered, aside: list[SetAside]) -> None:
        reviews = {
            item.id: item
            for _, approved, _ in self.takeovers
            if approved.plan.id == said.plan
            for item in approved.plan.items
            if isinstance(item, Review)
        }
        review = reviews.get(said.review)
        if review is None:
            aside.append(SetAside(entry=entry, why="aside.no-such-review"))
        elif not may_answer(review, said.role):
            aside.append(SetAside(entry=entry, why="aside.may-not-answer"))
        else:
            on = day_in(self.zones, entry.recorded)
            answer = Answer(
                review=said.review, go_on=said.go_on, by=said.by, role=said.role, on=on, from_day=max(said.from_day, on)
            )
            self.answers.setdefault(said.plan, []).append(answer)

    def holdings(self) -> tuple[Holding, ...]:
        """Each takeover cuts off all that held from its first day on."""
        found: list[Holding] = []
        for entry, approved, first in self.takeovers:
            eve = first - timedelta(days=1)
            kept = [replace(h, last=eve if h.last is None else min(h.last, eve)) for h in found if h.first < first]
            answers = tuple(self.answers.get(approved.plan.id, ()))
            found = [*kept, Holding(plan=approved.plan, first=first, last=None, entry=entry, answers=answers)]
        return tuple(found)
