"""Pages that a script makes are as the script makes them now, and every printed output is what the program says."""

from __future__ import annotations

import doctest
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"
WITH_OUTPUT = sorted(
    page
    for folder in ("tutorial", "how-to", "reference", "explanation")
    for page in (DOCS / folder).glob("*.md")
    if "\n```console\n$ " in page.read_text("utf-8")
)
EXAMPLES = sorted(path.stem for path in (DOCS.parent / "examples").glob("*.toml"))
MadeBy = Callable[[str], ModuleType]


@pytest.mark.parametrize(
    "name", ["commands", "rules", "watch", "monograph", "kinetics", "scales", "entries", "settings"]
)
def test_a_reference_page_is_up_to_date(name: str, docs: Path, made_by: MadeBy) -> None:
    page = docs / "reference" / f"{name}.md"
    assert page.read_text("utf-8") == made_by(f"make_{name}").made(), f"run: python docs/make_{name}.py"


def test_the_page_of_missed_doses_is_up_to_date(docs: Path, made_by: MadeBy) -> None:
    page = docs / "reference" / "missed-doses.md"
    assert page.read_text("utf-8") == made_by("make_missed").made(), "run: python docs/make_missed.py"


@pytest.mark.parametrize("page", WITH_OUTPUT, ids=lambda page: page.stem)
def test_what_a_page_prints_is_what_the_program_says(page: Path, made_by: MadeBy) -> None:
    text = page.read_text("utf-8")
    assert text == made_by("make_outputs").refilled(text), f"run: python docs/make_outputs.py {page.name}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_of_an_example_is_up_to_date(name: str, docs: Path, made_by: MadeBy) -> None:
    page = docs / "examples" / f"{name}.md"
    assert page.exists(), "run: python docs/make_examples.py"
    assert page.read_text("utf-8") == made_by("make_examples").page(name), "run: python docs/make_examples.py"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_pictures_of_an_example_are_there(name: str, docs: Path, made_by: MadeBy) -> None:
    drawn = made_by("make_pictures").drawn(docs.parent / "examples" / f"{name}.toml")
    assert (docs / "examples" / f"{name}.svg").read_text("utf-8") == drawn, "run: python docs/make_pictures.py"
    for page in (1, 2):  # their pixels hang on the machine that made them; that they are pictures does not
        assert (docs / "examples" / f"{name}-{page}.png").read_bytes().startswith(b"\x89PNG")


def test_the_picture_of_the_page_for_the_doctor_is_there(docs: Path) -> None:
    assert (docs / "_static" / "report.png").read_bytes().startswith(b"\x89PNG")


def test_the_picture_of_levels_is_up_to_date(docs: Path, made_by: MadeBy) -> None:
    drawn = made_by("make_pictures").levels()
    assert (docs / "_static" / "levels.svg").read_text("utf-8") == drawn, "run: python docs/make_pictures.py"


def test_the_list_of_examples_is_up_to_date(docs: Path, made_by: MadeBy) -> None:
    assert (docs / "examples" / "index.md").read_text("utf-8") == made_by("make_examples").index()


def test_the_schemas_are_up_to_date(docs: Path, made_by: MadeBy) -> None:
    for name, text in made_by("make_schemas").made().items():
        assert (docs / "reference" / "schemas" / name).read_text("utf-8") == text, "run: python docs/make_schemas.py"


def test_the_pages_of_the_interface_are_up_to_date(docs: Path, made_by: MadeBy) -> None:
    for name, text in made_by("make_openapi").made().items():
        assert (docs / "reference" / name).read_text("utf-8") == text, "run: python docs/make_openapi.py"


def test_the_python_page_runs(docs: Path) -> None:
    page = docs / "reference" / "python.md"
    source = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL))
    lesson = doctest.DocTestParser().get_doctest(source, {}, page.name, str(page), 0)
    assert len(lesson.examples) > 10
    said: list[str] = []
    assert doctest.DocTestRunner(verbose=False).run(lesson, out=said.append).failed == 0, "".join(said)


def test_a_stale_output_is_noticed(made_by: MadeBy) -> None:
    stale = "# A page\n\n```console\n$ gradatim --version\ngradatim 0.0.0\n```\n"
    assert "gradatim 0.0.0" not in made_by("make_outputs").refilled(stale)


def test_a_notebook_page_is_what_its_python_prints(made_by: MadeBy) -> None:
    script = made_by("make_notebook")
    assert script.PAGES
    for page in script.PAGES:
        text = page.read_text("utf-8")
        assert script.refilled(text) == text, "run: python docs/make_notebook.py"
    assert "\n2\n" in script.refilled("```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n")


def test_the_scripts_are_all_tested() -> None:
    scripts = {path.stem for path in DOCS.glob("make_*.py")}
    text = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    tested = {name for name in scripts if name in text or f'"{name.removeprefix("make_")}"' in text}
    assert scripts == tested
    assert importlib.util.find_spec("sphinx") is None or (DOCS / "conf.py").exists()
