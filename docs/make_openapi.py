"""Writes reference/openapi.json, the description of the server's interface, and reference/api.md, the same to be read.

``python docs/make_openapi.py`` after a change of the interface; tests find stale copies, so that a change shows in a diff.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "reference"

HEAD = """# The interface of the server

Made from the program by `docs/make_openapi.py`; the same for machines is [openapi.json](openapi.json), and every server gives its own at
`/api/v1/openapi.json`. The app uses this interface and nothing else.

## Who asks

A browser that was paired has a cookie that no script can read; so has somebody who signed in (accounts mode). For everything but `GET`
it also sends the header `X-CSRFToken` with the value `csrf` of `GET /api/v1/session`. Another program sends `Authorization: Bearer …`
with a token that a person made for it. Each device and token has scopes, and so has each right to a record; what can be done is what
both allow:

| scope | what for |
|---|---|
| `today` | what is due, and what to do in danger |
| `read` | everything that was written down, and the papers made of it |
| `log` | write down what was taken, felt, counted |
| `plan` | follow and approve plans, answer reviews, describe the person |
| `share` | invite, revoke, see who looked |
| `account` | devices, tokens, a copy of everything, deletion |

A record that somebody has no right to is answered like one that does not exist.

## Sync

* `POST …/entries` stores up to 500 entries, all or none. When the answer comes they are on the disk. Sending the same again is harmless:
  entries are told apart by their id, and the record is the union. The same id with other content is refused: add a correction.
* `GET …/entries?after=CURSOR&head=HEAD` gives what was stored since. Begin with `after=0`. Every answer gives the `cursor` and the `head`
  (the hash of the chain there) for the next; `more` says that there is more at once. Where the server's journal is not the one that the
  device knew (it was restored from an older backup), the answer is 409 `journal-changed`: send everything again, and begin at 0.
* Order, repetition and interruption make no difference. `sent` says what the device's clock shows; where it is more than two minutes
  off, `clock.wrong` is true and the person should be told. Both stamps of an entry are kept as they were written.
* Bodies may be packed with gzip, and hold 8 MiB at most, packed and unpacked.

## Sending again

The addresses marked *key* take the header `Idempotency-Key`: a word of your own for each thing that is to be done once. The same request
with the same key, from the same device and within 24 hours, is done once and answered alike (`Idempotency-Replayed: true`); while the
first is worked on, 409 `in-progress`; with another request, 409 `key-used`. What failed is not kept: correct it and use the same key. An
answer that holds a secret is not kept either, and the second request is told that it was done.

## A browser that becomes another account's

A page in a browser sends `Gradatim-Account`, the `account` that `/session` told it. Where the browser's cookie belongs to another account by
now, nothing is done: 409 `other-account`. Programs with a token may leave it out.

## Doses are worked out here

A client compares, and never computes a dose: drafts, changes, calendars and what an answer would change come from the addresses below.
The time is always the server's; a clock is asked of no client but to tell it that it is wrong.
"""


def _described() -> dict[str, Any]:
    """The description, with Django set up where nobody has done it."""
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ["DJANGO_SETTINGS_MODULE"] = "gradatim.server.django_settings"
        os.environ["GRADATIM_DATA"] = tempfile.mkdtemp(prefix="gradatim-docs-")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from gradatim.server.api import api

    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))  # type: ignore[no-any-return]


def made() -> dict[str, str]:
    """File names and what they should hold."""
    told = _described()
    return {
        "openapi.json": json.dumps(told, indent=1, ensure_ascii=False) + "\n",
        "api.md": "\n".join(_page(told)) + "\n",
    }


def _page(told: dict[str, Any]) -> Iterator[str]:
    yield HEAD
    yield "## Addresses\n"
    tags: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            tags.setdefault(one.get("tags", ["other"])[0], []).append((path, method, one))
    for tag, rows in tags.items():
        yield f"### {tag[0].upper()}{tag[1:]}\n"
        for path, method, one in rows:
            yield from _address(path, method, one)
    yield "## Problems\n"
    yield "Every error is `application/problem+json` (RFC 9457): `type` is `urn:gradatim:problem:` and one of these words, `faults` names"
    yield "everything that is wrong with `path`, `problem` and `remedy`. No problem says anything of a record to who may not see it.\n"
    yield "| kind | status | what it says |"
    yield "|---|---|---|"
    from gradatim.server.problems import kinds

    for kind, (status, title) in sorted(kinds().items(), key=lambda pair: (pair[1][0], pair[0])):
        yield f"| `{kind}` | {status} | {title} |"


def _address(path: str, method: str, one: dict[str, Any]) -> Iterator[str]:
    yield f"#### `{method.upper()} {path}`\n"
    yield " ".join(one["description"].replace("``", "`").split()) + "\n"
    facts = [f"Needs: {one['x-needs']}."]
    if asked := [part for part in one["parameters"] if part["in"] == "query"]:
        facts.append(f"Takes: {', '.join(_parameter(part) for part in asked)}.")
    if "requestBody" in one:
        facts.append(f"Body: {_shape(one['requestBody']['content']['application/json']['schema'])}.")
    facts.append(f"Answers: {'; '.join(_answers(one))}.")
    if any(part["name"] == "Idempotency-Key" for part in one["parameters"]):
        facts.append("*key*")
    yield " ".join(facts) + "\n"


def _parameter(part: dict[str, Any]) -> str:
    schema = part["schema"]
    said = f"`{part['name']}`" + (" (needed)" if part["required"] else "")
    if "enum" in schema:
        return f"{said} ({', '.join(map(str, schema['enum']))})"
    least, most = schema.get("minimum"), schema.get("maximum")
    return f"{said} ({least} to {most})" if least is not None and most is not None else said


def _answers(one: dict[str, Any]) -> Iterator[str]:
    for code, said in one["responses"].items():
        if int(code) >= 400:
            continue
        shapes = [
            _shape(kind["schema"]) if name == "application/json" else f"`{name}`"
            for name, kind in said.get("content", {}).items()
        ]
        yield f"{code} {' or '.join(shapes) or 'nothing'}"


def _shape(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rsplit('/', 1)[-1]}`"
    if schema.get("type") == "array":
        return f"a list of {_shape(schema['items'])}"
    return re.sub(r"\W", "", str(schema.get("title", ""))) or str(schema.get("type", "anything"))


if __name__ == "__main__":
    for name, text in made().items():
        (FOLDER / name).write_text(text, "utf-8")
