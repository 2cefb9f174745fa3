"""Too much taken: extra, more than planned, twice, or two doses close together (facts 9). No amount is ever called safe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import cast

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseTaken, ExtraDose, OtherChange, OtherTaken
from gradatim.domain.finding import Finding, message
from gradatim.domain.missed import minutes_without_number
from gradatim.domain.record import Logged
from gradatim.domain.safety.person_rules import interactions_of
from gradatim.domain.schedule import day_of_dose
from gradatim.domain.watch.case import (
    DERIVED,
    Case,
    Excess,
    Noted,
    TooMuch,
    by_sign,
    found,
    known_since,
    takings_between,
)
from gradatim.domain.watch.reach import DAY, EXTRA, ONE_DAY, OVERDOSE, WITH_BREATHING

OF_RECORD = (TooMuch.TWICE,)  # it may be the record that is wrong, and not the dose

_WITH_SIGNS = "watch-overdose-signs"


def overdose(case: Case) -> Iterator[Finding]:
    """Findings about too much. The plain one is given only where none of the graver ones is."""
    much = [one for one in excesses(case) if case.within(one.at, OVERDOSE)]
    grave = [*_signs(case, much), *_large(case, much), *_at_risk(case, much)] if much else []
    yield from grave
    if not grave:
        yield from _plain(case, [one for one in much if one.how is not TooMuch.TOLD and case.within(one.at, EXTRA)])
    yield from _together(case, much, signs_told=any(one.rule == _WITH_SIGNS for one in grave))


def excesses(case: Case) -> Iterator[Excess]:
    """Everything taken beyond the plan, as far back as the planned doses of the case go."""
    for one in case.record.of(ExtraDose):
        if case.within(one.at, OVERDOSE):
            yield Excess(how=TooMuch.EXTRA, amount=one.what.amount, at=one.at, data=(one.id,), known=known_since(one))
    for noted in case.noted:
        if noted.sign == case.leaflet.watch.extra_dose and case.within(noted.at, OVERDOSE):
            yield Excess(how=TooMuch.TOLD, amount=OralDose(0), at=noted.at, data=(noted.id,), known=noted.known)
    for dose in case.doses:
        if dose.done is None or not isinstance(dose.done.counts.what, DoseTaken):
            continue
        counts = dose.done.counts
        if dose.done.counts.what.amount > dose.dose.dose:
            over = dose.done.counts.what.amount - dose.dose.dose
            yield Excess(
                how=TooMuch.MORE, amount=over, at=counts.at, data=(counts.id, dose.dose.id), known=known_since(counts)
            )
        for again in dose.done.taken_twice:
            assert isinstance(again.what, DoseTaken)
            known = max(known_since(again), known_since(counts))
            yield Excess(
                how=TooMuch.TWICE, amount=again.what.amount, at=again.at, data=(counts.id, again.id), known=known
            )
    for back in range(OVERDOSE.days + 1):
        yield from _beyond(case, case.day - timedelta(days=back))


def _beyond(case: Case, day: date) -> Iterator[Excess]:
    """Doses of a day that the day's plan does not know, as when another plan took over, once they go beyond its total."""
    planned = case.record.doses(case.monograph, day, day)
    known = {dose.id for dose in planned}
    mine = [one for one in _counting(case) if day_of_dose(one.what.dose) == day]
    strange = [one for one in mine if one.what.dose not in known]
    total = sum(one.what.amount.micrograms for one in mine)
    most = sum(dose.dose.micrograms for dose in planned)
    if strange and total > most and case.record.holding_on(day) is not None:
        last = max(strange, key=lambda one: one.at)
        newest = max(known_since(one) for one in mine)
        yield Excess(
            how=TooMuch.BEYOND,
            amount=OralDose(total - most),
            at=last.at,
            data=tuple(one.id for one in mine),
            known=newest,
        )


def _counting(case: Case) -> list[Logged[DoseTaken]]:
    """The doses taken of these days, each once, however often it was recorded; a dose is written down on its day or the one after."""
    recent = takings_between(case.record, case.now.plus(-OVERDOSE.seconds - 2 * DAY), case.now)
    return [
        cast("Logged[DoseTaken]", one)
        for one in recent
        if isinstance(one.what, DoseTaken) and one.id == case.record.done[one.what.dose].counts.id
    ]


def _ids(much: list[Excess]) -> tuple[str, ...]:
    return tuple(id for one in much for id in one.data)


def _felt_since(case: Case, first: Instant) -> list[Noted]:
    """What was noted from then on, without what says how much was taken and not how it feels."""
    facts = case.leaflet.watch
    amounts = (facts.extra_dose, facts.too_much, facts.too_much_at_risk)
    return [one for one in case.noted if one.at >= first and one.sign not in amounts]


def _signs(case: Case, much: list[Excess]) -> Iterator[Finding]:
    """Any sign at all after too much."""
    since = _felt_since(case, min(one.at for one in much))
    if since:
        names = tuple(dict.fromkeys(case.called(one.sign) for one in since))
        said = message(_key("watch.overdose-signs", much), signs=names, amount=_sum(much))
        newest = max([*(one.known for one in since), *(one.known for one in much)])
        sign = case.sign(case.leaflet.watch.too_much_with_signs)
        yield by_sign(_WITH_SIGNS, sign, said, data=(*_ids(much), *(one.id for one in since)), newest=newest)


def _sum(much: list[Excess]) -> OralDose:
    return OralDose(sum(one.amount.micrograms for one in much))


def _key(key: str, much: list[Excess]) -> str:
    """The message for amounts that are known, or for none."""
    return key if _sum(much) else f"{key}-told"


def _large(case: Case, much: list[Excess]) -> Iterator[Finding]:
    """So much within 24 hours as the monograph names, with something beyond the plan among it."""
    best: tuple[int, Excess] | None = None
    for one in much:
        for end in takings_between(case.record, one.at.plus(-1), one.at.plus(ONE_DAY.seconds)):
            some = takings_between(case.record, end.at.plus(-ONE_DAY.seconds), end.at)
            total = sum(each.what.amount.micrograms for each in some)
            if best is None or total > best[0]:
                best = total, one
    least = case.leaflet.watch.too_much_from
    if best is not None and best[0] >= least.micrograms:
        said = message("watch.overdose-large", total=OralDose(best[0]), **case.clock(best[1].at))
        newest = max(one.known for one in much)
        yield by_sign(
            "watch-overdose-large", case.sign(case.leaflet.watch.too_much), said, data=_ids(much), newest=newest
        )


def _at_risk(case: Case, much: list[Excess]) -> Iterator[Finding]:
    """Any amount beyond the plan in a child, with weak kidneys, or beside an opioid or alcohol."""
    person = case.record.person
    slowing, data, times = slowing_breathing(case, min(one.at for one in much), max(one.at for one in much))
    if person is not None and person.is_child:
        key = "watch.overdose-child"
    elif case.weak_kidneys:
        key = "watch.overdose-kidneys"
    elif slowing:
        key = "watch.overdose-beside"
    else:
        return
    said = message(_key(key, much), amount=_sum(much), medicines=slowing, **case.clock(max(one.at for one in much)))
    newest = max([*(one.known for one in much), *times])
    sign = case.sign(case.leaflet.watch.too_much_at_risk)
    yield by_sign("watch-overdose-at-risk", sign, said, data=(*_ids(much), *data), newest=newest)


def slowing_breathing(
    case: Case, first: Instant, last: Instant
) -> tuple[tuple[str, ...], tuple[str, ...], list[Instant]]:
    """Medicines or drinks that slow breathing, taken regularly or once within a day of these moments: names, entry ids, times."""
    wanted = set(case.leaflet.watch.slows_breathing)

    def slows(name: str) -> bool:
        return any(one.id in wanted for one in interactions_of(name, case.monograph))

    regular = () if case.record.person is None else case.record.person.medicines
    once = [
        one
        for one in case.record.of(OtherTaken)
        if one.what.change is not OtherChange.STOPPED
        and first.plus(-WITH_BREATHING.seconds) <= one.at <= last.plus(WITH_BREATHING.seconds)
        and slows(one.what.name)
    ]
    names = dict.fromkeys([*(one.what.name for one in once), *filter(slows, regular)])
    return tuple(names), tuple(one.id for one in once), [known_since(one) for one in once]


def _plain(case: Case, much: list[Excess]) -> Iterator[Finding]:
    """Beyond the plan in somebody not known to be at risk, without a sign: the poison centre, prescriber or pharmacist now."""
    sign = case.sign(case.leaflet.watch.extra_dose)
    person = case.record.person
    unknown = person is None or person.age is None or case.weak_kidneys is None
    for how, rule in ((False, "watch-extra-dose"), (True, "watch-dose-twice")):
        some = [one for one in much if (one.how in OF_RECORD) is how]
        if some:
            key = f"{rule.replace('watch-', 'watch.')}{'-unknown' if unknown else ''}"
            said = message(key, amount=_sum(some), **case.clock(some[-1].at))
            yield by_sign(rule, sign, said, data=_ids(some), newest=max(one.known for one in some))


def _together(case: Case, much: list[Excess], *, signs_told: bool) -> Iterator[Finding]:
    """Two planned doses taken closer together than the missed-dose rule allows, and closer than they are planned. With any sign since
    then it is too much with signs, unless that is told already."""
    least = 60 * minutes_without_number(case.leaflet)
    planned = {one.dose.id: one.dose.instant for one in case.doses}
    told = {id for one in much for id in one.data}
    taken = [one for one in _counting(case) if one.what.dose in planned]
    rule = case.leaflet.missed_dose_for(None)
    for one, other in pairwise(sorted(taken, key=lambda each: each.at)):
        apart = other.at.seconds - one.at.seconds
        meant = abs(planned[other.what.dose].seconds - planned[one.what.dose].seconds)
        if not case.within(other.at, EXTRA) or apart >= min(least, meant) or {one.id, other.id} & told:
            continue
        newest = max(known_since(one), known_since(other))
        since = [] if signs_told else _felt_since(case, other.at)
        if since:
            yield by_sign(
                _WITH_SIGNS, case.sign(case.leaflet.watch.too_much_with_signs),
                message("watch.overdose-signs-together", signs=tuple(dict.fromkeys(case.called(each.sign) for each in since))),
                data=(one.id, other.id, *(each.id for each in since)), newest=max([newest, *(each.known for each in since)]),
            )  # fmt: skip
            return
        sign = case.sign(case.leaflet.watch.extra_dose)
        source = tuple(dict.fromkeys([*rule.source, *DERIVED]))
        said = message("watch.doses-together", minutes=apart // 60, least=least // 60, **case.clock(other.at))
        yield found(
            "watch-doses-together", sign.level, said, why=sign.act, source=source, data=(one.id, other.id),
            newest=newest,
        )  # fmt: skip
        return
