"""Writes reference/settings.md: every setting of the server, from the one table that the server reads.

``python docs/make_settings.py`` after a change; a test finds a stale page.
"""

from __future__ import annotations

from pathlib import Path

from gradatim.server.setting import SETTINGS, Setting

FILE = Path(__file__).parent / "reference" / "settings.md"

HEAD = """# Settings of the server

Every setting is a variable of the environment. Nothing else is read from there, and there is no file of settings. A name that begins with
`GRADATIM_` and is not listed here is refused, for it would do nothing. A variable that is empty counts as not given.

A **secret** may also come from a file: `GRADATIM_SECRET_KEY_FILE=/run/secrets/key` names it. A file that is empty is refused.

The page is made from `gradatim.server.setting` by `docs/make_settings.py`.

| variable | value | default | what for |
|---|---|---|---|
"""

TAIL = """
## What is refused

The server does not start, and says why, naming all faults at once and what to do about each:

| listens on | needs |
|---|---|
| this machine (`127.0.0.1`, `::1`) | nothing |
| an address of a private network | TLS: a certificate and its key, or a proxy; `gradatim serve --home` makes a certificate |
| any other address, and all of them (`0.0.0.0`, `::`) | TLS or a proxy, `GRADATIM_MODE=accounts`, a secret key, and hosts |

Refused on every address: a secret key that can be guessed, half of a pair of certificate and key, a host that stands for many (`*`, `.example.org`), a
proxy that stands for everybody, a metrics token of fewer than 20 characters, single sign-on without accounts.

There is no default password, and no setting that switches a check off.

## What the command line adds

`gradatim serve --address`, `--data` and `--home` go before `GRADATIM_ADDRESS`, `GRADATIM_DATA` and the certificate of the environment.
"""


def row(one: Setting) -> str:
    """One setting."""
    name = f"`{one.variable}`" + (" (secret)" if one.secret else "")
    return f"| {name} | {one.takes} | {f'`{one.default}`' if one.default else '–'} | {one.why} |"


def made() -> str:
    """The whole page."""
    return HEAD + "\n".join(map(row, SETTINGS)) + "\n" + TAIL


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
