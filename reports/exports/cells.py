"""Rows as texts: the slow, obvious way, which every format but CSV from PostgreSQL goes."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reports.exports.columns import Column
from reports.exports.tables import Rows

BLOCK_ROWS = 2000

Values = tuple[Any, ...]
Cells = list[tuple[str, ...]]


def blocks_of_cells(columns: Sequence[Column], rows: Rows) -> Iterator[Cells]:
    """Rows of cells in the order of the file, a block at a time.

    One query for all rows, and one for each joined column and block.
    """
    lookups = ["pk", *dict.fromkeys(itertools.chain(*(c.lookups for c in columns)))]
    values = rows.values_list(*lookups).iterator(chunk_size=BLOCK_ROWS)
    places = {lookup: place for place, lookup in enumerate(lookups)}
    while block := list(itertools.islice(values, BLOCK_ROWS)):
        yield list(zip(*_columns_of_cells(columns, block, places), strict=True))


def _columns_of_cells(
    columns: Iterable[Column], block: Sequence[Values], places: dict[str, int]
) -> Iterator[list[str]]:
    """The cells of one block, a column at a time."""
    values = list(zip(*block, strict=True))
    keys: tuple[int, ...] = values[0]
    for column in columns:
        if column.joined:
            joined = column.joined(keys)
            yield [column.cell(joined.get(key)) for key in keys]
        else:
            yield list(map(column.cell, *(values[places[lookup]] for lookup in column.lookups)))
