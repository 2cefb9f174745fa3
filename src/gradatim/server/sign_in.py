"""Signing up and in, as far as allauth leaves it to us: who may make an account, and from where somebody asks."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class Doors(DefaultAccountAdapter):  # type: ignore[misc]
    """The adapter that Django's settings name."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only where the settings say so, or with an invitation that was shown in this session."""
        return bool(settings.CONFIG.accounts and (settings.CONFIG.sign_up or request.session.get("invitation")))

    def get_client_ip(self, request: HttpRequest) -> Any:
        """The address that the edge has settled."""
        return request.META.get("REMOTE_ADDR", "")
