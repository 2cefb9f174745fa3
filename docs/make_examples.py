"""Writes a page for each prescription in ``examples/``: the order, its check and its calendar, as the program says them now.

``python docs/make_examples.py`` after a change; a test finds stale pages.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parent
FOLDER = DOCS / "examples"
ORDER = (
    "ms-adult", "uk-tablets-10-only", "bedtime-heavy", "elderly-after-stroke", "egfr-45", "child-by-weight", "liquid-by-tube",
    "taper-after-2-weeks", "taper-after-3-months", "taper-after-years",
)  # fmt: skip
TITLES = {
    "ms-adult": "Multiple sclerosis, a first start",
    "uk-tablets-10-only": "Only tablets of 10 mg at hand",
    "bedtime-heavy": "The largest dose at bedtime",
    "elderly-after-stroke": "After a stroke, 78 years",
    "egfr-45": "Weak kidneys: eGFR 45",
    "child-by-weight": "A child, by weight",
    "liquid-by-tube": "A liquid by feeding tube",
    "taper-after-2-weeks": "Coming off after two weeks",
    "taper-after-3-months": "Coming off after three months",
    "taper-after-years": "Coming off 80 mg a day after years",
}


def titled(name: str) -> str:
    """The title of an example's page; its file name where none was chosen yet."""
    return TITLES.get(name, name.replace("-", " ").capitalize())


def names() -> list[str]:
    """All examples: in the order of reading, then any other."""
    there = {path.stem for path in (DOCS.parent / "examples").glob("*.toml")}
    return [name for name in ORDER if name in there] + sorted(there - set(ORDER))


def template(name: str) -> str:
    """A page with empty outputs."""
    text = (DOCS.parent / "examples" / f"{name}.toml").read_text("utf-8").strip()
    about, _, order = text.partition("\n")
    return (
        f"# {titled(name)}\n\n{about.lstrip('# ')}\n\n## The order\n\n`examples/{name}.toml`:\n\n```toml\n{order}\n```\n\n"
        f"## The check\n\n```console\n$ gradatim check examples/{name}.toml\n```\n\n"
        f"## The calendar\n\n```console\n$ gradatim calendar examples/{name}.toml --steps\n```\n\n"
        f"![The staircase of this plan: the daily dose of each step, day by day.]({name}.svg)\n\n"
        "## On paper, once approved\n\n"
        f"![The first page: who, what, valid until, staircase, danger signs.]({name}-1.png)\n"
        f"![The second page: the steps and the first days, each dose in mg and tablets with its box.]({name}-2.png)\n"
    )


def index() -> str:
    """The page that lists the others."""
    pages = "\n".join(names())
    return (
        "# Examples\n\n"
        "Realistic prescriptions, each with what the program makes of it. No real person is behind them; the limits and protocols are real. "
        "None is advice: a plan for a person is their prescriber's.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{pages}\n```\n"
    )


def _outputs():
    spec = importlib.util.spec_from_file_location("make_outputs", DOCS / "make_outputs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(name: str) -> str:
    """The whole page of one example."""
    return _outputs().refilled(template(name))


def made() -> dict[str, str]:
    """File names and what they should hold."""
    return {"index.md": index(), **{f"{name}.md": page(name) for name in names()}}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in made().items():
        (FOLDER / name).write_text(text, "utf-8")
