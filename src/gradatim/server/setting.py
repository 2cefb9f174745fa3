"""Every setting of the server: its name, what it takes, its default, what it is for. Nothing else is read from the environment.

A secret may also come from a file: ``GRADATIM_SECRET_KEY_FILE`` names it. The table in the manual is made from this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradatim.domain.fault import Fault, Unreadable
from gradatim.domain.reading import did_you_mean

PREFIX = "GRADATIM_"
_LARGEST_SECRET = 10_000  # bytes
ELSEWHERE = frozenset(
    {"GRADATIM_JOURNAL", "GRADATIM_NO_GPU", "GRADATIM_NO_NUMBA", "GRADATIM_PASSPHRASE", "GRADATIM_PK_REFERENCE"}
)
"""Names that other commands and the tests read: known here, so that they are not called mistakes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. ``takes`` and ``why`` are for the manual; ``read`` makes the value from text, or raises `Unreadable`."""

    name: str
    takes: str
    why: str
    read: Callable[[str], Any]
    default: str = ""
    secret: bool = False

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()


def _text(said: str) -> str:
    return said.strip()


def _path(said: str) -> Path | None:
    return Path(said).expanduser() if said.strip() else None


def _yes_no(said: str) -> bool:
    known = {"yes": True, "true": True, "1": True, "on": True, "no": False, "false": False, "0": False, "off": False}
    if said.strip().lower() not in known:
        raise Unreadable(f"{said!r} is neither yes nor no", "Write yes or no")
    return known[said.strip().lower()]


def _list(said: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in said.split(",") if part.strip())


def _one_of(*words: str) -> Callable[[str], str]:
    def read(said: str) -> str:
        if said.strip() not in words:
            raise Unreadable(f"{said!r} is not known", did_you_mean(said, [*words]))
        return said.strip()

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(said: str) -> int:
        if not said.strip().isdecimal() or not least <= int(said) <= most:
            raise Unreadable(f"{said!r} is not a whole number from {least} to {most}", f"Give {least} to {most}")
        return int(said)

    return read


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="mode", takes="`personal` or `accounts`", default="personal", read=_one_of("personal", "accounts"),
        why="personal: one household, no account, devices are paired by a code. accounts: everybody signs in.",
    ),
    Setting(
        name="data", takes="a folder", read=_path,
        why="Where the database, the keys and the backups lie; by default `gradatim/server` in the folder for the data of programs.",
    ),
    Setting(
        name="database", takes="`postgresql://user@host/name`, or nothing", read=_text, secret=True,
        why="A PostgreSQL database; by default SQLite, in the folder of the data.",
    ),
    Setting(
        name="address", takes="host:port", default="127.0.0.1:8321", read=_text,
        why="Where the server listens. Anything but this machine needs TLS or a proxy that gives it.",
    ),
    Setting(
        name="hosts", takes="names, with commas between", read=_list,
        why="The names under which the server may be asked for, for example `gradatim.example.org`. Needed on a public address.",
    ),
    Setting(
        name="secret_key", takes="50 random characters or more", read=_text, secret=True,
        why="Signs sessions. Made by itself in personal mode, and kept in the folder of the data; needed on a public address.",
    ),
    Setting(name="tls_certificate", takes="a file", read=_path, why="The certificate (PEM, with its chain), if the server itself speaks TLS."),
    Setting(name="tls_key", takes="a file", read=_path, why="The key of the certificate."),
    Setting(
        name="proxies", takes="addresses or networks, with commas between", read=_list,
        why="Reverse proxies that are trusted to say who asks (`X-Forwarded-For`, `X-Forwarded-Proto`). Nobody else is believed.",
    ),
    Setting(
        name="sign_up", takes="yes or no", default="no", read=_yes_no,
        why="Whether anybody may make an account. By default it takes an invitation."),
    Setting(
        name="email_url", takes="`smtp://user:password@host:587`", read=_text, secret=True,
        why="Where mail goes out; without it no mail is sent, and addresses are not verified."),
    Setting(name="email_from", takes="an address", default="gradatim@localhost", read=_text, why="Whom mail is from."),
    Setting(name="oidc_issuer", takes="an address", read=_text, why="Sign in through this OpenID Connect provider, beside passwords and passkeys."),
    Setting(name="oidc_client_id", takes="text", read=_text, why="This server's name at that provider."),
    Setting(name="oidc_client_secret", takes="text", read=_text, secret=True, why="This server's secret at that provider."),
    Setting(name="oidc_name", takes="text", default="Single sign-on", read=_text, why="What the button for it says."),
    Setting(
        name="metrics_token", takes="20 random characters or more", read=_text, secret=True,
        why="Who sends it as a bearer token may read `/metrics`; without it only this machine may.",
    ),
    Setting(
        name="backup_folder", takes="a folder", read=_path,
        why="Where backups go; by default `backups` in the folder of the data. Better another disk."),
    Setting(
        name="backup_recipients", takes="age public keys, with commas between", read=_list,
        why="Backups are sealed to these keys; by default to one made at the first start (`backup-key.txt`). Keep the key elsewhere.",
    ),
    Setting(
        name="backup_keep", takes="1 to 1000", default="30", read=_whole(1, 1000),
        why="How many automatic backups stay; older ones are removed. Those you make stay."),
    Setting(name="packet_days", takes="1 to 60", default="14", read=_whole(1, 60), why="How many days of doses a phone keeps for being offline."),
    Setting(name="threads", takes="1 to 200", default="16", read=_whole(1, 200), why="How many requests are worked on at the same time."),
    Setting(name="log_format", takes="`text` or `json`", default="text", read=_one_of("text", "json"), why="How the log is written, to the error stream."),
)  # fmt: skip
"""All of them, in the order of the manual."""


def read_settings(environ: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """The value of every setting by its name, and every fault. One that cannot be read has its default, so that the rest is looked at too;
    an unknown name is a fault, for it would do nothing."""
    known = {one.variable: one for one in SETTINGS} | {f"{one.variable}_FILE": one for one in SETTINGS if one.secret}
    faults = [
        Fault(name, "is no setting of this program", did_you_mean(name, [*known]))
        for name in environ
        if name.startswith(PREFIX) and name not in known and name not in ELSEWHERE
    ]
    found: dict[str, Any] = {}
    for one in SETTINGS:
        try:
            found[one.name] = one.read(_said(one, environ))
        except Unreadable as bad:
            faults.append(Fault(one.variable, bad.problem, bad.remedy))
            found[one.name] = one.read(one.default)
    return found, faults


def _said(one: Setting, environ: Mapping[str, str]) -> str:
    """Its text, from the environment or from the file named there. An empty variable is one that is not given; an empty file is a fault."""
    file = environ.get(f"{one.variable}_FILE") if one.secret else None
    if not file:
        return environ.get(one.variable) or one.default
    if environ.get(one.variable):
        raise Unreadable(f"is given, and {one.variable}_FILE too", "Give one of them")
    try:
        with Path(file).expanduser().open(encoding="utf-8") as opened:
            said = opened.read(_LARGEST_SECRET).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise Unreadable(f"{file} cannot be read: {why}", "Check the name, and who may read it") from None
    if not said:
        raise Unreadable(f"{file} is empty", "Write the secret into it, or leave the setting out")
    return said


def default_of(name: str) -> str:
    """The text that holds where a setting is not given."""
    return next(one.default for one in SETTINGS if one.name == name)
