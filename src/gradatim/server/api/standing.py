"""Who stands behind a plan, as far as this server knows it: what the approval says, and whose account brought it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from gradatim.domain.entry import PlanApproved
from gradatim.server import models
from gradatim.server.api.folded import Folded
from gradatim.server.models import Role


class CopiedOut(Schema):
    """The paper that was copied."""

    prescriber: str
    dated: date


class ApprovalOut(Schema):
    """The approval of one version. What stands in it was said by who made it; the rest is what this server saw."""

    version: int
    entry: UUID
    by: str
    role: str
    at: str
    copied_from: CopiedOut | None
    brought_by: str | None = Field(description="The account that stored it here; null where it is gone.")
    brought_as: str | None = Field(description="As what that account had to do with the record at that time.")
    received: datetime | None
    verified: bool = Field(description="A connected prescriber's own account stored it, and it is no copy.")


def approvals(found: Folded) -> list[ApprovalOut]:
    """The approvals of the plan that holds, oldest first."""
    id = found.course.latest.id
    said = [one for one in found.record.of(PlanApproved) if one.what.plan.id == id]
    rows = {
        row.entry: row
        for row in models.Entry.objects.filter(record_id=found.right.record, entry__in=[one.id for one in said])
    }
    names = {str(one.pk): one.name for one in models.Account.objects.filter(pk__in=_ids(rows))}
    grants = list(models.Grant.objects.filter(record_id=found.right.record, account__in=_ids(rows)))
    made = []
    for one in said:
        approval, row = one.what.plan.approval, rows.get(one.id)
        if approval is None:
            continue
        roles = set() if row is None else _roles(grants, row)
        copied = approval.copied_from
        made.append(
            ApprovalOut(
                version=one.what.plan.version, entry=UUID(one.id), by=approval.by, role=approval.role, at=approval.at.iso(),
                copied_from=None if copied is None else CopiedOut(prescriber=copied.prescriber, dated=copied.dated),
                brought_by=None if row is None else names.get(row.account), brought_as=min(roles, default=None),
                received=None if row is None else datetime.fromtimestamp(row.received, UTC),
                verified=copied is None and roles == {str(Role.PRESCRIBER)},
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: one.version)


def _ids(rows: dict[str, models.Entry]) -> list[UUID]:
    return [UUID(row.account) for row in rows.values() if row.account]


def _roles(grants: list[models.Grant], row: models.Entry) -> set[str]:
    """As what an account had to do with the record when it brought an entry; ``received`` knows no parts of a second."""
    return {
        str(one.role)
        for one in grants
        if str(one.account_id) == row.account
        and one.made.timestamp() < row.received + 1
        and all(end is None or end.timestamp() >= row.received for end in (one.revoked, one.expires))
    }
