"""Whether an installation is sound: each point that was looked at, what was found, and how to mend it. Nothing is changed."""

from __future__ import annotations

import os
import platform
import shutil
import ssl
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from gradatim.server import lock, start
from gradatim.server.config import Config, looked_at
from gradatim.server.home_certificate import AUTHORITY, ends
from gradatim.server.probe import answers

_MB = 1024 * 1024
_LIBRARIES = ("django", "django-ninja", "django-allauth", "cheroot", "cryptography", "psycopg", "pydantic", "segno")
_SERIES = "5.2."  # of Django: what the tables and the sign-in were tested with
_OVER_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ncpfs"})


class State(StrEnum):
    """How a point stands. Only ``look`` and ``broken`` change the exit code."""

    GOOD = "good"
    NOTE = "note"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that was looked at. ``remedy`` is what to type or do."""

    name: str
    state: State
    found: str
    remedy: str = ""


Progress = Callable[[int, int], None]


def nobody_looks(done: int, total: int) -> None:
    """Progress that is not shown."""


def examine(environ: Mapping[str, str], progress: Progress = nobody_looks) -> list[Point]:
    """Every point of the installation that these settings name. ``progress`` hears how many entries of all were verified."""
    config, faults = looked_at(environ)
    found = [broken("settings", f"{one.path} {one.problem}", one.remedy) for one in faults]
    found = found or [good("settings", "fit together")]
    found += [*program(), *memory(_read("/proc/meminfo"))]
    if not config.data.is_dir():
        return [
            *found,
            look("folder", f"{config.data} is not there", "gradatim serve makes it; or name the right one: --data"),
        ]
    found += [
        *folder(config),
        *space(config),
        *mounted(config.data, _read("/proc/mounts")),
        *certificate(config),
        *hosts(config),
        *running(config),
    ]
    if faults:
        return [*found, broken("database", "was not looked at", "Mend the settings first")]
    _django(config)
    from gradatim.server import doctor_database

    return [*found, *doctor_database.examine(config, progress)]


def worst(points: list[Point]) -> int:
    """The exit code: 0 all is well, 1 something to look at, 2 something is broken."""
    states = {point.state for point in points}
    return 2 if State.BROKEN in states else 1 if State.LOOK in states else 0


def good(name: str, found: str) -> Point:
    """A point where all is well."""
    return Point(name=name, state=State.GOOD, found=found)


def note(name: str, found: str, remedy: str = "") -> Point:
    """A point to know about, with which all is still well."""
    return Point(name=name, state=State.NOTE, found=found, remedy=remedy)


def look(name: str, found: str, remedy: str) -> Point:
    """A point that somebody should look at."""
    return Point(name=name, state=State.LOOK, found=found, remedy=remedy)


def broken(name: str, found: str, remedy: str) -> Point:
    """A point that has to be mended."""
    return Point(name=name, state=State.BROKEN, found=found, remedy=remedy)


def program() -> Iterator[Point]:
    """Which program this is, and on what."""
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield broken("program", f"{name} is not installed", 'pip install "gradatim[server]"')
    if "django" in versions and not versions["django"].startswith(_SERIES):
        yield broken(
            "program", f"Django is {versions['django']}", f'Install {_SERIES}x: pip install "gradatim[server]"'
        )
    from gradatim import __version__

    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    yield good("program", f"Gradatim {__version__}, Python {platform.python_version()}, {told}")


def memory(text: str) -> Iterator[Point]:
    """Whether there is memory left, from what Linux says; nothing is known elsewhere."""
    known = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    said = known.get("MemAvailable", "").split()
    if not said:
        return
    free = int(said[0]) // 1024
    if free < 200:
        yield look(
            "memory", f"{free} MB are free", "The server needs about 200: end other programs, or set GRADATIM_THREADS=4"
        )
    else:
        yield good("memory", f"{free} MB are free")


def folder(config: Config) -> Iterator[Point]:
    """Whose files these are, and who else may read them."""
    faults = []
    shut = not stat.S_IMODE(config.data.stat().st_mode) & 0o077  # then nobody comes as far as the files in it
    for path in (config.data, *sorted(config.data.iterdir())):
        about = path.lstat()
        mode = stat.S_IMODE(about.st_mode)
        if hasattr(os, "geteuid") and about.st_uid != os.geteuid():
            faults.append(
                broken(
                    "folder",
                    f"{path} belongs to user {about.st_uid}, and this is user {os.geteuid()}",
                    "Run this as the user of the server; or give the files to it: chown",
                )
            )
        secret = path.name in ("secret-key", "backup-key.txt") or path.suffix == ".pem"
        if mode & 0o077 and (secret or not shut):
            faults.append(
                (broken if secret else look)(
                    "folder",
                    f"others may use {path} (mode {mode:o})",
                    f"chmod {'700' if path == config.data else '600'} {path}",
                )
            )
    yield from faults
    if not faults:
        yield good("folder", f"{config.data}: for this user alone")
    kept = config.data / "secret-key"
    if not config.secret_key and not kept.exists() and (config.sqlite.exists() or config.database):
        yield look(
            "secret key",
            f"{kept} is missing",
            "Another is drawn at the next start, and everybody signs in again; or bring it back from a copy",
        )
    elif config.secret_key or kept.exists():
        yield good("secret key", "from the environment" if config.secret_key else f"in {kept}")


def space(config: Config) -> Iterator[Point]:
    """Room for the data, and for a backup."""
    size = config.sqlite.stat().st_size if config.sqlite.exists() else 0
    for name, path in (("disk of the data", config.data), ("disk of the backups", config.backup_folder)):
        if not path.is_dir():
            continue
        free = shutil.disk_usage(path).free
        told = f"{free // _MB} MB are free"
        if free < 100 * _MB:
            yield broken(name, told, f"Make space on the disk of {path}: nothing can be stored soon")
        elif free < 1000 * _MB or free < 3 * size:
            yield look(name, told, f"Make space on the disk of {path}")
        else:
            yield good(name, told)


def mounted(data: Path, mounts: str) -> Iterator[Point]:
    """Whether the data lies on a disk of this machine: a database file on a network's is not safe."""
    kinds = {parts[1]: parts[2] for parts in (line.split() for line in mounts.splitlines()) if len(parts) > 2}
    here = next((str(path) for path in (data.resolve(), *data.resolve().parents) if str(path) in kinds), None)
    if here is not None and kinds[here] in _OVER_NETWORK:
        yield broken(
            "disk of the data",
            f"{data} lies on a disk of the network ({kinds[here]})",
            "Move it to a disk of this machine: SQLite's locks do not hold there. Or use PostgreSQL",
        )


def certificate(config: Config) -> Iterator[Point]:
    """Until when the certificates hold, and whether the key fits."""
    files = [path for path in (config.tls_certificate, config.data / AUTHORITY) if path is not None and path.exists()]
    for path in files:
        name = "certificate of this household" if path.name == AUTHORITY else "certificate"
        try:
            end = ends(path)
        except (OSError, ValueError):
            yield broken(name, f"{path} cannot be read", "Give a certificate as PEM")
            continue
        left, told = end - datetime.now(UTC), f"{path} holds until {end:%Y-%m-%d}"
        if left <= timedelta():
            yield broken(name, f"{path} ended on {end:%Y-%m-%d}", "Renew it; at home: start the server again")
        elif left < timedelta(days=14):
            yield look(name, told, "Renew it soon; at home: start the server again")
        else:
            yield good(name, told)
    if config.tls_certificate and config.tls_key and config.tls_certificate.is_file() and config.tls_key.is_file():
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(config.tls_certificate, config.tls_key)
        except (OSError, ValueError):
            yield broken(
                "certificate",
                f"{config.tls_key} does not fit {config.tls_certificate}",
                "Give the key that belongs to it",
            )


def hosts(config: Config) -> Iterator[Point]:
    """Whether anybody can ask by name."""
    if config.proxies and not config.hosts:
        yield look(
            "hosts",
            "no name is allowed beside this machine's own, and a proxy is named",
            "Set GRADATIM_HOSTS to the name that people type: every other is refused",
        )
    else:
        yield good("hosts", ", ".join(config.allowed_hosts))


def running(config: Config) -> Iterator[Point]:
    """Whether a server runs, and answers."""
    if not lock.held(config.data):
        yield note("server", "does not run now", "gradatim serve")
        return
    where = lock.address(config.data)
    host, _, port = (where or "").removeprefix("https://").removeprefix("http://").rpartition(":")
    for _ in range(20):
        if where and answers(host.strip("[]"), int(port), tls=where.startswith("https"), path="/health/ready"):
            yield good("server", f"answers at {where}")
            return
        time.sleep(0.05)
    yield broken(
        "server", f"runs, and does not answer{f' at {where}' if where else ''}", "Look at its log; then start it again"
    )


def _django(config: Config) -> None:
    """Django for this process. A secret key that is not there yet is not drawn: this process signs nothing."""
    if not config.secret_key and not (config.data / "secret-key").exists():
        os.environ["GRADATIM_SECRET_KEY"] = "abcdefghijklmnopqrstuvwxyz" * 3
    start.begun()


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except OSError:
        return ""
