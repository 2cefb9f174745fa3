"""``gradatim monograph``: what is known, each fact with its source, and the checker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gradatim.domain.fault import BadInput, one_fault
from gradatim.domain.reading import did_you_mean
from gradatim.monographs import bibliography, leaflet, monograph

app = typer.Typer(
    help="Drug knowledge as data: show it with its sources, or check it.", no_args_is_help=True, rich_markup_mode=None
)

PLANNING = ("products", "titrations", "tapers", "guardrails", "conditions", "condition_rules", "interactions")
READING = ("codes", "danger_signs", "missed_dose", "gap", "reactions", "topics", "claims")
ALIASES = {
    "titration": "titrations", "taper": "tapers", "danger": "danger_signs", "missed": "missed_dose", "protocols": "titrations",
    "limits": "guardrails", "storage": "topics", "side-effects": "reactions", "sources": "bibliography",
}  # fmt: skip


@app.command()
def show(
    drug: Annotated[str, typer.Argument(help="baclofen, or intrathecal.")] = "baclofen",
    topic: Annotated[
        str | None, typer.Argument(help="A part, or an id within one: titration, us-label, guardrails …")
    ] = None,
) -> None:
    """Print any part of a monograph with its sources.

    gradatim monograph show baclofen titration

    gradatim monograph show baclofen us-label
    """
    parts = _parts(drug)
    from gradatim.cli.facts import show_fact, show_list, show_parts

    if topic is None:
        show_parts(parts)
        return
    wanted = ALIASES.get(topic, topic.replace("-", "_"))
    if wanted in parts:
        show_list(wanted, parts[wanted])
        return
    found = [
        item
        for items in parts.values()
        for item in items
        if topic in (getattr(item, "id", None), getattr(item, "code", None), getattr(item, "key", None))
    ]
    if not found:
        ids = [str(getattr(item, "id", "")) for items in parts.values() for item in items]
        raise one_fault(
            "topic",
            f"{topic!r} is no part of this monograph",
            did_you_mean(topic, [*parts, *ALIASES, *filter(None, ids)]),
        )
    for item in found:
        show_fact(item)


def _parts(drug: str) -> dict[str, tuple[Any, ...]]:
    if drug in ("baclofen", "baclofen_oral", "oral"):
        planning, reading = monograph(), leaflet()
        parts = {name: getattr(planning, name) for name in PLANNING} | {
            name: getattr(reading, name) for name in READING
        }
        parts["gap"] = (reading.gap,)
    elif drug in ("intrathecal", "baclofen_intrathecal"):
        from gradatim.monographs.intrathecal_loader import intrathecal

        made = intrathecal()
        parts = {
            name: value if isinstance(value, tuple) else (value,)
            for name in made.__slots__
            if not isinstance(value := getattr(made, name), str)
        }
    else:
        raise one_fault("drug", f"{drug!r} is not known", did_you_mean(drug, ["baclofen", "intrathecal"]))
    parts["bibliography"] = tuple(bibliography().values())
    return parts


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A monograph folder; by default the two that come with the program.")
    ] = None,
) -> None:
    """Check monographs: every fact cited, no unknown key, no contradiction, and their own tests. Exit code 2 with every fault.

    gradatim monograph check

    gradatim monograph check my-monographs/baclofen_oral
    """
    from gradatim.monographs.check import check as run
    from gradatim.monographs.loader import FOLDERS

    faults = [fault for name in ((path,) if path else FOLDERS) for fault in run(name)]
    if faults:
        raise BadInput(faults)
    typer.echo("Checked: every fact is cited, nothing contradicts itself, every own test passes.")
