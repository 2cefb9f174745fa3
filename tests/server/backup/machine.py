"""Machines for backups: each with a data folder and a database of its own, filled with a little of everything and compared row by row."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from gradatim.domain.clock import Instant
from gradatim.journal.sealing import SecretKeys
from gradatim.server.backup.database import opened
from gradatim.server.backup.document import Header, Table
from gradatim.server.backup.keys import key_file, secret_keys
from gradatim.server.backup.schema import LEFT_OUT
from gradatim.server.backup.taking import Checked, check
from gradatim.server.config import Config, configure
from gradatim.server.journal import Source, TableJournal
from tests.journal.made import entries

NOW = Instant.parse("2026-11-23T05:00:00Z")
SERVER = os.environ.get("GRADATIM_DATABASE", "")
KIND = "postgresql" if SERVER else "sqlite"
KINDS = ("sqlite", "postgresql") if SERVER else ("sqlite",)
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One server's data."""

    config: Config
    environ: dict[str, str]

    @property
    def own_keys(self) -> SecretKeys:
        """What its backups are sealed to."""
        return secret_keys(key_file(self.config))

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table that a backup holds; empty where there is no database."""
        with opened(self.config) as there:
            return contents(there)


@contextmanager
def machine(folder: Path, kind: str = KIND, **environ: str) -> Iterator[Machine]:
    """A machine that has nothing yet."""
    data = folder / f"data-{next(_numbers)}"
    data.mkdir(mode=0o700)
    settings = {"GRADATIM_DATA": str(data), **environ}
    if kind == "sqlite":
        yield Machine(config=configure(settings), environ=settings)
        return
    name = f"backup_{os.getpid()}_{next(_numbers)}"  # a schema is made and dropped far faster than a database
    settings["GRADATIM_DATABASE"] = f"{SERVER}{'&' if '?' in SERVER else '?'}options=-csearch_path={name}"
    _admin(f"CREATE SCHEMA {name}")
    try:
        yield Machine(config=configure(settings), environ=settings)
    finally:
        _admin(f"DROP SCHEMA {name} CASCADE")


def _admin(statement: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(statement.encode())


def contents(there: BaseDatabaseWrapper) -> dict[str, list[tuple[Any, ...]]]:
    """The same of an open database. What a restore itself writes down is left out."""
    names = set(there.introspection.table_names())
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in LEFT_OUT or table not in names:
            continue
        with there.cursor() as cursor:
            known = {column.name for column in there.introspection.get_table_description(cursor, table)}
        columns = [field.attname for field in model._meta.concrete_fields if field.column in known]
        rows = [tuple(row) for row in model._base_manager.values_list(*columns) if "restored" not in row]
        found[table] = sorted(rows, key=repr)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Who and what is on a machine now."""

    record: UUID
    erased: UUID
    owner: UUID
    token: str
    revoked: str


def fill(entries_of: Any = None) -> Filled:
    """A little of everything into the database in hand."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP
    from allauth.socialaccount.models import SocialAccount

    from gradatim.server import models, who
    from gradatim.server.erasure import erase_record
    from gradatim.server.rights import audited
    from tests.server.made import account, demo, granted, record_of

    owner, carer = account("A. Name"), account("Dr B. Name", last_login=timezone.now())
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    TOTP.activate(owner, TOTP_SECRET)
    Authenticator.objects.create(user=owner, type="recovery_codes", data={"seed": "x", "used_mask": 3, "ratio": 0.5})
    SocialAccount.objects.create(
        user=carer, provider="oidc", uid=carer.email, extra_data={"name": "Dr B. Name", "list": [1, None]}
    )
    device, token = who.new_device(owner, "A phone – ½ “quoted”\n", who.ALL, program=False)
    gone, revoked = who.new_device(owner, "An old phone", who.ALL, program=True)
    who.revoke(gone)
    record, erased = record_of(owner), record_of(carer)
    TableJournal(record, Source(account=str(owner.pk), device=str(device.pk))).append(entries_of or demo())
    granted(record, carer, models.Role.CARER, expires=timezone.now() + timedelta(days=400))
    models.Invitation.objects.create(
        code_hash=who.hashed(f"a code for {record}"),
        record_id=record,
        role="carer",
        scopes=["read"],
        made_by=owner,
        expires=timezone.now(),
    )
    models.PairingCode.objects.create(
        code_hash=who.hashed(f"another for {record}"), account=owner, expires=timezone.now()
    )
    models.Answered.objects.create(account=owner, key="k", request_hash="h", body="{}")
    models.Access.objects.create(
        record_id=record, account=str(carer.pk), name=carer.name, role="carer", action="read", hour=timezone.now()
    )
    TableJournal(erased).append(entries(3))
    erase_record(erased, carer)
    audited("looked", account=carer)
    return Filled(record=record, erased=erased, owner=owner.pk, token=token, revoked=revoked)


class Rows:
    """Keeps what is read."""

    def __init__(self) -> None:
        self.found: dict[str, list[dict[str, Any]]] = {}

    def begin(self, header: Header) -> None:
        self.found = {table.name: [] for table in header.tables}

    def row(self, table: Table, cells: list[Any]) -> None:
        self.found[table.name].append(dict(zip(table.columns, cells, strict=True)))


def read(path: Path, keys: SecretKeys) -> tuple[Checked, dict[str, list[dict[str, Any]]]]:
    """A backup, with all its rows."""
    rows = Rows()
    return check(path, keys, rows), rows.found
