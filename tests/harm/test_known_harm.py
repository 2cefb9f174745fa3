"""Harm and near-harm that other software did, each as a test that it cannot happen here. Cases: peers.md, section 2.4.

The rows about logging, reminders and the hospital card belong to later milestones.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradatim.domain.change import hold, retime, slow_down, step_back, switch
from gradatim.domain.citation import Citation
from gradatim.domain.clock import Instant, zone
from gradatim.domain.course import Course, approve, propose
from gradatim.domain.dose import Concentration, IntrathecalDose, OralDose, total
from gradatim.domain.fault import BadInput
from gradatim.domain.guardrail import Bound
from gradatim.domain.making import portions, shelf
from gradatim.domain.person import Age, Creatinine, Filtration, Height, Person, Weight
from gradatim.domain.plan import Plan
from gradatim.domain.prescription import Before, ByPercent, PerDay, Prescription, Reviews, TableRow, TaperOrder
from gradatim.domain.protocol import DayRange, DoseRange, PercentRange, PerKg
from gradatim.domain.reading import plain, read
from gradatim.domain.safety import review
from gradatim.domain.schedule import Mode, due_between, expand
from gradatim.domain.supply import needs
from gradatim.domain.tablets import CannotMake, Liquid, Making, Solid, portion
from gradatim.domain.taper import taper
from gradatim.domain.timeline import as_planned
from gradatim.domain.titrate import titrate
from gradatim.monographs import monograph

BACLOFEN = monograph()
START = date(2026, 12, 1)
DAY = timedelta(days=1)
ANA = Person(zone="Europe/London", age=Age.parse("45"), market="GB", egfr=Filtration.parse("95"))


def mg(*amounts: str | int) -> tuple[OralDose, ...]:
    return tuple(OralDose.parse(f"{amount} mg") for amount in amounts)


def clock(*texts: str) -> tuple[time, ...]:
    return tuple(map(time.fromisoformat, texts))


THREE = clock("08:00", "14:00", "21:00")


def label(times: tuple[time, ...] = THREE, start: date = START) -> Plan:
    order = Prescription(
        start=start, times=times, products=("us/10", "us/5", "us/20"), protocol="us-label", target=OralDose.mg(60)
    )
    return titrate(order, ANA, BACLOFEN, "p1")


def way_down(**how: object) -> Plan:
    order = {
        "start": START,
        "times": THREE,
        "current": mg(20, 20, 20),
        "products": ("us/10", "us/5"),
        "on_drug_days": 400,
        **how,
    }
    return taper(TaperOrder(**order), BACLOFEN, "t1")  # type: ignore[arg-type]


def agreed(course: Course, on: date) -> Course:
    from gradatim.domain.approval import Approval, Override, Role

    found = review(course.latest, ANA, BACLOFEN)
    taken = tuple(
        Override(rule=f.rule, by="Dr Okafor", role=Role.PRESCRIBER, reason="seen in clinic", at=Instant(0))
        for f in found
        if f.blocks
    )
    return approve(propose(course), found, Approval(by="Dr Okafor", role=Role.PRESCRIBER, at=Instant(0)), taken, on)


# --- bzd-taper: run by us, its generator printed and solved wrong doses -----------------------------------------------


def test_bzd_taper_one_and_a_half_tablets_are_not_one() -> None:
    """Case: ``_format_tablet_count`` cut 1.5 tablets to "1" with ``int()``: the calendar said a third less than the plan."""
    fifteen = portion(OralDose.mg(15), shelf(BACLOFEN, ("us/10",)), Making())
    assert isinstance(fifteen, Solid)
    (part,) = fifteen.pieces
    assert Fraction(part.quarters, 4) == Fraction(3, 2)
    assert fifteen.dose == OralDose.mg(15)


def test_bzd_taper_a_dose_is_never_rounded_to_one_that_can_be_made() -> None:
    """Case: 4.5 mg was solved as 5.0 mg. Here it is refused, and the nearest doses are named for a person to choose."""
    refused = portion(OralDose(4500), shelf(BACLOFEN, ("uk/5", "uk/10")), Making())
    assert isinstance(refused, CannotMake)
    assert (refused.below, refused.above) == (None, OralDose.mg(5))
    order = Prescription(
        start=START, times=THREE, products=("uk/10", "uk/5"), table=(TableRow(days=7, doses=mg("4.5", 5, 5)),)
    )
    with pytest.raises(BadInput, match=r"4\.5 mg cannot be made exactly"):
        titrate(order, ANA, BACLOFEN, "p1")


def test_bzd_taper_totals_are_not_rounded_up_day_by_day() -> None:
    """Case: totals were rounded up tablet by tablet, so the sum to dispense was not the sum of the calendar."""
    order = Prescription(
        start=START,
        times=clock("08:00"),
        products=("uk/10",),
        table=(TableRow(days=1, doses=mg(15)),),
        reviews=Reviews(before=Before.NONE),
    )
    plan = titrate(order, ANA, BACLOFEN, "p1")
    (need,) = needs(expand(Course(versions=(plan,)), BACLOFEN, "UTC", START, START + 6 * DAY))
    assert need.quarters == 7 * 6  # seven days of one and a half tablets: ten and a half, not fourteen
    assert need.dispense == 11
    assert need.splits == 7


@pytest.mark.parametrize("percent", [2, 5, 10, 25])
def test_bzd_taper_does_not_accelerate_over_many_steps(percent: int) -> None:
    """Case: past fifty steps the taper sped up. Here no cut is larger in mg than an earlier one by more than one smallest piece."""
    plan = way_down(step=ByPercent(percent=percent), interval_days=7, products=("uk/solution-1",))
    days = [s.step.days for s in as_planned(plan)[:-1]]
    amounts = [60_000, *(s.day_total.micrograms for s in as_planned(plan))]
    cuts = [a - b for a, b in pairwise(amounts)]
    assert percent > 2 or len(days) > 50
    assert all(day and day % 7 == 0 for day in days)
    assert all(later <= earlier + 100 for earlier, later in pairwise(cuts))
    asked = Fraction(60_000)
    for step, held in zip(plan.steps, days, strict=False):
        for _ in range((held or 7) // 7):
            asked *= Fraction(100 - percent, 100)
        assert total(step.doses).micrograms >= asked


def test_bzd_taper_the_way_down_is_monotone_at_every_time_of_day() -> None:
    """Case: the same generator; its days could go up again."""
    for protocol in BACLOFEN.tapers:
        if protocol.usable:
            steps = [mg(20, 20, 20), *(s.doses for s in way_down(protocol=protocol.id).steps)]
            assert all(n <= o for a, b in pairwise(steps) for o, n in zip(a, b, strict=True)), protocol.id


# --- DoseAlert: the tutorial's own table said 30 tablets and its total 38 ---------------------------------------------


def test_dosealert_what_to_dispense_is_the_sum_of_the_calendar() -> None:
    """Case: 30 against 38 tablets in one published plan. Here the total is counted from the same dated doses that are printed."""
    plan = label()
    printed = expand(Course(versions=(plan,)), BACLOFEN, "Europe/London", plan.start, plan.until)
    by_hand: Counter[str] = Counter()
    for dose in printed:
        assert isinstance(dose.portion, Solid)
        for part in dose.portion.pieces:
            by_hand[part.product.id] += part.quarters
    assert {n.product.id: n.quarters for n in needs(printed)} == by_hand
    mg_of_tablets = sum(
        Fraction(n.quarters, 4) * n.product.strength.in_mg.__int__() for n in needs(printed) if n.product.strength
    )
    assert mg_of_tablets == sum(dose.dose.in_mg for dose in printed)
    # the label by hand: 3 days each of 15, 30, 45 mg, then 28 days of 60 mg
    assert mg_of_tablets == 3 * (15 + 30 + 45) + 28 * 60


# --- Huckvale 2015: of 46 insulin calculators one was without fault ---------------------------------------------------

PARSERS = [
    OralDose.parse, IntrathecalDose.parse, Concentration.parse, Age.parse, Weight.parse, Height.parse, Creatinine.parse, Filtration.parse,
    Bound.parse, DoseRange.parse, PerKg.parse, DayRange.parse, PercentRange.parse, Citation.parse, Instant.parse, zone,
]  # fmt: skip
nearly = st.from_regex(
    r"[-+0-9.,/ eE]{0,12} ?(mg|mcg|µg|kg|g|lb|cm|m|mL|mg/kg|mg/mL|umol/L|mg/dL|days?|hours?|years?|months?|%)?",
    fullmatch=True,
)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda p: getattr(p, "__qualname__", str(p)))
@settings(max_examples=300)
@given(text=st.one_of(st.text(max_size=40), nearly))
@example(text="1/0")
@example(text="NaN mg")
@example(text="1e3 mg")
@example(text="٥ mg")
@example(text="5 mg" + " " * 50 + "x")
def test_huckvale_no_entry_is_guessed_at(parse: object, text: str) -> None:
    """Case: calculators took text, signs and commas and answered all the same. Here an entry is read exactly or refused with words."""
    try:
        value = parse(text)  # type: ignore[operator]
    except ValueError as refused:  # Unreadable and UnknownZone are ValueErrors; anything else is a crash
        assert str(refused)
        return
    if parse is not zone:
        assert parse(str(value)) == value  # type: ignore[operator]


@settings(max_examples=300)
@given(st.text(max_size=60))
def test_huckvale_no_document_is_guessed_at(text: str) -> None:
    """Case: the same. A whole document of rubbish is refused with its faults."""
    try:
        data = json.loads(text)
    except ValueError:
        data = text
    for wanted in (Plan, Person, Prescription, TaperOrder, Course):
        with pytest.raises(BadInput):
            read(wanted, data)


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "5mg5",
        "5,0 mg",
        "5 MG/ML",
        "-5 mg",
        "+5 mg",
        "5.5.5 mg",
        "5 mg mg",
        "five mg",
        "",
        " ",
        "5 mcg",
        "5 g",
        "5e0 mg",
        "0x5 mg",
    ],
)
def test_huckvale_doses_that_are_not_doses(text: str) -> None:
    """Case: the same; a missing or foreign unit is the commonest."""
    with pytest.raises(ValueError, match=r"."):
        OralDose.parse(text)


def test_huckvale_no_stale_result() -> None:
    """Case: calculators showed the old answer after an input changed. Here a plan is a value: changing anything makes a new draft,
    its approval and overrides gone."""
    course = agreed(Course(versions=(label(),)), START)
    for draft in (hold(course, START + DAY, 3), slow_down(course, START + DAY, 9), retime(course, START + DAY, clock("07:00", "13:00", "20:00")),
                  switch(course, START + DAY, ("uk/10",), BACLOFEN)):  # fmt: skip
        assert draft.approval is None
        assert draft.overrides == ()
        assert draft.state == "draft"
        assert draft.version == 2
    assert course.latest == agreed(Course(versions=(label(),)), START).latest


# --- dosezy#80: mg were subtracted from the tablet stock ---------------------------------------------------------------


def test_dosezy_milligrams_and_tablets_do_not_mix() -> None:
    """Case: dosezy issue 80 took mg from a count of tablets. Here an amount has a type, and a bare number is none."""
    dose = OralDose.mg(10)
    others: tuple[object, ...] = (1, 1.5, IntrathecalDose(10_000), Concentration(1000), "10 mg")
    for other in others:
        with pytest.raises(TypeError):
            dose + other  # type: ignore[operator]
        with pytest.raises(TypeError):
            dose - other  # type: ignore[operator]
        with pytest.raises(TypeError):
            dose < other  # type: ignore[operator]  # noqa: B015
        assert dose != other
    with pytest.raises(TypeError):
        dose * 1.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        dose * dose  # type: ignore[operator]
    for bad in (-1, 1.0, True, "5", None):
        with pytest.raises(ValueError, match="whole number"):
            OralDose(bad)  # type: ignore[arg-type]


def test_dosezy_a_taper_below_nothing_is_an_error_not_a_negative_stock() -> None:
    """Case: the same stock went below zero."""
    with pytest.raises(ValueError, match="whole number"):
        OralDose.mg(5) - OralDose.mg(10)


# --- medassist PR79, MediTrak#222: an edit rewrote days that were past -------------------------------------------------


@pytest.mark.parametrize("what", ["hold", "step back", "slow down", "switch", "retime"])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 6, 9, 15])
def test_meditrak_an_edit_leaves_the_days_before_it(what: str, n: int) -> None:
    """Case: medassist PR 79 and MediTrak issue 222: changing a schedule changed doses already taken."""
    course, on = agreed(Course(versions=(label(),)), START), START + n * DAY
    past = [START + k * DAY for k in range(n)]
    try:
        match what:
            case "hold":
                draft = hold(course, on, 3)
            case "step back":
                draft = step_back(course, on, monograph=BACLOFEN)
            case "slow down":
                draft = slow_down(course, on, 10)
            case "switch":
                draft = switch(course, on, ("uk/10",), BACLOFEN)
            case _:
                draft = retime(course, on, clock("07:00", "13:00", "20:00"))
    except BadInput:
        assert what == "step back"
        return
    later = agreed(course.with_draft(draft), on)
    assert [later.to_take(day) for day in past] == [course.to_take(day) for day in past]
    if past:
        span = (past[0], past[-1])
        assert expand(later, BACLOFEN, "UTC", *span, Mode.TO_TAKE) == expand(
            course, BACLOFEN, "UTC", *span, Mode.TO_TAKE
        )
    if n:
        with pytest.raises(BadInput, match="past doses cannot change"):
            agreed(course.with_draft(draft), on + DAY)


def test_meditrak_a_fresh_plan_from_before_cannot_slip_under_the_one_in_force() -> None:
    """Case: the same, by another door: a new plan whose first day nobody governs, but whose later days somebody does."""
    course = agreed(Course(versions=(label(start=START + 9 * DAY),)), START + 9 * DAY)
    with pytest.raises(BadInput, match="past"):
        agreed(course.with_draft(label(start=START)), START + 20 * DAY)


# --- medTimer#1487, #1143: a moved reminder was due twice or not at all ------------------------------------------------


def test_medtimer_a_moved_time_is_the_same_dose_due_exactly_once() -> None:
    """Case: medTimer issues 1487 and 1143. A dose keeps its identity through a move of its time, a new version and travel."""
    course = agreed(Course(versions=(label(),)), START)
    on = START + 2 * DAY
    later = agreed(course.with_draft(retime(course, on, clock("06:30", "13:00", "22:00"))), on)
    before = expand(course, BACLOFEN, "Europe/London", on, on, Mode.TO_TAKE)
    after = expand(later, BACLOFEN, "Europe/London", on, on, Mode.TO_TAKE)
    assert [d.id for d in after] == [d.id for d in before] == [f"p1:2026-12-03:s{n}" for n in (1, 2, 3)]
    assert [d.at for d in after] == list(clock("06:30", "13:00", "22:00"))
    whole = expand(later, BACLOFEN, "Europe/London", START, START + 30 * DAY, Mode.TO_TAKE)
    assert len({d.id for d in whole}) == len(whole) == 31 * 3
    tokyo = expand(later, BACLOFEN, "Asia/Tokyo", on, on, Mode.TO_TAKE)
    assert [d.id for d in tokyo] == [d.id for d in after]
    hour_by_hour = [
        d.id
        for n in range(24 * 4)
        for d in due_between(
            later, BACLOFEN, "Europe/London", Instant(1_796_083_200 + n * 3600), Instant(1_796_086_800 + n * 3600)
        )
    ]
    assert len(hour_by_hour) == len(set(hour_by_hour))


# --- medTimer#56: doses lost and doubled on the days when clocks change ------------------------------------------------


@pytest.mark.parametrize(("where", "change"), [
    ("Europe/London", date(2026, 3, 29)), ("Europe/London", date(2026, 10, 25)), ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)), ("Australia/Lord_Howe", date(2026, 4, 5)), ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Chatham", date(2026, 4, 5)), ("Pacific/Chatham", date(2026, 9, 27)), ("Africa/Cairo", date(2026, 4, 24)),
    ("America/Santiago", date(2026, 9, 6)), ("Asia/Kathmandu", date(2026, 6, 1)), ("Asia/Beirut", date(2026, 3, 29)),
])  # fmt: skip
@pytest.mark.parametrize(
    "times",
    [
        ("08:00", "14:00", "21:00"),
        ("00:00", "01:30", "02:15"),
        ("02:30", "03:00", "23:45"),
        ("01:00", "02:00", "03:00"),
    ],
)
def test_medtimer_days_on_which_the_clocks_change(where: str, change: date, times: tuple[str, ...]) -> None:
    """Case: medTimer issue 56, both directions, half-hour and 45-minute zones, changes at midnight."""
    plan = label(clock(*times), start=change - 3 * DAY)
    found = expand(Course(versions=(plan,)), BACLOFEN, where, change - 3 * DAY, change + 3 * DAY)
    assert Counter(d.day for d in found) == {change + n * DAY: 3 for n in range(-3, 4)}
    assert all(a.instant < b.instant for a, b in pairwise(found))
    assert len({d.id for d in found}) == len(found)


def test_medtimer_a_date_that_the_calendar_skipped() -> None:
    """Case: the same, across the date line: Samoa had no 30 December 2011."""
    plan = label(start=date(2011, 12, 28))
    days = Counter(
        d.day for d in expand(Course(versions=(plan,)), BACLOFEN, "Pacific/Apia", date(2011, 12, 28), date(2012, 1, 2))
    )
    assert days == {
        date(2011, 12, 28): 3,
        date(2011, 12, 29): 3,
        date(2011, 12, 31): 3,
        date(2012, 1, 1): 3,
        date(2012, 1, 2): 3,
    }


# --- HSIB: a ten-times overdose went through an electronic prescribing system -----------------------------------------


@pytest.mark.parametrize("first", [mg(50, 0, 0), mg(50, 50, 50), mg(0, 0, 50), mg(100, 0, 0)])
def test_hsib_a_start_of_ten_times_the_usual_is_caught(first: tuple[OralDose, ...]) -> None:
    """Case: HSIB's report of a ten-fold overdose in an ePMA system (MHRA Drug Safety Update, January 2023)."""
    order = Prescription(start=START, times=THREE, products=("us/10", "us/20"), start_doses=first, step=PerDay(amount=OralDose.mg(10)), interval_days=7,
                         target=total(first) + OralDose.mg(10))  # fmt: skip
    plan = titrate(order, ANA, BACLOFEN, "p1")
    found = {f.rule: f for f in review(plan, ANA, BACLOFEN)}
    assert found["tenfold-slip"].blocks
    assert found["start-day-adult"].blocks
    assert found["start-dose-adult"].blocks


def test_hsib_a_point_lost_along_the_way_is_caught() -> None:
    """Case: the same slip in a later row: 5.0 becomes 50."""
    rows = (TableRow(days=3, doses=mg(5, 5, 5)), TableRow(days=3, doses=mg(50, 50, 50)))
    plan = titrate(Prescription(start=START, times=THREE, products=("us/10", "us/5"), table=rows), ANA, BACLOFEN, "p1")
    found = {f.rule: f for f in review(plan, ANA, BACLOFEN)}
    assert found["tenfold-jump"].blocks
    assert found["step-day-adult"].blocks


@pytest.mark.parametrize("text", ["50 mcg", "50 micrograms", "0.05 g", "50 µg"])
def test_hsib_micrograms_by_mouth_are_refused(text: str) -> None:
    """Case: the same by a factor of a thousand: the pump's unit in an order by mouth."""
    with pytest.raises(ValueError, match="mg"):
        OralDose.parse(text)


def test_hsib_two_liquids_that_differ_tenfold_never_share_a_plan() -> None:
    """Case: the same by the bottle: 1 mg/mL and 10 mg/mL look alike in mL."""
    rows = (TableRow(days=3, doses=mg(5, 5, 5)),)
    plan = titrate(
        Prescription(start=START, times=THREE, products=("uk/solution-1", "ca/bcch-10"), table=rows),
        ANA,
        BACLOFEN,
        "p1",
    )
    assert any(f.rule == "liquid-two-strengths" and f.blocks for f in review(plan, ANA, BACLOFEN))
    one = replace(plan, products=("uk/solution-1",))
    (way,) = set(portions(one, BACLOFEN).values())
    assert isinstance(way, Liquid)
    assert way.microlitres == 5000
    assert any(
        f.rule == "liquid-strength-changed" and f.blocks
        for f in review(replace(plan, products=("ca/bcch-10",)), ANA, BACLOFEN, (one,))
    )


# --- hospital list against real intake, dialysis (2020) ---------------------------------------------------------------


@pytest.mark.parametrize("dose", ["2.5", "5", "10"])
def test_dialysis_stops_every_start_however_small(dose: str) -> None:
    """Case: 2020, a person on dialysis was given the listed dose. The check stops any start, with its source."""
    rows = (TableRow(days=7, doses=mg(dose)),)
    plan = titrate(
        Prescription(start=START, times=clock("21:00"), products=("uk/solution-1",), table=rows), ANA, BACLOFEN, "p1"
    )
    found = [f for f in review(plan, replace(ANA, dialysis=True), BACLOFEN) if f.blocks]
    assert "avoid-dialysis" in {f.rule for f in found}
    assert any(c.key == "WOLF" for f in found for c in f.source)


# --- withdrawal traced to a sudden stop --------------------------------------------------------------------------------


def test_a_sudden_stop_is_blocked() -> None:
    """Case: withdrawal after a sudden stop around surgery and at changes of care."""
    plan = titrate(Prescription(start=START, times=THREE, products=("us/20",), table=(TableRow(days=1, doses=mg(0, 0, 0)),), before=mg(20, 20, 20),
                                on_drug_days=900), ANA, BACLOFEN, "p1")  # fmt: skip
    assert {"taper-total", "taper-total-long", "taper-last-day", "taper-step-day"} & {
        f.rule for f in review(plan, ANA, BACLOFEN) if f.blocks
    }


def test_bmj_2001_the_taper_that_failed_is_blocked() -> None:
    """Case: BMJ 2001: a man of 82, 60 to 30 mg a day, stopped ten days later; hallucinations the next day."""
    rows = (TableRow(days=10, doses=mg(10, 10, 10)), TableRow(days=1, doses=mg(0, 0, 0)))
    plan = titrate(
        Prescription(
            start=START, times=THREE, products=("us/10",), table=rows, before=mg(20, 20, 20), on_drug_days=900
        ),
        ANA,
        BACLOFEN,
        "p1",
    )
    man = Person(zone="Europe/London", age=Age.parse("82"), market="GB", egfr=Filtration.parse("50"))
    found = {f.rule: f for f in review(plan, man, BACLOFEN)}
    assert found["taper-last-day"].blocks
    assert "BMJ2001" in {c.key for c in found["taper-last-day"].source}
    assert found["taper-step-day"].blocks


def test_the_plan_is_its_data_and_nothing_else() -> None:
    """Case: the insulin apps again: what was approved must be what is shown after a restart."""
    plan = label()
    again = read(Plan, json.loads(json.dumps(plain(plan))))
    assert again == plan
    assert expand(Course(versions=(again,)), BACLOFEN, "UTC", plan.start, plan.until) == expand(
        Course(versions=(plan,)), BACLOFEN, "UTC", plan.start, plan.until
    )
