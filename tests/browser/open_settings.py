"""Settings of a server for the browser that lets everybody sign up, writes its mail into files, and trusts a provider of the tests."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from gradatim.server.django_settings import providers
from tests.browser.settings import *  # noqa: F403
from tests.browser.settings import CONFIG as _USUAL
from tests.server.provider import CLIENT, SECRET

CONFIG = replace(
    _USUAL, accounts=True, sign_up=True, oidc_issuer=os.environ["OPEN_PROVIDER"], oidc_client_id=CLIENT, oidc_client_secret=SECRET, oidc_name="Clinic",
)  # fmt: skip
SOCIALACCOUNT_PROVIDERS = providers(CONFIG)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(Path(os.environ["GRADATIM_DATA"]) / "mail")
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
