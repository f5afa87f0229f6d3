"""The tables that can be exported, by the name that commands and addresses use.

columns.py, tables.py    what a column and a table are
selection.py             which rows: table and filters
stream.py                one export as it runs, in any of the formats
csv_file.py, copied.py   CSV: by Python, by PostgreSQL
"""

from reports.exports.formats import FORMATS
from reports.exports.observations import OBSERVATIONS
from reports.exports.selection import NotUnderstood, Selection
from reports.exports.stream import Export
from reports.exports.tables import Table
from reports.exports.targets import TARGETS
from reports.exports.trail import AUDIT
from reports.exports.verdicts import VERDICTS
from reports.exports.versions import VERSIONS
from reports.exports.workbook import TooManyRows

TABLES: dict[str, Table] = {
    table.name: table for table in (TARGETS, OBSERVATIONS, VERDICTS, VERSIONS, AUDIT)
}

__all__ = ["FORMATS", "TABLES", "Export", "NotUnderstood", "Selection", "Table", "TooManyRows"]
