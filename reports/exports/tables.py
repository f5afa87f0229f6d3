"""What a table of an export is: its rows, its columns, and who sees which of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from reports.exports.columns import Column
from reports.exports.filters import Filters
from targets_site.accounts.models import User

Rows = QuerySet[Any]


def everybody_reads(rows: Rows, reader: User | None) -> Rows:
    return rows


def is_for_everybody(reader: User | None) -> bool:
    return True


@dataclass(frozen=True)
class Table:
    """One table to export: its rows in the order of the file, and its columns.

    filters: by the name of a field of Selection, what it does; others are not understood.
    readable: of the rows those that a person may read; None is somebody without any post.
    is_for: whether a person may export it at all.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[], Rows]
    filters: Filters
    readable: Callable[[Rows, User | None], Rows] = everybody_reads
    is_for: Callable[[User | None], bool] = is_for_everybody

    @property
    def is_copied(self) -> bool:
        """Whether PostgreSQL can write it by itself."""
        return all(column.copied is not None for column in self.columns)

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]
