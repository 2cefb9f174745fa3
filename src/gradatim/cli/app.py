"""The Typer application: every command by its name. A command's module is loaded when that command is asked for, and all of them for
help, so that the first answer comes fast."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from gradatim import __version__
from gradatim.words.english import INTENDED_USE

COMMANDS = {
    "plan": ("make:plan", "Plan the way up: from an order to a checked draft with its calendar."),
    "taper": (
        "make:taper",
        "Plan the way down: by a cited protocol, by steps, or to a last day. Never faster than asked.",
    ),
    "hold": ("change:hold", "Keep the present doses for longer, then go on."),
    "step-back": (
        "change:step_back",
        "Go back to the dose before, for a week at least; a clinician says when to go on. In a taper the cuts that remain are halved.",
    ),
    "slow-down": ("change:slow_down", "Make every step that remains longer. There is no way to make one shorter."),
    "switch": ("change:switch", "Make the same doses from other tablets, or from a liquid."),
    "retime": ("change:retime", "Move the doses to other times of day; each stays the same dose."),
    "compare": (
        "look:compare",
        "Say in words what differs between two plans, or between the last two versions of one.",
    ),
    "check": (
        "look:check",
        "Check an order or a plan against the published limits. Exit code 3 when a stop finding blocks it.",
    ),
    "approve": ("sign:approve", "Approve the newest version, as its prescriber or as a copy of a prescriber's paper."),
    "answer": ("sign:answer", "Answer a review: go on, or not yet. Until then the doses stay as they are."),
    "calendar": ("look:calendar", "Print the dated doses, or write them as a PDF, a phone's calendar, CSV or JSON."),
    "supply": ("look:supply", "What to dispense: tablets by strength for the whole plan, for each step, or to a date."),
    "renal": (
        "look:renal",
        "Kidney function by Cockcroft-Gault, CKD-EPI 2021 and bedside Schwartz, and what it means for baclofen.",
    ),
    "simulate": (
        "simulate:simulate",
        "What a plan, or what was really taken, does to the level of the drug in the blood, by a published model. It changes no dose.",
    ),
    "fit": (
        "fit:fit",
        "What levels that were measured tell of one person, beside what a published model expects. It recommends no dose.",
    ),
    "monograph": ("drug:app", "Drug knowledge as data: show it with its sources, or check it."),
    "follow": (
        "follow:follow",
        "Follow an approved plan: from now on the journal says what is due. The first plan begins the journal.",
    ),
    "today": (
        "doses:today_",
        "What to take now, in tablets; what comes next; and what became of the doses of the day.",
    ),
    "take": (
        "doses:take",
        "Record a dose as taken: the one that is due, or the one you name. A second tap records nothing twice.",
    ),
    "skip": ("doses:skip", "Record a dose as left out on purpose."),
    "unsure": (
        "doses:unsure",
        "Record that nobody is sure whether a dose was taken. It is not offered again: a double dose is the greater danger.",
    ),
    "undo": (
        "doses:undo",
        "Take back the last entry, or the one you name. Both stay in the history; an undo can itself be undone by its id.",
    ),
    "correct": (
        "doses:correct",
        "Put right when a dose was taken, or how much. What was written first stays in the history.",
    ),
    "log": ("log:app", "Write down a symptom, an event, a measurement, another medicine, a note."),
    "checkin": ("checkin:checkin", "The daily check-in: half a minute, every question may be left out."),
    "watch": (
        "heed:watch",
        "What in the record is a sign of danger, and what to do. Exit code 3 while an emergency is not dealt with.",
    ),
    "stock": ("box:app", "What is left, until when it lasts at the doses planned, and what to do about it."),
    "insight": (
        "paper:insight",
        "What was taken, and what changed together with each step: with its margin, or silence where there is too little.",
    ),
    "nof1": (
        "paper:nof1_app",
        "A trial in one person: two approved timings in turn, in an order drawn by chance. It changes no dose.",
    ),
    "report": (
        "paper:report",
        "The page for the doctor, one page: what was really taken, what was felt, what changed, what is left, what you want to ask.",
    ),
    "card": (
        "paper:card",
        "The card for the hospital: the real dose, the last dose, the danger of stopping, kidneys, whom to call.",
    ),
    "history": ("journal:history", "Everything that was written down, with what was corrected and taken back."),
    "export": (
        "journal:export",
        "Write a copy of the whole journal, sealed with a passphrase (age format: the program age opens it too).",
    ),
    "import": (
        "journal:import_",
        "Bring in a copy: all of it or nothing. What is there already stays; a new journal is begun where there is none.",
    ),
    "sync": (
        "sync:sync",
        "Keep this journal and a server in step: send what is new here, fetch what is new there. Nothing is lost when it is interrupted.",
    ),
    "serve": (
        "serve:serve",
        "Run the server. Without any setting it is for one household, on this machine, and prints a link to begin with.",
    ),
    "pair": ("pair:pair", "Make a code by which one more device joins the household. It works once, for ten minutes."),
    "devices": ("pair:devices", "List the devices and programs that may act for the household, or end one."),
    "doctor": (
        "doctor:doctor",
        "Look at an installation of the server without changing anything: what is wrong, and how to mend it.",
    ),
    "journal": ("journal:app", "The journal as a whole: where it is, whether it is sound, and the plan in it."),
    "backup": (
        "backup:backup",
        "Back up the server: everything in one sealed file, read back whole before it gets its name. The server may run meanwhile.",
    ),
    "restore": (
        "backup:restore",
        "Restore a backup of the server, whole or not at all: into an empty database, or in place of what is there. Stop the server first.",
    ),
    "accounts": (
        "accounts:app",
        "Who may use the server of this machine: invite, list, keep out, a way back in. It shows nobody's record.",
    ),
    "demo-journal": (
        "journal:demo_journal",
        "Write a made-up record of twelve weeks, to look at everything without a real one.",
    ),
}
"""Each command: where it is, module of this package and function or group in it; and its help in a sentence, so that the list of all
commands loads none of them. A test compares the sentences."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gradatim {__version__}\n{INTENDED_USE}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Version and intended use.")
    ] = False,
) -> None:
    """Step by step: baclofen plans in exact tablets, checked against cited limits, and the record of what was taken and felt.

    Try it:  gradatim plan examples/ms-adult.toml

    Every day:  gradatim today, gradatim take, gradatim checkin

    Exit codes: 0 fine, 2 bad input, 3 blocked by a stop finding, a guard or an emergency.
    """


def app_for(wanted: str | None = None, *, whole: bool = False) -> typer.Typer:
    """The application with the one command that is wanted; else with the names of all of them, and ``whole`` with all they hold."""
    app = typer.Typer(name="gradatim", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(_root)
    if whole or wanted in COMMANDS:
        for name in COMMANDS if whole else (str(wanted),):
            module, _, attribute = COMMANDS[name][0].partition(":")
            found = getattr(import_module(f"gradatim.cli.{module}"), attribute)
            if isinstance(found, typer.Typer):
                app.add_typer(found, name=name)
            else:
                app.command(name)(found)
        return app
    for name, (_, said) in COMMANDS.items():
        app.command(name, help=said)(_nothing)
    return app


def _nothing() -> None:
    """Stands for a command in the list of all."""
