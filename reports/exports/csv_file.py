"""A table as CSV: on PostgreSQL written by the database itself, else row by row."""

from collections.abc import Iterator

from django.db import connection

from reports.exports.blocks import Block
from reports.exports.cells import blocks_of_cells
from reports.exports.columns import Kind
from reports.exports.copied import copied
from reports.exports.tables import Rows, Table
from targets_site.csv_text import BOM, as_csv, safe_text


def csv_blocks(table: Table, rows: Rows, *, bom: bool, walked: bool) -> Iterator[Block]:
    """The heading at once, then the rows; both ways give the same bytes.

    walked: the rows are most of the table.
    """
    heading = as_csv([table.headings])
    yield Block((BOM + heading if bom else heading).encode())
    is_copied = connection.vendor == "postgresql" and table.is_copied
    yield from copied(table, rows, walked=walked) if is_copied else written(table, rows)


def written(table: Table, rows: Rows) -> Iterator[Block]:
    texts = [place for place, column in enumerate(table.columns) if column.kind is Kind.TEXT]
    for cells in blocks_of_cells(table.columns, rows):
        lines = list(map(list, cells))
        for line in lines:
            for place in texts:
                line[place] = safe_text(line[place])
        yield Block(as_csv(lines).encode(), len(lines))
