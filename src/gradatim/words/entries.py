"""An entry of the journal as one line that a person can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import assert_never

from gradatim.domain.clock import Instant
from gradatim.domain.entry import (
    CheckIn,
    Correction,
    DoseSkipped,
    DoseTaken,
    DoseUnsure,
    Entry,
    ExtraDose,
    GoalRated,
    Happened,
    Measured,
    NoteWritten,
    OtherChange,
    OtherTaken,
    PersonDescribed,
    PlanApproved,
    PlanSuperseded,
    Preference,
    ReviewAnswered,
    StockChange,
    StockChanged,
    SymptomNoted,
    TripPlanned,
    Units,
    Used,
    WatchAnswered,
    What,
)
from gradatim.domain.finding import Fact, message
from gradatim.words.phrases import day_text, liquid_text, tablets_text, volume_text
from gradatim.words.say import fact_text, say
from gradatim.words.sentence import numbers, sentence

Named = Callable[[str], str]
"""From an id (of a sign, reaction or product; of a scale) to its words."""


def clock_text(at: Instant, zone: str) -> str:
    """``08:02``, by the clock of a zone."""
    return f"{at.local(zone):%H:%M}"


def moment_text(at: Instant, zone: str) -> str:
    """``Tue 24 Nov 08:02``."""
    local: datetime = at.local(zone)
    return f"{day_text(local.date())} {local:%H:%M}"


def used_text(units: Units) -> str:
    """``1½ tablets of 10 mg``, of what was really taken."""
    return " + ".join(map(_used_text, units))


def _used_text(one: Used) -> str:
    if one.strength is not None:
        return tablets_text(one.quarters, str(one.strength))
    return liquid_text(one.microlitres, str(one.concentration))


def stock_text(said: StockChanged, name: str) -> str:
    """``84 tablets (Baclofen 10 mg tablet)``; ``120 mL (Baclofen 5 mg/5 mL oral solution)``."""
    if said.microlitres:
        return f"{volume_text(said.microlitres)} ({name})"
    return f"{tablets_text(said.quarters, '')} ({name})"


def dose_named(id: str, slot_times: Callable[[str], str | None]) -> str:
    """``08:00 on Tue 1 Dec`` of a dose id; its slot where the time is not known."""
    _, day, slot = id.rsplit(":", 2)
    return sentence("entry.dose-at", at=slot_times(id) or slot, day=day_text(date.fromisoformat(day)))


def entry_text(
    what: What,
    *,
    named: Named,
    scale: Named,
    slot_times: Callable[[str], str | None],
    other: Callable[[str], Entry | None],
    zone: str,
) -> str:
    """What an entry says. ``named`` gives the words of ids, ``scale`` those of a scale's, because a reaction may have the same id;
    ``slot_times`` the planned clock time of a dose, ``other`` an entry by id; ``zone`` is whose clock a time that was put right follows."""

    def said(key: str, **facts: Fact) -> str:
        return say(message(f"entry.{key}", **facts))

    def dose(id: str) -> str:
        return dose_named(id, slot_times)

    match what:
        case PlanApproved(plan=plan):
            by = "" if plan.approval is None else plan.approval.by
            return said("plan-approved", rev=plan.rev, by=by, first=plan.start)
        case PlanSuperseded():
            return said("plan-superseded", version=what.version, by=what.by, reason=what.reason)
        case ReviewAnswered(go_on=True):
            return said("review-answered-go", review=what.review, day=what.from_day, by=what.by)
        case ReviewAnswered():
            return said("review-answered-stay", review=what.review, by=what.by)
        case DoseTaken(units=()):
            return said("dose-taken-unknown", amount=what.amount, at=dose(what.dose))
        case DoseTaken():
            return said("dose-taken", amount=what.amount, units=used_text(what.units), at=dose(what.dose))
        case DoseSkipped(reason=None):
            return said("dose-skipped", at=dose(what.dose))
        case DoseSkipped():
            return said("dose-skipped-why", at=dose(what.dose), why=what.reason or "")
        case DoseUnsure():
            return said("dose-unsure", at=dose(what.dose))
        case ExtraDose():
            return said("extra-dose", amount=what.amount, units=used_text(what.units) or fact_text(what.amount))
        case CheckIn():
            scores = ", ".join(f"{scale(score.scale)} {score.value}" for score in what.scores) or "–"
            return said("check-in-note" if what.note else "check-in", scores=scores, **_note(what.note))
        case SymptomNoted():
            return said("symptom-note" if what.note else "symptom", sign=named(what.sign), **_note(what.note))
        case Measured():
            return said("measured", what=", ".join(_measures(what)))
        case Happened(on=None):
            return said(
                "event-note" if what.note else "event", event=say(message(f"event.{what.event}")), **_note(what.note)
            )
        case Happened():
            return said("event-on", event=say(message(f"event.{what.event}")), day=what.on or "")
        case OtherTaken(change=OtherChange.ONCE, amount=str()):
            return said("other-once-amount", name=what.name, amount=what.amount or "")
        case OtherTaken():
            return said(f"other-{what.change}", name=what.name)
        case StockChanged(change=StockChange.OPENED):
            return said("stock-opened", product=named(what.product))
        case StockChanged():
            return said(f"stock-{what.change}", amount=stock_text(what, named(what.product)))
        case TripPlanned():
            return said("trip", first=what.first, last=what.last)
        case GoalRated():
            return said("goal", goal=what.goal, level=f"{what.level:+d}" if what.level else "0")
        case PersonDescribed():
            return said("person")
        case NoteWritten():
            return said("note", text=" ".join(what.text.split()))
        case Preference():
            return said("preference", name=what.name, value=what.value)
        case WatchAnswered():
            return said("watch-answered", rule=what.rule, by=what.by, said=what.said)
        case Correction():
            target = other(what.corrects)
            if what.instead is not None:
                instead = entry_text(
                    what.instead, named=named, scale=scale, slot_times=slot_times, other=other, zone=zone
                )
                if what.at is not None:
                    return said("correction-at", what=instead, at=moment_text(what.at, zone))
                return said("correction", what=instead)
            words = (
                what.corrects[-8:]
                if target is None
                else entry_text(target.what, named=named, scale=scale, slot_times=slot_times, other=other, zone=zone)
            )
            return said("correction-undo", what=words)
        case _:
            assert_never(what)


def _note(note: str | None) -> dict[str, Fact]:
    return {} if note is None else {"note": " ".join(note.split())}


def _measures(what: Measured) -> list[str]:
    weighed = {"weight": what.weight, "creatinine": what.creatinine, "egfr": what.egfr}
    found = [sentence(f"measure.{name}", value=numbers(str(value))) for name, value in weighed.items() if value]
    return found + (
        [sentence("measure.pressure", high=what.systolic, low=what.diastolic or "–")] if what.systolic else []
    )
