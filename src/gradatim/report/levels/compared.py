"""Levels beside one another in words: plans, steps, and the hours of a day. Whole sentences, and no claim about effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from gradatim.domain.citation import Citation
from gradatim.domain.finding import Fact, message
from gradatim.kinetics.expected import DayOf, above_middle
from gradatim.kinetics.subject import Subject
from gradatim.report.levels.figure import NO_EFFECT, LevelFigure, Panel
from gradatim.words import say, sources_text
from gradatim.words.sentence import listed

LINEAR = (Citation.parse("SIMON [A]"), Citation.parse("MARSOT [A]"))
"""Who found levels in proportion to doses, up to 300 and 240 mg a day."""
_ROUND = 5  # minutes: a model is not sure to the minute
_SAME = 0.5  # percent


def compared(made: LevelFigure) -> tuple[str, ...]:
    """Each arm beside the first: average, highest and lowest level of the typical person, as shares."""
    first, *others = made.panels
    return tuple(_beside(first, one) for one in others)


def compared_known(made: LevelFigure) -> tuple[str, ...]:
    """The same, but for arms of which a dose that makes a difference is not recorded: what is not known is not called lower."""
    first, *others = made.panels
    return tuple(_beside(first, one) for one in others if all(one.sure) and all(one.sure_days))


def _beside(first: Panel, one: Panel) -> str:
    old, new = first.levels.days, one.levels.days
    average = _change(first.area, one.area)
    names: dict[str, Fact] = {"name": one.arm.name, "first": first.arm.name}
    same = average == _said("equal")
    head = _said("compare-same", **names) if same else _said("compare", **names, average=average)
    return _said(
        "compare-ends", head=head, highest=_change(max(day.highest for day in old), max(day.highest for day in new)),
        lowest=_change(_lowest(old), _lowest(new)),
    )  # fmt: skip


def _lowest(days: Sequence[DayOf]) -> float:
    """On the first day a level often begins at 0, which says nothing."""
    return min(day.lowest for day in (days[1:] or days))


def _change(old: float, new: float) -> str:
    if old <= 0:
        return _said("equal") if new <= 0 else _said("from-zero")
    percent = 100 * (new / old - 1)
    if abs(percent) < _SAME:
        return _said("equal")
    return _said("higher" if percent > 0 else "lower", percent=f"{abs(percent):.0f}")


def steps(panel: Panel) -> tuple[str, ...]:
    """Each change of the day's total as a change of the settled level, the last one down to nothing among them. Levels are linear in the
    doses, so the share is that of the milligrams."""
    found = []
    totals = ([] if panel.arm.before is None else [panel.arm.before]) + [one.total for one in panel.arm.treads]
    days = [one.first for one in panel.arm.treads][-len(totals) + 1 :] if len(totals) > 1 else []
    for day, (old, new) in zip(days, pairwise(totals), strict=True):
        facts: dict[str, Fact] = {"day": day, "old": old, "new": new}
        if old == new:
            continue
        if not new:
            found.append(_said("fall-all", day=day, old=old))
        elif not old:
            found.append(_said("rise-first", day=day, new=new))
        else:
            share = new.micrograms / old.micrograms - 1
            found.append(_said("fall" if share < 0 else "rise", **facts, percent=f"{abs(100 * share):.0f}"))
    return tuple(f"{one} {sources_text(LINEAR)}." for one in found)


def windows(panel: Panel, who: Subject, place: int | None = None, *, planned: bool = False) -> str:
    """When on one day, the last with a dose by default, the level is above the middle level of that day; and what this does not mean.

    By default a day of 24 hours, where there is one: on another one hours since midnight are not those of the clock. ``planned`` says that
    the doses are those of the plan.
    """
    edges = panel.arm.dosing.edges
    dosed = [k for k, one in enumerate(panel.levels.days) if one.mg]
    usual = [k for k in dosed if panel.levels.days[k].hours == 24] or dosed
    number = place if place is not None else usual[-1] if usual else len(edges) - 2
    start, end = edges[number], edges[number + 1]
    day = panel.arm.first + timedelta(days=number)
    found = above_middle(who, panel.arm.dosing, start, end)
    if not found:
        return _said("windows-none", day=day)
    parts = []
    for a, b in found:
        if a <= start:
            parts.append(_said("window-open", end=_clock(b - start)))
        elif b >= end:
            parts.append(_said("window-late", start=_clock(a - start)))
        else:
            parts.append(_said("window", start=_clock(a - start), end=_clock(b - start)))
    said = _said(
        "windows-planned" if planned else "windows",
        day=day,
        windows=listed(", ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else parts[0],
    )
    return f"{said} {_said('windows-mean')} {sources_text(NO_EFFECT)}."


def _clock(hours: float) -> str:
    minutes = round(hours * 60 / _ROUND) * _ROUND
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _said(key: str, **facts: Fact) -> str:
    return say(message(f"levels.{key}", **facts))
