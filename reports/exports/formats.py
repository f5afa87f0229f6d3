"""The formats of a file, by the ending of its name."""

from collections.abc import Iterator

from reports.exports.blocks import Block
from reports.exports.csv_file import csv_blocks
from reports.exports.selection import Selection
from reports.exports.tables import Rows

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}


def blocks_of(name: str, selection: Selection, rows: Rows, *, bom: bool) -> Iterator[Block]:
    """The whole file; its first block comes at once where the format allows it."""
    return csv_blocks(selection.table, rows, bom=bom, walked=selection.is_whole)
