"""What the terminal shows of the insight: what was taken, then what the scores did together with the doses."""

from __future__ import annotations

from collections.abc import Callable

from rich.table import Table
from rich.text import Text

from gradatim.cli.show import console
from gradatim.domain.finding import Message
from gradatim.insight.adherence import Adherence
from gradatim.insight.before_after import BeforeAfter
from gradatim.insight.change_points import ChangePoints
from gradatim.insight.many import ALPHA
from gradatim.insight.patterns import Pattern
from gradatim.insight.trend import Trend
from gradatim.insight.what_changed import Card, Insight
from gradatim.monographs import scales
from gradatim.report.insight_data import cards_of
from gradatim.report.insight_text import kept_back_text, middle, result_text, signed, verdict
from gradatim.words import day_text, period, say
from gradatim.words.entries import moment_text


def show_insight(taken: Adherence, seen: Insight, scale: str | None, zone: str, *, methods: bool) -> None:
    """First what was taken, then a table of before and after, then what else stands out; with ``methods`` everything, and how."""
    out = console()
    _doses(taken, zone)
    cards = cards_of(seen, scale)
    _before_after([card for card in cards if isinstance(card.result, BeforeAfter)], out.print)
    others = [card for card in cards if not isinstance(card.result, BeforeAfter)]
    quiet = [] if methods else [card for card in others if _quiet(card)]
    loud = [card for card in others if card not in quiet]
    if loud:
        out.print(Text("\nOver the whole time", style="bold"))
    for card in loud:
        for line in result_text(card.result, scales()[card.result.scale]):
            out.print(Text(f"  {line}"))
        said = verdict(card)
        if said is not None:
            out.print(Text(f"    {say(said)}", style="dim"))
        if methods:
            _how(card, out.print)
    if quiet:
        shown = {card.result.scale for card in loud}
        names = dict.fromkeys(scales()[card.result.scale].name for card in quiet if card.result.scale not in shown)
        out.print(Text(f"\nNothing stands out over the whole time in: {', '.join(names)}"))
    kept = [one for one in seen.kept_back if scale in (None, one.scale)]
    if kept:
        out.print(
            Text(
                f"Too little data for {len(kept)} more"
                + (":" if methods else " (gradatim insight --methods names them)")
            )
        )
        for one in kept if methods else ():
            out.print(Text(f"  {kept_back_text(one, scales()[one.scale])}"))
    if not cards:
        out.print(
            "\nThere is too little in the check-ins yet to say what changed. A check-in takes half a minute: gradatim checkin"
        )
        return
    for note in seen.many.notes:
        out.print(Text(say(note), style="dim"))
    out.print(
        Text(
            "Together with, never because: what else changed in those days is not known. Days without a check-in are left out.",
            style="dim",
        )
    )


def _quiet(card: Card) -> bool:
    """Whether there is nothing in it that stands out."""
    match card.result:
        case ChangePoints():
            return not card.result.points
        case Trend() | Pattern():
            return card.adjusted is None or card.result.p > ALPHA
        case _:
            return False


def _before_after(cards: list[Card], put: Callable[..., None]) -> None:
    if not cards:
        return
    put(Text("\nBefore and after each change of the day's total", style="bold"))
    put(Text("the middle score; half of all scores lie in the brackets", style="dim"))
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    for name, width in (("", 1), ("scale", 18), ("before", 14), ("after", 14), ("difference", 22)):
        table.add_column(name, min_width=width, no_wrap=True)
    marks = {"insight.stands-out": "●", "insight.stands-out-alone": "○", "insight.like-chance": ""}
    last = None
    for found, card in sorted(
        ((card.result, card) for card in cards if isinstance(card.result, BeforeAfter)),
        key=lambda pair: pair[0].change.on,
    ):
        if found.change != last:
            table.add_row("", Text(f"{day_text(found.change.on)}, {_step(found)}", style="bold"))
        last = found.change
        said = verdict(card)
        table.add_row(
            "" if said is None else marks[said.key], scales()[found.scale].name, middle(found.before.spread), middle(found.after.spread),
            f"{signed(found.shift)} ({signed(found.interval.low)} to {signed(found.interval.high)})",
        )  # fmt: skip
    put(table)
    for mark, key in (("●", "stands-out"), ("○", "stands-out-alone"), ("no mark", "like-chance")):
        put(Text(f"{mark}: {say(Message(f'insight.{key}'))}", style="dim"))


def _step(found: BeforeAfter) -> str:
    old, new = (str(one.day_total).removesuffix(" mg") for one in (found.change.before, found.change.after))
    return f"{old} → {new} mg"


def _how(card: Card, put: Callable[..., None]) -> None:
    put(Text(f"    How: {say(_method(card))}", style="dim"))
    for note in card.result.notes:
        put(Text(f"    {say(note)}", style="dim"))


def _method(card: Card) -> Message:
    return Message(card.result.method)


def _doses(taken: Adherence, zone: str) -> None:
    out = console()
    tally = taken.tally
    out.print(Text(f"Doses, {period(taken.first, taken.last)}", style="bold"))
    out.print(
        f"  {tally.taken} of {tally.due} recorded as taken ({tally.on_time} on time, {tally.late} late, {tally.early} early); "
        f"{tally.missed} not recorded, {tally.skipped} left out, {tally.unsure} not sure, {tally.extra} beside the plan"
    )
    out.print(f"  every dose taken on {taken.covered} of {len(taken.whole_days)} days")
    for gap in taken.gaps:
        out.print(f"  no dose for {gap.hours} hours from {moment_text(gap.since, zone)}")
