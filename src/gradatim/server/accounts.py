"""What runs the machine does with accounts: the list, letting in and keeping out, a way back in. Nothing here sees a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Count, Max, Q

from gradatim.domain.fault import one_fault
from gradatim.server import models
from gradatim.server.config import Config
from gradatim.server.erasure import end_sessions
from gradatim.server.invitations import link
from gradatim.server.rights import audited


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An account as who runs the machine sees it. ``seen``: when it, or a device of it, last did something; within minutes."""

    account: models.Account
    devices: int
    seen: datetime | None


def listed() -> list[Listed]:
    """Every account, in the order of their addresses."""
    rows = models.Account.objects.annotate(
        alive=Count("devices", filter=Q(devices__revoked=None), distinct=True), seen=Max("devices__seen"), session=Max("usersession__last_seen_at")
    ).order_by("email")  # fmt: skip
    return [
        Listed(account=one, devices=one.alive, seen=max(filter(None, (one.last_login, one.seen, one.session)), default=None))
        for one in rows
    ]  # fmt: skip


def named(email: str) -> models.Account:
    """The account of an address. Raises `BadInput`."""
    found = models.Account.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise one_fault("EMAIL", "is no account here", "See gradatim accounts list")
    return found


def let(account: models.Account, *, active: bool, by: models.Account | None = None) -> None:
    """Keep an account out, or let it in again. Kept out, its sessions end and its devices and programs stop, all at once."""
    with transaction.atomic():
        account.is_active = active
        account.save(update_fields=["is_active"])
        if not active:
            end_sessions(account)
            models.PairingCode.objects.filter(account=account, used=None).delete()
        audited("account enabled" if active else "account disabled", account=by, subject=account.pk)


def reset_link(config: Config, account: models.Account, *, without_second_factor: bool = False) -> str:
    """An address at which a new password is set, once, within a day. ``without_second_factor`` forgets passkeys, codes and the app too."""
    if not account.is_active:
        raise one_fault("EMAIL", "is kept out", "Let it in first: gradatim accounts enable")
    with transaction.atomic():
        if without_second_factor:
            Authenticator.objects.filter(user=account).delete()
        audited(
            "reset link made", subject=account.pk, detail="second factor forgotten" if without_second_factor else ""
        )
    key = f"{user_pk_to_url_str(account)}-{PASSWORD_RESET_TOKEN_GENERATOR().make_token(account)}"
    return link(config, "").replace("#join=", f"#reset={key}")
