"""Settings, read from the environment; `.env.example` lists every variable.

Without any variable this is the embedded mode: SQLite under `var/`, three background threads, a
memory cache. DATABASE_URL and REDIS_URL switch to the service mode; the code is the same.
"""

import secrets
import shlex
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def secret(name: str) -> str:
    """What stands in the file that NAME_FILE names, else NAME itself; empty where neither is set.
    A file keeps it out of the process's environment, which `docker inspect` and /proc show."""
    path = env.str(f"{name}_FILE", default="")
    if not path:
        return str(env.str(name, default=""))
    try:
        kept = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names a file that cannot be read: {error}. Make the secrets with "
            "`python -m targets_site.operations.make_secrets FOLDER`."
        ) from error
    if not kept:
        raise ImproperlyConfigured(f"{name}_FILE names a file that is empty: {path}")
    return kept


def with_password(url: str, password: str) -> str:
    """The address with it, where it has none of its own."""
    parts = urlsplit(url)
    if not url or not password or parts.password:
        return url
    host = f"{quote(parts.username or '', safe='')}:{quote(password, safe='')}@{parts.netloc}"
    return parts._replace(netloc=host).geturl()


VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

REDIS_URL = with_password(env.str("REDIS_URL", default=""), secret("REDIS_PASSWORD"))
EMBEDDED = not REDIS_URL


def own_secret_key() -> str:
    """The embedded mode's key: made once, kept beside the database."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = secret("SECRET_KEY") or (own_secret_key() if EMBEDDED else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it, or SECRET_KEY_FILE to a file that holds it: 50 random "
        "characters, the same for web, worker and beat."
    )

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Reading pages without login: the try-out, or a deployment that says so.
OPEN_READING = env.bool("OPEN_READING", default=False)
HTTPS = env.bool("HTTPS", default=False)


def whole_number(name: str, value: str, *, least: int, most: int, what: str) -> int:
    """The value of an environment variable. Raises ImproperlyConfigured where it is none of the
    numbers from `least` to `most`."""
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {what}: a whole number from {least} to {most}.")
    return int(value)


# How many proxies of ours stand before us, each of which appends to X-Forwarded-For; 0: the header
# is what the client wrote, and counts for nothing (`client_address.py`).
PROXIES = whole_number(
    "PROXIES",
    env.str("PROXIES", default="0"),
    least=0,
    most=10,
    what="how many trusted proxies stand before the site",
)

INSTALLED_APPS = [
    "targets_site",
    "targets_site.operations",
    "targets_site.audit",
    "targets_site.places",
    "targets_site.accounts",
    "plans",
    "indicators",
    "reports",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "targets_site.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "targets_site.middleware.NoDevicesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "targets_site.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "targets_site.middleware.NoNulMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "targets_site.middleware.NothingKeptMiddleware",
    "targets_site.rate_limits.RateLimitMiddleware",
    "targets_site.middleware.ReadingOrLoginMiddleware",
    "targets_site.middleware.TypedByMiddleware",
    "targets_site.middleware.SeenMiddleware",
    "targets_site.middleware.OwnPasswordFirstMiddleware",
    "targets_site.middleware.SecondFactorFirstMiddleware",
    "targets_site.middleware.TrailMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "targets_site.retrying.LostRaceMiddleware",
]

ROOT_URLCONF = "targets_site.urls"
WSGI_APPLICATION = "targets_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "indicators.context.reader",
            ],
            "builtins": [
                "targets_site.templatetags.shown",
                "indicators.templatetags.lights",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"


def database() -> dict[str, Any]:
    """The one database, with time limits, so that a frozen server never hangs a request."""
    config: dict[str, Any] = env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/db.sqlite3")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            # Readers never wait; a writer takes its lock at once instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
        return config
    config["PASSWORD"] = config["PASSWORD"] or secret("DATABASE_PASSWORD")
    # Not for SQLite, which has no driver to spare memory for.
    from targets_site.postgresql import Connection, Cursor

    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    config["OPTIONS"] = {
        # What the address says, `?sslmode=verify-full` for a server on another machine.
        **config.get("OPTIONS", {}),
        "connect_timeout": 5,
        # Compiling a statement pays off where it runs for seconds; ours would take twice as long.
        "options": "-c statement_timeout=30s -c lock_timeout=5s"
        " -c idle_in_transaction_session_timeout=60s -c jit=off",
        "tcp_user_timeout": 8000,
        # All of these are no help against a server that stands still.
        "connection_factory": Connection,
        "cursor_factory": Cursor,
    }
    return config


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if EMBEDDED
    else {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # A page waits this long for a cache that does not answer, and then does without it.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
    # Built reading pages, compressed: 10 to 25 kB each, in each web process. Not in Redis, which
    # throws nothing away and would have no room for messages once it is full of pages.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
# A message is acknowledged when its work is done; until then the broker keeps it.
CELERY_TASK_ACKS_LATE = True
# A message takes up to a minute: none waits behind another while some worker is free.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A message whose process was killed is not sent again: one that kills would come back several
# times a second, for ever. The rows that it was about are still there, with their attempts
# counted, and the next message works them off.
CELERY_TASK_REJECT_ON_WORKER_LOST = False
# What runs while the broker is away runs on: the rows do not depend on it.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# Worker and beat try again for ever; by default they would give up after some 50 minutes.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A broker that is frozen or gone costs the person who saves this long at most, once.
    "socket_timeout": 3,
    "socket_connect_timeout": 3,
    "max_retries": 0,
    # Nothing that waits depends on a message that comes back; it only must not come back while
    # its work is still going on.
    "visibility_timeout": 3600,
}
# A process that hangs is ended, before its message comes back.
CELERY_TASK_TIME_LIMIT = 1800
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
# Beat only ticks: `indicators/schedule.py` says what runs when, the database whether it is due.
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "indicators.tick",
        "schedule": 30.0,
        # Where no worker listens, ticks do not pile up.
        "options": {"expires": 30},
    },
}

# E-mail exists only where EMAIL_HOST is set; it carries one mail of notices a day and person.
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured(
        "EMAIL_USE_TLS and EMAIL_USE_SSL exclude each other. Set EMAIL_USE_TLS=1 for STARTTLS "
        "(often port 587), EMAIL_USE_SSL=1 for TLS from the start (often port 465)."
    )
# Seconds: a mail server that hangs never holds a job up for long.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="targets@localhost")
# Days before a deadline on which people are reminded of it.
REMIND_DAYS_BEFORE = env.int("REMIND_DAYS_BEFORE", default=3)
# Hours that a verdict must have stood worse before anybody is told of it, and days in which the
# same of a target is not told again.
NOTICE_SETTLE_HOURS = env.int("NOTICE_SETTLE_HOURS", default=24)
NOTICE_QUIET_DAYS = env.int("NOTICE_QUIET_DAYS", default=30)
# The address under which people reach the site, for links in mails; empty leaves them out.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "targets_site.accounts.authentication.AccessTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "targets_site.api.permissions.OnlyReadByToken",
    ],
    "DEFAULT_PARSER_CLASSES": ["targets_site.strict_json.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "targets_site.api_errors.answer",
    "UNICODE_JSON": True,
    # Else `?format=` would be understood beside the filters.
    "URL_FORMAT_OVERRIDE": None,
}
# Days after which an access token of the API ends, and how many one person may have at a time.
API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", default=30)
API_TOKENS_EACH = env.int("API_TOKENS_EACH", default=5)
if not 1 <= API_TOKEN_DAYS <= 90:
    raise ImproperlyConfigured("API_TOKEN_DAYS is the life of an access token: 1 to 90 days.")
if API_TOKENS_EACH < 1:
    raise ImproperlyConfigured("API_TOKENS_EACH is how many access tokens one may have: 1 or more.")
KNOX_TOKEN_MODEL = "accounts.AccessToken"
# Its only table is the one that ours stands for.
MIGRATION_MODULES = {"knox": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "Quality targets",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    # They speak to whoever reads the code.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "POSTPROCESSING_HOOKS": ["targets_site.api.described.complete"],
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = [
    "targets_site.accounts.backends.GuardedBackend",
    "targets_site.accounts.backends.SecondFactorBackend",
]
# Roles whose holders sign in with a second factor; everybody else may. Names of roles that there
# are none of stop the start (`accounts/apps.py`).
SECOND_FACTOR_ROLES = env.list(
    "SECOND_FACTOR_ROLES",
    default=["system_admin", "security_admin", "audit_admin", "reviewer", "steward"],
)
# A code is good in its half minute, the one before and the one after: no phone is followed further.
OTP_TOTP_SYNC = False
# Under which name apps list it.
OTP_TOTP_ISSUER = lambda _device: gettext("Quality targets")  # noqa: E731
# So many failures lock an account, and so many the address that they come from, for so long. An
# office sits behind one address, which therefore stands more.
LOGIN_FAILURES = whole_number(
    "LOGIN_FAILURES",
    env.str("LOGIN_FAILURES", default="5"),
    least=1,
    most=100,
    what="how many failures lock an account",
)
LOGIN_FAILURES_BY_ADDRESS = whole_number(
    "LOGIN_FAILURES_BY_ADDRESS",
    env.str("LOGIN_FAILURES_BY_ADDRESS", default="50"),
    least=LOGIN_FAILURES,
    most=10_000,
    what="how many failures lock an address, LOGIN_FAILURES or more",
)
LOGIN_LOCK_MINUTES = whole_number(
    "LOGIN_LOCK_MINUTES",
    env.str("LOGIN_LOCK_MINUTES", default="30"),
    least=1,
    most=1440,
    what="for how many minutes failures lock",
)
# What a password looks like, after how many days it is too old (0: never), and how many of one's
# last ones cannot be chosen again.
PASSWORD_LENGTH = whole_number(
    "PASSWORD_LENGTH",
    env.str("PASSWORD_LENGTH", default="10"),
    least=8,
    most=64,
    what="how many characters a password has at least",
)
PASSWORD_CLASSES = whole_number(
    "PASSWORD_CLASSES",
    env.str("PASSWORD_CLASSES", default="3"),
    least=1,
    most=4,
    what="of how many of four kinds of characters a password is made at least",
)
PASSWORD_DAYS = whole_number(
    "PASSWORD_DAYS",
    env.str("PASSWORD_DAYS", default="90"),
    least=0,
    most=3650,
    what="after how many days a password is to be changed, 0 for never",
)
PASSWORD_HISTORY = whole_number(
    "PASSWORD_HISTORY",
    env.str("PASSWORD_HISTORY", default="5"),
    least=0,
    most=24,
    what="how many of the last passwords are not chosen again",
)
# After so many days without a login an account is suspended (0: never).
ACCOUNT_UNUSED_DAYS = whole_number(
    "ACCOUNT_UNUSED_DAYS",
    env.str("ACCOUNT_UNUSED_DAYS", default="90"),
    least=0,
    most=3650,
    what="after how many days an unused account is suspended, 0 for never",
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "targets_site.accounts.validators.CharacterClassesValidator",
        "OPTIONS": {"min_classes": PASSWORD_CLASSES},
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "targets_site" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "targets_site.static_finders.SwaggerFinder",
]
# Files that people hand in; no address serves this folder, a view that checks rights does.
MEDIA_ROOT = VAR_DIR / "files"
# Heads of the trail's chain, one file a month. Best on a disk that database administrators do not
# write to: these files show what the chain alone cannot, that its end was cut off.
TRAIL_HEADS_DIR = Path(env.str("TRAIL_HEADS_DIR", default="") or VAR_DIR / "trail")
# Where backups lie, and `status.json` that says of the last whether it can be relied on. Best on
# another disk than the database's.
BACKUPS_DIR = Path(env.str("BACKUPS_DIR", default="") or VAR_DIR / "backups")
# Days for which backups are kept; the newest always is.
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=30)
if BACKUP_KEEP_DAYS < 1:
    raise ImproperlyConfigured("BACKUP_KEEP_DAYS is how long backups are kept: 1 day or more.")
# A certificate (PEM): each backup is also encrypted for whoever holds its key, to be carried away.
BACKUP_CERTIFICATE = Path(path) if (path := env.str("BACKUP_CERTIFICATE", default="")) else None
if BACKUP_CERTIFICATE and not BACKUP_CERTIFICATE.is_file():
    raise ImproperlyConfigured("BACKUP_CERTIFICATE names no file: it is a certificate in PEM.")
# Above so many rows a bundle or JSON lines are written by a job; CSV is streamed, however long.
EXPORT_DIRECT_ROWS = env.int("EXPORT_DIRECT_ROWS", default=100_000)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "targets_site.static_files.CompressedStaticFiles"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        # Plotly sets style attributes on what it draws; style elements stay refused.
        "style-src-attr": [UNSAFE_INLINE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# In the database: the loss of the cache neither lets anybody in nor throws anybody out.
SESSION_ENGINE = "targets_site.accounts.sessions"
# A session ends so many minutes after the person did something last, and so many hours after the
# login whatever he does.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
if not 5 <= SESSION_IDLE_MINUTES <= 240:
    raise ImproperlyConfigured(
        "SESSION_IDLE_MINUTES is after how long without activity a session ends: 5 to 240 minutes."
    )
if not 1 <= SESSION_HOURS <= 24:
    raise ImproperlyConfigured("SESSION_HOURS is the life of a session: 1 to 24 hours.")
# Minutes after the login (or after it was asked for last) from which the password is asked for
# again before what weighs much: posts, one-time passwords, approving figures, large exports, the
# trail. 0: never.
FRESH_LOGIN_MINUTES = env.int("FRESH_LOGIN_MINUTES", default=120)
if not 0 <= FRESH_LOGIN_MINUTES <= 24 * 60:
    raise ImproperlyConfigured(
        "FRESH_LOGIN_MINUTES is after how long the password is asked for again: 0 (never) to 1440."
    )
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "targets_site.failures.page_expired"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
# Requests that one person may send a minute, and that each web process takes: of all kinds, and of
# those that search or make files. Who was quiet may send twice as many at once.
REQUESTS_A_MINUTE = env.int("REQUESTS_A_MINUTE", default=300)
COSTLY_REQUESTS_A_MINUTE = env.int("COSTLY_REQUESTS_A_MINUTE", default=60)
if REQUESTS_A_MINUTE < 1 or COSTLY_REQUESTS_A_MINUTE < 1:
    raise ImproperlyConfigured(
        "REQUESTS_A_MINUTE and COSTLY_REQUESTS_A_MINUTE are how often one may ask: 1 or more."
    )
# What does not stay in memory; a client that dies half-way leaves nothing behind.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "targets_site.upload_handlers.NamelessFileUploadHandler",
]


def program_line(name: str, value: str) -> list[str]:
    """The words of a command in an environment variable, which no shell ever sees; none where it
    is empty. Raises ImproperlyConfigured where its program is not there."""
    try:
        words = shlex.split(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no command: {error}.") from error
    if words and shutil.which(words[0]) is None:
        raise ImproperlyConfigured(
            f"{name} names a program that is not there: {words[0]}. Install it, or leave the "
            "setting empty."
        )
    return words


# What scans each upload for viruses, given on standard input: exit code 0 for clean, 1 for infected
# (`virus_scan.py`). Empty: nothing does.
UPLOAD_SCAN_COMMAND = program_line(
    "UPLOAD_SCAN_COMMAND", env.str("UPLOAD_SCAN_COMMAND", default="")
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# One JSON object a line for what collects logs; a line of text for somebody who looks on.
LOG_FORMAT = env.str("LOG_FORMAT", default="") or ("line" if EMBEDDED else "json")
if LOG_FORMAT not in ("json", "line"):
    raise ImproperlyConfigured("LOG_FORMAT is how logs are written: json or line.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "targets_site.logs.JSONFormatter"},
        "line": {"()": "targets_site.logs.LineFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Eight lines for each print, which say nothing.
    "loggers": {
        "weasyprint.progress": {"level": "WARNING"},
        # Its own handlers print lines of another form, to the console and by mail.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
