"""``gradatim plan`` and ``gradatim taper``: an order becomes a draft, checked and laid out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gradatim.cli import options as o
from gradatim.cli.output import deliver, load
from gradatim.domain.course import Course
from gradatim.domain.fault import BadInput, one_fault
from gradatim.domain.person import Person
from gradatim.domain.plan import Plan
from gradatim.domain.prescription import Spread
from gradatim.domain.reading import plain
from gradatim.exchange.order import Order, coming_down, file_data, make_plan, read_order
from gradatim.monographs import monograph

Text = str | None
OrderFile = Annotated[
    Path | None, typer.Argument(metavar="[ORDER.toml|json]", help="An order; flags win over what it says.")
]
Zone = Annotated[
    Text, typer.Option(help="Time zone of the person, for example Europe/London.", rich_help_panel="Person")
]
Name = Annotated[Text, typer.Option("--name", help="What to print as the person's name.", rich_help_panel="Person")]
Age = Annotated[Text, typer.Option(help="Age: 45, or 8months.", rich_help_panel="Person")]
Sex = Annotated[Text, typer.Option(help="female or male, for the kidney formulae.", rich_help_panel="Person")]
Weight = Annotated[Text, typer.Option(help="Body weight: 62kg.", rich_help_panel="Person")]
Height = Annotated[Text, typer.Option(help="Height: 168cm.", rich_help_panel="Person")]
Creatinine = Annotated[
    Text, typer.Option(help="Serum creatinine with its unit: 80umol/L or 0.9mg/dL.", rich_help_panel="Person")
]
Egfr = Annotated[Text, typer.Option(help="Kidney function as reported: 45.", rich_help_panel="Person")]
Dialysis = Annotated[bool, typer.Option("--dialysis", help="The person is on dialysis.", rich_help_panel="Person")]
Locale = Annotated[
    Text, typer.Option("--locale", help="Country whose limits apply: US, GB, en-GB …", rich_help_panel="Person")
]
Indication = Annotated[Text, typer.Option(help="What it is for: multiple-sclerosis …", rich_help_panel="Person")]
Conditions = Annotated[
    list[str] | None,
    typer.Option("--condition", help="An illness or state; may be repeated.", rich_help_panel="Person"),
]
Medicines = Annotated[
    list[str] | None, typer.Option("--medicine", help="Another medicine; may be repeated.", rich_help_panel="Person")
]
Start = Annotated[Text, typer.Option(help="First day: 2026-12-01.")]
Times = Annotated[list[str] | None, typer.Option(help="Times of day: 08:00,14:00,21:00.")]
Products = Annotated[
    list[str] | None, typer.Option(help="What is at hand: us/10,us/20 (see gradatim monograph show baclofen products).")
]
Protocol = Annotated[
    Text, typer.Option(help="A cited protocol: us-label (see gradatim monograph show baclofen titration).")
]
PerDose = Annotated[Text, typer.Option("--step-per-dose", help="Change of each dose at a step: 5mg.")]
PerDay = Annotated[Text, typer.Option("--step-per-day", help="Change of the day's total at a step: 5mg.")]
Percent = Annotated[int | None, typer.Option("--step-percent", help="Change of the day's total at a step, in percent.")]
Every = Annotated[Text, typer.Option(help="Days between steps: 7.")]
SpreadOption = Annotated[Spread | None, typer.Option("--spread", help="Which times of day change first.")]
Reviews = Annotated[Text, typer.Option(help="Where a review stands: each, none, or step numbers 2,4.")]
ReviewBy = Annotated[Text, typer.Option("--review-by", help="Who answers reviews: person, carer or clinician.")]
OnDrug = Annotated[
    Text, typer.Option("--on-drug", help="For how long baclofen has been taken: 14days, 3months, 5years.")
]
Quarters = Annotated[bool, typer.Option("--quarters", help="Allow quarters of scored tablets.")]
Mark = Annotated[
    int | None,
    typer.Option("--syringe-mark", help="Distance between syringe marks in microlitres (100: every 0.1 mL)."),
]
Id = Annotated[Text, typer.Option("--id", help="An id of your own for the plan.")]


def plan(
    file: OrderFile = None,
    start: Start = None,
    times: Times = None,
    products: Products = None,
    protocol: Protocol = None,
    target: Annotated[Text, typer.Option(help="Daily dose to reach: 60mg.")] = None,
    start_doses: Annotated[Text, typer.Option("--start-doses", help="Doses of the first day: 5mg,5mg,10mg.")] = None,
    step_per_dose: PerDose = None,
    step_per_day: PerDay = None,
    step_percent: Percent = None,
    every: Every = None,
    spread: SpreadOption = None,
    weights: Annotated[Text, typer.Option(help="Shares of the times of day, with --spread spread: 1,1,2.")] = None,
    table: Annotated[Path | None, typer.Option(help="A CSV table of steps: days, 08:00 (mg), 14:00 (mg) …")] = None,
    until: Annotated[Text, typer.Option(help="Last day the plan is valid for.")] = None,
    before: Annotated[Text, typer.Option(help="Doses taken each day up to now: 5mg,5mg,5mg.")] = None,
    on_drug: OnDrug = None,
    reviews: Reviews = None,
    review_by: ReviewBy = None,
    quarters: Quarters = False,
    syringe_mark: Mark = None,
    zone: Zone = None,
    name: Name = None,
    age: Age = None,
    sex: Sex = None,
    weight: Weight = None,
    height: Height = None,
    creatinine: Creatinine = None,
    egfr: Egfr = None,
    dialysis: Dialysis = False,
    locale: Locale = None,
    indication: Indication = None,
    condition: Conditions = None,
    medicine: Medicines = None,
    id: Id = None,
    format: o.FormatOption = None,
    out: o.Out = None,
    days: o.Days = False,
    paper: o.PaperOption = o.Paper.A4,
    large: o.Large = False,
    neutral: o.Neutral = False,
) -> None:
    """Plan the way up: from an order to a checked draft with its calendar.

    gradatim plan examples/ms-adult.toml --out plan.json

    gradatim plan --protocol us-label --start 2026-12-01 --times 08:00,14:00,21:00
    --zone Europe/London --products us/10,us/20 --target 60mg --age 45 --sex female
    --weight 62kg --creatinine 80umol/L
    """
    person = _person(
        zone, name, age, sex, weight, height, creatinine, egfr, dialysis, locale, indication, condition, medicine
    )
    flags = o.given(
        start=start, times=o.listed(times), products=o.listed(products), protocol=protocol, target=target,
        start_doses=o.listed([start_doses] if start_doses else None), step=o.step_of(step_per_dose, step_per_day, step_percent),
        interval_days=o.days_of(every, "--every"), spread=spread, weights=o.whole_numbers(weights, "--weights"), until=until,
        table_file=None if table is None else str(table.absolute()), before=o.listed([before] if before else None),
        on_drug_days=o.days_of(on_drug, "--on-drug"), reviews=_reviews(reviews, review_by),
        making=o.given(quarters=quarters, mark_microlitres=syringe_mark),
    )  # fmt: skip
    order = _order(file, "prescription", person, flags, id)
    read_back = bool(order.prescription and order.prescription.table)
    _deliver(order.person, make_plan(order, monograph()), format, out, days, paper, large, neutral, read_back)


def taper(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[ORDER.toml|PLAN.json]", help="An order with [taper], or the plan to come down from."),
    ] = None,
    start: Start = None,
    current: Annotated[
        Text, typer.Option(help="Doses taken each day now: 20mg,20mg,20mg (taken from a plan otherwise).")
    ] = None,
    times: Times = None,
    products: Products = None,
    protocol: Protocol = None,
    step_per_dose: PerDose = None,
    step_per_day: PerDay = None,
    step_percent: Percent = None,
    every: Every = None,
    stop_on: Annotated[Text, typer.Option("--stop-on", help="First day without the drug.")] = None,
    floor: Annotated[Text, typer.Option(help="Daily dose that is stopped from: 5mg.")] = None,
    to: Annotated[Text, typer.Option(help="Daily dose to come down to, instead of stopping.")] = None,
    on_drug: OnDrug = None,
    spread: SpreadOption = None,
    reviews: Reviews = None,
    review_by: ReviewBy = None,
    quarters: Quarters = False,
    syringe_mark: Mark = None,
    zone: Zone = None,
    name: Name = None,
    age: Age = None,
    sex: Sex = None,
    weight: Weight = None,
    height: Height = None,
    creatinine: Creatinine = None,
    egfr: Egfr = None,
    dialysis: Dialysis = False,
    locale: Locale = None,
    indication: Indication = None,
    condition: Conditions = None,
    medicine: Medicines = None,
    id: Id = None,
    format: o.FormatOption = None,
    out: o.Out = None,
    days: o.Days = False,
    paper: o.PaperOption = o.Paper.A4,
    large: o.Large = False,
    neutral: o.Neutral = False,
) -> None:
    """Plan the way down: by a cited protocol, by steps, or to a last day. Never faster than asked.

    gradatim taper plan.json --start 2027-02-01 --protocol default

    gradatim taper --current 20mg,20mg,20mg,20mg --times 06:00,12:00,18:00,22:00 --products uk/10
    --start 2026-12-01 --step-percent 10 --every 7 --on-drug 5years --zone Europe/London
    """
    person = _person(
        zone, name, age, sex, weight, height, creatinine, egfr, dialysis, locale, indication, condition, medicine
    )
    flags = o.given(
        start=start, times=o.listed(times), products=o.listed(products), protocol=protocol, current=o.listed([current] if current else None),
        step=o.step_of(step_per_dose, step_per_day, step_percent), interval_days=o.days_of(every, "--every"), stop_on=stop_on, floor=floor, to=to,
        on_drug_days=o.days_of(on_drug, "--on-drug"), spread=spread, reviews=_reviews(reviews, review_by),
        making=o.given(quarters=quarters, mark_microlitres=syringe_mark),
    )  # fmt: skip
    if file is not None and file.suffix == ".json" and "schema" in (data := file_data(file)):
        found = load(data)
        order = _from_course(found.course, found.person, person, flags)
        draft = make_plan(order, monograph())
        if found.course.latest.approval is None:
            typer.echo(f"The open draft {found.course.latest.rev} is replaced.", err=True)
        course = found.course.with_draft(draft)
        deliver(course, order.person, format, out, days=days, paper=paper, large=large, neutral=neutral)
        return
    order = _order(file, "taper", person, flags, id)
    _deliver(order.person, make_plan(order, monograph()), format, out, days, paper, large, neutral)


def _from_course(course: Course, person: Person, said: dict[str, Any], flags: dict[str, Any]) -> Order:
    """A taper from the doses that a plan gives on the day before its start."""
    if "start" not in flags:
        raise one_fault("--start", "is missing", "Give the first day of the way down")
    start = o.day(flags["start"], "--start")
    now, stretch = course.in_force(start), course.to_take(start)
    if now is None or stretch is None:
        remedy = "Have it approved first, or give the doses taken now with --current instead of the plan"
        raise one_fault("PLAN.json", f"no approved plan is in force on {start}", remedy)
    if stretch.waiting is not None and stretch.last is None and "current" not in flags:
        held = f"{stretch.day_total} a day since {stretch.first}, because review {stretch.waiting} is not answered"
        raise one_fault(
            "PLAN.json",
            f"the plan is held at {held}",
            "Answer it first (gradatim answer), or give what is taken with --current",
        )
    base = coming_down(now, stretch, start)
    try:
        return read_order({"id": now.id, "person": {**plain(person), **said}, "taper": {**base, **flags}}, monograph())
    except BadInput as bad:
        raise o.flag_faults(bad, "taper") from None


def _person(
    zone: Text, name: Text, age: Text, sex: Text, weight: Text, height: Text, creatinine: Text, egfr: Text, dialysis: bool, locale: Text,
    indication: Text, condition: list[str] | None, medicine: list[str] | None,
) -> dict[str, Any]:  # fmt: skip
    return o.given(
        zone=zone, called=name, age=age, sex=sex, weight=weight, height=height, creatinine=creatinine, egfr=egfr, dialysis=dialysis,
        locale=locale, indication=indication, conditions=o.listed(condition), medicines=medicine,
    )  # fmt: skip


def _reviews(where: Text, by: Text) -> dict[str, Any] | None:
    if where is None and by is None:
        return None
    if where is None or where in ("each", "none"):
        return o.given(before=where, by=by)
    return o.given(before="some", steps=o.whole_numbers(where, "--reviews"), by=by)


def _order(file: Path | None, table: str, person: dict[str, Any], flags: dict[str, Any], id: Text) -> Order:
    data = {} if file is None else file_data(file)
    data = o.merged(data, table, person, flags)
    data.setdefault("person", {})
    if "prescription" not in data and "taper" not in data:
        data[table] = {}
    if id is not None:
        data["id"] = id
    try:
        return read_order(data, monograph(), Path() if file is None else file.parent)
    except BadInput as bad:
        raise o.flag_faults(bad, table) if file is None else bad from None


def _deliver(
    person: Person,
    made: Plan,
    format: o.Format | None,
    out: Path | None,
    days: bool,
    paper: o.Paper,
    large: bool,
    neutral: bool,
    read_back: bool = False,
) -> None:
    deliver(
        Course(versions=(made,)),
        person,
        format,
        out,
        days=days,
        paper=paper,
        large=large,
        neutral=neutral,
        read_back=read_back,
    )
