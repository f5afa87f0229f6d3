"""People who save figures, and the product's commands as an operator starts them."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from indicators.actions import entry
from indicators.actions.entry import EnteredFigure
from targets_site.audit.sealer import Sealer
from tests.factories import (
    make_department,
    make_indicator,
    make_official,
    make_round,
    make_series,
)

YEARS = range(1990, 2021)


class Product:
    """Two indicators with series that one official reports, and a file that was handed in."""

    def __init__(self) -> None:
        department = make_department()
        self.official = make_official("official", department)
        make_round(department.area, *YEARS)
        rates, sums = make_indicator(), make_indicator("output", unit="亿元", largest=None)
        self.series = [make_series(indicator=each, department=department) for each in (rates, sums)]
        self.saved: list[tuple[str, int, Decimal]] = []
        default_storage.save("attachments/2026/one", ContentFile("证明材料".encode()))

    def save(self, year: int, value: str, *, number: int = 0) -> None:
        """A draft of both series. number: of the version that was read before."""
        for series in self.series:
            figure = EnteredFigure(value=Decimal(value), stated_decimals=2, source_title="统计公报")
            entry.save(
                series=series,
                year=year,
                figure=figure,
                read_version=number or None,
                correction_reason="原数有误" if number else "",
                by=self.official,
            )
            self.saved.append((series.code, year, Decimal(value)))

    def seal(self) -> None:
        Sealer().look()

    @contextmanager
    def busy(self) -> Iterator["Busy"]:
        """Somebody saves figures without end, the sealer chains, until the context is left."""
        one = Busy(self)
        one.start()
        try:
            yield one
        finally:
            one.end()


@dataclass
class Busy:
    product: Product
    stopped: threading.Event = field(default_factory=threading.Event)
    errors: list[BaseException] = field(default_factory=list)

    def start(self) -> None:
        runs = (self._save, lambda: Sealer().run_until(self.stopped))
        self.threads = [
            threading.Thread(target=self._run, args=(each,), daemon=True) for each in runs
        ]
        for each in self.threads:
            each.start()

    def end(self) -> None:
        self.stopped.set()
        for each in self.threads:
            each.join(30)
        assert not self.errors, repr(self.errors)

    def _run(self, work) -> None:
        try:
            work()
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()

    def _save(self) -> None:
        number = 0
        while not self.stopped.is_set():
            for year in YEARS:
                self.product.save(year, f"{number % 90}.{year - 1980}", number=number)
                if self.stopped.is_set():
                    return
            number += 1


def manage(*arguments: object, database: str, room: Path) -> "subprocess.CompletedProcess[str]":
    """A command in a process of its own, on another database and with folders of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "VAR_DIR": str(room),
        "TRAIL_HEADS_DIR": str(room / "trail"),
    }
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def ask(database: str, sql: str) -> list[tuple[object, ...]]:
    """Of another database than the test's."""
    if database.startswith("postgres"):
        connected = psycopg2.connect(database)
    else:
        import sqlite3

        connected = sqlite3.connect(database.removeprefix("sqlite:///"))
    with closing(connected) as one, closing(one.cursor()) as cursor:
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]
