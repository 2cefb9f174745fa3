"""Everything that the server holds about an account, as data: for its owner. Secrets and their hashes are not in it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils import timezone

from gradatim.journal.sealed import write_plain
from gradatim.server import models
from gradatim.server.journal import TableJournal
from gradatim.server.models import Role
from gradatim.server.rights import grants_of

SCHEMA = "gradatim/account/1"


def copy_of(account: models.Account) -> dict[str, Any]:
    """The copy. Each of ``records`` is what `gradatim import` reads; null for one in which nothing was written yet."""
    own = str(account.pk)
    return {
        "schema": SCHEMA,
        "made": _at(timezone.now()),
        "account": {
            "id": own, "email": account.email, "name": account.name, "administrator": account.administrator, "active": account.is_active,
            "made": _at(account.made), "signed_in": _at(account.last_login), "has_password": account.has_usable_password(),
        },
        "addresses": [{"email": one.email, "verified": one.verified, "primary": one.primary} for one in EmailAddress.objects.filter(user=account)],
        "providers": [
            {"provider": one.provider, "id": one.uid, "said": one.extra_data, "made": _at(one.date_joined), "used": _at(one.last_login)}
            for one in SocialAccount.objects.filter(user=account)
        ],
        "second_factors": [
            {"kind": str(one.type), "made": _at(one.created_at), "used": _at(one.last_used_at)}
            for one in Authenticator.objects.filter(user=account)
        ],
        "sessions": [
            {"address": one.ip, "browser": one.user_agent, "made": _at(one.created_at), "seen": _at(one.last_seen_at)}
            for one in UserSession.objects.filter(user=account)
        ],
        "devices": [
            {
                "id": str(one.pk), "label": one.label, "program": one.program, "scopes": one.scopes, "made": _at(one.made), "seen": _at(one.seen),
                "expires": _at(one.expires), "ended": _at(one.revoked), "clock_ahead": one.clock_ahead,
            }
            for one in account.devices.order_by("made", "id")
        ],
        "pairing_codes": [
            {"made": _at(one.made), "expires": _at(one.expires), "used": _at(one.used), "scopes": one.scopes}
            for one in models.PairingCode.objects.filter(account=account).order_by("made")
        ],
        "grants": [
            {
                "id": str(one.pk), "record": str(one.record_id), "role": one.role, "scopes": one.scopes, "made": _at(one.made),
                "consented_by": one.consented_by, "expires": _at(one.expires), "ended": _at(one.revoked),
            }
            for one in account.grants.order_by("made", "id")
        ],
        "invitations": [
            {
                "id": str(one.pk), "record": None if one.record_id is None else str(one.record_id), "role": one.role, "scopes": one.scopes,
                "label": one.label, "made": _at(one.made), "expires": _at(one.expires), "used": _at(one.used), "taken_back": _at(one.revoked),
            }
            for one in models.Invitation.objects.filter(made_by=account).order_by("made", "id")
        ],
        "accesses": [
            {"record": str(one.record_id), "role": one.role, "device": one.label, "action": one.action, "hour": _at(one.hour)}
            for one in models.Access.objects.filter(account=own).order_by("id")
        ],
        "audit": [
            {"at": _at(one.at), "by": one.account, "action": one.action, "subject": one.subject, "detail": one.detail}
            for one in models.Audit.objects.filter(Q(account=own) | Q(subject=own)).order_by("id")
        ],
        "kept_answers": [
            {"key": one.key, "at": _at(one.at), "status": one.status} for one in models.Answered.objects.filter(account=account).order_by("id")
        ],
        "records": {str(one.record_id): _record(one) for one in grants_of(account) if one.role == Role.PERSON},
    }  # fmt: skip


def _record(grant: models.Grant) -> Any:
    entries = TableJournal(grant.record_id).since().entries
    return json.loads(write_plain(entries)) if entries else None


def _at(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()
