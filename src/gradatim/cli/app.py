"""The Typer application: every command by its name. Command modules are small; heavy libraries load when first used."""

from __future__ import annotations

from typing import Annotated

import typer

from gradatim import __version__
from gradatim.cli import box, change, doses, drug, heed, journal, log, look, make, paper, sign
from gradatim.words.english import INTENDED_USE

app = typer.Typer(
    name="gradatim",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gradatim {__version__}\n{INTENDED_USE}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Version and intended use.")
    ] = False,
) -> None:
    """Step by step: baclofen plans in exact tablets, checked against cited limits, and the record of what was taken and felt.

    Try it:  gradatim plan examples/ms-adult.toml

    Every day:  gradatim today, gradatim take, gradatim checkin

    Exit codes: 0 fine, 2 bad input, 3 blocked by a stop finding.
    """


app.command("plan")(make.plan)
app.command("taper")(make.taper)
app.command("hold")(change.hold)
app.command("step-back")(change.step_back)
app.command("slow-down")(change.slow_down)
app.command("switch")(change.switch)
app.command("retime")(change.retime)
app.command("compare")(look.compare)
app.command("check")(look.check)
app.command("approve")(sign.approve)
app.command("answer")(sign.answer)
app.command("calendar")(look.calendar)
app.command("supply")(look.supply)
app.command("renal")(look.renal)
app.add_typer(drug.app, name="monograph")
app.command("follow")(journal.follow)
app.command("today")(doses.today_)
app.command("take")(doses.take)
app.command("skip")(doses.skip)
app.command("unsure")(doses.unsure)
app.command("undo")(doses.undo)
app.command("correct")(doses.correct)
app.add_typer(log.app, name="log")
app.command("checkin")(log.checkin)
app.command("watch")(heed.watch)
app.add_typer(box.app, name="stock")
app.command("insight")(paper.insight)
app.add_typer(paper.nof1_app, name="nof1")
app.command("report")(paper.report)
app.command("card")(paper.card)
app.command("history")(journal.history)
app.command("export")(journal.export)
app.command("import")(journal.import_)
app.add_typer(journal.app, name="journal")
app.command("demo-journal")(journal.demo_journal)
