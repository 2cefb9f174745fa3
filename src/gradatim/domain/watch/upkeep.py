"""What has run out of date, waits for somebody, or contradicts itself: bottles, plans, reviews, kidney tests, entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from gradatim.domain.citation import Citation
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseTaken, Measured, PersonDescribed, PlanApproved, StockChange, StockChanged
from gradatim.domain.finding import Finding, message
from gradatim.domain.fold import fold
from gradatim.domain.guardrail import Guardrail, Kind
from gradatim.domain.knowledge import Level
from gradatim.domain.pack import Pack
from gradatim.domain.person import Person
from gradatim.domain.product import Product
from gradatim.domain.record import Logged, SetAside
from gradatim.domain.renal import renal_function
from gradatim.domain.safety.case import governing
from gradatim.domain.watch.case import DERIVED, Case, found, known_since
from gradatim.domain.watch.reach import ASIDE, KIDNEY_TEST, NOT_TAKEN
from gradatim.domain.watch.signs import new_for_kidneys

_HARMLESS = "aside.plan-known"  # the same plan once more
_CONFLICT = "aside.plan-conflict"


def upkeep(case: Case) -> Iterator[Finding]:
    """Findings about what somebody has to look after."""
    yield from _conflict(case)
    yield from _plan(case)
    yield from _bottles(case)
    yield from _packs(case)
    yield from _review(case)
    yield from _kidney_test(case)
    yield from _kidneys_low(case)
    yield from _disputed(case)
    yield from _aside(case)


def _plan(case: Case) -> Iterator[Finding]:
    """The last day on the paper is past. The doses do not stop: somebody has to look."""
    holding = case.record.holding_on(case.day)
    if holding is not None and holding.plan.until < case.day:
        said = message("watch.plan-ended", plan=holding.plan.rev, day=holding.plan.until)
        newest = case.start_of(holding.plan.until + timedelta(days=1))
        yield found("watch-plan-ended", Level.TODAY, said, data=(holding.entry.id,), newest=newest)


def _review(case: Case) -> Iterator[Finding]:
    """A review that keeps the plan waiting. Only the doses wait; nothing is taken away."""
    for span in case.record.spans(case.day, case.day):
        if span.stretch.waiting is None or span.stretch.step.days is None:
            continue
        due = span.stretch.first + timedelta(days=span.stretch.step.days)
        days = (case.day - due).days
        holding = case.record.holding_on(case.day)
        if days >= 1 and holding is not None:
            said = message("watch.review-overdue", day=due, days=days)
            data = (holding.entry.id, span.stretch.waiting)
            newest = case.start_of(due + timedelta(days=1))
            yield found("watch-review-overdue", Level.NEXT_VISIT, said, data=data, newest=newest)


def _in_use(case: Case) -> set[str]:
    """The products of the plan, and what was taken these days."""
    holding = case.record.holding_on(case.day)
    taken = [one for one in case.record.takings if case.within(one.at, NOT_TAKEN)]
    return {
        *(() if holding is None else holding.plan.products),
        *(used.product for one in taken for used in one.what.units),
    }


def _product(case: Case, id: str) -> Product | None:
    return next((product for product in case.monograph.products if product.id == id), None)


def _latest(case: Case, wanted: str) -> Iterator[Logged[StockChanged]]:
    """Of each product in use the latest entry that says what is wanted: ``opened`` or ``expires``."""
    latest: dict[str, Logged[StockChanged]] = {}
    for one in case.record.of(StockChanged):
        says = one.what.change is StockChange.OPENED if wanted == "opened" else one.what.expires is not None
        if says and one.at <= case.now and one.what.product in _in_use(case):
            latest[one.what.product] = one
    yield from latest.values()


def _bottles(case: Case) -> Iterator[Finding]:
    """A liquid open for longer than it keeps. The bottle's own figure goes before the monograph's."""
    gone: list[tuple[Logged[StockChanged], str, date]] = []
    unknown: list[tuple[Logged[StockChanged], str]] = []
    sources: list[Citation] = []
    for one in _latest(case, "opened"):
        product = _product(case, one.what.product)
        keeps = one.what.in_use_days or (None if product is None else product.in_use_days)
        name = one.what.product if product is None else product.name
        if keeps is None:
            if product is None or not product.is_solid:
                unknown.append((one, name))
            continue
        bottle = Pack(amount=0, opened=case.wall(one.at)[0], in_use_days=keeps)
        if bottle.last_day is not None and not bottle.usable_on(case.day):
            gone.append((one, name, bottle.last_day))
            sources += [] if one.what.in_use_days or product is None else product.source
    if gone:
        said = message("watch.bottle-old", products=tuple(name for _, name, _ in gone), day=gone[0][2])
        newest = max(case.start_of(last + timedelta(days=1)) for _, _, last in gone)
        source = tuple(dict.fromkeys([*sources, *DERIVED]))
        yield found(
            "watch-bottle-old", Level.TODAY, said, data=(one.id for one, _, _ in gone), newest=newest, source=source
        )
    if unknown:
        said = message("watch.bottle-unknown", products=tuple(name for _, name in unknown))
        newest = max(known_since(one) for one, _ in unknown)
        yield found("watch-bottle-unknown", Level.NEXT_VISIT, said, data=(one.id for one, _ in unknown), newest=newest)


def _packs(case: Case) -> Iterator[Finding]:
    """The pack written down last is past the day printed on it."""
    past = [one for one in _latest(case, "expires") if one.what.expires is not None and one.what.expires < case.day]
    if past:
        days = [one.what.expires for one in past if one.what.expires is not None]
        names = tuple(
            product.name if (product := _product(case, one.what.product)) else one.what.product for one in past
        )
        said = message("watch.expired", products=names, day=max(days))
        newest = case.start_of(max(days) + timedelta(days=1))
        yield found("watch-expired", Level.TODAY, said, data=(one.id for one in past), newest=newest)


def _tested(case: Case) -> tuple[Instant | None, str | None]:
    """When the kidney value that counts came into the record, and the entry: a measurement, or the description that brought it."""
    measured = [one for one in case.record.of(Measured) if one.what.creatinine is not None or one.what.egfr is not None]
    described = None
    value = None
    for one in case.record.of(PersonDescribed):
        mine = (one.what.person.creatinine, one.what.person.egfr)
        if any(mine) and mine != value:
            described, value = one, mine
    both: list[Logged[Measured] | Logged[PersonDescribed]] = [*measured, *([described] if described else [])]
    last = max(both, key=lambda one: one.at, default=None)
    return (None, None) if last is None else (last.at, last.id)


def _kidney_test(case: Case) -> Iterator[Finding]:
    """The kidney test was never written down, is old, or is older than a medicine that can weaken the kidneys."""
    person = case.record.person
    if person is None or person.dialysis or case.record.since is None:
        return
    source = tuple(
        dict.fromkeys(
            c for g in case.monograph.guardrails if g.group == "renal" and g.kind is Kind.AVOID for c in g.source
        )
    )
    source = tuple(dict.fromkeys([*source, *DERIVED]))
    at, id = _tested(case)
    if at is None or id is None:
        said = message("watch.kidneys-unknown")
        yield found("watch-kidneys-unknown", Level.NEXT_VISIT, said, data=(), newest=case.record.since, source=source)
        return
    new = [one for one in new_for_kidneys(case) if one.at > at]
    if new:
        said = message(
            "watch.kidneys-recheck", medicines=tuple(dict.fromkeys(one.what.name for one in new)), day=case.wall(at)[0]
        )
        newest = max(map(known_since, new))
        level = Level.TODAY if case.weak_kidneys else Level.NEXT_VISIT
        yield found(
            "watch-kidneys-recheck", level, said, data=(*(one.id for one in new), id), newest=newest, source=source
        )
    elif case.now.seconds - at.seconds > KIDNEY_TEST.seconds:
        said = message("watch.kidneys-old", day=case.wall(at)[0], days=KIDNEY_TEST.days)
        newest = at.plus(KIDNEY_TEST.seconds)
        yield found("watch-kidneys-old", Level.NEXT_VISIT, said, data=(id,), newest=newest, source=source)


def _kidney_rules(case: Case, person: Person, planned: OralDose) -> tuple[Guardrail, ...]:
    """The limits of weak kidneys that a day of so much meets in a person."""
    function = renal_function(person)
    known = function.disagreement[0] if function.disagreement is not None else function.deciding
    holding = case.record.holding_on(case.day)
    days = 0 if holding is None else holding.plan.on_drug_days
    ruling = governing(case.monograph.guardrails, person, None if known is None else known[1], days)
    return tuple(
        g
        for g in ruling
        if g.group.startswith("renal")
        and (g.kind is Kind.AVOID or (g.kind is Kind.DAY_FLAG and g.recommended is not None and planned >= g.recommended.dose))
    )  # fmt: skip


def _kidneys_low(case: Case) -> Iterator[Finding]:
    """The kidneys are weaker than whoever approved the plan could know."""
    holding, person = case.record.holding_on(case.day), case.record.person
    planned = max((span.stretch.day_total for span in case.record.spans(case.day, case.day)), default=OralDose(0))
    if holding is None or person is None or not planned or not case.weak_kidneys:
        return
    since = [
        one
        for kind in (Measured, PersonDescribed)
        for one in case.record.of(kind)
        if known_since(one) > holding.entry.recorded and one.at <= case.now
    ]
    rules = _kidney_rules(case, person, planned) if since else ()
    if rules:
        then = fold(case.record.entries, as_of=holding.entry.recorded).person
        known = set() if then is None else {rule.id for rule in _kidney_rules(case, then, planned)}
        rules = tuple(rule for rule in rules if rule.id not in known)
    if rules:
        last = max(since, key=known_since)
        source = tuple(dict.fromkeys([*(c for rule in rules for c in rule.source), *DERIVED]))
        yield found(
            "watch-kidneys-low", Level.TODAY, message("watch.kidneys-low", planned=planned),
            data=(last.id, holding.entry.id), newest=known_since(last), source=source,
        )  # fmt: skip


def _disputed(case: Case) -> Iterator[Finding]:
    """A dose of which one entry says that it was taken, and another that it was not."""
    mine = [
        one
        for one in case.doses
        if case.within(one.dose.instant, NOT_TAKEN)
        and one.done is not None
        and isinstance(one.done.counts.what, DoseTaken)
        and any(not isinstance(other.what, DoseTaken) for other in one.done.others)
    ]
    if mine:
        entries = [entry for one in mine if one.done is not None for entry in (one.done.counts, *one.done.others)]
        said = message("watch.dose-disputed", **case.clock(mine[-1].dose.instant))
        newest = max(map(known_since, entries))
        yield found("watch-dose-disputed", Level.NEXT_VISIT, said, data=(entry.id for entry in entries), newest=newest)


def _conflict(case: Case) -> Iterator[Finding]:
    """Two different plans with the same number: until a later version holds, nobody can be sure which one was meant."""
    mine = []
    for one in case.record.set_aside:
        what = one.entry.what
        if one.why == _CONFLICT and isinstance(what, PlanApproved):
            later = [
                h
                for h in case.record.holdings
                if h.plan.id == what.plan.id and h.plan.version > what.plan.version and h.first <= case.day
            ]
            mine += [] if later else [(one, what.plan.rev)]
    if mine:
        said = message("watch.plan-conflict", plan=mine[-1][1])
        data = tuple(one.entry.id for one, _ in mine)
        yield found(
            "watch-plan-conflict", Level.TODAY, said, data=data, newest=max(one.entry.recorded for one, _ in mine)
        )


def _aside(case: Case) -> Iterator[Finding]:
    """Other entries that are kept but do not count."""
    mine: list[SetAside] = [
        one
        for one in case.record.set_aside
        if one.why not in (_HARMLESS, _CONFLICT) and case.within(one.entry.recorded, ASIDE)
    ]
    if mine:
        said = message("watch.set-aside", count=len(mine))
        data = (one.entry.id for one in mine)
        yield found(
            "watch-set-aside", Level.NEXT_VISIT, said, data=data, newest=max(one.entry.recorded for one in mine)
        )
