"""What a column of an export is: heading, how to get the cell, and what it means.

Header, cells and data dictionary all come from one list of these, so they cannot drift apart.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from django.db.models import F, Func, Subquery

from reports.exports import sql
from targets_site.figures import plain
from targets_site.localized import localized
from targets_site.moments import to_the_second

Joined = Mapping[int, str]


class Kind(Enum):
    """What a cell holds; the value is the type of a Frictionless table schema."""

    TEXT = "string"
    # Of a few known words, which the database's constraints hold it to.
    CODE = "code"
    NUMBER = "integer"
    FIGURE = "number"
    FLAG = "boolean"
    MOMENT = "datetime"


@dataclass(frozen=True)
class Column:
    """One column of one table.

    lookups: what the query reads, as Django names it; `cell` takes their values in this order and
    gives the text of the cell, as yet without an apostrophe before what looks like a formula.
    copied: gives the cell of a CSV file as PostgreSQL writes it by itself, apostrophe included;
    None where only Python can.
    joined: for a list of other rows, a function from the primary keys of a block of rows to the
    text per key; it asks once a block. The cell then ignores `lookups`.
    """

    heading: str
    lookups: tuple[str, ...]
    meaning_zh: str
    meaning_en: str
    kind: Kind
    cell: Callable[..., str]
    copied: Func | F | None = None
    joined: Callable[[Collection[int]], Joined] | None = None

    @property
    def meaning(self) -> str:
        return localized(self, "meaning")


def _text_cell(value: str | None) -> str:
    return value or ""


def _number_cell(value: int | None) -> str:
    return "" if value is None else str(value)


def _figure_cell(value: Decimal | None, decimals: int | None = None) -> str:
    return plain(value, decimals=decimals)


def _flag_cell(value: bool | None) -> str:
    return "" if value is None else str(int(value))


def _moment_cell(value: datetime | None) -> str:
    return "" if value is None else to_the_second(value)


def text(heading: str, lookup: str, zh: str, en: str) -> Column:
    """Words, names and lists; made harmless for a spreadsheet."""
    return Column(heading, (lookup,), zh, en, Kind.TEXT, _text_cell, sql.SafeText(lookup))


def code(heading: str, lookup: str, zh: str, en: str) -> Column:
    """One of a few words that the database holds the field to; none looks like a formula."""
    return Column(heading, (lookup,), zh, en, Kind.CODE, _text_cell, sql.EmptyAsNull(lookup))


def number(heading: str, lookup: str, zh: str, en: str) -> Column:
    """A year or a count."""
    return Column(heading, (lookup,), zh, en, Kind.NUMBER, _number_cell, F(lookup))


def figure(heading: str, lookup: str, zh: str, en: str, *, decimals: str = "") -> Column:
    """A figure without exponent; with the decimals it was stated with where `decimals` names
    the lookup that knows them (63.10 stays 63.10)."""
    lookups = (lookup, decimals) if decimals else (lookup,)
    copied = sql.StatedFigure(lookup, decimals) if decimals else sql.TrimmedFigure(lookup)
    return Column(heading, lookups, zh, en, Kind.FIGURE, _figure_cell, copied)


def flag(heading: str, lookup: str, zh: str, en: str) -> Column:
    """1 or 0."""
    return Column(heading, (lookup,), zh, en, Kind.FLAG, _flag_cell, sql.Flag(lookup))


def moment(heading: str, lookup: str, zh: str, en: str) -> Column:
    """A point in time, as 2024-03-01T09:30:00+08:00."""
    return Column(heading, (lookup,), zh, en, Kind.MOMENT, _moment_cell, sql.Moment(lookup))


def joined_texts(pairs: Iterable[tuple[int, str]]) -> Joined:
    """Texts per key, in the order of the pairs, joined by `;`."""
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for pk, item in pairs:
        texts[pk].append(item)
    return {pk: ";".join(items) for pk, items in texts.items()}


def listed(
    heading: str,
    joined: Callable[[Collection[int]], Joined],
    zh: str,
    en: str,
    *,
    copied: Subquery,
) -> Column:
    """Several other rows in one cell, joined by `;`. copied: the same as an array."""
    return Column(heading, (), zh, en, Kind.TEXT, _text_cell, sql.SafeList(copied), joined)
