"""Erasing at a person's wish: one record, or an account with the records that nobody else holds. All of it or nothing.

What stays says that something was erased and how much, and nothing of what it said. What an account wrote into other people's
records stays there: it is theirs. Copies and backups made before are not reached; see docs/how-to/accounts-and-carers.md.
"""

from __future__ import annotations

import logging
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gradatim.journal.chain import BEFORE_ALL
from gradatim.server import models
from gradatim.server.invitations import active_grants
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import audited

log = logging.getLogger("gradatim.erasure")


def erase_record(record: UUID, by: models.Account) -> None:
    """Erase a journal with everything about it, for its only person. Raises `Problem` where somebody else holds it too."""
    with transaction.atomic():
        _lock([record])
        if _held_by_another(record, by):
            raise Problem("not-allowed", "Another person holds this record too. Give up your part, or end theirs first.")  # fmt: skip
        _erase(record)
        audited("record erased", account=by, subject=record)
        transaction.on_commit(scrub, robust=True)


def erase_account(account: models.Account) -> None:
    """Erase an account and the records that nobody else holds; end its part in all others, its devices, sessions and codes."""
    with transaction.atomic():
        # Whoever begins or joins a record with this account at this moment waits, and then finds no account.
        models.Account.objects.select_for_update().get(pk=account.pk)
        held = models.Grant.objects.filter(account=account, record__erased=None)
        records = sorted({grant.record_id for grant in held})
        _lock(records)
        for grant in held.filter(role=Role.PERSON):
            if active_grants(grant.record_id).filter(pk=grant.pk).exists() and not _held_by_another(
                grant.record_id, account
            ):
                _erase(grant.record_id)
                audited("record erased", account=account, subject=grant.record_id)
        end_sessions(account)
        audited("account erased", account=account, subject=account.pk)
        account.delete()  # and with it grants, devices, codes, invitations, addresses, second factors, kept answers
        transaction.on_commit(scrub, robust=True)


def end_sessions(account: models.Account, *, but: str | None = None) -> int:
    """End the sessions of an account, and say how many; ``but`` is the key of one that stays."""
    keys = list(UserSession.objects.filter(user=account).exclude(session_key=but or "").values_list("session_key", flat=True))  # fmt: skip
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def scrub() -> None:
    """Let nothing of what was erased stay in the files of SQLite: removed rows are overwritten there (``secure_delete``), and this
    empties the log of what was written lately. PostgreSQL keeps removed rows until it tidies up; the manual says how to hurry it."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except DatabaseError:
        busy = 1
    if busy:  # somebody reads for longer than the database waits; the next checkpoint takes it
        log.warning("erased, and still in the database's log for a while")


def _lock(records: list[UUID]) -> None:
    """Nothing is written to these, and nobody joins or leaves them, until this transaction ends."""
    list(models.Record.objects.select_for_update().filter(pk__in=records).order_by("pk"))


def _held_by_another(record: UUID, account: models.Account) -> bool:
    return active_grants(record).filter(role=Role.PERSON).exclude(account=account).exists()


def _erase(record: UUID) -> None:
    kept = models.Record.objects.get(pk=record, erased=None)
    # First that it is erased: only then do the triggers let its rows go.
    models.Erasure.objects.create(record=kept, entries=kept.count, head=kept.head)
    models.Entry.objects.filter(record_id=record).delete()
    models.Access.objects.filter(record_id=record).delete()
    models.Answered.objects.filter(account__grants__record_id=record).delete()  # an answer may quote the record
    models.Invitation.objects.filter(record_id=record).delete()
    models.Grant.objects.filter(record_id=record).delete()
    models.Record.objects.filter(pk=record).update(person="", count=0, head=BEFORE_ALL, erased=timezone.now())
