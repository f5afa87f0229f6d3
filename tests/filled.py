"""What fills an empty database, done once in a process; later tests get a copy of the rows, which
takes a fiftieth of the time."""

import io
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from indicators.actions.verdicts import recompute
from indicators.reference.load import load_reference
from plans.models import Target

FIXTURES = Path(__file__).parents[1] / "fixtures"
# Made with the tables, not by whoever fills them.
STAYS = {"django_content_type", "auth_permission"}


def load_real_data() -> None:
    load_reference(FIXTURES)
    recompute(Target.objects.in_force())


class Filled:
    """Keeps what came of each function that was asked for."""

    def __init__(self) -> None:
        self._kept: dict[Callable[[], None], dict[str, object]] = {}

    def __call__(self, fill: Callable[[], None]) -> None:
        """The database is as `fill` leaves it, also where it was not empty before."""
        connection.ensure_connection()
        take, put = BY_VENDOR[connection.vendor]
        if fill in self._kept:
            with transaction.atomic():
                for table, rows in self._kept[fill].items():
                    put(table, rows)
                _number_on()
        else:
            fill()
            self._kept[fill] = {table: take(table) for table in _tables()}


def _tables() -> list[str]:
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(found) - STAYS)


def _number_on() -> None:
    """Rows that are made from now on have numbers after those that were copied."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def _take_from_sqlite(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        return list(cursor.cursor.execute(f'SELECT * FROM "{table}"'))


def _put_into_sqlite(table: str, rows: list[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}"')
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            connection.connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)


def _take_from_postgresql(table: str) -> bytes:
    rows = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
    return rows.getvalue()


def _put_into_postgresql(table: str, rows: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}"')
        if rows:
            cursor.cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(rows))


BY_VENDOR = {
    "sqlite": (_take_from_sqlite, _put_into_sqlite),
    "postgresql": (_take_from_postgresql, _put_into_postgresql),
}
