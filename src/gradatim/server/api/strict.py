"""JSON as it is taken here: UTF-8, each key once, no number that is none, no letter that no database holds, not nested beyond all reason."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

DEEPEST = 64
"""Brackets within brackets; our own documents have ten."""
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # may be half a letter, or none


class Refused(ValueError):
    """Why a text is not taken; in words of ours, without a word of the text."""


class Strict(Parser):
    """The parser of the interface."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The data of a request's body. Raises `Refused`."""
        return data_of(request.body)


def data_of(body: bytes) -> Any:
    """The data of a JSON text. Raises `Refused`."""
    try:
        data = _DECODER.decode(body.decode())
    except UnicodeDecodeError:
        raise Refused("It is not UTF-8.") from None
    except RecursionError:
        raise Refused("Too many brackets in one another.") from None
    except json.JSONDecodeError as error:
        raise Refused(f"It is not JSON: line {error.lineno}, column {error.colno}.") from None
    except Refused:
        raise
    except ValueError:  # a number of thousands of digits
        raise Refused("A number is too long.") from None
    _check_depth(data)
    if _SUSPECT.search(body):
        _check_letters(data)
    return data


def _check_depth(data: Any) -> None:
    level = [data]
    for _ in range(DEEPEST):
        inner = [
            part
            for one in level
            for part in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
        level = [part for part in inner if isinstance(part, dict | list)]
        if not level:
            return
    raise Refused("Too many brackets in one another.")


def _check_letters(data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused("It holds half a letter.") from None
    if re.search(r"(?<!\\)(?:\\\\)*\\u0000", text):
        raise Refused("It holds a letter that cannot be stored: U+0000.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("A key stands twice in the same place.")
    return found


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise Refused("A number is too large.")
    return found


def _constant(_: str) -> NoReturn:
    raise Refused("NaN and Infinity are no numbers.")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite, parse_constant=_constant)
