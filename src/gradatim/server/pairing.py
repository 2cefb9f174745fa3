"""Pairing codes: by one of them, one more device acts for an account."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from gradatim.server import models, who
from gradatim.server.who import ALL, Scope

CODE_LASTS = timedelta(minutes=10)


def code_for(account: models.Account, scopes: frozenset[Scope] = ALL) -> tuple[str, datetime]:
    """A new pairing code and its end. The command line shows one at the start."""
    code, expires = who.new_code(), timezone.now() + CODE_LASTS
    models.PairingCode.objects.filter(expires__lt=timezone.now() - CODE_LASTS).delete()
    models.PairingCode.objects.create(
        code_hash=who.hashed(code), account=account, scopes=sorted(scopes), expires=expires
    )
    return code, expires
