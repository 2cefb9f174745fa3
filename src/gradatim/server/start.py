"""From settings to a server that runs: the folder, the lock, the database and its tables, the household, and what is done every hour."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.server import lock, setting
from gradatim.server.config import Config, configure, home_address, settled, split_address

if TYPE_CHECKING:
    from gradatim.server.serving import Listener

log = logging.getLogger("gradatim.start")
_FIRST, _EVERY = 60, 15 * 60  # seconds until the first look at what has to be done, and between two
_PATIENCE = 3  # seconds for somebody else's turn at the database


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A way in for one more device. ``link`` holds the code."""

    link: str
    code: str
    expires: datetime


def configured(*, data: Path | None = None, address: str | None = None, home: bool = False) -> Config:
    """The settings with what was said on the command line, which goes before the environment. Raises `BadInput` with every fault."""
    said: dict[str, str] = {}
    if data is not None:
        said["GRADATIM_DATA"] = str(data.absolute())
    if address is not None:
        said["GRADATIM_ADDRESS"] = address
    if home:
        said |= _at_home(said, address)
    os.environ.update(said)  # Django's settings are made from there
    return configure()


def _at_home(said: Mapping[str, str], address: str | None) -> dict[str, str]:
    """What ``--home`` means: this machine's private address, with a certificate of its own."""
    from gradatim.server.home_certificate import certificate_for

    environ = {**os.environ, **said}
    if environ.get("GRADATIM_TLS_CERTIFICATE") or environ.get("GRADATIM_TLS_KEY"):
        raise one_fault(
            "--home",
            "makes its own certificate, and one is given",
            "Leave out --home, or GRADATIM_TLS_CERTIFICATE and GRADATIM_TLS_KEY",
        )
    if address is None:
        found = home_address()
        if found is None:
            raise one_fault(
                "--home",
                "this machine has no address on a private network",
                "Join the network at home, or name the address: --address 192.168.1.10:8321",
            )
        port = split_address(environ.get("GRADATIM_ADDRESS") or setting.default_of("address"))[1]
        address = f"{found}:{port}"
    host, _ = split_address(address)
    # Everything else has to fit before anything is made.
    plain = configure({**environ, "GRADATIM_ADDRESS": "127.0.0.1:8321"})
    settled(plain)
    _check_mine(plain.data)
    file = str(certificate_for(plain.data, host, datetime.now(UTC)))
    return {"GRADATIM_ADDRESS": address, "GRADATIM_TLS_CERTIFICATE": file, "GRADATIM_TLS_KEY": file}


def is_home(config: Config) -> bool:
    """Whether the certificate is the one that ``--home`` makes."""
    from gradatim.server.home_certificate import SERVER

    return config.tls_certificate == config.data / SERVER


def prepared(config: Config) -> lock.Lock:
    """Everything that comes before listening. Raises `BadInput` where something is in the way. The lock is the caller's from then on."""
    os.umask(0o077)
    settled(config)
    _check_mine(config.data)
    held = lock.Lock(config.data)
    held.hold()
    try:
        if not config.database:
            _check_sqlite(config.sqlite)
        begun()
        _tables(config)
        import_module("gradatim.server.urls")  # all of it is loaded before anybody asks
        if not config.accounts:
            from gradatim.server.home import household

            household()
    except BaseException:
        held.leave()
        raise
    return held


def begun() -> None:
    """Django, for this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradatim.server.django_settings")
    import django

    django.setup()


def serve(config: Config, ready: Callable[[str], None], *, demo: bool = False) -> int:
    """Serve until told to stop; gives the exit code. ``ready`` is told the address once the server answers.

    ``demo``: with a made-up person, and only where nothing is yet.
    """
    if demo:
        _check_new(config)
    held = prepared(config)
    try:
        if demo:
            from gradatim.server.made_up import fill_household

            fill_household(_now())
        from gradatim.server import serving
        from gradatim.server.wsgi import application

        def told(address: str) -> None:
            held.say(address)
            ready(address)

        return serving.run(config, application, told, lambda server, stopping: _beside(config, server, stopping))
    finally:
        held.leave()


def warm() -> None:
    """Read what the first packet would otherwise wait for: what is known about the drug, and the library of public holidays."""
    from gradatim.almanac.closed import closed_days
    from gradatim.domain.person import MARKETS
    from gradatim.monographs import bibliography, leaflet, monograph, scales

    for read in (monograph, leaflet, scales, bibliography):
        read()
    today = datetime.now(UTC).date()
    closed_days(MARKETS[0], today, today)


def pairing(address: str) -> Pairing:
    """A code for one more device of the household, and the link with it."""
    from gradatim.server.app_place import front
    from gradatim.server.home import household
    from gradatim.server.pairing import code_for

    code, expires = code_for(household())
    return Pairing(link=f"{address}{front()}#pair={code}", code=code, expires=expires)


def qr_text(link: str) -> str:
    """A link as a QR code of letters, for a terminal."""
    import io

    import segno

    out = io.StringIO()
    segno.make(link, micro=False, error="m").terminal(out, compact=True, border=2)
    return out.getvalue()


def _beside(config: Config, server: Listener, stopping: threading.Event) -> None:
    """What has to be done once, and what from time to time. What fails is told and tried again; the server goes on."""
    try:
        warm()
    except Exception:
        log.exception("not done: warm")
    pause = _FIRST
    while not stopping.wait(pause):
        pause = _EVERY
        for work in (_certificate, _sessions, _backup):
            try:
                work(config, server)
            except Exception:
                log.exception(f"not done: {work.__name__.strip('_')}")


def _certificate(config: Config, server: Listener) -> None:
    if not is_home(config):
        return
    from gradatim.server.home_certificate import certificate_for, ends

    assert config.tls_certificate is not None
    before = ends(config.tls_certificate)
    certificate_for(config.data, config.host, datetime.now(UTC))
    if ends(config.tls_certificate) != before:
        server.renew(config)
        log.info("certificate renewed")


def _sessions(config: Config, server: Listener) -> None:
    """Sessions that have ended."""
    from django.contrib.sessions.models import Session
    from django.db import connection
    from django.utils import timezone

    try:
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
    finally:
        connection.close()


def _backup(config: Config, server: Listener) -> None:
    from gradatim.server.backup.daily import backup_if_due

    if backup_if_due(config, _now()) is not None:
        log.info("backup made")


def _check_mine(data: Path) -> None:
    """Files of another user would fail one by one later, at the worst moment."""
    if not hasattr(os, "geteuid"):
        return
    me = os.geteuid()
    others = [path for path in (data, *sorted(data.iterdir())) if path.stat().st_uid != me]
    if others:
        raise BadInput(
            [
                Fault(
                    str(path),
                    f"belongs to user {path.stat().st_uid}, and this is user {me}",
                    "Run the server as that user, or give the files to this one: chown",
                )
                for path in others
            ]
        )
    if not os.access(data, os.W_OK | os.X_OK):
        raise one_fault(str(data), "cannot be written to", "Allow it: chmod u+rwx; or name another folder: --data")


def _check_new(config: Config) -> None:
    """A made-up person and a real one never meet in one folder."""
    if config.accounts or config.database:
        said = "GRADATIM_MODE" if config.accounts else "GRADATIM_DATABASE"
        raise one_fault("--demo", "makes a household of its own, in a folder", f"Leave out {said}")
    if config.data.exists() and any(config.data.iterdir()):
        raise one_fault(
            "--demo", f"takes a new folder, and {config.data} holds something", "Name another: --data FOLDER"
        )


def _check_sqlite(path: Path) -> None:
    """Whether the file is a database, and free: Django would wait for long, and say less."""
    if not path.exists():
        return
    try:
        found = sqlite3.connect(path, timeout=_PATIENCE)
        try:
            found.execute("BEGIN IMMEDIATE")
            found.execute("ROLLBACK")
        finally:
            found.close()
    except sqlite3.Error as error:
        raise _database_fault(str(path), str(error)) from None


def _tables(config: Config) -> None:
    """The tables of this version, backed up before they change. Raises `BadInput` where the database cannot be used, or is of a newer one."""
    from django.db import DatabaseError, connection

    from gradatim.server.migrating import migrate_safely

    where = "GRADATIM_DATABASE" if config.database else str(config.sqlite)
    try:
        connection.ensure_connection()
        done = migrate_safely(config, _now())
    except DatabaseError as error:
        said = str(error).strip().splitlines()
        raise _database_fault(where, said[0] if said else type(error).__name__) from None
    finally:
        connection.close()
    if done.steps:
        log.info("tables changed", extra={"count": len(done.steps)})


def _now() -> Instant:
    return Instant.of(datetime.now(UTC).replace(microsecond=0))


def _database_fault(where: str, said: str) -> BadInput:
    remedies = {
        "locked": "Another program holds it: close that one, then start again",
        "not a database": "Restore a backup into a new folder; keep this file",
        "malformed": "Restore a backup into a new folder; keep this file",
        "full": "Make space on the disk",
        "readonly": "Check who owns the file, and whether its disk can be written to",
        "password": "Check the password in GRADATIM_DATABASE",
        "connect": "Check that PostgreSQL runs, and the address in GRADATIM_DATABASE",
    }
    remedy = next(
        (found for word, found in remedies.items() if word in said.lower()), "Look at it with: gradatim doctor"
    )
    return BadInput([Fault(where, f"the database cannot be used: {said}", remedy)])
