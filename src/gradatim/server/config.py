"""The settings put together: what is refused, what is made at the first start, and where everything lies."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from gradatim.domain.fault import BadInput, Fault, Unreadable
from gradatim.server.setting import read_settings

_LEAST_SECRET = 50
_LEAST_KINDS = 10  # different characters
_MINE_ONLY = 0o600
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_HOST, _PORT = "127.0.0.1", 8321


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A server's settings that fit together. ``secret_key`` may still be empty: `settled` makes one where that is allowed."""

    accounts: bool
    data: Path
    database: str
    host: str
    port: int
    hosts: tuple[str, ...]
    secret_key: str
    tls_certificate: Path | None
    tls_key: Path | None
    proxies: tuple[str, ...]
    sign_up: bool
    email_url: str
    email_from: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    metrics_token: str
    backup_folder: Path
    backup_recipients: tuple[str, ...]
    backup_keep: int
    packet_days: int
    threads: int
    log_format: str

    @property
    def loopback(self) -> bool:
        """Whether only this machine can ask."""
        return _reach(self.host) == "loopback"

    @property
    def tls(self) -> bool:
        """Whether the server itself speaks TLS."""
        return self.tls_certificate is not None

    @property
    def secure(self) -> bool:
        """Whether every browser comes by https: then cookies are for https only."""
        return self.tls or (self.accounts and not self.loopback) or bool(self.proxies)

    @property
    def allowed_hosts(self) -> list[str]:
        """The names under which it may be asked for."""
        own = (
            [] if self.host in ("0.0.0.0", "::", *_LOOPBACK) else [f"[{self.host}]" if ":" in self.host else self.host]
        )
        return [*dict.fromkeys([*self.hosts, *own, *_LOOPBACK])]

    @property
    def sqlite(self) -> Path:
        """The file of the database, where it is SQLite."""
        return self.data / "gradatim.sqlite3"


def configure(environ: Mapping[str, str] | None = None) -> Config:
    """The settings in force. Raises `BadInput` with everything that is wrong with them."""
    config, faults = looked_at(os.environ if environ is None else environ)
    if faults:
        raise BadInput(faults)
    return config


def looked_at(environ: Mapping[str, str]) -> tuple[Config, list[Fault]]:
    """The settings as far as they can be read, and everything that is wrong with them. What cannot be read counts as not given."""
    found, faults = read_settings(environ)
    base = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    data = found.pop("data") or base / "gradatim" / "server"
    try:
        host, port = split_address(found.pop("address"))
    except Unreadable as bad:
        faults.append(Fault("GRADATIM_ADDRESS", bad.problem, bad.remedy))
        host, port = _HOST, _PORT
    found["backup_folder"] = found["backup_folder"] or data / "backups"
    config = Config(accounts=found.pop("mode") == "accounts", data=data, host=host, port=port, **found)
    unread = {fault.path for fault in faults}
    return config, [*faults, *(fault for fault in faults_of(config) if fault.path not in unread)]


def settled(config: Config) -> Config:
    """The same with its folder made, and a secret key: the one given, else one drawn at the first start and kept for this user alone.

    Raises `BadInput` where the folder cannot be made or used.
    """
    try:
        made = not config.data.exists()
        config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if made:
            config.data.chmod(0o700)
        if config.secret_key:
            return config
        return replace(config, secret_key=_kept(config.data / "secret-key", lambda: secrets.token_urlsafe(64)))
    except OSError as error:
        raise unusable(config.data, error) from None


def unusable(path: Path, error: OSError) -> BadInput:
    """The fault for a file or folder that this user cannot use."""
    where = error.filename or path
    why = error.strerror or str(error)
    remedy = "Check who owns it and its space; or name another folder: GRADATIM_DATA"
    return BadInput([Fault(str(where), f"cannot be used: {why}", remedy)])


def split_address(text: str) -> tuple[str, int]:
    """``127.0.0.1:8321`` → host and port; ``[::1]:8321`` for IPv6. Raises `Unreadable`."""
    host, mark, port = text.strip().rpartition(":")
    if not mark or not port.isdecimal() or not 0 <= int(port) <= 65535 or not host:
        raise Unreadable(f"{text!r} is not an address", "Write host:port, for example 127.0.0.1:8321")
    host = host.strip("[]")
    if _reach(host) == "unknown":
        raise Unreadable(f"{host!r} is not the address of a machine", "Write numbers, for example 127.0.0.1:8321")
    return ("127.0.0.1" if host == "localhost" else host), int(port)


def _reach(host: str) -> str:
    """Who can reach an address: ``loopback``, ``home`` (a private network), or ``public``; all interfaces count as public."""
    if host == "localhost":
        return "loopback"
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback:
        return "loopback"
    return "home" if (found.is_private or found.is_link_local) and not found.is_unspecified else "public"


def home_address() -> str | None:
    """This machine's address on the network at home; None where it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # reserved for examples: only the choice of the own address matters
            found = str(asked.getsockname()[0])
        except OSError:
            return None
    return found if _reach(found) == "home" else None


def faults_of(config: Config) -> list[Fault]:
    """Why it must not start like this."""
    reach = _reach(config.host)
    faults = []

    def wrong(name: str, problem: str, remedy: str) -> None:
        faults.append(Fault(f"GRADATIM_{name}", problem, remedy))

    if reach == "public" and not config.accounts:
        wrong(
            "MODE",
            f"is personal, and {config.host} can be reached by others",
            "Set GRADATIM_MODE=accounts, or listen on 127.0.0.1",
        )
    if reach == "public" and not config.secret_key:
        wrong(
            "SECRET_KEY",
            f"is missing, and {config.host} can be reached by others",
            "Draw one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'",
        )
    if reach == "public" and not config.hosts:
        wrong(
            "HOSTS",
            f"is missing, and {config.host} can be reached by others",
            "Name the server's own name, for example gradatim.example.org",
        )
    for name in config.hosts:
        if "*" in name or name.startswith("."):
            wrong("HOSTS", f"{name!r} allows more than one name", "Name each host")
        elif not _HOST_NAME.fullmatch(name):
            wrong(
                "HOSTS",
                f"{name!r} is not a name",
                "Write names only, for example gradatim.example.org: no https://, no port, no path",
            )
    if reach != "loopback" and not config.tls and not config.proxies:
        wrong(
            "TLS_CERTIFICATE",
            f"is missing: doses would cross the network in the clear to {config.host}",
            "Give a certificate and its key, or name the proxy that speaks TLS in GRADATIM_PROXIES; at home: gradatim serve --home",
        )
    if config.secret_key and (len(config.secret_key) < _LEAST_SECRET or len(set(config.secret_key)) < _LEAST_KINDS):
        wrong(
            "SECRET_KEY",
            f"has {len(config.secret_key)} characters, {len(set(config.secret_key))} of them different",
            f"Draw {_LEAST_SECRET} at random",
        )
    if (config.tls_certificate is None) != (config.tls_key is None):
        wrong("TLS_KEY", "and GRADATIM_TLS_CERTIFICATE go together", "Give both")
    for name, file in (("TLS_CERTIFICATE", config.tls_certificate), ("TLS_KEY", config.tls_key)):
        if file is not None and not file.is_file():
            wrong(name, f"{file} is no file", "Check the name, and who may read it")
    for said in config.proxies:
        try:
            network = ipaddress.ip_network(said, strict=False)
        except ValueError:
            wrong("PROXIES", f"{said!r} is not an address or a network", "Write for example 127.0.0.1 or 172.16.0.0/12")
        else:
            if network.prefixlen == 0:
                wrong("PROXIES", f"{said} trusts everybody to say who asks", "Name the proxy's own address")
    oidc = (config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret)
    if any(oidc) and not all(oidc):
        wrong(
            "OIDC_ISSUER",
            "needs the client's id and secret too",
            "Give GRADATIM_OIDC_ISSUER, GRADATIM_OIDC_CLIENT_ID and GRADATIM_OIDC_CLIENT_SECRET",
        )
    if config.oidc_issuer and not config.accounts:
        wrong("OIDC_ISSUER", "is given, and nobody signs in in personal mode", "Set GRADATIM_MODE=accounts")
    if config.metrics_token and len(config.metrics_token) < 20:
        wrong("METRICS_TOKEN", "is too short: it could be guessed", "Draw 20 characters at random")
    if config.oidc_issuer and _scheme(config.oidc_issuer) != "https":
        wrong("OIDC_ISSUER", "is not an address that begins with https://", "Write https://sign-in.example.org")
    if config.database and _scheme(config.database) not in ("postgresql", "postgres"):
        wrong(
            "DATABASE",
            "is not the address of a PostgreSQL database",
            "Write postgresql://user:password@host/name, or leave it out for SQLite",
        )
    if config.email_url and _scheme(config.email_url) not in ("smtp", "smtps"):
        wrong(
            "EMAIL_URL",
            "is not the address of a mail server",
            "Write smtp://user:password@host:587, or smtps://user:password@host:465",
        )
    return faults


def _scheme(address: str) -> str:
    """The first part of an address; nothing where it is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return ""
    return parts.scheme


def database(config: Config) -> dict[str, Any]:
    """The database as Django names it."""
    if not config.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(config.sqlite),
            "OPTIONS": {
                # An acknowledged entry is on the disk: FULL waits for it. Nobody waits longer for another's turn than `timeout` seconds.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    parts = urlsplit(config.database)
    pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
    options = {name: unquote(value) for name, _, value in pairs}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": "5",
            "options": "-c lock_timeout=20s",
            **options,
        },  # nobody waits for ever for another's turn
    }


def _kept(path: Path, draw: Any) -> str:
    """A secret in a file that this user alone may read, drawn where there is none."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MINE_ONLY)
    except FileExistsError:
        found = path.read_text(encoding="utf-8").strip()
        if len(found) < _LEAST_SECRET:
            raise BadInput(
                [Fault(str(path), "holds no key", "Remove it: another is drawn, and everybody signs in again")]
            ) from None
        return found
    with os.fdopen(file, "w", encoding="utf-8") as opened:
        opened.write(f"{(drawn := str(draw()))}\n")
        opened.flush()
        os.fsync(opened.fileno())
    return drawn


def mail(config: Config) -> dict[str, Any]:
    """The mail server as Django names it."""
    if not config.email_url:
        return {}
    parts = urlsplit(config.email_url)
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 10,
    }
