"""Withdrawal: doses that were not taken, or cut, joined with what was felt since (facts 4 and 9)."""

from __future__ import annotations

from collections.abc import Iterator

from gradatim.domain.clock import Instant
from gradatim.domain.finding import Fact, Finding, Message, message
from gradatim.domain.knowledge import DangerSign, Level
from gradatim.domain.sign import Beside
from gradatim.domain.today import GAP_GUARD, gap_at
from gradatim.domain.watch.case import Case, Noted, by_sign, found, known_since, takings_between
from gradatim.domain.watch.reach import EXTRA, SIGN
from gradatim.domain.watch.scores import worse

SCALES = ("spasticity", "sleep")  # in both a higher score is the worse one
Told = list[tuple[Noted, DangerSign]]


def withdrawal(case: Case) -> Iterator[Finding]:
    """Findings about doses that the body may miss."""
    yield from _gap(case)
    since = _since(case)
    if since is not None:
        yield from _signs(case, since)
        yield from _scores(case)
    yield from _pump(case)


def _since(case: Case) -> Instant | None:
    """From when on a sign may come from a dose that was not taken, or from a cut."""
    times = [one.at for one in case.not_taken()] + [move.at for move in case.cuts()]
    return min(times, default=None)


def _told(case: Case, beside: Beside, since: Instant) -> Told:
    """What was noted from then on and means something beside that, the gravest first."""
    order = [sign.id for sign in case.leaflet.danger_signs]
    pairs = [
        (one, sign)
        for one in case.noted
        if one.at >= since and case.within(one.at, SIGN) and (sign := case.meaning(one.sign, beside)) is not None
    ]
    return sorted(pairs, key=lambda pair: (pair[1].level is not Level.EMERGENCY, order.index(pair[1].id)))


def _names(case: Case, told: Told) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case.called(one.sign) for one, _ in told))


def _left(case: Case) -> tuple[tuple[str, ...], Instant | None]:
    """The ids of what was not taken or cut, and when the last of it came to be known."""
    left, cuts = case.not_taken(), case.cuts()
    ids = tuple(id for one in left for id in one.data) + tuple(move.data for move in cuts)
    return ids, max([*(one.known for one in left), *(move.at for move in cuts)], default=None)


def _signs(case: Case, since: Instant) -> Iterator[Finding]:
    told = _told(case, Beside.NOT_TAKEN, since)
    grave = [pair for pair in told if pair[1].level is Level.EMERGENCY]
    early = [pair for pair in told if pair[1].level is not Level.EMERGENCY]
    for rule, some in (("watch-withdrawal", grave), ("watch-withdrawal-early", early)):
        if some and not (some is early and case.has_pump):  # with a pump they are an emergency: see _pump
            ids, newest = _left(case)
            times = [one.known for one, _ in some] + ([] if newest is None else [newest])
            yield by_sign(
                rule, some[0][1], _said(case, signs=_names(case, some)), data=(*(one.id for one, _ in some), *ids), newest=max(times)
            )  # fmt: skip


def _said(case: Case, **facts: Fact) -> Message:
    left = case.not_taken()
    if left:
        day, clock = case.wall(left[0].at)
        return message("watch.withdrawal-missed", **facts, doses=len(left), day=day, at=clock)
    last = case.cuts()[-1]
    return message("watch.withdrawal-cut", **facts, old=last.old, new=last.new, day=last.day)


def _scores(case: Case) -> Iterator[Finding]:
    """Stiffness or bad sleep that clearly got worse, beside doses not taken: the early signs, told by their scores."""
    left, newest = _left(case)
    clear = [got for scale in SCALES if (got := worse(case, scale, up=True)) is not None]
    beside = Beside.PUMP if case.has_pump else Beside.NOT_TAKEN
    meant = [case.sign(meaning.means) for meaning in case.leaflet.watch.meanings if meaning.beside is beside]
    early = next((sign for sign in meant if case.has_pump or sign.level is not Level.EMERGENCY), None)
    if clear and early is not None and newest is not None:
        yield by_sign(
            "watch-withdrawal-scores", early, message("watch.withdrawal-scores"),
            data=(*(id for one in clear for id in one.data), *left), newest=max([newest, *(one.newest for one in clear)]),
        )  # fmt: skip


def _pump(case: Case) -> Iterator[Finding]:
    """With a pump the early signs are an emergency at any time: the pump may have stopped."""
    if not case.has_pump:
        return
    told = _told(case, Beside.PUMP, case.now.plus(-SIGN.seconds))
    if told:
        said = message("watch.pump", signs=_names(case, told))
        newest = max(one.known for one, _ in told)
        yield by_sign("watch-pump-withdrawal", told[0][1], said, data=(one.id for one, _ in told), newest=newest)


def _gap_ended(case: Case) -> Iterator[Finding]:
    """A gap that a dose ended within the last day, written down afterwards: nobody was asked, and no warning was seen."""
    rule = case.leaflet.gap
    recent = takings_between(case.record, case.now.plus(-EXTRA.seconds - 1), case.now)
    for one in recent:
        gap = gap_at(case.record, case.monograph, case.leaflet, one.at.plus(-1))
        if gap is not None and gap.ever_taken and GAP_GUARD not in one.what.despite:
            said = message("watch.gap-ended", hours=gap.hours, amount=one.what.amount, **case.clock(one.at))
            yield found(
                "watch-gap-ended", Level.TODAY, said, source=rule.source, newest=known_since(one), data=(one.id,)
            )
            return


def _gap(case: Case) -> Iterator[Finding]:
    """No dose at all for longer than the monograph's hours. With a grave sign since, it is an emergency."""
    gap = case.gap
    if gap is None:
        yield from _gap_ended(case)
        return
    rule = case.leaflet.gap
    grave = [one for one, sign in _told(case, Beside.NOT_TAKEN, gap.since) if sign.level is Level.EMERGENCY]
    said = message("watch.gap" if gap.ever_taken else "watch.gap-never", hours=gap.hours, **case.clock(gap.since))
    newest = max([gap.since.plus(rule.hours * 3600), *(one.known for one in grave)])
    last = [one.id for one in case.record.takings if one.at == gap.since]
    held = [id for one in case.not_taken() for id in one.data]
    yield found(
        "watch-gap", Level.EMERGENCY if grave else Level.TODAY, said, why=rule.text, source=rule.source, newest=newest,
        data=(*last, *held, *(one.id for one in grave)),
    )  # fmt: skip
