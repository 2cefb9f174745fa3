"""``checkin``: how the day was, in half a minute."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gradatim.cli.keep import At, By, Day, JournalOption, happened, keeper
from gradatim.cli.log import NoteText
from gradatim.domain.entry import CheckIn, Score
from gradatim.domain.fault import BadInput, Fault, Unreadable
from gradatim.domain.reading import did_you_mean
from gradatim.domain.scale import Every, Rater, Scale


def checkin(
    answers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCALE=VALUE]...", help="spasticity=4 mood=6; without any, you are asked."),
    ] = None,
    note: NoteText = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="Ask the weekly questions too.")] = False,
    at: At = None,
    day: Day = None,
    by: By = "person",
    journal: JournalOption = None,
) -> None:
    """The daily check-in: half a minute, every question may be left out.

    gradatim checkin

    gradatim checkin spasticity=4 sleepiness=2 mood=6 --note "good day"
    """
    from gradatim.monographs import scales

    found = keeper(journal, by)
    known = scales()
    if answers:
        scores, faults = _typed(answers)
    elif sys.stdin.isatty():
        scores, faults = (
            _asked(
                [
                    one
                    for one in known.values()
                    if one.by is Rater.PERSON and (one.every is Every.DAY or (weekly and one.every is Every.WEEK))
                ]
            ),
            [],
        )
        note = note or typer.prompt("Anything else? (Enter: nothing)", default="", show_default=False) or None
    else:
        scores, faults = (
            [],
            []
            if note
            else [
                Fault(
                    "SCALE=VALUE", "nothing was answered", f"Write for example spasticity=4. Scales: {', '.join(known)}"
                )
            ],
        )
    if faults:
        raise BadInput(faults)
    from gradatim.cli.show_day import tell

    tell(found, found.write(CheckIn(scores=tuple(scores), note=note), at=happened(at, day, found)))


def _typed(answers: list[str]) -> tuple[list[Score], list[Fault]]:
    from gradatim.monographs import scales

    scores: list[Score] = []
    faults: list[Fault] = []
    for text in answers:
        id, mark, value = text.partition("=")
        if id not in scales():
            faults.append(Fault(text, f"{id!r} is not a scale", did_you_mean(id, list(scales()))))
        elif not mark:
            faults.append(Fault(text, "gives no value", f"Write {id}=3"))
        else:
            try:
                scores.append(Score(scale=id, value=scales()[id].typed(value)))
            except Unreadable as fault:
                faults.append(Fault(text, fault.problem, fault.remedy))
    return scores, faults


def _asked(asked: list[Scale]) -> list[Score]:
    """Each question once; Enter leaves it out; a value that cannot be read is asked again."""
    typer.echo("Each question may be left out with Enter.")
    scores: list[Score] = []
    for scale in asked:
        if scale.only_if is not None and not any(score.scale == scale.only_if and score.value > 0 for score in scores):
            continue
        typer.echo(f"\n{scale.question}")
        for anchor in scale.anchors:
            typer.echo(f"  {anchor.written or scale.written(anchor.value)}  {anchor.words}")
        while text := typer.prompt("", default="", show_default=False, prompt_suffix="> ").strip():
            try:
                scores.append(Score(scale=scale.id, value=scale.typed(text)))
                break
            except Unreadable as fault:
                typer.echo(f"  {fault}")
    return scores
