"""Settings, read from the environment; `.env.example` lists every variable.

Without any variable this is the embedded mode: SQLite under `var/`, three background threads, a
memory cache. DATABASE_URL and REDIS_URL switch to the service mode; the code is the same.
"""

import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

REDIS_URL = env.str("REDIS_URL", default="")
EMBEDDED = not REDIS_URL


def own_secret_key() -> str:
    """The embedded mode's key: made once, kept beside the database."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = env.str("SECRET_KEY", default="") or (own_secret_key() if EMBEDDED else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to 50 random characters, the same for web, worker and beat."
    )

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Reading pages without login: the try-out, or a deployment that says so.
OPEN_READING = env.bool("OPEN_READING", default=False)
HTTPS = env.bool("HTTPS", default=False)

INSTALLED_APPS = [
    "targets_site",
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
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "targets_site.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "targets_site.middleware.NothingKeptMiddleware",
    "targets_site.middleware.ReadingOrLoginMiddleware",
    "targets_site.middleware.OwnPasswordFirstMiddleware",
    "targets_site.middleware.TrailMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    config["OPTIONS"] = {
        "connect_timeout": 5,
        # Compiling a statement pays off where it runs for seconds; ours would take twice as long.
        "options": "-c statement_timeout=30s -c lock_timeout=5s"
        " -c idle_in_transaction_session_timeout=60s -c jit=off",
        "tcp_user_timeout": 8000,
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
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
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
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "targets_site.accounts.validators.CharacterClassesValidator"},
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
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "targets_site.failures.page_expired"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Eight lines for each print, which say nothing.
    "loggers": {"weasyprint.progress": {"level": "WARNING"}},
}
