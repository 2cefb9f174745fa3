"""What the terminal shows of the insight: what was taken, then what the scores did together with the doses."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from gradatim.cli.show import console
from gradatim.insight.adherence import Adherence
from gradatim.insight.before_after import BeforeAfter
from gradatim.insight.change_points import ChangePoints
from gradatim.insight.trend import Trend
from gradatim.insight.what_changed import Card, Insight
from gradatim.monographs import scales
from gradatim.report.insight_text import kept_back_text, result_text, verdict
from gradatim.words import period, say
from gradatim.words.entries import moment_text


def _cards(seen: Insight, scale: str | None) -> list[Card]:
    return [card for card in seen.cards if scale in (None, card.result.scale)]


def show_insight(taken: Adherence, seen: Insight, scale: str | None, *, methods: bool) -> None:
    """First what was taken, then one block for each kind of result, then what is missing and what to keep in mind."""
    out = console()
    _doses(taken)
    cards = _cards(seen, scale)
    kinds: tuple[tuple[str, Any], ...] = (
        ("Before and after each step", BeforeAfter), ("Over the whole time", Trend), ("New levels", ChangePoints),
    )  # fmt: skip
    named = tuple(kind for _, kind in kinds)
    for title, wanted in (*kinds, ("Patterns", None)):
        here = [
            card
            for card in cards
            if (isinstance(card.result, wanted) if wanted else not isinstance(card.result, named))
        ]
        if not here:
            continue
        out.print()
        out.print(Text(title, style="bold"))
        for card in here:
            for line in result_text(card.result, scales()[card.result.scale]):
                out.print(Text(f"  {line}"))
            said = verdict(card)
            if said is not None:
                out.print(Text(f"    {say(said)}", style="dim"))
            if methods:
                out.print(Text(f"    How: {say(_method(card))}", style="dim"))
                for note in card.result.notes:
                    out.print(Text(f"    {say(note)}", style="dim"))
    kept = [one for one in seen.kept_back if scale in (None, one.scale)]
    if kept:
        out.print()
        out.print(
            Text(
                f"Too little data for {len(kept)} more" + (":" if methods else " (see them with --methods)"),
                style="bold",
            )
        )
        for one in kept if methods else ():
            out.print(Text(f"  {kept_back_text(one, scales()[one.scale])}"))
    if not cards:
        out.print(
            "\nThere is too little in the check-ins yet to say what changed. A check-in takes half a minute: gradatim checkin"
        )
        return
    out.print()
    for note in seen.many.notes:
        out.print(Text(say(note), style="dim"))
    out.print(
        Text(
            "Together with, never because: what else changed in those days is not known. Days without a check-in are left out.",
            style="dim",
        )
    )


def _method(card: Card) -> Any:
    from gradatim.domain.finding import Message

    return Message(card.result.method)


def _doses(taken: Adherence) -> None:
    out = console()
    tally = taken.tally
    out.print(Text(f"Doses, {period(taken.first, taken.last)}", style="bold"))
    out.print(
        f"  {tally.taken} of {tally.due} recorded as taken ({tally.on_time} on time, {tally.late} late, {tally.early} early); "
        f"{tally.missed} not recorded, {tally.skipped} left out, {tally.unsure} not sure, {tally.extra} beside the plan"
    )
    out.print(f"  every dose taken on {taken.covered} of {len(taken.whole_days)} days")
    for gap in taken.gaps:
        out.print(f"  no dose for {gap.hours} hours from {moment_text(gap.since, 'UTC')} UTC")


def insight_data(taken: Adherence, seen: Insight, scale: str | None) -> dict[str, Any]:
    """The same as plain data."""
    tally = taken.tally
    names = ("due", "taken", "on_time", "early", "late", "missed", "skipped", "unsure", "held", "extra")
    return {
        "doses": {
            "first": taken.first.isoformat(), "last": taken.last.isoformat(), **{name: getattr(tally, name) for name in names},
            "days": len(taken.whole_days), "days_covered": taken.covered,
            "gaps": [{"since": gap.since.iso(), "until": None if gap.until is None else gap.until.iso(), "hours": gap.hours} for gap in taken.gaps],
        },
        "results": [
            {
                "scale": card.result.scale, "method": card.result.method, "says": list(result_text(card.result, scales()[card.result.scale])),
                "p": getattr(card.result, "p", None), "p_adjusted": card.adjusted, "notes": [say(note) for note in card.result.notes],
            }
            for card in _cards(seen, scale)
        ],
        "too_little": [{"scale": one.scale, "method": one.method, "says": say(one.lacking.message)} for one in seen.kept_back if scale in (None, one.scale)],
        "comparisons": [say(note) for note in seen.many.notes],
    }  # fmt: skip
