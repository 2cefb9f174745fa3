"""Every rule of the watch with a record that fires it and a near miss that does not. Tests run them; the docs are made from them.

A `Scene` is a record in a few lines: who, which plan, which doses were not taken as planned, what else was written down, and when we
look. Times are London's, in December: ``+2 14:00`` is two days after Tuesday 1 December 2026, at 14:00.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tests.journals import BACLOFEN, LEAFLET, THREE, Book, D, at, dose, mg, scheme

from gradatim.domain.entry import (
    CheckIn,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    EventKind,
    ExtraDose,
    Happened,
    Measured,
    OtherChange,
    OtherTaken,
    PlanApproved,
    ReviewAnswered,
    Score,
    StockChange,
    StockChanged,
    SymptomNoted,
    What,
)
from gradatim.domain.finding import Finding
from gradatim.domain.knowledge import InteractionLevel, Level
from gradatim.domain.person import Age, Creatinine, Filtration, Sex, Weight
from gradatim.domain.plan import Answerer, Plan
from gradatim.domain.watch import watch

ADULT: dict[str, Any] = {"age": Age.parse("45"), "egfr": Filtration.parse("95")}
KIDNEYS_45: dict[str, Any] = {"age": Age.parse("45"), "egfr": Filtration.parse("45")}
CHILD: dict[str, Any] = {"age": Age.parse("9"), "egfr": Filtration.parse("95"), "weight": Weight.parse("30 kg")}


@dataclass(frozen=True)
class Scene:
    """A record, said in words by `story`. ``left``: planned doses of which nothing was written down. Without ``before_taken`` the
    person has taken the drug for 100 days when the record begins."""

    now: str
    plan: Plan = field(default_factory=scheme)
    person: dict[str, Any] = field(default_factory=lambda: ADULT)
    left: tuple[str, ...] = ()
    events: tuple[tuple[str, What], ...] = ()
    nobody: bool = False  # nobody is described

    def book(self) -> Book:
        """The journal of the scene: every planned dose until now taken at its time, but for those left out or written about."""
        book = Book()
        early = at("05:30", self.plan.start)
        if not self.nobody:
            book.describe(early, **self.person)
        book.approve(self.plan, early)
        now = at(self.now)
        for when, what in self.events:
            if isinstance(what, PlanApproved | ReviewAnswered):
                book.write(what, at(when))
        said = {what.dose for _, what in self.events if isinstance(what, DoseTaken | DoseSkipped | DoseUnsure)}
        out = {at(text) for text in self.left}
        days = max(0, (book.record().day_of(now) - self.plan.start).days)
        for one in book.record().doses(BACLOFEN, self.plan.start, self.plan.start + timedelta(days=days)):
            if one.instant < now and one.instant not in out and one.id not in said:
                book.write(DoseTaken(dose=one.id, amount=one.dose), one.instant)
        for when, what in self.events:
            if not isinstance(what, PlanApproved | ReviewAnswered):
                book.write(what, at(when))
        return book

    def findings(self) -> dict[str, Finding]:
        """What the watch says of it, by rule."""
        now = at(self.now)
        return {one.rule: one for one in watch(self.book().record(now), BACLOFEN, LEAFLET, now)}


@dataclass(frozen=True)
class Pair:
    """One rule: what fires it, at which level, and a record close by that does not."""

    rule: str
    level: Level
    fires: Scene
    near: Scene
    note: str = ""


# --- words of a scene -------------------------------------------------------------------------------------------------

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def moment(text: str) -> str:
    """``+2 14:00`` → ``Thu 14:00``; far from the first day with its date."""
    first, _, clock = text.rpartition(" ")
    day = D + timedelta(days=int(first or 0))
    name = WEEKDAYS[day.weekday()]
    return f"{name} {clock}" if -1 <= (day - D).days <= 5 else f"{name} {day.day} {day:%b %Y} {clock}"


def called(sign: str) -> str:
    """What the leaflet calls a sign or reaction; else the person's own words."""
    known = {one.id: one.sign for one in LEAFLET.danger_signs} | {one.id: one.name for one in LEAFLET.reactions}
    own = {one.id for one in LEAFLET.danger_signs}
    return f"“{known[sign]}”{'' if sign in own else ' (reaction)'}" if sign in known else f"own words, “{sign}”"


def _of(dose: str) -> str:
    return f"dose of {THREE[int(dose[-1]) - 1]}"


def told(what: What) -> str:
    """An entry in a few words."""
    match what:
        case SymptomNoted():
            return f"noted {called(what.sign)}"
        case DoseTaken():
            return f"{_of(what.dose)} taken, {what.amount}"
        case DoseSkipped():
            return f"{_of(what.dose)} skipped"
        case DoseUnsure():
            return f"{_of(what.dose)} not sure"
        case ExtraDose():
            return f"extra {what.amount}"
        case CheckIn():
            return ", ".join(f"{score.scale} {score.value}" for score in what.scores)
        case OtherTaken():
            return f"{what.name} {what.change}"
        case Happened():
            return f"{what.event}{'' if what.on is None else f' on {what.on}'}"
        case StockChanged():
            keeps = "" if what.in_use_days is None else f", keeps {what.in_use_days} days"
            expires = "" if what.expires is None else f", expires {what.expires}"
            return f"{what.product} {what.change}{keeps}{expires}"
        case PlanApproved():
            return f"{what.plan.rev} of {what.plan.steps[0].doses[0]} a time approved, from {what.plan.start}"
        case ReviewAnswered():
            return f"review {what.review} answered"
        case Measured():
            return f"measured eGFR {what.egfr or '–'}"
        case _:
            return what.kind


def story(scene: Scene) -> str:
    """A scene in words, from the same data that is run."""
    steps = " → ".join(
        " + ".join(str(one).removesuffix(" mg") for one in step.doses) + " mg" for step in scene.plan.steps
    )
    parts = (
        []
        if scene.plan == scheme()
        else [f"plan {steps}" + ("" if scene.plan.until > day(100) else f" until {scene.plan.until}")]
    )
    who = [
        f"age {scene.person['age']}" if scene.person.get("age") != ADULT["age"] and "age" in scene.person else "",
        f"eGFR {scene.person['egfr']}" if scene.person.get("egfr") not in (None, ADULT["egfr"]) else "",
        "" if scene.nobody or {"egfr", "creatinine", "dialysis"} & scene.person.keys() else "kidneys not known",
        "dialysis" if scene.person.get("dialysis") else "",
        "pump" if "intrathecal-pump" in scene.person.get("conditions", ()) else "",
        f"takes {', '.join(scene.person['medicines'])}" if scene.person.get("medicines") else "",
    ]
    parts += [", ".join(filter(None, who))] if any(who) else []
    parts += [f"nothing recorded for {', '.join(map(moment, scene.left))}"] if scene.left else []
    parts += [f"{moment(when)} {told(what)}" for when, what in scene.events]
    return f"{'; '.join(parts) or 'as planned'}. Looked at {moment(scene.now)}."


# --- pieces -----------------------------------------------------------------------------------------------------------


def sign(id: str) -> SymptomNoted:
    return SymptomNoted(sign=id)


def extra(amount: int) -> ExtraDose:
    return ExtraDose(amount=mg(amount))


def other(name: str, change: OtherChange = OtherChange.ONCE) -> OtherTaken:
    return OtherTaken(name=name, change=change)


def scored(scale: str, *values: int, first: int = 0, clock: str = "20:00") -> tuple[tuple[str, What], ...]:
    """One score a day."""
    return tuple(
        (f"+{first + n} {clock}", CheckIn(scores=(Score(scale=scale, value=value),))) for n, value in enumerate(values)
    )


def stock(change: StockChange, product: str = "us/solution-2", **facts: Any) -> StockChanged:
    return StockChanged(change=change, product=product, **facts)


def day(n: int) -> date:
    return D + timedelta(days=n)


UP = scheme(10, 15, reviews=False)  # 10 mg three times a day, from the eighth day 15 mg
DOWN = scheme(10, 5, days=5, reviews=False)
WAITING = scheme(10, 15)  # a review after seven days
PUMP: dict[str, Any] = {**ADULT, "conditions": ("intrathecal-pump",)}
E, TODAY, V = Level.EMERGENCY, Level.TODAY, Level.NEXT_VISIT
HALLUCINATES, EARLY = sign("hallucinations"), sign("withdrawal-early")
LIQUID = next(one.id for one in BACLOFEN.products if one.in_use_days)
UNKNOWN_LIQUID = next(one.id for one in BACLOFEN.products if not one.is_solid and one.in_use_days is None)
BOTTLES = replace(scheme(10), products=(LIQUID,))
UNKNOWN_BOTTLES = replace(scheme(10), products=(UNKNOWN_LIQUID,))
SHORT = replace(scheme(10), until=day(2))
HEAVY = scheme(30)  # 90 mg a day


def _base() -> tuple[Pair, ...]:
    return (
        # doses not taken
        Pair("watch-withdrawal", E,
             Scene("+2 18:00", left=("+2 08:00",), events=(("+2 17:00", HALLUCINATES),)),
             Scene("+2 18:00", events=(("+2 17:00", HALLUCINATES),)), "Taken as planned, it is a sign by itself."),
        Pair("watch-withdrawal", E,
             Scene("+4 18:00", left=("+1 21:00",), events=(("+4 17:00", HALLUCINATES),)),
             Scene("+4 21:30", left=("+1 21:00",), events=(("+4 17:00", HALLUCINATES),)), "72 hours after the missed dose it is a sign by itself."),
        Pair("watch-withdrawal", E,
             Scene("+6 18:00", plan=DOWN, events=(("+6 10:00", sign("withdrawal-rigidity")),)),
             Scene("+8 18:00", plan=DOWN, events=(("+8 10:00", sign("withdrawal-rigidity")),)), "The plan was cut more than 3 days before."),
        Pair("watch-withdrawal-early", TODAY,
             Scene("+2 18:00", events=(("+2 14:00", DoseSkipped(dose=dose(2, day(2)))), ("+2 17:00", sign("insomnia")))),
             Scene("+2 18:00", events=(("+2 10:00", sign("insomnia")), ("+2 14:00", DoseSkipped(dose=dose(2, day(2)))))), "Noted before the dose was skipped."),
        Pair("watch-withdrawal-early", TODAY,
             Scene("+2 18:00", events=(("+2 14:00", DoseTaken(dose=dose(2, day(2)), amount=mg(5))), ("+2 17:00", EARLY))),
             Scene("+2 18:00", events=(("+2 14:00", DoseTaken(dose=dose(2, day(2)), amount=mg(10))), ("+2 17:00", EARLY))), "The dose was taken in full."),
        Pair("watch-withdrawal-early", TODAY,
             Scene("+2 18:00", events=(("+2 14:00", DoseUnsure(dose=dose(2, day(2)))), ("+2 17:00", EARLY))),
             Scene("+2 18:00", events=(("+2 17:00", EARLY),)), "Taken for sure."),
        Pair("watch-withdrawal-scores", TODAY,
             Scene("+7 21:30", left=("+6 21:00",), events=scored("spasticity", 2, 3, 2, 3, 2, 6, 7, 6)),
             Scene("+7 21:30", left=("+6 21:00",), events=scored("spasticity", 2, 3, 2, 6, 2, 6, 7, 6)), "One earlier score was as high."),
        Pair("watch-pump-withdrawal", E,
             Scene("+2 18:00", person=PUMP, events=(("+2 17:00", EARLY),)),
             Scene("+2 18:00", events=(("+2 17:00", EARLY),)), "No pump: the prescriber today."),
        Pair("watch-gap", TODAY,
             Scene("+2 10:00", left=("+1 08:00", "+1 14:00", "+1 21:00", "+2 08:00")),
             Scene("+2 08:30", left=("+1 14:00", "+1 21:00", "+2 08:00")), "The last dose was 24 and a half hours ago, and the one of 08:00 is still on time."),
        Pair("watch-gap", E,
             Scene("+2 10:00", left=("+1 08:00", "+1 14:00", "+1 21:00", "+2 08:00"), events=(("+2 09:00", HALLUCINATES),)),
             Scene("+1 20:00", left=("+1 08:00", "+1 14:00"), events=(("+1 19:00", HALLUCINATES),)), "23 hours: no gap yet, and the sign is an emergency all the same."),
        # too much
        Pair("watch-overdose-signs", E,
             Scene("+1 18:00", events=(("+1 16:00", extra(10)), ("+1 17:00", sign("drowsiness")))),
             Scene("+1 18:00", events=(("+1 15:00", sign("drowsiness")), ("+1 16:00", extra(10)))), "Noted before."),
        Pair("watch-overdose-large", E,
             Scene("+1 22:00", plan=HEAVY, events=(("+1 16:00", extra(110)),)),
             Scene("+1 22:00", plan=HEAVY, events=(("+1 16:00", extra(109)),)), "199 mg within 24 hours: still today, and the text says that less can be dangerous too."),
        Pair("watch-overdose-at-risk", E,
             Scene("+1 18:00", person=KIDNEYS_45, events=(("+1 16:00", extra(5)),)),
             Scene("+1 18:00", person={**ADULT, "egfr": Filtration.parse("60")}, events=(("+1 16:00", extra(5)),)), "eGFR 60."),
        Pair("watch-overdose-at-risk", E,
             Scene("+1 18:00", person=CHILD, events=(("+1 16:00", extra(5)),)),
             Scene("+1 18:00", person={**CHILD, "age": Age.parse("18")}, events=(("+1 16:00", extra(5)),)), "18 years."),
        Pair("watch-overdose-at-risk", E,
             Scene("+1 18:00", person={"age": ADULT["age"], "dialysis": True}, events=(("+1 16:00", extra(5)),)),
             Scene("+1 18:00", person={"age": ADULT["age"]}, events=(("+1 16:00", extra(5)),)), "The kidneys are not known: today, and the text says what to do if they are weak."),
        Pair("watch-overdose-at-risk", E,
             Scene("+1 18:00", events=(("+1 12:00", other("wine")), ("+1 16:00", extra(5)))),
             Scene("+1 18:00", events=(("+0 12:00", other("wine")), ("+1 16:00", extra(5)))), "More than 24 hours before."),
        Pair("watch-overdose-at-risk", E,
             Scene("+1 18:00", person={**ADULT, "medicines": ("tramadol 50 mg",)}, events=(("+1 16:00", extra(5)),)),
             Scene("+1 18:00", person={**ADULT, "medicines": ("metformin",)}, events=(("+1 16:00", extra(5)),)), "No opioid."),
        Pair("watch-overdose-at-risk", E,
             Scene("+1 18:00", person=KIDNEYS_45, events=(("+1 16:00", sign("extra-dose")),)),
             Scene("+1 18:00", events=(("+1 16:00", sign("extra-dose")),)), "Noted without an amount, by somebody with an eGFR of 95."),
        Pair("watch-overdose-signs", E,
             Scene("+1 18:00", events=(("+1 16:00", sign("extra-dose")), ("+1 17:00", sign("nausea")))),
             Scene("+1 18:00", events=(("+1 16:00", sign("extra-dose")), ("+1 17:00", sign("my head is funny")))), "Own words are not judged; the text says to call at any sign."),
        Pair("watch-extra-dose", TODAY,
             Scene("+1 18:00", events=(("+1 16:00", extra(10)),)),
             Scene("+2 16:01", events=(("+1 16:00", extra(10)),)), "More than 24 hours ago, without a sign."),
        Pair("watch-extra-dose", TODAY,
             Scene("+1 18:00", events=(("+1 14:00", DoseTaken(dose=dose(2, day(1)), amount=mg(15))),)),
             Scene("+1 18:00", events=(("+1 14:00", DoseTaken(dose=dose(2, day(1)), amount=mg(10))),)), "As planned."),
        Pair("watch-dose-twice", TODAY,
             Scene("+1 18:00", events=(("+1 14:00", DoseTaken(dose=dose(2, day(1)), amount=mg(10))), ("+1 14:20", DoseTaken(dose=dose(2, day(1)), amount=mg(10))))),
             Scene("+1 18:00", events=(("+1 14:00", DoseTaken(dose=dose(2, day(1)), amount=mg(10))), ("+1 14:20", DoseSkipped(dose=dose(2, day(1)))))), "The second entry says skipped."),
        Pair("watch-doses-together", TODAY,
             Scene("+1 22:00", events=(("+1 19:01", DoseTaken(dose=dose(2, day(1)), amount=mg(10))), ("+1 21:00", DoseTaken(dose=dose(3, day(1)), amount=mg(10))))),
             Scene("+1 22:00", events=(("+1 19:00", DoseTaken(dose=dose(2, day(1)), amount=mg(10))), ("+1 21:00", DoseTaken(dose=dose(3, day(1)), amount=mg(10))))), "Two hours apart."),
        # signs made graver
        Pair("watch-kidney-confusion", E,
             Scene("+2 18:00", person=KIDNEYS_45, events=(("+2 17:00", sign("drowsiness")),)),
             Scene("+2 18:00", person={**ADULT, "egfr": Filtration.parse("60")}, events=(("+2 17:00", sign("drowsiness")),)), "eGFR 60."),
        Pair("watch-kidney-confusion", E,
             Scene("+2 18:00", events=(("+1 10:00", other("ibuprofen 400 mg", OtherChange.STARTED)), ("+2 17:00", sign("drowsiness")))),
             Scene("+2 18:00", events=(("+1 10:00", sign("drowsiness")), ("+2 17:00", other("ibuprofen 400 mg", OtherChange.STARTED)))), "Sleepy before it was begun."),
        Pair("watch-breathing", E,
             Scene("+2 18:00", events=(("+2 12:00", other("beer")), ("+2 17:00", sign("dyspnoea")))),
             Scene("+2 18:00", events=(("+2 17:00", sign("dyspnoea")),)), "Neither an opioid nor alcohol."),
        Pair("watch-sleepy-unexplained", TODAY,
             Scene("+2 18:00", events=(("+2 17:00", sign("drowsiness")),)),
             Scene("+9 18:00", plan=UP, events=(("+9 17:00", sign("drowsiness")),)), "After a rise it is a matter for the next visit."),
        Pair("watch-reactions", V,
             Scene("+2 18:00", events=(("+2 17:00", sign("dry-mouth")),)),
             Scene("+16 18:00", events=(("+2 17:00", sign("dry-mouth")),)), "More than 14 days ago."),
        Pair("watch-noted", V,
             Scene("+2 18:00", events=(("+2 17:00", sign("a strange taste of metal")),)),
             Scene("+2 18:00", events=(("+2 17:00", sign("taste")),)), "A word that is known."),
        # what the dose may have changed
        Pair("watch-weaker-after-rise", TODAY,
             Scene("+9 18:00", plan=UP, events=(("+9 17:00", Happened(event=EventKind.FALL)),)),
             Scene("+9 18:00", events=(("+9 17:00", Happened(event=EventKind.FALL)),)), "No rise."),
        Pair("watch-weaker-after-rise", TODAY,
             Scene("+20 18:00", plan=UP, events=(("+20 17:00", sign("weak-legs")),)),
             Scene("+22 18:00", plan=UP, events=(("+22 17:00", sign("weak-legs")),)), "More than 14 days after the rise."),
        Pair("watch-weaker-after-rise", TODAY,
             Scene("+10 21:30", plan=UP, events=scored("weakness", 1, 2, 1, 2, 2, 4, 5, 4, first=3)),
             Scene("+10 21:30", plan=UP, events=scored("weakness", 1, 2, 1, 5, 2, 4, 5, 4, first=3)), "Not all of the newest are higher."),
        Pair("watch-fall", V,
             Scene("+2 18:00", events=(("+2 17:00", CheckIn(scores=(Score(scale="falls", value=1),))),)),
             Scene("+2 18:00", events=(("+2 17:00", CheckIn(scores=(Score(scale="falls", value=0),))),)), "No fall."),
        Pair("watch-more-spasticity", TODAY,
             Scene("+7 21:30", events=scored("spasticity", 2, 3, 2, 3, 2, 4, 5, 4)),
             Scene("+7 21:30", left=("+6 21:00",), events=scored("spasticity", 2, 3, 2, 3, 2, 4, 5, 4)), "A dose was missed: that is the first thing to think of."),
        Pair("watch-mood", V,
             Scene("+7 21:30", events=scored("mood", 7, 6, 7, 6, 7, 5, 4, 5)),
             Scene("+7 21:30", events=scored("mood", 7, 5, 7, 6, 7, 5, 4, 5)), "One earlier score was as low."),
        Pair("watch-mood", V,
             Scene("+7 21:30", events=scored("mood", 7, 6, 7, first=1) + scored("mood", 5, 4, 5, first=5)),
             Scene("+7 21:30", events=scored("mood", 7, 6, 7, first=1) + scored("mood", 5, 4, first=6)), "Two scores in the last 3 days are too few."),
        # other medicines
        Pair("watch-medicine-unlisted", V,
             Scene("+2 18:00", events=(("+2 17:00", other("oleander tea")),)),
             Scene("+2 18:00", events=(("+2 17:00", other("metformin")),)), "A medicine that is known."),
        Pair("watch-interaction-opioids", TODAY,
             Scene("+8 09:00", events=(("+1 10:00", other("tramadol", OtherChange.STARTED)),)),
             Scene("+8 11:00", events=(("+1 10:00", other("tramadol", OtherChange.STARTED)),)), "Begun more than 7 days ago: the plan check goes on naming it."),
        Pair("watch-interaction-alcohol", V,
             Scene("+2 12:00", events=(("+1 20:00", other("two beers")),)),
             Scene("+2 12:00", events=(("+1 20:00", other("ginger ale")),)), "Not in the list: that is said instead."),
        Pair("watch-surgery", V,
             Scene("+2 18:00", events=(("+1 17:00", Happened(event=EventKind.SURGERY, on=day(2))),)),
             Scene("+3 18:00", events=(("+1 17:00", Happened(event=EventKind.SURGERY, on=day(2))),)), "That day is past."),
        # what somebody has to look after
        Pair("watch-plan-conflict", TODAY,
             Scene("+2 18:00", events=(("+1 17:00", PlanApproved(plan=scheme(15))),)),
             Scene("+2 18:00", events=(("+1 17:00", PlanApproved(plan=scheme(10))),)), "The same plan once more."),
        Pair("watch-plan-ended", TODAY,
             Scene("+3 10:00", plan=SHORT),
             Scene("+2 22:00", plan=SHORT), "The last day itself."),
        Pair("watch-bottle-old", TODAY,
             Scene("+61 10:00", plan=BOTTLES, events=(("+1 09:00", stock(StockChange.OPENED, LIQUID)),)),
             Scene("+60 10:00", plan=BOTTLES, events=(("+1 09:00", stock(StockChange.OPENED, LIQUID)),)), "59 days after opening; the product keeps 60."),
        Pair("watch-bottle-old", TODAY,
             Scene("+29 10:00", plan=BOTTLES, events=(("+1 09:00", stock(StockChange.OPENED, LIQUID, in_use_days=28)),)),
             Scene("+29 10:00", plan=BOTTLES, events=(("+1 09:00", stock(StockChange.OPENED, LIQUID, in_use_days=28)), ("+20 09:00", stock(StockChange.OPENED, LIQUID, in_use_days=28)))), "A new bottle was opened."),
        Pair("watch-bottle-unknown", V,
             Scene("+3 10:00", plan=UNKNOWN_BOTTLES, events=(("+1 09:00", stock(StockChange.OPENED, UNKNOWN_LIQUID)),)),
             Scene("+3 10:00", plan=UNKNOWN_BOTTLES, events=(("+1 09:00", stock(StockChange.OPENED, UNKNOWN_LIQUID, in_use_days=28)),)), "The bottle says 28 days."),
        Pair("watch-expired", TODAY,
             Scene("+3 10:00", events=(("+1 09:00", stock(StockChange.COUNTED, "uk/10", quarters=40, expires=day(2))),)),
             Scene("+2 10:00", events=(("+1 09:00", stock(StockChange.COUNTED, "uk/10", quarters=40, expires=day(2))),)), "The printed day itself."),
        Pair("watch-review-overdue", V,
             Scene("+8 10:00", plan=WAITING),
             Scene("+7 10:00", plan=WAITING), "Due today."),
        Pair("watch-kidneys-unknown", V,
             Scene("+1 10:00", person={"age": Age.parse("45")}),
             Scene("+1 10:00", person={"age": Age.parse("45"), "sex": Sex.FEMALE, "creatinine": Creatinine.parse("70 umol/L")}), "A creatinine is recorded."),
        Pair("watch-kidneys-recheck", V,
             Scene("+2 18:00", events=(("+1 10:00", other("naproxen", OtherChange.STARTED)),)),
             Scene("+2 18:00", events=(("+1 10:00", other("naproxen", OtherChange.STARTED)), ("+2 10:00", Measured(egfr=Filtration.parse("90"))))), "Tested since."),
        Pair("watch-kidneys-recheck", TODAY,
             Scene("+2 18:00", person=KIDNEYS_45, events=(("+1 10:00", other("naproxen", OtherChange.STARTED)),)),
             Scene("+32 18:00", person=KIDNEYS_45, events=(("+1 10:00", other("naproxen")),)), "More than 30 days ago."),
        Pair("watch-gap-ended", TODAY,
             Scene("+2 09:00", left=("+0 14:00", "+0 21:00", "+1 08:00", "+1 14:00", "+1 21:00", "+2 08:00"), events=(("+2 08:05", DoseTaken(dose=dose(1, day(2)), amount=mg(10))),)),
             Scene("+2 09:00", left=("+0 14:00", "+0 21:00", "+1 08:00", "+1 14:00", "+1 21:00", "+2 08:00"), events=(("+2 08:05", DoseTaken(dose=dose(1, day(2)), amount=mg(10), despite=("guard-gap",))),)), "The warning was seen."),
        Pair("watch-kidneys-low", TODAY,
             Scene("+1 18:00", events=(("+1 10:00", Measured(egfr=Filtration.parse("25"))),)),
             Scene("+1 18:00", person=KIDNEYS_45, events=(("+1 10:00", Measured(egfr=Filtration.parse("44"))),)), "The plan was approved knowing it."),
        Pair("watch-kidneys-old", V,
             Scene("+366 10:00", plan=replace(scheme(), until=day(400))),
             Scene("+365 05:00", plan=replace(scheme(), until=day(400))), "Within 365 days."),
        Pair("watch-dose-disputed", V,
             Scene("+1 18:00", events=(("+1 14:00", DoseTaken(dose=dose(2, day(1)), amount=mg(10))), ("+1 14:20", DoseSkipped(dose=dose(2, day(1)))))),
             Scene("+1 18:00", events=(("+1 14:00", DoseSkipped(dose=dose(2, day(1)))), ("+1 14:20", DoseUnsure(dose=dose(2, day(1)))))), "Neither says taken."),
        Pair("watch-set-aside", V,
             Scene("+2 18:00", plan=WAITING, events=(("+1 10:00", _answered("v9-r1")),)),
             Scene("+9 18:00", plan=WAITING, events=(("+7 10:00", _answered("v1-r1")),)), "An answer to a review that is there."),
        Pair("watch-set-aside", V,
             Scene("+30 18:00", plan=WAITING, events=(("+1 10:00", _answered("v9-r1")),)),
             Scene("+32 18:00", plan=WAITING, events=(("+1 10:00", _answered("v9-r1")),)), "Written down more than 30 days ago."),
    )  # fmt: skip


def _answered(review: str) -> ReviewAnswered:
    return ReviewAnswered(
        plan="p1", review=review, go_on=True, by="Dr A. Name", role=Answerer.CLINICIAN, from_day=day(7)
    )


def _by_sign() -> tuple[Pair, ...]:
    """Each danger sign by itself; the near miss is the same, noted too long ago."""
    found = []
    for known in LEAFLET.danger_signs:
        plan = UP if known.id == LEAFLET.watch.sleepy else scheme()
        first = 9 if known.id == LEAFLET.watch.sleepy else 2
        later = 15 if known.level is V or known.id in LEAFLET.watch.mood else 4
        noted = ((f"+{first} 10:00", sign(known.id)),)
        found.append(
            Pair(
                f"watch-sign-{known.id}",
                known.level,
                Scene(f"+{first} 12:00", plan=plan, events=noted),
                Scene(f"+{first + later} 12:00", plan=plan, events=noted),
                "Noted too long ago to stand still.",
            )
        )
    return tuple(found)


def _by_interaction() -> tuple[Pair, ...]:
    """Each interaction: the first of its members, begun; the near miss ended it again."""
    found = []
    for known in BACLOFEN.interactions:
        name = known.members[0]
        today = known.level is InteractionLevel.MAJOR and known.id not in LEAFLET.watch.next_visit
        begun = ("+1 10:00", other(name, OtherChange.STARTED))
        found.append(
            Pair(
                f"watch-interaction-{known.id}",
                TODAY if today else V,
                Scene("+2 12:00", events=(begun,)),
                Scene("+2 12:00", events=(begun, ("+1 18:00", other(name, OtherChange.STOPPED)))),
                "Ended again.",
            )
        )
    return tuple(found)


PAIRS = (*_base(), *_by_sign(), *_by_interaction())
__all__ = ["PAIRS", "THREE", "Pair", "Scene", "story"]
