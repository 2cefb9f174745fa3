"""A real server in a process of its own, for tests that kill it, cut its connections, fill its disk. POSIX only.

Django is loaded once, in a process that forks the servers: so a server is there in milliseconds, and a thousand can die in minutes.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Running:
    """The process that forks servers, and the server that runs now."""

    mother: subprocess.Popen[str]
    data: Path
    pid: int = 0
    address: str = ""

    def tell(self, **said: Any) -> dict[str, Any]:
        """Have the mother do something, and hear what came of it."""
        assert self.mother.stdin is not None
        assert self.mother.stdout is not None
        self.mother.stdin.write(json.dumps(said) + "\n")
        self.mother.stdin.flush()
        line = self.mother.stdout.readline()
        if not line:
            raise RuntimeError(f"the mother of the servers died; see {self.data}.log")
        found: dict[str, Any] = json.loads(line)
        return found

    def start(self) -> None:
        """Fork a server and wait until it listens. It takes the same port each time, as soon as the system lets it go."""
        for _ in range(100):
            # Below the ports that the system gives to clients: else one that tries again and again would take the server's own.
            told = self.tell(do="start", port=urlsplit(self.address).port or secrets.choice(range(20_000, 30_000)))
            if told["address"]:
                self.pid, self.address = told["pid"], told["address"]
                return
            self.tell(do="wait", pid=told["pid"])
            time.sleep(0.05)
        raise RuntimeError(f"no server starts; see {self.data}.log")

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Kill the server and wait until it is gone."""
        os.kill(self.pid, number)
        self.tell(do="wait", pid=self.pid)
        self.pid = 0

    def runs(self) -> bool:
        """Whether there is a server now."""
        return self.pid != 0

    def households(self, count: int, devices: int) -> list[dict[str, Any]]:
        """New records, each with some devices: ``{"record": …, "tokens": […]}``."""
        found: list[dict[str, Any]] = self.tell(do="households", count=count, devices=devices)["made"]
        return found

    def home(self, codes: int) -> dict[str, Any]:
        """A new record with a token for it, and codes by which browsers are paired: ``{"record": …, "token": …, "codes": […]}``."""
        return self.tell(do="home", codes=codes)

    def rows(self, record: str) -> tuple[int, list[str], list[str]]:
        """What the database holds of a record: how many rows verify, the ids in order, and what is broken."""
        told = self.tell(do="rows", record=record)
        return told["count"], told["ids"], told["broken"]


@contextmanager
def running(data: Path, database: str | None = None, **environ: str) -> Iterator[Running]:
    """The mother of servers over a data folder, without a server yet. ``database`` is the address of a PostgreSQL."""
    data.mkdir(parents=True, exist_ok=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GRADATIM_", "DJANGO_"))}
    env |= {
        "GRADATIM_DATA": str(data),
        "GRADATIM_THREADS": "8",
        "DJANGO_SETTINGS_MODULE": "tests.server.settings",
        **environ,
    }
    if database:
        env["GRADATIM_DATABASE"] = database
    with (data.parent / f"{data.name}.log").open("a") as log:
        mother = subprocess.Popen(
            [sys.executable, "-m", "tests.server.running"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=env, cwd=ROOT
        )  # fmt: skip
    found = Running(mother, data)
    try:
        yield found
    finally:
        if found.pid:
            with suppress(ProcessLookupError):
                os.kill(found.pid, signal.SIGKILL)
        assert mother.stdin is not None
        mother.stdin.close()
        mother.wait(20)
        assert mother.stdout is not None
        mother.stdout.close()


# --- in the other process -------------------------------------------------------------------------------------------------


def _start(port: int) -> dict[str, Any]:
    from dataclasses import replace

    from django.conf import settings

    from gradatim.server import serving
    from gradatim.server.wsgi import application

    listen, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(listen)
        os.dup2(2, 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

        def ready(address: str) -> None:
            os.write(say, address.encode())
            os.close(say)

        try:
            serving.run(replace(settings.CONFIG, port=port), application, ready)
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(0)
    os.close(say)
    with os.fdopen(listen) as pipe:
        address = pipe.read()
    return {"pid": pid, "address": address}


def _households(count: int, devices: int) -> dict[str, Any]:
    from gradatim.server import who
    from tests.server.made import account, record_of

    made = []
    for _ in range(count):
        owner = account()
        tokens = [who.new_device(owner, f"Device {number}", who.ALL, program=True)[1] for number in range(devices)]
        made.append({"record": str(record_of(owner)), "tokens": tokens})
    return {"made": made}


def _code() -> dict[str, Any]:
    from gradatim.server.pairing import code_for
    from tests.server.made import account, record_of

    owner = account()
    record_of(owner)
    return {"code": code_for(owner)[0]}


def _home(codes: int) -> dict[str, Any]:
    from gradatim.server import who
    from gradatim.server.pairing import code_for
    from tests.server.made import account, record_of

    owner = account()
    token = who.new_device(owner, "The test itself", who.ALL, program=True)[1]
    return {"record": str(record_of(owner)), "token": token, "codes": [code_for(owner)[0] for _ in range(codes)]}


def _invite(administrator: bool) -> dict[str, Any]:
    from gradatim.server import invitations

    return {"code": invitations.make(days=7, made_by=None, administrator=administrator)[1]}


def _account(email: str, name: str, password: str, record: bool) -> dict[str, Any]:
    from gradatim.server import who
    from gradatim.server.models import Account
    from tests.server.made import record_of

    owner = Account.objects.create_user(email, password, name=name)
    found = str(record_of(owner)) if record else None
    return {"record": found, "token": who.new_device(owner, "The test itself", who.ALL, program=True)[1]}


def _reset_key(email: str) -> dict[str, Any]:
    from django.conf import settings

    from gradatim.server import accounts

    return {"link": accounts.reset_link(settings.CONFIG, accounts.named(email))}


def _older(email: str, seconds: int | None) -> dict[str, Any]:
    """Let the proofs of an account be so many seconds older; None: its sessions end."""
    from importlib import import_module

    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as PROOFS
    from allauth.usersessions.models import UserSession
    from django.conf import settings

    from gradatim.server import accounts, erasure

    found = accounts.named(email)
    if seconds is None:
        return {"ended": erasure.end_sessions(found)}
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in UserSession.objects.filter(user=found).values_list("session_key", flat=True):
        session = store(key)
        session[PROOFS] = [one | {"at": one["at"] - seconds} for one in session.get(PROOFS, [])]
        session.save()
    return {}


def _rows(record: str) -> dict[str, Any]:
    from uuid import UUID

    from gradatim.server.journal import TableJournal
    from gradatim.server.models import Entry

    count, broken = TableJournal(UUID(record)).verify()
    ids = Entry.objects.filter(record_id=record).order_by("place").values_list("entry", flat=True)
    return {"count": count, "ids": list(ids), "broken": [str(one) for one in broken]}


def _again(work: Any, *arguments: Any) -> dict[str, Any]:
    """Do some work with the database; while it recovers, try again."""
    from django.db import Error, connection

    for _ in range(600):
        try:
            found: dict[str, Any] = work(*arguments)
        except Error:
            connection.close()
            time.sleep(0.1)
        else:
            connection.close()  # a fork must not inherit it
            return found
    raise TimeoutError("the database does not come back")


def main() -> None:
    """Do what is told, line by line, until there is no more."""
    import django

    django.setup()
    from django.core.management import call_command

    from gradatim.server import start, wsgi
    from gradatim.server.api import api

    api.get_openapi_schema()
    start.warm()
    del wsgi
    _again(lambda: (call_command("migrate", verbosity=0), {})[1])
    for line in sys.stdin:
        said = json.loads(line)
        match said.pop("do"):
            case "start":
                told = _start(**said)
            case "wait":
                os.waitpid(said["pid"], 0)
                told = {}
            case "households":
                told = _again(_households, said["count"], said["devices"])
            case "code":
                told = _again(_code)
            case "home":
                told = _again(_home, said["codes"])
            case "invite":
                told = _again(_invite, said["administrator"])
            case "account":
                told = _again(_account, said["email"], said["name"], said["password"], said["record"])
            case "reset":
                told = _again(_reset_key, said["email"])
            case "older":
                told = _again(_older, said["email"], said["seconds"])
            case "rows":
                told = _again(_rows, said["record"])
            case other:
                raise ValueError(other)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
