"""A table as JSON lines: one object a row, its keys the headings in their order.

Texts, codes and moments are strings, as they are; an empty one is "". Figures are strings, so that
63.10 stays 63.10; years and counts are numbers, yes and no are true and false; where there is none,
null.
"""

import json
from collections.abc import Iterator

from reports.exports.blocks import Block
from reports.exports.cells import blocks_of_cells
from reports.exports.columns import Kind
from reports.exports.tables import Rows, Table


def json_blocks(table: Table, rows: Rows) -> Iterator[Block]:
    for cells in blocks_of_cells(table.columns, rows):
        lines = (_line(table, row) for row in cells)
        yield Block("".join(lines).encode(), len(cells))


def _line(table: Table, cells: tuple[str, ...]) -> str:
    found = {
        column.heading: _value(column.kind, cell)
        for column, cell in zip(table.columns, cells, strict=True)
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def _value(kind: Kind, cell: str) -> str | int | bool | None:
    if kind in {Kind.TEXT, Kind.CODE}:
        return cell
    if not cell:
        return None
    if kind is Kind.NUMBER:
        return int(cell)
    return cell == "1" if kind is Kind.FLAG else cell
