"""The one reader of tables that people upload: CSV and Excel workbooks (XLSX).

    problems.py    what is wrong with a file, and what to tell about a line
    table.py       what a caller gets
    headings.py    which columns are expected, and where they stand
    reading.py     a file by its name and content
    encodings.py   in which encoding a text file is written
    csv_file.py    CSV; xlsx/ is the other format

A file is read whole or refused whole. Nothing is guessed: what Excel changed by itself (dates,
codes without their leading zeros), what only looks empty (formulas never computed, merged cells)
and what would hide rows (an open quotation mark) is refused with line and column, or noted on its
line. What the figures mean is the caller's to judge.
"""

from targets_site.sheets.problems import Note, Problem, RefusedFile
from targets_site.sheets.reading import read_table
from targets_site.sheets.table import Line, Table

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

__all__ = ["XLSX_TYPE", "Line", "Note", "Problem", "RefusedFile", "Table", "read_table"]
