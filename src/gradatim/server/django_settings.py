"""Django's settings, made from ours. Django names this module; nobody else imports it."""

from __future__ import annotations

from typing import Any

from gradatim.server import config as _config
from gradatim.server.app_place import front as _front

_FRONT = _front()
CONFIG = _config.settled(_config.configure())

DEBUG = False
SECRET_KEY = CONFIG.secret_key
ALLOWED_HOSTS = CONFIG.allowed_hosts
DATABASES = {"default": _config.database(CONFIG)}
ROOT_URLCONF = "gradatim.server.urls"
WSGI_APPLICATION = "gradatim.server.wsgi.application"
AUTH_USER_MODEL = "gradatim.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True  # for what allauth says of a form and in its mails; everything else is said by our own catalogues
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "gradatim.server",
]
MIDDLEWARE = [
    "gradatim.server.middleware.Edge",
    "gradatim.server.speaks.Speaks",
    "gradatim.server.sign_in.OnlyWithAccounts",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "gradatim.server.sign_in.Sessions",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
# One process: what is counted here is counted for all.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}}}

# --- cookies and transport ----------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # a sign-in that comes back from an OIDC provider is a navigation from elsewhere
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "__Host-gradatim-session" if CONFIG.secure else "gradatim-session"
CSRF_COOKIE_NAME = "__Host-gradatim-csrf" if CONFIG.secure else "gradatim-csrf"
CSRF_FAILURE_VIEW = "gradatim.server.problems.csrf_failed"
SECURE_HSTS_SECONDS = 0 if not CONFIG.secure or not CONFIG.accounts else 365 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = None  # the edge tells http from https, and only by a trusted proxy's word
RATE = 1  # the limits of requests in a minute are multiplied by it; only tests of load raise it
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

# --- signing in -----------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "gradatim.server.sign_in.Doors"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
SOCIALACCOUNT_ADAPTER = "gradatim.server.sign_in.Providers"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_DISPLAY = "gradatim.server.sign_in.display"
ACCOUNT_SIGNUP_FORM_CLASS = "gradatim.server.sign_in.Named"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = bool(
    CONFIG.email_url
)  # one address: a new one takes its place when it is proved, and the old one is told
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger cannot make this server write to strangers
ACCOUNT_EMAIL_NOTIFICATIONS = bool(CONFIG.email_url)  # of a changed password, a new passkey and the like
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before addresses, second factors and providers are changed
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if CONFIG.email_url else "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = bool(CONFIG.email_url)
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{_FRONT}#confirm={{key}}",
    "account_reset_password": f"{_FRONT}#reset",
    "account_reset_password_from_key": f"{_FRONT}#reset={{key}}",
    "account_signup": f"{_FRONT}#sign-up",
    "socialaccount_login_error": f"{_FRONT}#sign-in-failed",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Gradatim"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = CONFIG.loopback and not CONFIG.secure  # a proxy gives https, on loopback too
MFA_ALLOW_UNVERIFIED_EMAIL = not CONFIG.email_url  # nobody can verify an address where no mail goes out
USERSESSIONS_TRACK_ACTIVITY = True


def providers(config: _config.Config) -> dict[str, Any]:
    """The provider that may sign people in, as allauth names it; nothing where the settings name none."""
    if not config.oidc_issuer:
        return {}
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": config.oidc_name,
                    "client_id": config.oidc_client_id,
                    "secret": config.oidc_client_secret,
                    "settings": {"server_url": config.oidc_issuer},
                }
            ],
        }
    }


SOCIALACCOUNT_PROVIDERS = providers(CONFIG)

# --- mail and logs --------------------------------------------------------------------------------------------------

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if CONFIG.email_url else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.email_from
vars().update(_config.mail(CONFIG))
LOGGING_CONFIG = "gradatim.server.logs.begin"
LOGGING = {"format": CONFIG.log_format}
