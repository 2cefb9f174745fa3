"""Shapes that several addresses share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from gradatim.server.models import LONGEST_LABEL
from gradatim.server.problems import ProblemOut

PROBLEMS = {frozenset({400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503}): ProblemOut}
"""What any address may answer instead."""


def _readable(text: str) -> str:
    if not text.isprintable():  # no control signs, no letters without width, none that turn the writing round
        raise ValueError("Write one line of letters that can be seen")
    return text


Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LABEL), AfterValidator(_readable)
]


class In(Schema):
    """What comes in: nothing that is not named."""

    model_config = ConfigDict(extra="forbid")


class RecordOut(Schema):
    """A record as somebody may see it: in which role and how far."""

    id: UUID
    person: str | None = Field(description="How the entries name the person; null until the first one was stored.")
    role: str
    scopes: list[str]
    entries: int
    head: str
    expires: datetime | None = None
    demo: bool = Field(description="Whether it began with a made-up person, to be tried and thrown away.")
