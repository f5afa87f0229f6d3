"""SQLite: its own backup of a file that is written to."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from targets_site.operations.backups.databases.kinds import Database
from targets_site.operations.backups.errors import BackupError


def dump(path: Path) -> None:
    """The state that this connection's transaction reads; writers go on."""
    with connection.cursor() as cursor:
        # Only a read makes the snapshot stand.
        cursor.execute("SELECT count(*) FROM sqlite_master")
    with closing(sqlite3.connect(path)) as copy:
        _connection().backup(copy)
        # One file, without the two that a write-ahead log brings.
        copy.execute("PRAGMA journal_mode=DELETE")


def load(path: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            _check(copy)
            copy.backup(_connection())
    except sqlite3.Error as error:
        raise BackupError(
            "数据库恢复失败，未写入任何内容。/ Nothing was restored, the dump cannot be read: "
            f"{error}"
        ) from error
    # What the copy brought is no write-ahead log.
    _connection().execute("PRAGMA journal_mode=WAL")


def clear() -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as nothing:
        nothing.backup(_connection())


@contextmanager
def scratch() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="targets-scratch-") as folder:
        yield f"sqlite:///{folder}/db.sqlite3"


def _check(copy: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError also where pages are missing that nothing asked for."""
    [said] = copy.execute("PRAGMA integrity_check").fetchone()
    if said != "ok":
        raise sqlite3.DatabaseError(said)


def _connection() -> Any:
    """SQLite's own."""
    return connection.connection


DATABASE = Database("database.sqlite3", dump, load, clear, scratch)
