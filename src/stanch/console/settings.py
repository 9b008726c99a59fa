"""Django's settings, from the data folder and a few variables that ``stanch serve`` sets.

STANCH_DATA: the folder. STANCH_DATABASE: ``postgresql://…`` instead of the embedded SQLite. STANCH_ORIGIN: the address that people use, when behind
a proxy. STANCH_MFA: ``required`` asks everybody for a second factor. STANCH_MAIL: ``smtp://host:port``.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from stanch.console.home import DEFAULT, Home

HERE = Path(__file__).resolve().parent
STANCH_HOME = Home(Path(os.environ.get("STANCH_DATA", DEFAULT)).resolve())
STANCH_ORIGIN = os.environ.get("STANCH_ORIGIN", "http://127.0.0.1:8400").rstrip("/")
STANCH_MFA = os.environ.get("STANCH_MFA", "offered")
STANCH_PRIVATE_WEBHOOKS = os.environ.get("STANCH_PRIVATE_WEBHOOKS") == "allowed"
"""Whether webhooks may go to loopback and private networks."""

_secret = STANCH_HOME.root / "keys" / "secret"
SECRET_KEY = STANCH_HOME.key("secret").decode() if _secret.exists() else "not-served"
_https = STANCH_ORIGIN.startswith("https://")
_host = urlsplit(STANCH_ORIGIN).hostname or "127.0.0.1"

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", _host]
CSRF_TRUSTED_ORIGINS = [STANCH_ORIGIN]
ROOT_URLCONF = "stanch.console.urls"
ASGI_APPLICATION = "stanch.console.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "console.Person"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

INSTALLED_APPS = [
    "stanch.console.apps.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ninja",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "stanch.console.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stanch.console.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stanch.console.middleware.second_factor",
    "stanch.console.middleware.Faults",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stanch.console.shell.frame",
            ],
        },
    }
]


PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA secure_delete=ON", "PRAGMA cache_size=-16000")
"""A commit survives a power cut; what was deleted is overwritten."""


def _database() -> dict[str, object]:
    url = urlsplit(os.environ.get("STANCH_DATABASE", ""))
    if url.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql", "NAME": url.path.lstrip("/"), "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""), "HOST": unquote(url.hostname or ""), "PORT": str(url.port or ""), "CONN_MAX_AGE": 0,
        }  # fmt: skip
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STANCH_HOME.database,
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "; ".join(PRAGMAS),
        },
        "TEST": {"NAME": os.environ.get("STANCH_TEST_DATABASE")},
    }


DATABASES = {"default": _database()}
_shared = DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "console_cache"}
    if _shared
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
"""Rate limits are counted here: in the process where there is one, in the database where there may be several."""

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "stanch.console.accounts.ClosedAccounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "5/m/ip,3/m/key", "reauthenticate": "10/m/user"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "stanch"
MFA_ADAPTER = "stanch.console.accounts.SealedFactors"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "stanch_session"
CSRF_COOKIE_NAME = "stanch_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "stanch.console.views.fault.forbidden_form"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_HANDLERS = ["stanch.console.uploads.BoundedMemory"]
STANCH_MAX_UPLOAD_BYTES = 64_000_000

_mail = urlsplit(os.environ.get("STANCH_MAIL", ""))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if _mail.hostname else "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20
STANCH_MAIL_ON = bool(_mail.hostname)
DEFAULT_FROM_EMAIL = os.environ.get("STANCH_FROM", "stanch@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"bare": {"()": "stanch.console.logs.Bare"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "bare"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}, "allauth": {"handlers": ["stderr"], "level": "ERROR"}},
}
NINJA_PAGINATION_MAX_LIMIT = 200
TEST_RUNNER = "django.test.runner.DiscoverRunner"
