"""Changes of a plan: hold, step back, slow down, switch products, move the clock times. Each returns a new draft; none speeds anything up.

A change of an approved plan makes a new version from the given day on. A change of a draft mends the draft.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from gradatim.domain.course import Course
from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import BadInput, one_fault
from gradatim.domain.ladder import lower, whole
from gradatim.domain.making import shelf, unmakeable
from gradatim.domain.monograph import Monograph
from gradatim.domain.plan import (
    Answerer,
    Because,
    Doses,
    Hold,
    Item,
    Plan,
    Purpose,
    Review,
    Slot,
    State,
    Step,
    numbered,
    slots_at,
)
from gradatim.domain.prescription import DOWN_ASKS, Spread
from gradatim.domain.schedule import Mode, spans
from gradatim.domain.tablets import quantum
from gradatim.domain.timeline import Stretch, as_answered, as_planned, stretch_on

HOLD_AFTER_STEP_BACK = 7  # days at least [FR-RCP: back to the previous dose; one week derived]
RECOVERED_ASKS = ("ask.recovered", "ask.no-danger-sign")


def hold(course: Course, on: date, days: int | None, note: str | None = None) -> Plan:
    """The doses of ``on`` kept for ``days`` more (None: until a later version), before what was to follow."""
    plan, now = _present(course, on)
    if days is None:
        return _changed(course, plan, on, [Hold(doses=now.step.doses, because=Because.HOLD, note=note)])
    if days < 1:
        raise one_fault("days", f"a hold cannot last {days} days", "Give 1 day or more")
    resting = Hold(doses=now.step.doses, days=days, because=Because.HOLD, note=note)
    return _changed(course, plan, on, [resting, *_rest(plan, now, on)])


def step_back(course: Course, on: date, note: str | None = None, monograph: Monograph | None = None) -> Plan:
    """Back to the doses before the present ones, for a week at least, then on again once a clinician says so.

    In a titration the step that was left is tried again; in a taper (``monograph`` needed) every cut that remains is halved
    where the halves can be made.
    """
    plan, now = _present(course, on)
    previous = _doses_before(course, plan, on)
    if previous is None:
        raise one_fault("on", f"there is no earlier dose to go back to on {on}", "Hold the present dose instead")
    days = max(HOLD_AFTER_STEP_BACK, now.step.days or 0)
    back = Step(doses=previous, days=days, because=Because.STEP_BACK, source=now.step.source, note=note)
    gate = Review(id="back", by=Answerer.CLINICIAN, asks=RECOVERED_ASKS)
    again = replace(now.step, because=Because.AS_BEFORE)
    onward: list[Item] = [again, *_after(plan, now)]
    if total(previous) > total(now.step.doses):
        if monograph is None:
            raise TypeError("stepping back in a taper needs the monograph, to find half steps that can be made")
        onward = _halved(previous, onward, plan, monograph)
    changed = _changed(course, plan, on, [back, gate, *onward], ask=False)
    if monograph is not None:
        products = shelf(monograph, changed.products)
        if faults := unmakeable(changed.items, changed.slots, products, changed.making, monograph):
            raise BadInput(faults)
    return changed


def slow_down(course: Course, on: date, days: int) -> Plan:
    """Every step that remains lasts at least ``days``."""
    plan, now = _present(course, on)
    if days < 1:
        raise one_fault("days", f"a step cannot last {days} days", "Give 1 day or more")
    rest = _rest(plan, now, on)
    left = [item.days for item in (now.step, *_after(plan, now)) if isinstance(item, Step) and item.days is not None]
    if days <= min(left, default=0):
        shortest = min(left, default=0)
        raise one_fault(
            "days", f"{days} days is no slower: the steps that remain last {shortest} days or more", "Give more days"
        )
    slower = [replace(i, days=max(days, i.days)) if isinstance(i, Step) and i.days is not None else i for i in rest]
    if isinstance(slower[0], Step) and slower[0].days is not None and now.step.days is not None:
        served = (on - now.first).days
        slower[0] = replace(slower[0], days=max(days, now.step.days) - min(served, now.step.days - 1))
    return _changed(course, plan, on, slower)


def switch(
    course: Course, on: date, products: tuple[str, ...], monograph: Monograph, mark_microlitres: int | None = None
) -> Plan:
    """The same doses from other products. Raises `BadInput` where one of them cannot be made exactly."""
    plan, now = _present(course, on)
    if set(products) == set(plan.products):
        raise one_fault("products", "these are the products already in use", "Name the products to switch to")
    making = plan.making if mark_microlitres is None else replace(plan.making, mark_microlitres=mark_microlitres)
    changed = replace(
        _changed(course, plan, on, _rest(plan, now, on), whole_draft=False), products=products, making=making
    )
    if faults := unmakeable(changed.items, changed.slots, shelf(monograph, products), making, monograph):
        raise BadInput(faults)
    return changed


def retime(course: Course, on: date, times: tuple[time, ...]) -> Plan:
    """The same doses at other clock times. Each keeps its slot, so that a dose stays the same dose."""
    plan, now = _present(course, on)
    moved = slots_at(times)
    if len(moved) != len(plan.slots):
        raise one_fault(
            "times",
            f"{len(moved)} times for {len(plan.slots)} doses a day",
            "Give one time for each; plan anew to add one",
        )
    slots = tuple(Slot(id=old.id, at=new.at) for old, new in zip(plan.slots, moved, strict=True))
    return replace(_changed(course, plan, on, _rest(plan, now, on), whole_draft=False), slots=slots)


def _present(course: Course, on: date) -> tuple[Plan, Stretch]:
    """The version that a change starts from, and what holds in it on a day: the open draft, unless it starts later or was made
    for doses that are no longer taken; else the version in force, and the draft will be replaced. An approved version that starts
    later is overtaken by the change and never holds: what was to come with it has to be planned anew."""
    latest = course.latest
    signed = [plan for plan in course.versions if plan.approval is not None]
    open_draft = latest.approval is None and (not signed or (on >= latest.start and not course.stale(latest)))
    plan = latest if open_draft else course.in_force(on)
    if plan is None or on < plan.start:
        raise one_fault("on", f"{on} is before the plan starts, {course.versions[0].start}", "Give a day of the plan")
    stretches = as_planned(plan) if plan.approval is None else as_answered(plan, course.answers)
    now = stretch_on(stretches, on)
    assert now is not None, "the last stretch is open"
    return plan, now


def _after(plan: Plan, now: Stretch) -> list[Item]:
    """The items after the step of a stretch."""
    return list(plan.items[_place(plan, now) + 1 :])


def _place(plan: Plan, now: Stretch) -> int:
    return [place for place, item in enumerate(plan.items) if isinstance(item, Step)][now.number - 1]


def _rest(plan: Plan, now: Stretch, on: date) -> list[Item]:
    """What is left from ``on``: the rest of the present step, a day at least, then what follows."""
    step = now.step
    if step.days is not None:
        served = (on - now.first).days
        step = replace(step, days=max(step.days - served, 1), because=Because.AS_BEFORE)
    return [step, *_after(plan, now)]


def _doses_before(course: Course, plan: Plan, on: date) -> Doses | None:
    """The doses from which the present ones were reached: every earlier step back undoes the step that it took back.

    Versions with other times of day are passed over: their doses cannot be compared slot by slot.
    """
    mode = Mode.PLANNED if plan.approval is None else Mode.TO_TAKE
    first = course.versions[0]
    ids = [slot.id for slot in plan.slots]
    path: list[Doses] = [] if first.before is None or len(first.before) != len(ids) else [first.before]
    for span in spans(course, first.start, on, mode):
        step = span.stretch.step
        if [slot.id for slot in span.plan.slots] != ids:
            continue
        if step.because is Because.STEP_BACK and step.doses in path:
            while path[-1] != step.doses:
                path.pop()
        elif not path or path[-1] != step.doses:
            path.append(step.doses)
    return path[-2] if len(path) > 1 else None


def _halved(previous: Doses, onward: list[Item], plan: Plan, monograph: Monograph) -> list[Item]:
    """Each remaining cut in two: a level halfway down before each level, with its own review."""
    unit = quantum(shelf(monograph, plan.products), plan.making)
    new: list[Item] = []
    held = previous
    asked = next((item for item in (*onward, *plan.items) if isinstance(item, Review)), None)
    for item in onward:
        if isinstance(item, Review):
            asked = item
            continue
        half = whole(_half(held, item.doses), unit)
        middle = lower(held, half, unit, Spread.SPREAD) if half else held
        gated = bool(new)
        if (
            middle != held
            and total(middle) > total(item.doses)
            and all(m >= d for m, d in zip(middle, item.doses, strict=True))
        ):
            days = item.days or HOLD_AFTER_STEP_BACK
            new += [*_gate(gated, asked), Step(doses=middle, days=days, because=Because.HALF_STEP, source=item.source)]
            gated = True
        new += [*_gate(gated, asked), item]
        held = item.doses
    return new


def _gate(wanted: bool, asked: Review | None) -> list[Item]:
    """The question before a step: the one that stood there, so that who answers and what is asked stay."""
    return [asked or Review(id="down", by=Answerer.PERSON, asks=DOWN_ASKS)] if wanted else []


def _half(high: Doses, low: Doses) -> OralDose:
    return OralDose(max(total(high).micrograms - total(low).micrograms, 0) // 2)


def _changed(
    course: Course, old: Plan, on: date, items: list[Item], whole_draft: bool = True, ask: bool = True
) -> Plan:
    """A new version from ``on`` over an approved plan; a draft keeps what comes before ``on`` (unless the change covers it all).

    ``ask``: where a draft's review stands right before ``on``, it stays.
    """
    if old.approval is None:
        items = [*_until(old, on, ask), *items] if whole_draft else list(old.items)
        on = old.start
        version, before, taken = old.version, old.before, old.on_drug_days
    else:
        version, before = old.version + 1, course.taken_before(on, len(old.slots)) or old.before
        taken = old.on_drug_days + (on - old.start).days
    days = sum(item.days or 0 for item in items if isinstance(item, Step))
    return replace(
        old, version=version, purpose=Purpose.CHANGE if old.approval else old.purpose, start=on, items=numbered(items, version),
        until=max(old.until, on + timedelta(days=days + 13)), before=before, on_drug_days=taken,
        state=State.DRAFT, approval=None, overrides=(),
    )  # fmt: skip


def _until(plan: Plan, on: date, ask: bool) -> list[Item]:
    """The items of a draft before a day, the last of them cut short there."""
    kept: list[Item] = []
    day = plan.start
    for item in plan.items:
        if isinstance(item, Review):
            if day < on or (day == on and ask):
                kept.append(item)
            continue
        if day >= on:
            break
        left = (on - day).days
        kept.append(replace(item, days=left if item.days is None else min(item.days, left)))
        day += timedelta(days=item.days or left)
    return kept
