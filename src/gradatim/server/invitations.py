"""Invitations: a code by which somebody makes an account, joins a record, or both. It works once, for some days, and is kept as a hash."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from gradatim.domain.fault import Fault
from gradatim.server import models, who
from gradatim.server.app_place import front
from gradatim.server.config import Config
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import MOST, Right, audited, noted
from gradatim.server.who import Asker, Scope

SHOWN = "invitation"
"""Where a session keeps which invitation was shown in it."""
LASTS, LONGEST = 7, 30  # days
MOST_OPEN = 20
"""Invitations to one record that may wait at the same time."""
_GONE = "This invitation is not known, was used, was taken back, or has ended. Ask for another."


def make(
    *, days: int, made_by: models.Account | None, label: str = "", administrator: bool = False,
    record: UUID | None = None, role: Role | None = None, scopes: Iterable[Scope] = (), grant_days: int | None = None,
) -> tuple[models.Invitation, str]:  # fmt: skip
    """A new invitation and its code, which is never shown again. ``made_by`` None: the command line of the machine."""
    code = who.new_code() + who.new_code()  # about 78 bits: it holds for days, not for minutes
    now = timezone.now()
    made = models.Invitation.objects.create(
        code_hash=who.hashed(code), record_id=record, role="" if role is None else role, scopes=sorted(scopes), administrator=administrator,
        label=label, made_by=made_by, expires=now + timedelta(days=days),
        grant_expires=None if grant_days is None else now + timedelta(days=grant_days),
    )  # fmt: skip
    audited("invitation made", account=made_by, subject=made.pk, detail=_told(made))
    return made, "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def by_code(code: str) -> models.Invitation:
    """The invitation of a code, if it still holds. Raises `Problem`, the same one for whatever is wrong with it."""
    found = _holding().filter(code_hash=who.hashed(who.plain_code(code))).first()
    if found is None or not _still_meant(found):
        raise Problem("gone", _GONE)
    return found


def shown_in(request: HttpRequest) -> models.Invitation | None:
    """The invitation that was shown in this session, if it still holds."""
    shown = request.session.get(SHOWN)
    found = _holding().filter(pk=shown).first() if shown else None
    return found if found is not None and _still_meant(found) else None


def accept(
    invitation: UUID | str | None, account: models.Account, *, device: models.Device | None = None, new: bool = False
) -> models.Grant | None:
    """Use up an invitation, all of it or nothing. Gives the grant where it is to a record.

    ``new``: the account is being made with it. Raises `Problem`.
    """  # fmt: skip
    with transaction.atomic():
        seen = None if invitation is None else models.Invitation.objects.filter(pk=invitation).first()
        if seen is None:
            raise Problem("gone", _GONE)
        if seen.record_id is not None:  # the record first, as everybody does who changes its grants
            models.Record.objects.select_for_update().filter(pk=seen.record_id).first()
        found = _holding().select_for_update(of=("self",)).filter(pk=seen.pk).first()
        if found is None or not _still_meant(found):
            raise Problem("gone", _GONE)
        grant = None
        if found.record_id is not None:
            grant = _join(found, account, device)
        else:
            _admit(found, account, new=new)
        found.used = timezone.now()
        found.save(update_fields=["used"])
        audited("invitation used", account=account, subject=found.pk, detail=_told(found))
    return grant


def link(config: Config, code: str) -> str:
    """The address at which an invitation is opened, as far as the settings tell the server's own name."""
    if config.hosts:
        return f"{'https' if config.secure else 'http'}://{config.hosts[0]}{front()}#join={code}"
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"{'https' if config.tls else 'http'}://{host}:{config.port}{front()}#join={code}"


def waiting(record: UUID) -> QuerySet[models.Invitation]:
    """The invitations to a record that somebody may still use."""
    return _holding().filter(record_id=record)


def active_grants(record: UUID) -> QuerySet[models.Grant]:
    """The grants on a record that hold now."""
    now = timezone.now()
    return models.Grant.objects.filter(Q(expires=None) | Q(expires__gt=now), record_id=record, record__erased=None, revoked=None)  # fmt: skip


def _holding() -> QuerySet[models.Invitation]:
    now = timezone.now()
    return models.Invitation.objects.filter(
        Q(grant_expires=None) | Q(grant_expires__gt=now), Q(record=None) | Q(record__erased=None), used=None, revoked=None, expires__gt=now
    )  # fmt: skip


def _still_meant(found: models.Invitation) -> bool:
    """Whether who invited could still do it: an invitation does not outlive the right to invite."""
    by = found.made_by
    if found.record_id is None:
        return by is None or (by.is_active and by.administrator)
    return (
        by is not None and by.is_active and active_grants(found.record_id).filter(account=by, role=Role.PERSON).exists()
    )


def _join(found: models.Invitation, account: models.Account, device: models.Device | None) -> models.Grant:
    record, role = found.record_id, Role(found.role)
    assert record is not None
    if account.administrator:
        raise Problem("not-allowed", "An administrator's account sees no record. Use another account for it.")
    if active_grants(record).filter(account=account).exists():
        raise Problem("there-already", "This account has to do with this record already. End that first.")
    if role is Role.PRESCRIBER and not account.name:
        raise Problem("bad-input", faults=[Fault("account.name", "is empty", "Give your name: approvals carry it")])
    grant = models.Grant.objects.create(
        record_id=record, account=account, role=role, scopes=[one for one in found.scopes if one in MOST[role]],
        consented_by=str(found.made_by_id), expires=found.grant_expires,
    )  # fmt: skip
    noted(
        Right(asker=Asker(account=account, device=device, scopes=MOST[role]), grant=grant, scopes=MOST[role]), "joined"
    )
    return grant


def _admit(found: models.Invitation, account: models.Account, *, new: bool) -> None:
    """For an account on this machine, without a record."""
    if not new:
        raise Problem("not-allowed", "This invitation is for making a new account. Sign out, then open it again.")
    if found.administrator:
        account.administrator = True
        account.save(update_fields=["administrator"])
        audited("administrator made", subject=account.pk)


def _told(one: models.Invitation) -> str:
    """What an audit may say about it: never a name, and never the label, which is often one."""
    return (
        f"{one.role} ({', '.join(one.scopes)})"
        if one.record_id
        else "administrator"
        if one.administrator
        else "account"
    )


def need_accounts() -> None:
    """Raise `Problem` where there is one account only."""
    if not settings.CONFIG.accounts:
        raise Problem("not-allowed", "In personal mode there is one account. Pair the other person's device instead.")
