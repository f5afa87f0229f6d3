"""The embedded mode on its SQLite file, with real processes: a server that is killed while it
writes, others that write too, a log that is lost."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from decimal import Decimal

import pytest
from django.conf import settings as project_settings

from tests.services.people import PASSWORD, Official, Person
from tests.services.servers import (
    LOCAL,
    SECONDS_TO_START,
    Server,
    command_of,
    free_port,
    is_ready,
    wait_until,
)

# django_db: they need no database of the test's, and run where others need one.
pytestmark = [pytest.mark.faults, pytest.mark.django_db]
# Else root writes whatever a file's mode says.
BOUND_BY_MODES = (
    ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
    if os.geteuid() == 0
    else []
)
SERIES = "990000.pass-rate.s{}"
WRITERS, SAVES_EACH = 3, 100
WORLD = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("protect_audit")
call_command("collectstatic", interactive=False, verbosity=0)
from tests.factories import *
department = make_department()
make_official("official", department)
make_round(department.area, 2019, 2020)
for number in range(3):
    make_series(scope=f"s{number}", department=department)
"""
# What `manage.py shell` runs in a process of its own: number, and how often to save.
WRITER = """
from decimal import Decimal
from indicators.actions import entry
from indicators.models import Series
from targets_site.accounts.models import User
from tests.services.people import WHY_BELOW
series = Series.objects.get(code="{series}")
by = User.objects.get(username="official")
for turn in range({turns}):
    figure = entry.EnteredFigure(value=Decimal(turn) / 100, stated_decimals=2, **WHY_BELOW)
    entry.save(series=series, year=2020, figure=figure, read_version=turn or None, by=by)
"""


def environment(var):
    ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "TRAIL_HEADS_DIR"}
    return {
        **{name: each for name, each in os.environ.items() if name not in ours},
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "targets_site.settings",
    }


def managed(var, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(
        command, cwd=project_settings.BASE_DIR, env=environment(var), stdout=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """A VAR_DIR with the database and the static files."""
    var = tmp_path_factory.mktemp("made") / "var"
    assert managed(var, "shell", "--verbosity=0", "--command", WORLD).wait(180) == 0
    return var


@pytest.fixture
def var(made_once, tmp_path):
    return shutil.copytree(made_once, tmp_path / "var")


class Office:
    """The server as the try-out starts it, on one folder."""

    def __init__(self, var, log, *, run_by=()):
        self.var, self.port = var, free_port()
        own = {"--bind": f"{LOCAL}:{self.port}", "--workers": "1"}
        self.server = Server([*run_by, *command_of("web", own)], log, environment(var))
        self.url = f"http://{LOCAL}:{self.port}"

    def __enter__(self):
        self.server.start()
        wait_until(lambda: is_ready(self.url), seconds=SECONDS_TO_START)
        return self

    def __exit__(self, *_error):
        self.server.end()

    def official(self, ledger, number=0):
        person = Person.signed_in(self.url, "official")
        return Official(person, SERIES.format(number), ledger)


def database(var, **options):
    return contextlib.closing(sqlite3.connect(var / "db.sqlite3", isolation_level=None, **options))


def stored(var):
    """Values of versions by series, in their order; the file itself is in order."""
    with database(var) as one:
        assert one.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert one.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = one.execute(
            "SELECT s.code, o.year, v.number, v.value FROM indicators_observationversion v"
            " JOIN indicators_observation o ON o.id = v.observation_id"
            " JOIN indicators_series s ON s.id = o.series_id ORDER BY s.code, o.year, v.number"
        ).fetchall()
    found = {}
    numbers = Counter()
    for code, year, number, value in rows:
        found.setdefault(code, []).append(Decimal(str(value)))
        numbers[code, year] += 1
        assert number == numbers[code, year], "without a gap"
    return found


def assert_as_told(ledger, var):
    """What was called saved is there once, what was refused is not."""
    found = stored(var)
    for each in ledger.attempts:
        times = found.get(each.series, []).count(Decimal(each.value))
        assert times in {"ok": {1}, "fail": {0}, "unknown": {0, 1}}[each.outcome], each


def test_f24_killed_while_it_writes_it_keeps_what_was_saved(var, tmp_path, ledger):
    with Office(var, tmp_path / "web.log") as office:
        officials = [office.official(ledger, number) for number in range(WRITERS)]

        def save_until_it_dies(one):
            for turn in range(100):
                attempt = one.save(2020, f"90.{turn:02}", read_version=turn)
                if attempt.outcome != "ok":
                    return

        threads = [threading.Thread(target=save_until_it_dies, args=[one]) for one in officials]
        for each in threads:
            each.start()
        wait_until(lambda: ledger.outcomes()["ok"] >= 30, seconds=30)
        office.server.kill()
        for each in threads:
            each.join(60)

    assert ledger.outcomes()["unknown"] >= 1
    assert_as_told(ledger, var)
    with Office(var, tmp_path / "again.log") as office:
        one = office.official(ledger)
        assert one.save(2019, "91.50").outcome == "ok"
    assert_as_told(ledger, var)


def test_f24_three_processes_write_a_hundred_each_and_lose_none(var):
    """With the product's settings: nobody is refused, and the sum is exact."""
    writers = [
        managed(
            var, "shell", "--verbosity=0", "--command",
            WRITER.format(series=SERIES.format(number), turns=SAVES_EACH),
        )
        for number in range(WRITERS)
    ]  # fmt: skip

    assert [each.wait(120) for each in writers] == [0] * WRITERS
    found = stored(var)
    assert [len(each) for each in found.values()] == [SAVES_EACH] * WRITERS
    assert sum(sum(each) for each in found.values()) == WRITERS * Decimal("49.50")


def test_f24_another_process_that_writes_is_waited_for(var, tmp_path, ledger):
    with Office(var, tmp_path / "web.log") as office, database(var, check_same_thread=False) as one:
        official = office.official(ledger)
        one.execute("BEGIN IMMEDIATE")
        release = threading.Timer(3, one.execute, ["ROLLBACK"])
        release.start()
        attempt = official.save(2020, "91.50")
        release.join()

    assert (attempt.outcome, attempt.seconds > 2) == ("ok", True)
    assert_as_told(ledger, var)


def test_f24_without_its_log_the_file_is_whole_as_it_was_before(var, tmp_path, ledger):
    """What stood in the log only is lost, as by any file that is lost; no half of it stays."""
    with Office(var, tmp_path / "web.log") as office:
        official = office.official(ledger)
        assert official.save(2020, "91.10").outcome == "ok"
        with database(var) as one:
            one.execute("PRAGMA wal_checkpoint(FULL)")
        assert official.save(2020, "91.20", read_version=1).outcome == "ok"
        office.server.kill()
    (var / "db.sqlite3-wal").unlink()
    (var / "db.sqlite3-shm").unlink()

    assert stored(var)[SERIES.format(0)][0] == Decimal("91.10")
    with Office(var, tmp_path / "again.log") as office:
        person = Person.signed_in(office.url, "official")
        page = person.get(f"/entry/series/{SERIES.format(0)}/2020/")
        assert (page.status, "91.10" in page.text) == (200, True)
        number = len(stored(var)[SERIES.format(0)])
        one = Official(person, SERIES.format(0), ledger)
        assert one.save(2020, "91.30", read_version=number).outcome == "ok"


@pytest.mark.parametrize("what", ["file", "folder"])
def test_f24_where_it_cannot_be_written_it_is_read_and_nobody_is_told_saved(
    var, tmp_path, ledger, what
):
    read_only = {var / name: 0o444 for name in ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm")}
    if what == "folder":
        read_only[var] = 0o555
    with Office(var, tmp_path / "web.log", run_by=BOUND_BY_MODES) as office:
        official = office.official(ledger)
        assert official.save(2020, "91.10").outcome == "ok"
        with kept_from_writing(read_only):
            refused = official.save(2020, "91.20", read_version=1)
            page = official.person.get(f"/entry/series/{official.series}/2020/")
            stranger = Person(office.url)
            sign_in = stranger.get("/accounts/login/")
            not_in = stranger.post("/accounts/login/", username="official", password=PASSWORD)
        again = official.save(2020, "91.30", read_version=1)

    assert (refused.outcome, refused.status, refused.said) == ("fail", 503, "未作任何保存")
    assert (page.status, "91.10" in page.text, sign_in.status) == (200, True, 200)
    assert (not_in.status, "暂时" in not_in.text) == (503, True), "no session can be kept"
    assert again.outcome == "ok"
    assert_as_told(ledger, var)


@contextlib.contextmanager
def kept_from_writing(modes):
    """modes: of the files that are there, by path."""
    before = {path: path.stat().st_mode for path in modes if path.exists()}
    for path in before:
        path.chmod(modes[path])
    try:
        yield
    finally:
        for path, mode in before.items():
            path.chmod(mode)
