"""Saving one figure in the grid against a bare Django form that writes two rows, in one run.

    .venv/bin/python -m tests.benchmarks.save_figure [--blocks 10]

Both go through the whole of Django (middleware, session, login, address, view, template) against
the database of DATABASE_URL, SQLite in a file unless set; every save commits. Blocks of 50 saves
take turns, so that a machine that slows down slows both. Prints the medians and their ratio; exits
with 1 above the limit.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 3.0
SAVES_A_BLOCK = 50


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--blocks", type=int, default=10)
    blocks = parser.parse_args().blocks
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("VAR_DIR", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")
        import django

        django.setup()
        return compare(blocks, Path(folder))


def compare(blocks: int, folder: Path) -> int:
    from django.conf import settings
    from django.db import connection

    # The test client's own host; nothing else of a test's surroundings, which would cost time.
    settings.ALLOWED_HOSTS = ["testserver"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "benchmark.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    bare: list[float] = []
    ours: list[float] = []
    try:
        grid = Grid()
        # The first block of each warms caches and is not counted.
        for block in range(blocks + 1):
            spent_bare, spent_ours = save_bare(block), grid.save_block()
            if block:
                bare += spent_bare
                ours += spent_ours
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    figures = statistics.median(bare), statistics.median(ours)
    ratio = figures[1] / figures[0]
    print(
        f"{connection.vendor}, {len(bare)} saves each: bare form {figures[0]:.2f} ms, "
        f"figure {figures[1]:.2f} ms, ratio {ratio:.2f} (limit {LIMIT})"
    )
    return int(ratio > LIMIT)


def save_bare(block: int) -> list[float]:
    """Milliseconds of each save."""
    from django.contrib.auth import get_user_model
    from django.test import Client, override_settings

    from tests.benchmarks import bare

    person = get_user_model().objects.get(username="official")
    spent = []
    with override_settings(ROOT_URLCONF="tests.benchmarks.bare", MIDDLEWARE=bare.MIDDLEWARE):
        client = Client()
        client.force_login(person)
        for turn in range(SAVES_A_BLOCK):
            fields = {
                "code": f"d{block}-{turn}",
                "name_zh": "领域",
                "name_en": "x",
                "position": turn,
            }
            started = time.perf_counter()
            response = client.post("/add/", fields)
            spent.append((time.perf_counter() - started) * 1000)
            assert response.status_code == 302, response.status_code
    return spent


class Grid:
    """An official who saves one cell of the grid again and again, as the page's script does."""

    def __init__(self) -> None:
        from django.test import Client

        from tests.factories import (
            make_department,
            make_figure,
            make_official,
            make_reading,
            make_round,
            make_series,
            make_target,
        )

        department = make_department()
        series = make_series(department=department)
        make_reading(make_target(), series)
        for year in range(2012, 2020):
            make_figure(series, year, "97.5")
        self.client = Client()
        self.client.force_login(make_official(department=department))
        self.address = f"/entry/{make_round(None, 2020).pk}/{series.code}/2020/"
        self.version = 0

    def save_block(self) -> list[float]:
        """Milliseconds of each save."""
        spent = []
        for _turn in range(SAVES_A_BLOCK):
            fields = {
                "value": f"98.{self.version % 90 + 10}",
                "source_title": "2020年农产品质量安全公报",
                "read_version": self.version or "",
            }
            started = time.perf_counter()
            response = self.client.post(self.address, fields, headers={"X-Requested-With": "fetch"})
            spent.append((time.perf_counter() - started) * 1000)
            assert response.status_code == 200, response.content.decode()
            self.version += 1
        return spent


if __name__ == "__main__":
    sys.exit(main())
