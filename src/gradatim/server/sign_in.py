"""Signing up and in, as far as allauth leaves it to us: who may make an account, under what name, and what a lock-out answers."""

from __future__ import annotations

import logging
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from gradatim.domain.fault import Fault
from gradatim.server import invitations, models, problems
from gradatim.server.app_place import front
from gradatim.server.models import Role
from gradatim.server.problems import Problem
from gradatim.server.rights import Right, audited
from gradatim.server.who import Asker

log = logging.getLogger("gradatim.sign_in")

PLACE = "/_allauth/"
"""Where everything about signing in is asked."""
_CLOSED = "/auth/provider/token"
"""For apps without a browser: it would take a provider's token from anybody who has one."""
_UNREADABLE = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)


class OnlyWithAccounts:
    """A middleware: in personal mode nobody signs in, and what is for signing in is not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(PLACE) and (path.endswith(_CLOSED) or not settings.CONFIG.accounts):
            return problems.answer("not-found")
        return self._next(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What allauth cannot read of a passkey's answer is the sender's fault, and a provider that does not answer is the provider's."""
        if isinstance(exception, RequestException):
            log.warning("the provider does not answer", exc_info=exception)
            return problems.answer("unavailable", "The provider for signing in does not answer.")
        if (
            request.path_info.startswith(PLACE)
            and "/webauthn" in request.path_info
            and isinstance(exception, _UNREADABLE)
        ):
            log.warning("a passkey that cannot be read", exc_info=exception)
            return problems.answer("bad-request")
        return None


class Sessions(SessionMiddleware):
    """Django's own, but that a request which came with an older session takes no cookie away: it may be answered after the browser signed in."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Only what ended the session forgets it."""
        answer = super().process_response(request, response)
        cookie = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie["max-age"] == 0 and not request.session.modified:
            del answer.cookies[settings.SESSION_COOKIE_NAME]
        return answer


def display(account: models.Account) -> str:
    """How mail and passkeys call an account."""
    return account.name or account.email


class Named(forms.Form):
    """What signing up asks beside the address and the password: the name under which others see the account."""

    name = forms.CharField(max_length=models.LONGEST_NAME)

    def clean_name(self) -> str:
        """One line of letters that can be read."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not name.isprintable():
            raise ValidationError("A name is one line of letters.", code="invalid")
        return name

    def signup(self, request: HttpRequest, user: models.Account) -> None:
        """Asked for by allauth; the name was stored with the account already."""


class Doors(DefaultAccountAdapter):  # type: ignore[misc]
    """The adapter that Django's settings name."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only where the settings say so, or with an invitation that was shown in this session and still holds."""
        return bool(settings.CONFIG.accounts and (settings.CONFIG.sign_up or invitations.shown_in(request) is not None))

    def save_user(self, request: HttpRequest, user: models.Account, form: Any, commit: bool = True) -> models.Account:  # noqa: ARG002
        """Store a new account and use up its invitation, both or neither."""
        user.name = form.cleaned_data["name"]
        with transaction.atomic():
            made: models.Account = super().save_user(request, user, form, commit=True)
            _admit(request, made)
        return made

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """What allauth says about a lock-out in a form is the answer 429 here."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(problems.answer("too-many", headers={"Retry-After": "300"}))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def get_client_ip(self, request: HttpRequest) -> Any:
        """The address that the edge has settled."""
        return request.META.get("REMOTE_ADDR", "")


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The same for who comes through a provider: the name is the provider's, or asked for where it gives none."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ARG002
        """Both answers of the provider must be about the same person (OpenID Connect Core 5.3.2)."""
        said = sociallogin.account.extra_data
        subjects = {str(said[part].get("sub")) for part in ("userinfo", "id_token") if part in said}
        if len(subjects) > 1:
            raise PermissionDenied

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> models.Account:
        """Take over the name."""
        user: models.Account = super().populate_user(request, sociallogin, data)
        named = Named({"name": data.get("name") or ""})
        user.name = named.cleaned_data["name"] if named.is_valid() else ""
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Without a name the form asks for it."""
        return bool(sociallogin.user.name and super().is_auto_signup_allowed(request, sociallogin))

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> models.Account:
        """Store a new account and use up its invitation, both or neither."""
        with transaction.atomic():
            made: models.Account = super().save_user(request, sociallogin, form)
            if form is None:  # with a form the other adapter was asked
                _admit(request, made)
        return made


def confirmed_lately(request: HttpRequest, asker: Asker) -> bool:
    """Whether whoever asks proved to be this account in this browser in the last minutes. In personal mode a paired browser is proof enough."""
    if not settings.CONFIG.accounts:
        return asker.device is not None and not asker.device.program
    if not request.user.is_authenticated or request.user.pk != asker.account.pk:
        return False
    proofs = [float(one["at"]) for one in get_authentication_records(request, request.user)]
    return bool(proofs) and time.time() - max(proofs) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def need_confirmation(request: HttpRequest, asker: Asker) -> None:
    """Raise `Problem` unless who asks signed in or confirmed it lately."""
    if not confirmed_lately(request, asker):
        raise Problem("sign-in-again")


def need_signer(request: HttpRequest, right: Right, *, at: Iterable[str] = ()) -> None:
    """Raise `Problem` where a prescriber approves in their own name over the network and is not known to be there themselves.

    An approval is a signature: by the person, and not by whoever holds their device, a token or a pairing code of theirs. So a program
    brings none. ``at``: the paths of what carries one, so that the rest can be sent without it. A household has no accounts to prove.
    """
    if settings.CONFIG.accounts and right.role is Role.PRESCRIBER and not confirmed_lately(request, right.asker):
        remedy = "Approve it in the app, signed in: it asks whether it is you"
        raise Problem("sign-in-again", faults=[Fault(path, "is a prescriber's own approval", remedy) for path in at])


def to_provider(request: HttpRequest, *, connect: bool) -> str:
    """Where the browser goes to sign in through the provider, and from where it comes back; ``connect``: to add it to an account.

    A form of our pages could not follow a redirect to elsewhere: their policy forbids it. Raises `Problem` where there is no provider.
    """
    provider = next((one for one in get_adapter(request).list_providers(request) if one.id == "openid_connect"), None)
    if provider is None:
        raise Problem("not-found")
    try:
        answer = provider.redirect(
            request, AuthProcess.CONNECT if connect else AuthProcess.LOGIN, next_url=front(), headless=True
        )
    except RequestException as error:
        log.warning("the provider does not answer", exc_info=error)
        raise Problem("unavailable", "The provider for signing in does not answer.") from None
    return str(answer.headers["Location"])


def _admit(request: HttpRequest, account: models.Account) -> None:
    """Use up the invitation of this session. Where sign-up is open, one that has ended meanwhile is no hindrance."""
    audited("account made", subject=account.pk)
    shown = request.session.pop(invitations.SHOWN, None)
    if shown is None and settings.CONFIG.sign_up:
        return
    try:
        invitations.accept(shown, account, new=True)
    except Problem as problem:
        if not settings.CONFIG.sign_up:
            raise ImmediateHttpResponse(problems.of(problem)) from None
