"""The check: nothing beyond an absolute bound of the monograph goes through without a named clinician's override.

The bounds are read here a second time, straight from the TOML, and measured by other code than the check's own.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.property.strategies import (
    APPROVAL,
    BACLOFEN,
    NOW,
    Down,
    Up,
    approved,
    downs,
    overrides,
    people,
    protocol_ups,
    table_ups,
    ups,
)

from gradatim.domain.approval import Override, Role
from gradatim.domain.course import Blocked, Course, approve, propose
from gradatim.domain.dose import OralDose, total
from gradatim.domain.fault import BadInput
from gradatim.domain.guardrail import Severity
from gradatim.domain.person import Age, Filtration, Person, Weight
from gradatim.domain.plan import Plan, Purpose
from gradatim.domain.safety import review
from gradatim.domain.timeline import as_planned

RAILS: list[dict[str, Any]] = tomllib.loads(
    files("gradatim.monographs").joinpath("baclofen_oral", "guardrails.toml").read_text("utf-8")
)["guardrails"]  # fmt: skip
plans = st.one_of(
    table_ups(most=12).map(lambda up: up.plan), ups.map(lambda up: up.plan), downs().map(lambda d: d.plan)
)


def number(text: str) -> Fraction:
    return Fraction(text.split(maxsplit=1)[0])


def rails_for(person: Person, days: int) -> list[dict[str, Any]]:
    """The guardrails that govern a person whose kidney function is reported or unknown."""
    months = 18 * 12 if person.age is None else person.age.months
    said = {*person.conditions, person.indication}

    def holds(a: dict[str, Any]) -> bool:
        return (
            ("markets" not in a or person.market in a["markets"])
            and (
                "age_from_months" not in a
                or (months >= a["age_from_months"] and (person.age is not None or a["age_from_months"] <= 216))
            )
            and ("age_under_months" not in a or (person.age is not None and months < a["age_under_months"]))
            and ("weight_under_kg" not in a or (person.weight is not None and person.weight.kg < a["weight_under_kg"]))
            and ("egfr_from" not in a or (person.egfr is not None and person.egfr.ml_min >= a["egfr_from"]))
            and ("egfr_under" not in a or (person.egfr is not None and person.egfr.ml_min < a["egfr_under"]))
            and ("dialysis" not in a or person.dialysis)
            and ("conditions" not in a or bool(said & set(a["conditions"])))
            and ("on_drug_over_days" not in a or days > a["on_drug_over_days"])
        )

    mine = [r for r in RAILS if holds(r.get("applies", {}))]
    local = {(r["kind"], r.get("group", "adult")) for r in mine if "markets" in r.get("applies", {})}
    return [r for r in mine if "markets" in r.get("applies", {}) or (r["kind"], r.get("group", "adult")) not in local]


def facts(plan: Plan, person: Person) -> dict[str, list[Fraction]]:
    """What the plan does, kind by kind: every value, in the unit of the kind."""
    steps = [(s.first, [Fraction(d.micrograms, 1000) for d in s.step.doses]) for s in as_planned(plan)]
    before = None if plan.before is None else [Fraction(d.micrograms, 1000) for d in plan.before]
    found: dict[str, list[Fraction]] = {k: [] for k in (
        "day", "day_ceiling", "dose", "day_per_kg", "start_day", "start_dose", "start_day_per_kg", "step_day", "step_interval", "dose_gap",
        "taper_total", "taper_step_day", "taper_last_day",
    )}  # fmt: skip
    for _, doses in steps:
        found["day"].append(sum(doses, Fraction(0)))
        found["dose"] += doses
        clock = [(s.at.hour * 60 + s.at.minute) for s, d in zip(plan.slots, doses, strict=True) if d]
        if len(clock) > 1:
            found["dose_gap"] += [Fraction(b - a, 60) for a, b in pairwise([*clock, clock[0] + 1440])]
    found["day_ceiling"] = found["day"]
    if person.weight is not None:
        found["day_per_kg"] = [d * 1000 / person.weight.grams for d in found["day"]]
    if before is None and plan.on_drug_days == 0:
        found["start_day"] = [sum(steps[0][1], Fraction(0))]
        found["start_dose"] = [max(steps[0][1])]
        if person.weight is not None:
            found["start_day_per_kg"] = [found["start_day"][0] * 1000 / person.weight.grams]
    levels: list[tuple[date | None, list[Fraction]]] = [] if before is None else [(None, before)]
    for first, doses in steps:
        if not levels or levels[-1][1] != doses:
            levels.append((first, doses))
    cuts = []
    for (since, old), (day, new) in pairwise(levels):
        change = sum(new, Fraction(0)) - sum(old, Fraction(0))
        assert day is not None
        if change > 0:
            found["step_day"].append(change)
            if since is not None and old != before:
                found["step_interval"].append(Fraction((day - since).days))
        if change < 0:
            cuts.append(day)
            found["taper_step_day"].append(-change)
            if not any(new):
                found["taper_last_day"].append(sum(old, Fraction(0)))
                # a taper that begins with a present dose small enough to be stopped from is under way from its first day
                small = sum(dose.micrograms for dose in plan.steps[0].doses) <= 5000
                resting = plan.purpose is Purpose.TAPER and plan.steps[0].doses == plan.before and small
                found["taper_total"].append(Fraction((day - (plan.start if resting else cuts[0])).days))
    return found


MINIMA = {"step_interval", "dose_gap", "taper_total"}


@settings(max_examples=3 * settings().max_examples)
@given(plans, people(), st.booleans())
def test_what_is_beyond_an_absolute_bound_is_blocked_until_a_clinician_overrides(
    plan: Plan, someone: Person, known: bool
) -> None:
    person = replace(someone, creatinine=None, egfr=(someone.egfr or Filtration(450)) if known else None)
    measured = facts(plan, person)
    found = review(plan, person, BACLOFEN)
    blocking = {f.rule for f in found if f.blocks}
    kinds_blocked = {r["kind"] for r in RAILS if r["id"] in blocking}
    for rail in rails_for(person, plan.on_drug_days):
        kind = rail["kind"]
        if "absolute" not in rail or kind not in measured:
            continue
        bound = number(rail["absolute"])
        over = [v for v in measured[kind] if (v < bound if kind in MINIMA else v > bound)]
        if over:
            assert kind in kinds_blocked if kind in MINIMA else rail["id"] in blocking, (
                f"{over[0]} against {rail['id']}"
            )
    course = propose(Course(versions=(plan,)))
    if blocking:
        with pytest.raises(Blocked) as caught:
            approve(course, found, APPROVAL, (), plan.start)
        assert {f.rule for f in caught.value.findings} == blocking
        most = overrides(found)[1:]
        with pytest.raises(Blocked) as caught:
            approve(course, found, APPROVAL, most, plan.start)
        assert len(caught.value.findings) == 1
    done = approve(course, found, APPROVAL, overrides(found), plan.start)
    assert {o.rule for o in done.latest.overrides} == blocking
    assert all(o.by and o.reason for o in done.latest.overrides)


@given(plans, people())
def test_a_finding_stands_for_itself(plan: Plan, person: Person) -> None:
    found = review(plan, person, BACLOFEN)
    assert len({f.rule for f in found}) == len(found), "one finding for each rule"
    grave = [f.severity for f in found]
    order = [Severity.URGENT, Severity.STOP, Severity.CAUTION, Severity.INFO]
    assert grave == sorted(grave, key=order.index)
    assert all(f.source for f in found if f.blocks and f.rule != "unit-slip"), "a stop says who sets the limit"
    assert review(plan, person, BACLOFEN) == found


@given(plans, people())
def test_an_override_of_what_was_not_found_is_refused(plan: Plan, person: Person) -> None:
    found = review(plan, person, BACLOFEN)
    stray = Override(rule="no-such-rule", by="Dr X", role=Role.PRESCRIBER, reason="because", at=NOW)
    with pytest.raises(BadInput, match="no stop finding"):
        approve(propose(Course(versions=(plan,))), found, APPROVAL, (*overrides(found), stray), plan.start)


@given(plans, people(), st.integers(50, 299))
def test_kidney_failure_is_blocked_on_every_way_up(plan: Plan, person: Person, tenths: int) -> None:
    assume(plan.before is None)
    found = review(plan, replace(person, egfr=Filtration(tenths), creatinine=None), BACLOFEN)
    stop = next(f for f in found if f.rule == "avoid-kidney-failure")
    assert stop.blocks
    assert "WOLF" in {c.key for c in stop.source}


@given(plans, people())
def test_dialysis_is_blocked_on_every_way_up(plan: Plan, person: Person) -> None:
    assume(plan.before is None)
    stop = next(f for f in review(plan, replace(person, dialysis=True), BACLOFEN) if f.rule == "avoid-dialysis")
    assert stop.blocks
    assert "WOLF" in {c.key for c in stop.source}


@given(plans, people(), st.integers(0, 599))
def test_twenty_a_day_with_weak_kidneys_is_flagged_and_less_is_not(plan: Plan, person: Person, tenths: int) -> None:
    someone = replace(person, egfr=Filtration(tenths), creatinine=None)
    flag = [f for f in review(plan, someone, BACLOFEN) if f.rule == "day-flag-kidney"]
    top = max(s.day_total for s in as_planned(plan))
    assert bool(flag) == (top >= OralDose.mg(20))
    assert all("MUANDA" in {c.key for c in f.source} for f in flag)


@given(plans, people(), st.integers(600, 1300))
def test_good_kidneys_are_not_flagged(plan: Plan, person: Person, tenths: int) -> None:
    someone = replace(person, egfr=Filtration(tenths), creatinine=None, dialysis=False)
    rules = {f.rule for f in review(plan, someone, BACLOFEN)}
    assert not rules & {
        "day-flag-kidney",
        "avoid-kidney-failure",
        "avoid-dialysis",
        "renal-unknown",
        "start-fraction-kidney-moderate",
    }


@given(protocol_ups())
def test_a_protocol_for_the_person_it_was_written_for_goes_through(up: Up) -> None:
    """No false alarm: a usable adult protocol within its maximum, spaced over the day, with good kidneys, is not blocked."""
    protocol = BACLOFEN.titration(up.order.protocol or "")
    assume(protocol.population == "adult" and protocol.markets)
    assume(up.order.target is not None and protocol.maximum_day is not None and up.order.target <= protocol.maximum_day)
    assume(protocol.maximum_dose is None or up.order.target <= protocol.maximum_dose * len(up.order.times))  # type: ignore[operator]
    person = Person(zone="UTC", age=Age(40 * 12), weight=Weight(70_000), egfr=Filtration(1000), market=protocol.markets[0],
                    indication=protocol.only_for)  # fmt: skip
    rails = {"dose-gap"} | ({"dose-adult-us", "dose-adult-ca"} if protocol.maximum_dose is None else set())
    assert {f.rule for f in review(up.plan, person, BACLOFEN) if f.blocks} <= rails


@given(downs("protocol"), st.integers(18, 100), st.sampled_from(["US", "GB", "FR", "CH", "AU", None]))
def test_the_default_taper_is_never_blocked_for_going_too_fast(down: Down, years: int, market: str | None) -> None:
    """What the software proposes of its own accord must pass its own check, unless the shelf has nothing small enough."""
    assume(down.order.protocol == ("default-long" if down.order.on_drug_days > 60 else "default"))
    assume(down.unit <= OralDose.mg(5) and not down.order.floor and not down.order.to)
    person = Person(zone="UTC", age=Age(years * 12), market=market, egfr=Filtration(900))
    tapering = {r["id"] for r in RAILS if r["kind"].startswith("taper")} | {
        "taper-faster-than-source",
        "taper-step-beyond-source",
    }
    assert not {f.rule for f in review(down.plan, person, BACLOFEN) if f.blocks} & tapering


@given(downs(), st.integers(0, 80))
def test_a_hold_of_a_taper_that_was_not_blocked_is_not_blocked(down: Down, days: int) -> None:
    """Resting makes a taper slower. That it has little left to go must not stand in the way."""
    from tests.property.strategies import all_answered

    from gradatim.domain.change import hold

    person = Person(zone="UTC", age=Age(40 * 12), market="GB", egfr=Filtration(900))
    assume(not any(f.blocks for f in review(down.plan, person, BACLOFEN)))
    course = all_answered(approved(Course(versions=(down.plan,)), person, down.plan.start))
    held = hold(course, down.plan.start + timedelta(days=days), 7)
    assert not [f.rule for f in review(held, person, BACLOFEN, course.versions) if f.blocks]


@given(table_ups(most=12))
def test_a_start_is_checked_even_when_it_is_said_that_the_drug_was_taken_before(up: Up) -> None:
    """Days on the drug without the doses taken is no licence to begin anywhere."""
    assume(up.plan.before is None and total(up.plan.steps[0].doses) > OralDose.mg(20))
    person = Person(zone="UTC", age=Age(40 * 12), market="GB", egfr=Filtration(900))
    assert any(f.blocks for f in review(up.plan, person, BACLOFEN))
    claimed = replace(up.plan, on_drug_days=1)
    assert any(f.blocks for f in review(claimed, person, BACLOFEN))


@pytest.mark.long
@settings(max_examples=20_000)
@given(plans, people(), st.booleans())
def test_what_is_beyond_an_absolute_bound_is_blocked_many_times_over(plan: Plan, someone: Person, known: bool) -> None:
    law = test_what_is_beyond_an_absolute_bound_is_blocked_until_a_clinician_overrides
    law.hypothesis.inner_test(plan, someone, known)  # type: ignore[attr-defined]
