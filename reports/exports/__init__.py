"""The tables that can be exported, by the name that commands and addresses use.

columns.py, tables.py     what a column and a table are; sql.py: cells as PostgreSQL writes them
targets.py … trail.py     the tables, one each
selection.py, filters.py  which rows: table and filters
cells.py, formats.py      rows as texts, and the formats made of them: csv_file.py (by PostgreSQL:
                          copied.py), workbook.py, json_lines.py
leaving.py, stream.py     a file on its way out: one table; bundle/: all of them
asked.py, making.py       what somebody asks for, and the file that it becomes
rights.py, offers.py      who may have what; a file as the page offers it, counted by counting.py
kept/                     large files, written by a job
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
