"""What every test stands on: the services it needs, the browser, and reproducible examples.

On a developer's machine a missing service skips the tests that need it, with a reason that says
what is missing; where CI=true it fails them.
"""

import os
import re
import socket
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

CHROMIUM = Path("/usr/bin/chromium")
OFTENER_THAN_ANYBODY = 1_000_000
# What rows look like: pages, papers, what programs are answered. Not exports, which each database
# reads in its way; nor issued reports, which it guards; nor jobs, whose page asks each otherwise.
SHOWN = re.compile(
    r"tests/(reports/(?!.*(export|report_))|api/|\w+/(?!test_jobs)\w*pages|test_foreign)"
)
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]

hypothesis_settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
hypothesis_settings.register_profile("searching", deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))


def pytest_configure(config: pytest.Config) -> None:
    _ask_nobody_for_a_second_factor()
    _give_each_process_a_redis_of_its_own()


def _ask_nobody_for_a_second_factor() -> None:
    """Hundreds of tests sign in reviewers and administrators to see their pages; those of the
    second factor itself turn it on. For what tests start it stands in the environment."""
    os.environ.setdefault("SECOND_FACTOR_ROLES", "")
    settings.SECOND_FACTOR_ROLES = []


def _give_each_process_a_redis_of_its_own() -> None:
    """Where tests run in several processes, pytest-django gives each its own database; each needs
    a Redis of its own too, or one would take the other's messages."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not number or not os.environ.get("REDIS_URL"):
        return
    address = urlsplit(os.environ["REDIS_URL"])
    own = address._replace(path=f"/{int(address.path.strip('/') or 0) - int(number)}").geturl()
    # What tests start reads the environment, the tests themselves what settings took from it.
    os.environ["REDIS_URL"] = own
    settings.REDIS_URL = settings.CELERY_BROKER_URL = own
    settings.CACHES["default"]["LOCATION"] = own


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


def leave_out(missing: str) -> NoReturn:
    """Skip the test for what the machine lacks, as one sentence; in CI nothing may be lacking."""
    if in_ci():
        pytest.fail(missing, pytrace=False)
    pytest.skip(missing)


def answers(url: str, *, port: int) -> bool:
    """Whether something listens where the address points."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), 3):
            return True
    except OSError:
        return False


def missing_services(item: pytest.Item) -> str:
    """What a test needs and does not find, as one sentence; empty where all is there."""
    if on_postgresql() and not answers(os.environ["DATABASE_URL"], port=5432):
        return "PostgreSQL does not answer at the address in DATABASE_URL"
    if item.get_closest_marker("browser") and not CHROMIUM.exists():
        return f"Chromium is missing at {CHROMIUM} (apt-get install chromium fonts-noto-cjk)"
    redis_url = os.environ.get("REDIS_URL", "")
    if redis_url and not answers(redis_url, port=6379):
        return "Redis does not answer at the address in REDIS_URL"
    return ""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what shows the same from either database: in `make test` it runs on PostgreSQL alone,
    and on SQLite the browser walks every page."""
    if SHOWN.match(item.nodeid) and needs_database(item):
        item.add_marker("shown")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the faults unless the marker expression names them, and on PostgreSQL what needs
    no database: it ran on SQLite."""
    wanted = list(items)
    if "faults" not in config.getoption("markexpr"):
        wanted = [item for item in wanted if not item.get_closest_marker("faults")]
    if on_postgresql():
        wanted = [item for item in wanted if needs_database(item)]
    left_out = set(items) - set(wanted)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = wanted


def on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def needs_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if missing := missing_services(item):
        leave_out(missing)


@pytest.fixture(scope="session")
def _empty_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def _plain_static_files(settings, _empty_folder):
    """Pages in tests name static files as they lie; the hashed names need collectstatic."""
    settings.STATIC_ROOT = _empty_folder
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _own_heads_of_the_trail(settings, tmp_path):
    """Each test's chain has a file of heads of its own."""
    settings.TRAIL_HEADS_DIR = tmp_path / "trail"


@pytest.fixture(autouse=True)
def _quick_password_hashes(settings):
    """A hash that stands a thief takes a second; tests make hundreds of users."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """SQLite in a file as in the product: threads then wait for the lock of a real database,
    while connections to the usual one in memory refuse each other at once. On PostgreSQL each
    process has its own database (the fixture that this one stands on)."""
    from django.db import connection

    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture(scope="session")
def filled_once():
    """Fills the database by a function, as `tests.filled` says."""
    from tests.filled import Filled

    return Filled()


@pytest.fixture
def real_data(db, filled_once):
    """The reference data, judged."""
    from tests.filled import load_real_data

    filled_once(load_real_data)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """Chromium says `en-US` unless told."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_playwright():
    """Playwright runs an event loop in the test's thread, which Django would take for its own."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _pages_are_built_each_time(settings, monkeypatch):
    """Factories write no trail, by which the product knows that what it keeps is out of date; and
    a database that was rolled back begins its numbers anew. `tests/reading` asks for the real
    thing by `pages_are_kept`."""
    nothing = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {**settings.CACHES, "pages": nothing}
    monkeypatch.setattr("targets_site.reading.kept.data_stamp", lambda: "built each time")


@pytest.fixture(autouse=True)
def _room_for_files():
    """Tests leave files that they did not take; a server ends each."""
    from reports.exports.room import room

    room.empty()


@pytest.fixture(autouse=True)
def _nobody_asks_too_often(settings):
    """Tests ask oftener than people; those of the limit set their own."""
    settings.REQUESTS_A_MINUTE = settings.COSTLY_REQUESTS_A_MINUTE = OFTENER_THAN_ANYBODY
