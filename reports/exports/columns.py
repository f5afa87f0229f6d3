"""What a column of an export is: heading, how to get the cell, and what it means.

Header, cells and data dictionary all come from one list of these, so they cannot drift apart.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from targets_site.csv_text import safe_text
from targets_site.figures import plain
from targets_site.localized import localized

Joined = Mapping[int, str]


@dataclass(frozen=True)
class Column:
    """One column of one table.

    lookups: what the query reads, as Django names it; `cell` takes their values in this order.
    joined: for a list of other rows, a function from the primary keys of a block of rows to the
    text per key; it asks once a block. The cell then ignores `lookups`.
    """

    heading: str
    lookups: tuple[str, ...]
    meaning_zh: str
    meaning_en: str
    cell: Callable[..., str]
    joined: Callable[[Collection[int]], Joined] | None = None

    @property
    def meaning(self) -> str:
        return localized(self, "meaning")


def _text_cell(value: str | None) -> str:
    return safe_text(value) if value else ""


def _number_cell(value: int | None) -> str:
    return "" if value is None else str(value)


def _figure_cell(value: Decimal | None, decimals: int | None = None) -> str:
    return plain(value, decimals=decimals)


def _flag_cell(value: bool) -> str:
    return "1" if value else "0"


def _moment_cell(value: datetime | None) -> str:
    """Local time with its offset, to the second."""
    return "" if value is None else timezone.localtime(value).isoformat(timespec="seconds")


def text(heading: str, lookup: str, zh: str, en: str) -> Column:
    """Words, codes and lists; made harmless for a spreadsheet."""
    return Column(heading, (lookup,), zh, en, _text_cell)


def number(heading: str, lookup: str, zh: str, en: str) -> Column:
    """A year or a count."""
    return Column(heading, (lookup,), zh, en, _number_cell)


def figure(heading: str, lookup: str, zh: str, en: str, *, decimals: str = "") -> Column:
    """A figure without exponent; with the decimals it was stated with where `decimals` names
    the lookup that knows them (63.10 stays 63.10)."""
    lookups = (lookup, decimals) if decimals else (lookup,)
    return Column(heading, lookups, zh, en, _figure_cell)


def flag(heading: str, lookup: str, zh: str, en: str) -> Column:
    """1 or 0."""
    return Column(heading, (lookup,), zh, en, _flag_cell)


def moment(heading: str, lookup: str, zh: str, en: str) -> Column:
    """A point in time, as 2024-03-01T09:30:00+08:00."""
    return Column(heading, (lookup,), zh, en, _moment_cell)


def listed(heading: str, joined: Callable[[Collection[int]], Joined], zh: str, en: str) -> Column:
    """Several other rows in one cell, joined by `;`."""
    return Column(heading, (), zh, en, _text_cell, joined)
