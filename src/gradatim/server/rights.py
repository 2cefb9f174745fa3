"""Who may do what with which record, and the log of who did. What nobody granted looks like what is not there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gradatim.domain.entry import (
    Entry,
    PersonDescribed,
    PlanApproved,
    PlanSuperseded,
    Preference,
    ReviewAnswered,
)
from gradatim.domain.fault import Fault
from gradatim.server import models
from gradatim.server.journal import Source, TableJournal
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.who import Asker, Scope

MOST = {
    Role.PERSON: frozenset({Scope.TODAY, Scope.READ, Scope.LOG, Scope.PLAN, Scope.SHARE}),
    Role.CARER: frozenset({Scope.TODAY, Scope.READ, Scope.LOG, Scope.PLAN}),
    Role.PRESCRIBER: frozenset({Scope.TODAY, Scope.READ, Scope.LOG, Scope.PLAN}),
}
"""What each role may be granted at most."""

_PLANS = (PlanApproved, PlanSuperseded, ReviewAnswered, PersonDescribed, Preference)
_AN_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What somebody may do with one record at this moment: no more than the grant, and no more than the device."""

    asker: Asker
    grant: models.Grant
    scopes: frozenset[Scope]

    @property
    def record(self) -> UUID:
        """The record it is about."""
        return self.grant.record_id

    @property
    def role(self) -> Role:
        """In what capacity."""
        return Role(self.grant.role)

    @property
    def journal(self) -> TableJournal:
        """The journal, writing under the name of who asks."""
        device = "" if self.asker.device is None else str(self.asker.device.pk)
        return TableJournal(self.record, Source(account=str(self.asker.account.pk), device=device))


def own_record(account: models.Account, *, demo: bool = False) -> models.Grant:
    """A new empty record of an account. ``demo``: for a made-up person."""
    record = models.Record.objects.create(demo=demo)
    return models.Grant.objects.create(
        record=record, account=account, role=Role.PERSON, scopes=sorted(MOST[Role.PERSON]), consented_by=str(account.pk)
    )  # fmt: skip


def grants_of(account: models.Account) -> list[models.Grant]:
    """The grants of an account that hold now."""
    now = timezone.now()
    return list(
        models.Grant.objects.filter(
            Q(expires=None) | Q(expires__gt=now),
            account=account,
            account__administrator=False,
            revoked=None,
            record__erased=None,
        )
        .select_related("record")
        .order_by("made", "id")
    )


def right_to(asker: Asker, record: UUID, *needed: Scope) -> Right:
    """The right to do something with a record. Raises ``not-found`` where there is no grant, whether the record exists or not."""
    now = timezone.now()
    grant = (
        models.Grant.objects.filter(
            Q(expires=None) | Q(expires__gt=now),
            account=asker.account,
            account__administrator=False,
            record_id=record,
            revoked=None,
            record__erased=None,
        )
        .select_related("record")
        .first()
    )
    if grant is None:
        raise Problem("not-found")
    scopes = asker.scopes & MOST[Role(grant.role)] & {Scope(one) for one in grant.scopes if one in set(Scope)}
    if missing := [one for one in needed if one not in scopes]:
        raise Problem("not-allowed", f"This needs: {', '.join(missing)}.")
    return Right(asker=asker, grant=grant, scopes=scopes)


def check_may_write(right: Right, entries: tuple[Entry, ...]) -> None:
    """Raise `Problem` with every entry that this role may not write.

    Plans, answers to reviews and descriptions need ``plan``, everything else ``log``. Of those who were invited, a prescriber alone brings
    an approval, in their own name; a carer copies it from a paper. A person may bring what was approved elsewhere. By whom an entry was
    brought is stored beside it. The first entry says whose record it is, and comes from the person.
    """
    if entries and right.role is not Role.PERSON and not right.grant.record.person:
        raise Problem("not-allowed", "Nothing is written here yet. The person's own device begins.")
    faults = []
    for place, entry in enumerate(entries):
        need = Scope.PLAN if isinstance(entry.what, _PLANS) else Scope.LOG
        if need not in right.scopes:
            faults.append(
                Fault(
                    f"entries[{place}].what.kind",
                    f"{entry.what.kind!r} may not be written here",
                    f"It needs the scope {need}",
                )
            )
        elif right.role is not Role.PERSON and entry.author != right.asker.account.name:
            faults.append(
                Fault(
                    f"entries[{place}].author",
                    f"is {entry.author!r}",
                    f"Write in your own name: {right.asker.account.name!r}",
                )
            )
        if isinstance(entry.what, PlanApproved) and right.role is not Role.PERSON:
            approval = entry.what.plan.approval
            own = right.role is Role.PRESCRIBER and approval is not None and approval.by == right.asker.account.name
            if approval is not None and approval.copied_from is None and not own:
                remedy = (
                    "Approve in your own name"
                    if right.role is Role.PRESCRIBER
                    else "Say whose paper it was copied from"
                )
                faults.append(Fault(f"entries[{place}].what.plan.approval.by", f"is {approval.by!r}", remedy))
    if faults:
        raise Problem("not-allowed", faults=faults)


def noted(right: Right, action: str) -> None:
    """Write down that somebody looked or wrote: once in an hour for each device and kind of action."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    device = right.asker.device
    row = (
        str(right.record),
        str(right.asker.account.pk),
        "" if device is None else str(device.pk),
        action,
        hour.isoformat(),
    )
    key = f"access:{':'.join(row).replace(' ', '-')}"
    if cache.get(key):
        return
    models.Access.objects.bulk_create(
        [
            models.Access(
                record_id=right.record, account=row[1], name=right.asker.account.name, role=right.grant.role, device=row[2],
                label="" if device is None else device.label, action=action, hour=hour,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    transaction.on_commit(partial(cache.set, key, True, _AN_HOUR))  # else a row that was undone would count as written


def audited(action: str, *, account: models.Account | None = None, subject: object = "", detail: str = "") -> None:
    """Write down what was done with accounts, devices and rights."""
    models.Audit.objects.create(
        account="" if account is None else str(account.pk), action=action, subject=str(subject)[:36], detail=detail[:200]
    )  # fmt: skip
