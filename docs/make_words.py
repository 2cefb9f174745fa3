"""Brings the catalogues of all languages up to date with the English: new sentences come in empty, changed ones become empty again.

``python docs/make_words.py`` after a change of any words; it needs the app's node_modules. What was translated from the same English stays.
A test finds a catalogue that lacks something, or holds what nobody says any more.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from gradatim.languages import LANGUAGES, Template
from gradatim.monographs.in_words import WORDS, words_of
from gradatim.monographs.loader import data_of
from gradatim.words.english import TEMPLATES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "src" / "gradatim" / "languages"
HEAD = """\
The words of Gradatim in PROJECT, of the program and of the app.
Each text has its key (msgctxt): SCREEN.thing for the app, area.thing for the program, file.list:id.field for what is known of the drug.
Places in braces are filled in; keep each. Doses, days and times come as whole words.
These words are a draft: no native speaker and no clinician has read them yet. Where in doubt the English counts.
"""


def english() -> Iterator[tuple[str, Template, str]]:
    """Every text with its key and where it is said: by the program, in what is known about the drug, by the app."""
    yield from ((key, text, "program") for key, text in TEMPLATES.items())
    for file in WORDS:
        yield from ((key, text, "drug") for key, text in words_of(file, data_of(file)))
    told = subprocess.run(["node", "words.mjs"], cwd=ROOT / "web", capture_output=True, check=True, text=True)
    yield from ((key, text, "app") for key, text in json.loads(told.stdout).items())


def catalogue(language: str, texts: list[tuple[str, Template, str]]) -> Catalog:
    """The catalogue with just these texts, translated where it had a translation of the same English."""
    file = FOLDER / f"{language}.po"
    before = read_po(BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)
    head = "\n".join(f"# {line}" for line in HEAD.replace("PROJECT", LANGUAGES[language]).splitlines())
    made = Catalog(
        locale=language, project="Gradatim", header_comment=head,
        creation_date=datetime(2026, 11, 23, tzinfo=UTC), revision_date=datetime(2026, 11, 23, tzinfo=UTC), charset="utf-8", fuzzy=False,
        copyright_holder="The Gradatim authors", last_translator="The Gradatim authors", language_team=LANGUAGES[language],
    )  # fmt: skip
    for key, text, where in texts:
        id = text if isinstance(text, str) else (text["one"], text["other"])
        old = before.get(id, context=key)
        kept = old.string if old is not None and old.id == id and not old.fuzzy else None
        made.add(
            id, kept, context=key, auto_comments=(where,), flags=("python-brace-format",) if "{" in str(id) else ()
        )
    return made


def written(made: Catalog) -> bytes:
    """The file of a catalogue."""
    file = BytesIO()
    write_po(file, made, width=0, no_location=True, omit_header=False)
    return file.getvalue()


def lacking(said: str | list[str] | tuple[str, ...] | None) -> bool:
    """Whether a translation, or one of its forms, is not there."""
    return not said or (not isinstance(said, str) and not all(said))


if __name__ == "__main__":
    found = list(english())
    for tag in LANGUAGES:
        if tag == "en":
            continue
        (FOLDER / f"{tag}.po").write_bytes(written(made := catalogue(tag, found)))
        empty = [one.context for one in made if one.id and lacking(one.string)]
        sys.stdout.write(
            f"{tag}: {len(found)} texts, {len(empty)} not translated{': ' + ', '.join(map(str, empty[:8])) if empty else ''}\n"
        )
