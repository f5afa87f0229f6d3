"""Saves by the form and logins while an import of 100,000 lines is stored.

    .venv/bin/python -m tests.benchmarks.saves_beside_import [--lines 100000]

Over HTTP to gunicorn, the import stored by the job (the embedded mode's thread, or a Celery worker
where REDIS_URL is set), against the database of DATABASE_URL, SQLite in a file unless set. All
lines are to be stored, one in ten a correction. One person of another department saves one figure
after the other, another one signs in again and again; the process that asks does nothing else.
Prints how long each took, before and while the import is stored, and how long the import's
transaction lasted: on SQLite the longest time for which nobody else could write, on PostgreSQL the
age of the oldest open transaction. Exits with 1 where a save or a login failed, or waited longer
than the limit.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.preview_import import PLAIN_STATIC_FILES, Browser, World, yardstick
from tests.benchmarks.servers import Servers, servers

LIMIT_SECONDS = 10.0
SECONDS_BEFORE = 10
SECONDS_BETWEEN_LOOKS = 0.02
PASSWORD = "Passw0rd-2026"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=100_000)
    lines = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")
        import django

        django.setup()
        return measure(lines, Path(folder))


def measure(lines: int, folder: Path) -> int:
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    with override_settings(STORAGES=PLAIN_STATIC_FILES):
        call_command("collectstatic", interactive=False, verbosity=0)
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "benchmark.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        world = World(lines, folder, new=9)
        saver, newcomer = people()
        file = world.csv_file()
        with servers(folder) as running:
            return run(file, running, world=world, saver=saver, newcomer=newcomer)
    finally:
        connection.close()
        connection.creation.destroy_test_db(name, verbosity=0)


def people() -> tuple[str, str]:
    """The session of somebody who saves, with the address, and who signs in."""
    from django.test import Client

    from tests.factories import make_department, make_official, make_round, make_series

    department = make_department(name_zh="另一部门")
    series = make_series(department=department)
    make_round(department.area, 2020)
    client = Client()
    client.force_login(make_official("li", department))
    return client.cookies["sessionid"].value, f"/entry/series/{series.code}/2020/"


def run(file: Path, running: Servers, *, world: World, saver: str, newcomer: str) -> int:
    from django.db import connection

    browser = Browser(running.url, world.session)
    browser.get("/entry/imports/new/")
    page = browser.upload(file)
    shown = browser.wait_for(page)
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    if seen is None:
        raise SystemExit(f"{file.name} is refused:\n{shown}")
    saves = Repeated("save", saving(Browser(running.url, saver), newcomer))
    logins = Repeated("login", signing_in(running.url))
    held = Held()
    with saves.going_on(), logins.going_on(), held.watched():
        time.sleep(SECONDS_BEFORE)
        asked = time.monotonic()
        browser.post(f"{page}store/", {"seen": seen[1], "confirmed": "1"})
        browser.wait_for(page)
        stored = time.monotonic()
    world.check(files=1, beside=len(saves.spent))
    print(
        f"{connection.vendor}, {world.lines} lines stored in {stored - asked:.1f} s, "
        f"in a transaction of {held.longest:.1f} s; yardstick {yardstick():.0f} ms; "
        + ", ".join(f"{k} {v:.0f} MB" for k, v in running.peak_megabytes().items())
    )
    for query, times in held.blocked.items():
        print(f"  waited for a lock in {times} looks: {query}")
    slowest = max(each.report(asked, stored) for each in (saves, logins))
    return int(slowest > LIMIT_SECONDS or bool(saves.failed or logins.failed))


@dataclass
class Repeated:
    """One thing done again and again; `spent` are its starts and seconds."""

    name: str
    do: Callable[[], None]
    spent: list[tuple[float, float]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        ended = threading.Event()
        thread = threading.Thread(target=self._repeat, args=(ended,))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _repeat(self, ended: threading.Event) -> None:
        while not ended.wait(0.05):
            started = time.monotonic()
            try:
                self.do()
            except (Exception, SystemExit) as error:
                self.failed.append(f"after {time.monotonic() - started:.1f} s: {error!s:.200}")
            else:
                self.spent.append((started, time.monotonic() - started))

    def report(self, asked: float, stored: float) -> float:
        """Prints what it took; returns the longest seconds while the import was stored."""
        before = [took for at, took in self.spent if at + took < asked]
        beside = [took for at, took in self.spent if at + took >= asked and at < stored]
        for label, each in (("before", before), ("meanwhile", beside)):
            print(
                f"  {self.name} {label}: {len(each)}, median {statistics.median(each) * 1000:.0f}"
                f" ms, longest {max(each):.2f} s"
            )
        for error in self.failed:
            print(f"  {self.name} failed {error}")
        return max(beside)


def saving(browser: Browser, address: str) -> Callable[[], None]:
    browser.get(address)
    version = 0

    def save() -> None:
        nonlocal version
        fields = {
            "value": f"98.{version % 90 + 10}",
            "source_title": "2020年农产品质量安全公报",
            "read_version": str(version or ""),
        }
        browser.send(address, fields, expected=200, headers={"X-Requested-With": "fetch"})
        version += 1

    return save


def signing_in(url: str) -> Callable[[], None]:
    def sign_in() -> None:
        browser = Browser(url, "")
        browser.get("/accounts/login/")
        browser.post("/accounts/login/", {"username": "li", "password": PASSWORD})

    return sign_in


@dataclass
class Held:
    """How long the longest transaction lasted, seen from outside."""

    longest: float = 0.0
    # Of PostgreSQL: how often somebody was seen to wait for another's lock, and for what.
    blocked: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def watched(self) -> Iterator[None]:
        from django.db import connection

        watch = self._watch_sqlite if connection.vendor == "sqlite" else self._watch_postgresql
        ended = threading.Event()
        thread = threading.Thread(target=watch, args=(ended,))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _watch_sqlite(self, ended: threading.Event) -> None:
        import sqlite3

        from django.db import connection

        name = connection.settings_dict["NAME"]
        with sqlite3.connect(name, timeout=0, isolation_level=None) as database:
            free_at = time.monotonic()
            while not ended.wait(SECONDS_BETWEEN_LOOKS):
                try:
                    database.execute("BEGIN IMMEDIATE")
                    database.execute("ROLLBACK")
                    free_at = time.monotonic()
                except sqlite3.OperationalError:
                    self.longest = max(self.longest, time.monotonic() - free_at)

    def _watch_postgresql(self, ended: threading.Event) -> None:
        from django.db import connection

        asked = (
            "SELECT extract(epoch FROM max(clock_timestamp() - xact_start)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        waiting = (
            "SELECT left(query, 80) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'"
        )
        with connection.cursor() as cursor:
            while not ended.wait(SECONDS_BETWEEN_LOOKS):
                cursor.execute(asked)
                self.longest = max(self.longest, float(cursor.fetchone()[0] or 0))
                cursor.execute(waiting)
                self.blocked.update(query for (query,) in cursor.fetchall())
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
