"""Reading the database as it stood."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from targets_site.snapshot import TIME_LIMITS_SQL, deferred_on_sqlite
from targets_site.then.clock import shown
from targets_site.then.lazily import as_named, make_all
from targets_site.then.views import views_at


class AlreadyElsewhere(RuntimeError):
    """Something that is shown as of one moment asked for another one."""


@contextmanager
def as_it_stood(moment: datetime.datetime, *, is_long: bool = False) -> Iterator[None]:
    """Every read inside finds what was recorded up to the moment, as it stood then.

    moment: with its zone; what was recorded at that very moment is there. is_long: it may take
    minutes, as a file does, and COPY may read.

    All reads inside see one state of the database, as in `snapshot`, and nothing can be written.
    Views with the names of the tables stand before them, so that queries, raw SQL and COPY need
    not know; they are gone when it ends, however it ends, and no other connection ever sees them.

    Once more for the same moment it adds nothing; for another one it raises AlreadyElsewhere. It
    stands around a `snapshot`, never inside one, which allows no views.
    """
    outer = shown.get()
    if outer is not None:
        if outer != moment:
            raise AlreadyElsewhere(f"{outer} {moment}")
        if is_long:
            make_all()
        yield
        return
    with _read_only(moment, is_long=is_long):
        shown.set(moment)
        try:
            yield
        finally:
            # Not by a token: a stream that is left half-way is ended in another context.
            shown.set(None)


@contextmanager
def _read_only(moment: datetime.datetime, *, is_long: bool) -> Iterator[None]:
    if connection.vendor == "postgresql":
        views = _opened_on_postgresql(moment, is_long=is_long)
        with _rolled_back(), views, _grouped_by_every_column():
            yield
    else:
        with deferred_on_sqlite(), _rolled_back():
            _open_on_sqlite(moment)
            try:
                yield
            finally:
                _let_sqlite_write()


@contextmanager
def _rolled_back() -> Iterator[None]:
    """A transaction of which nothing stays, views neither."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def _opened_on_postgresql(moment: datetime.datetime, *, is_long: bool) -> Iterator[None]:
    """A page names few tables, and making all views takes longer than a small page; a file is
    also written by COPY, of which Django knows nothing."""
    is_outermost = not connection.savepoint_ids
    if is_outermost:
        _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    views = views_at(moment)
    if is_long:
        _run(TIME_LIMITS_SQL)
        # In one go; only afterwards is nothing to be written.
        _run("; ".join([*views.statements(views.all), "SET TRANSACTION READ ONLY"]))
        yield
    else:
        with as_named(views):
            yield


def _open_on_sqlite(moment: datetime.datetime) -> None:
    views = views_at(moment)
    for statement in views.statements(views.all):
        _run(statement)
    _run("PRAGMA query_only = ON")


def _let_sqlite_write() -> None:
    """By SQLite's own connection: Django's takes no more statements after an error."""
    own: Any = connection.connection
    if own is not None:
        own.execute("PRAGMA query_only = OFF")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def _grouped_by_every_column() -> Iterator[None]:
    """Django groups rows by their primary key alone, and a view has none."""
    features: Any = connections[DEFAULT_DB_ALIAS].features
    features.allows_group_by_selected_pks = False
    try:
        yield
    finally:
        del features.allows_group_by_selected_pks
