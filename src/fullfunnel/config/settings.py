"""Everything that can be set, from the environment: FULLFUNNEL_… (docs/settings.md lists them)."""

import os
import secrets
from pathlib import Path

from fullfunnel.config import wiring
from fullfunnel.core import durable, logs
from fullfunnel.core.lease import Lease

DATA_DIR = Path(os.environ.get("FULLFUNNEL_DATA_DIR", "data")).resolve()
DEBUG = os.environ.get("FULLFUNNEL_DEBUG") == "1"
# The public address, for links in mails and the snippet; also the host that requests may name.
BASE_URL = os.environ.get("FULLFUNNEL_URL", "").rstrip("/")


def _secret_key() -> str:
    """Made at the first start and kept beside the data, readable by its owner only: there is no default to forget."""
    if given := os.environ.get("FULLFUNNEL_SECRET_KEY"):
        return given
    path = DATA_DIR / "secret_key"
    if not _is_written(path):
        durable.make_directory(DATA_DIR)
        # Two processes may start at once.
        with Lease(DATA_DIR / "secret_key.lock"):
            if not _is_written(path):
                durable.replace_file(path, secrets.token_urlsafe(50).encode())
    return path.read_text()


def _is_written(path: Path) -> bool:
    """False for an empty file too: a power cut left it where an older program did not wait for the disk."""
    return path.exists() and path.stat().st_size > 0


SECRET_KEY = _secret_key()
_host = BASE_URL.split("//")[-1].split("/")[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([_host] if _host else [])]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
ROOT_URLCONF = "fullfunnel.config.urls"
WSGI_APPLICATION = "fullfunnel.config.wsgi.application"

ROOMS = [
    "core",
    "workspaces",
    "events",
    "people",
    "capture",
    "segments",
    "notes",
    "notices",
    "analytics",
    "campaigns",
    "messaging",
    "forms",
    "crm",
    "stages",
    "demo",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    *(f"fullfunnel.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Pages and our own files; what lies compressed beside a file is sent as it is. Secrets in pages are masked or padded (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    # Above the files, which carry these headers too.
    "fullfunnel.core.headers.Headers",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fullfunnel.workspaces.shell.shell",
            ],
        },
    }
]

# SQLite; what is written in SQL by hand is kept to what PostgreSQL takes too, for when it is outgrown.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "main.db",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what an action acknowledged survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
        },
    }
}
# What the rooms below config show of the wiring.
NAV_COUNTS, NAV_OF_SALES, NAV_WHERE = wiring.NAV_COUNTS, wiring.NAV_OF_SALES, wiring.NAV_WHERE
COMMANDS, WORDS, LANDING, SECTIONS = wiring.COMMANDS, wiring.WORDS, wiring.LANDING, wiring.SECTIONS
NAV, BOTTOM, PALETTE = wiring.NAV, wiring.BOTTOM, wiring.PALETTE
PERSON_PANELS, SALES_PANELS = wiring.PERSON_PANELS, wiring.SALES_PANELS
COMPANY_PANELS, DEAL_PANELS = wiring.COMPANY_PANELS, wiring.DEAL_PANELS
BEGIN, BELL, SCRIPTS = wiring.BEGIN, wiring.BELL, wiring.SCRIPTS
INTAKE, ON_EVENT, KINDS = wiring.INTAKE, wiring.ON_EVENT, wiring.KINDS
ROWS_OF_PEOPLE, BEGINNINGS = wiring.ROWS_OF_PEOPLE, wiring.BEGINNINGS
ON_ASSIGNED, ON_CALENDARS, WORK_OF_MEMBERS = wiring.ON_ASSIGNED, wiring.ON_CALENDARS, wiring.WORK_OF_MEMBERS
OWNED, SEEN_EXAMPLES = wiring.OWNED, wiring.SEEN_EXAMPLES
PAGE_KINDS, PEOPLE_WHO, SELLERS = wiring.PAGE_KINDS, wiring.PEOPLE_WHO, wiring.SELLERS
STAGE_RULES, STAGE_RULES_CALLED = wiring.STAGE_RULES, wiring.STAGE_RULES_CALLED
SPEND = wiring.SPEND
SPENDING, HEARD = wiring.SPENDING, wiring.HEARD
# The folder of the nightly backups, below DATA_DIR or absolute; "off": none are made.
BACKUPS = os.environ.get("FULLFUNNEL_BACKUPS", "backups")
EVENT_STORE = os.environ.get("FULLFUNNEL_EVENT_STORE", "lake")
# Requests a second, lasting, of one write key from one address in one web process; ten seconds' worth may come at once. 0: no limit.
CAPTURE_RATE = float(os.environ.get("FULLFUNNEL_CAPTURE_RATE", "2000"))
# Whether a server compiles the folds when it starts, in the background; else the first funnel of a process waits for it.
WARM = os.environ.get("FULLFUNNEL_WARM", "1") == "1"
# Threads that run Django in one web process. Pages wait for disk and DuckDB, both of which release the interpreter.
WEB_THREADS = 8
# What one process may use for a question before it goes to disk.
LAKE_MEMORY = os.environ.get("FULLFUNNEL_LAKE_MEMORY", "1GB")

AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
CSRF_FAILURE_VIEW = "fullfunnel.config.errors.csrf_failure"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
# A lock holds for this pair only, so that nobody can lock somebody else out; workspaces.proving has the other brakes.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# The name in authenticate(), not in the form; with another the lock would hold for everybody at the address.
AXES_USERNAME_FORM_FIELD = "username"
AXES_CLIENT_IP_CALLABLE = "fullfunnel.core.headers.client_network"
AXES_WHITELIST_CALLABLE = "fullfunnel.workspaces.proving.is_known_browser"
AXES_LOCKOUT_CALLABLE = "fullfunnel.workspaces.views.entrance.locked_out"
# Attempts are kept for the limit only; workspaces.on_tick forgets them after a day.
AXES_DISABLE_ACCESS_LOG = True

_secure = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# For this host alone. Django sends it over HTTPS only, and the front says what came by HTTPS (core.headers.scheme_of).
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_self = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _self,
        "script-src": _self,
        "style-src": _self,
        "font-src": _self,
        "img-src": ["'self'", "data:"],
        "connect-src": _self,
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": _self,
        "frame-ancestors": ["'none'"],
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# core.pages.asset marks each address with its content.
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "fullfunnel.core.logs.WithoutMessages", "fmt": logs.FORMAT}},
    "filters": {"route": {"()": "fullfunnel.core.logs.RouteNotPath"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("FULLFUNNEL_LOG", "WARNING")},
    # Careful: axes logs user names; they are personal data.
    "loggers": {
        "axes": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR", "filters": ["route"]},
        "django.security": {"level": "CRITICAL"},
        # At DEBUG it tells how it compiles, line by line.
        "numba": {"level": "WARNING"},
    },
}
