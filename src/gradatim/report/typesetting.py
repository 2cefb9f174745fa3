"""From data to a tagged PDF. Data reaches the template as JSON only; no text is ever read as markup."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Any

import fontpkg
import typst

FAMILY = "atkinson-hyperlegible"
_UNSHOWN = re.compile(r"the text `\"(.*?)\"` could not be displayed", re.DOTALL)
_KEPT_FORMATS = "\u200c\u200d"  # they shape Arabic, Indic scripts and emoji; other format characters can reorder a line
_TRIES = 40


def typeset(template: str, data: dict[str, Any], made_at: int) -> bytes:
    """The PDF/UA-1 of a template beside this module. ``made_at``: seconds since 1970, UTC, the only date in the file.

    The same data gives the same bytes: only our typeface and those inside typst are used. A letter that none of them has is taken
    from the machine's fonts, and one that no font has is printed as its code, ``[U+1F600]``: no letter is ever silently lost.
    """
    source = files(__package__).joinpath(template).read_text("utf-8")
    plain = _clean(data)
    for ours_alone in (True, False):
        try:
            return _compile(source, plain, made_at, ours_alone=ours_alone)
        except typst.TypstError as error:
            missing = _missing(error)
            if not missing:
                raise
    for _ in range(_TRIES):
        plain = _with_codes(plain, missing)
        try:
            return _compile(source, plain, made_at, ours_alone=False)
        except typst.TypstError as error:
            missing = _missing(error)
            if not missing:
                raise
    return _compile(source, _ascii(plain), made_at, ours_alone=True)


def _compile(source: str, data: Any, made_at: int, *, ours_alone: bool) -> bytes:
    made = typst.compile(
        source.encode(), format="pdf", sys_inputs={"data": json.dumps(data)}, font_paths=[_fonts()],
        ignore_system_fonts=ours_alone, pdf_standards=["ua-1"], timestamp=made_at,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _fonts() -> Path:
    """The folder of the typeface."""
    return Path(fontpkg.path(FAMILY)).parent


def _missing(error: typst.TypstError) -> frozenset[str]:
    return frozenset("".join(_UNSHOWN.findall(f"{error.message}\n{error.diagnostic}")))


def _each(value: Any, change: Any) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _each(item, change) for key, item in value.items()}
        case list() | tuple():
            return [_each(item, change) for item in value]
        case _:
            return value


def _clean(value: Any) -> Any:
    """Every text on one line, without control characters or signs that turn the direction of what follows."""
    return _each(value, lambda text: "".join(" " if c.isspace() and c != "\u00a0" else c for c in text if c.isspace() or _printable(c)))


def _printable(letter: str) -> bool:
    return letter in _KEPT_FORMATS or not unicodedata.category(letter).startswith("C")


def _with_codes(value: Any, missing: frozenset[str]) -> Any:
    return _each(value, lambda text: "".join(f"[U+{ord(c):04X}]" if c in missing and ord(c) > 126 else c for c in text))


def _ascii(value: Any) -> Any:
    return _each(value, lambda text: "".join(c if ord(c) < 0x250 or c in "–…×µ" else f"[U+{ord(c):04X}]" for c in text))
