"""The formats of a file, by the ending of its name."""

from collections.abc import Iterator

from reports.exports.blocks import Block
from reports.exports.csv_file import csv_blocks
from reports.exports.json_lines import json_blocks
from reports.exports.selection import Selection
from reports.exports.tables import Rows
from reports.exports.workbook import workbook_blocks

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}


def blocks_of(name: str, selection: Selection, rows: Rows, *, bom: bool) -> Iterator[Block]:
    """The whole file; its first block comes at once where the format allows it. Raises TooManyRows
    where it allows fewer, before anything comes."""
    table = selection.table
    if name == "xlsx":
        return workbook_blocks(table, rows)
    if name == "jsonl":
        return json_blocks(table, rows)
    return csv_blocks(table, rows, bom=bom, walked=selection.is_whole)
