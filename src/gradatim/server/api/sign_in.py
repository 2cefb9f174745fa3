"""Signing in through the provider that the settings name. Everything else about signing in is asked at ``/_allauth/``."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from gradatim.server import who
from gradatim.server.api.shapes import PROBLEMS, In
from gradatim.server.problems import Problem
from gradatim.server.sign_in import to_provider

router = Router(tags=["account"])


class ProviderIn(In):
    """``connect``: add the provider to the account that is signed in here."""

    connect: bool = False


class ProviderOut(Schema):
    """Where to send the browser. It comes back to ``/``, signed in, or with ``error`` in the address."""

    address: str


@router.post(
    "/sign-in/provider", response={200: ProviderOut, **PROBLEMS}, auth=None, operation_id="sign_in_by_provider"
)
def by_provider(request: HttpRequest, wanted: ProviderIn) -> ProviderOut:
    """Begin to sign in through the provider."""
    if not settings.CONFIG.accounts:
        raise Problem("not-found")
    who.check_csrf(request)
    return ProviderOut(address=to_provider(request, connect=wanted.connect))
