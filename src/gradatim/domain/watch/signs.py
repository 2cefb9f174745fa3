"""Signs that count by themselves, and signs that weak kidneys or slowed breathing make graver. Nothing that was noted is dropped."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from gradatim.domain.clock import Instant
from gradatim.domain.entry import OtherChange, OtherTaken, SymptomNoted
from gradatim.domain.finding import Finding, Message, message
from gradatim.domain.knowledge import DangerSign, Level
from gradatim.domain.record import Logged
from gradatim.domain.safety.person_rules import interactions_of
from gradatim.domain.sign import Beside
from gradatim.domain.watch.case import Case, Noted, by_sign, found, known_since
from gradatim.domain.watch.overdose import slowing_breathing
from gradatim.domain.watch.reach import LATER, NEW_MEDICINE, SIGN, Reach


def signs(case: Case) -> Iterator[Finding]:
    """Findings about what was noted."""
    yield from _kidneys(case)
    yield from _breathing(case)
    yield from _own(case)
    yield from _reactions(case)
    yield from _free(case)


def _own(case: Case) -> Iterator[Finding]:
    """Each danger sign at its own level, whatever else is in the record."""
    pairs = [(sign, one) for one in case.noted if (sign := own_meaning(case, one.sign)) is not None]
    for sign in case.leaflet.danger_signs:
        mine = [one for meant, one in pairs if meant.id == sign.id and case.within(one.at, _reach(case, sign))]
        if mine:
            last = mine[-1]
            key = "watch.sign"
            level = sign.level
            if sign.id == case.leaflet.watch.sleepy and (
                not case.rises() or slowing_breathing(case, mine[0].at, last.at)[0]
            ):
                level, key = Level.TODAY, "watch.sleepy-beside" if case.rises() else "watch.sleepy-unexplained"
            said = message(key, signs=_names(case, mine), **case.clock(last.at))
            data, newest = [one.id for one in mine], max(one.known for one in mine)
            if level is sign.level:
                yield by_sign(f"watch-sign-{sign.id}", sign, said, data=data, newest=newest)
            else:  # the facts grade it for the first two weeks only
                yield found("watch-sleepy-unexplained", level, said, data=data, newest=newest, source=sign.source)


def own_meaning(case: Case, noted: str) -> DangerSign | None:
    """The danger sign that something noted is by itself."""
    for sign in case.leaflet.danger_signs:
        if sign.id == noted:
            return sign
    return case.meaning(noted, Beside.NOTHING)


def _reach(case: Case, sign: DangerSign) -> Reach:
    return LATER if sign.level is Level.NEXT_VISIT or sign.id in case.leaflet.watch.mood else SIGN


def _names(case: Case, some: list[Noted]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case.called(one.sign) for one in some))


def _beside(case: Case, beside: Beside, since: Instant) -> list[tuple[Noted, DangerSign]]:
    return [
        (one, sign)
        for one in case.noted
        if one.at >= since and case.within(one.at, SIGN) and (sign := case.meaning(one.sign, beside)) is not None
    ]


def _kidneys(case: Case) -> Iterator[Finding]:
    """Confusion or sleepiness with weak kidneys, or after a medicine that can weaken them was begun."""
    new = new_for_kidneys(case)
    since = case.now.plus(-SIGN.seconds) if case.weak_kidneys else min((one.at for one in new), default=None)
    if since is None:
        return
    told = _beside(case, Beside.WEAK_KIDNEYS, since)
    if not told:
        return
    names = _names(case, [one for one, _ in told])
    said: Message
    if new:
        said = message(
            "watch.kidneys-medicine", signs=names, medicines=tuple(dict.fromkeys(one.what.name for one in new))
        )
    else:
        said = message("watch.kidneys-weak", signs=names)
    newest = max([*(one.known for one, _ in told), *(known_since(one) for one in new)])
    data = (*(one.id for one, _ in told), *(one.id for one in new))
    yield by_sign("watch-kidney-confusion", told[0][1], said, data=data, newest=newest)


def new_for_kidneys(case: Case) -> list[Logged[OtherTaken]]:
    """Newly begun medicines, or taken once, that can weaken the kidneys."""
    wanted = set(case.leaflet.watch.weakens_kidneys)
    return [
        one
        for one in case.record.of(OtherTaken)
        if one.what.change is not OtherChange.STOPPED
        and case.within(one.at, NEW_MEDICINE)
        and any(known.id in wanted for known in interactions_of(one.what.name, case.monograph))
    ]


def _breathing(case: Case) -> Iterator[Finding]:
    """Weak breathing beside an opioid or alcohol."""
    told = _beside(case, Beside.SLOW_BREATHING, case.now.plus(-SIGN.seconds))
    if told:
        names, data, times = slowing_breathing(case, told[0][0].at, told[-1][0].at)
        if names:
            said = message("watch.breathing", signs=_names(case, [one for one, _ in told]), medicines=names)
            newest = max([*(one.known for one, _ in told), *times])
            yield by_sign(
                "watch-breathing", told[0][1], said, data=(*(one.id for one, _ in told), *data), newest=newest
            )


def _reactions(case: Case) -> Iterator[Finding]:
    """Unwanted effects that the facts give no level."""
    fall = case.leaflet.watch.fall  # has rules of its own
    mine = [
        one
        for one in case.noted
        if case.within(one.at, LATER) and one.sign != fall and own_meaning(case, one.sign) is None
    ]
    if mine:
        some = {one.sign for one in mine}
        source = tuple(dict.fromkeys(
            citation for reaction in case.leaflet.reactions if reaction.id in some for f in reaction.frequencies for citation in f.source
        ))  # fmt: skip
        said = message("watch.reactions", signs=_names(case, mine))
        data, newest = [one.id for one in mine], max(one.known for one in mine)
        yield found("watch-reactions", Level.NEXT_VISIT, said, data=data, newest=newest, source=source)


def _free(case: Case) -> Iterator[Finding]:
    """Words of the person's own. The watch cannot judge them; it shows them."""
    known = {sign.id for sign in case.leaflet.danger_signs} | {reaction.id for reaction in case.leaflet.reactions}
    mine = [one for one in case.record.of(SymptomNoted) if one.what.sign not in known and case.within(one.at, LATER)]
    if mine:
        words = tuple(said for said, _ in groupby(sorted(one.what.sign for one in mine)))
        newest = max(known_since(one) for one in mine)
        said = message("watch.noted", signs=words)
        yield found("watch-noted", Level.NEXT_VISIT, said, data=[one.id for one in mine], newest=newest)
