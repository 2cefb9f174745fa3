"""From data to a tagged PDF. Data reaches the template as JSON only; no text is ever read as markup."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import fontpkg
import typst

from gradatim.languages import spoken
from gradatim.words.phrases import dates_pattern

FAMILY = "atkinson-hyperlegible"
_UNSHOWN = re.compile(r"the text `\"(.*?)\"` could not be displayed", re.DOTALL)
_TOGETHER = "\u00a0"
_ENDLESS, _TWENTY = re.compile(r"\S{28,}"), re.compile(r".{1,20}")
_KEPT_FORMATS = "\u200c\u200d"  # they shape Arabic, Indic scripts and emoji; other format characters can reorder a line
_OURS = "–…•“”‘’×µ½¼¾"
_TRIES = 6


def typeset(template: str, data: dict[str, Any], made_at: int) -> bytes:
    """The PDF/UA-1 of a template beside this module. ``made_at``: seconds since 1970, UTC, the only date in the file.

    The same data gives the same bytes: only our typeface and those inside typst are used. A letter that none of them has is taken
    from the machine's fonts, and one that no font has is printed as its code, ``[U+1F600]``: no letter is ever silently lost.
    """
    return _typeset(template, data, made_at)[0]


def picture(template: str, data: dict[str, Any], made_at: int, pixels_an_inch: int) -> bytes:
    """The same as one PNG. A letter that no font has is found by setting a PDF first: a picture would show an empty box for it."""
    _, plain, ours_alone = _typeset(template, data, made_at)
    made: Any = typst.compile(
        Path(__file__).with_name(template),
        format="png",
        ppi=float(pixels_an_inch),
        sys_inputs={"data": json.dumps(plain)},
        font_paths=[_fonts()],
        ignore_system_fonts=ours_alone,
        timestamp=made_at,
    )
    if not isinstance(made, bytes):
        raise ValueError(f"{template} has {len(made)} pages, and a picture has one")  # noqa: TRY004
    return made


def _typeset(template: str, data: dict[str, Any], made_at: int) -> tuple[bytes, Any, bool]:
    """The PDF, the data as it could be shown, and whether our typeface was enough."""
    plain = {**_clean(data), "language": spoken(), "dates": dates_pattern()}
    missing = frozenset[str]()
    for attempt in range(_TRIES):
        try:
            return _compile(template, plain, made_at, ours_alone=attempt == 0), plain, attempt == 0
        except typst.TypstError as error:
            missing |= _missing(error)
            if not missing:
                raise
        if attempt:
            plain = _with_codes(plain, missing)
    plain = _plainest(plain)
    return _compile(template, plain, made_at, ours_alone=True), plain, True


def _compile(template: str, data: Any, made_at: int, *, ours_alone: bool) -> bytes:
    return typst.compile(
        Path(__file__).with_name(template),
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        font_paths=[_fonts()],
        ignore_system_fonts=ours_alone,
        pdf_standards=["ua-1"],
        timestamp=made_at,
    )


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
    """Every text on one line, without signs that control or turn what follows, and with places to break in endless words."""
    return _each(value, _clean_text)


def printable(text: str) -> str:
    """On one line, without signs that control or turn what follows."""
    return "".join(" " if c.isspace() and c != _TOGETHER else c for c in text if c.isspace() or _printable(c))


def _clean_text(text: str) -> str:
    kept = printable(text)
    return kept if kept.startswith("<svg") else _ENDLESS.sub(lambda word: "\u200b".join(_TWENTY.findall(word[0])), kept)


def _printable(letter: str) -> bool:
    return letter in _KEPT_FORMATS or not unicodedata.category(letter).startswith("C")


def _with_codes(value: Any, missing: frozenset[str]) -> Any:
    return _each(value, lambda text: "".join(f"[U+{ord(c):04X}]" if c in missing and ord(c) > 126 else c for c in text))


def _plainest(value: Any) -> Any:
    """Every letter beyond those of our typeface as its code."""
    return _each(value, lambda text: "".join(c if ord(c) < 0x250 or c in _OURS else f"[U+{ord(c):04X}]" for c in text))
