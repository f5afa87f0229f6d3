"""Reading one state of the database with more than one query."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

# A slow line may take its time between two blocks.
TIME_LIMITS_SQL = """
SET LOCAL statement_timeout = '10min';
SET LOCAL idle_in_transaction_session_timeout = '10min';
"""
SNAPSHOT_SQL = f"""
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
{TIME_LIMITS_SQL}
"""


@contextmanager
def snapshot() -> Iterator[None]:
    """One state of the database for all reads inside, without keeping writers waiting.

    Inside a transaction that stands already this adds nothing.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(SNAPSHOT_SQL)
            yield
    else:
        with deferred_on_sqlite(), transaction.atomic():
            yield


@contextmanager
def deferred_on_sqlite() -> Iterator[None]:
    """Begin as a reader; the product's IMMEDIATE would hold the one writer's lock."""
    connection.ensure_connection()
    sqlite: Any = connections[DEFAULT_DB_ALIAS]
    before = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = before
