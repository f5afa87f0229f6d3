"""On PostgreSQL, a view is made when the first statement names its table."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection

from targets_site.then.views import Views

# What only reads, and what a transaction is led by. All is rolled back, whatever it was.
_READS = re.compile(
    r"[\s(]*(SELECT|WITH|EXPLAIN|SHOW|SET|SAVEPOINT|RELEASE|ROLLBACK|DECLARE|FETCH|CLOSE)\b", re.I
)


class OnlyRead(DatabaseError):
    """Something was to be written where it is read as it stood."""


@contextmanager
def as_named(views: Views) -> Iterator[None]:
    """Every statement of Django's connection inside finds the views before the tables.

    Raises OnlyRead for one that would write: PostgreSQL's own READ ONLY allows no views.
    """
    with connection.execute_wrapper(_Making(views)):
        yield


def make_all() -> None:
    """Where views are made as they are named: make all that are not there yet."""
    for wrapper in connection.execute_wrappers:
        if isinstance(wrapper, _Making):
            wrapper.make(wrapper.views.all)


class _Making:
    def __init__(self, views: Views) -> None:
        self.views, self.made = views, set[str]()

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        text = sql if isinstance(sql, str) else str(sql)
        if not _READS.match(text):
            raise OnlyRead(text[:200])
        if text.startswith("ROLLBACK"):
            # With what was read since the savepoint went the views that were made for it.
            self.made.clear()
        self.make(self.views.named_in(text))
        return execute(sql, params, many, context)

    def make(self, names: list[str]) -> None:
        missing = [name for name in names if name not in self.made]
        if missing:
            # By PostgreSQL's own cursor: Django's would ask here again.
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute("; ".join(self.views.statements(missing)))
            self.made.update(missing)
