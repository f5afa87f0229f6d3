"""A file that someone uploaded, read by what its name and its content say."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _

from targets_site.sheets.csv_file import read_csv
from targets_site.sheets.headings import Expected
from targets_site.sheets.problems import refused
from targets_site.sheets.table import Table
from targets_site.sheets.xlsx import read_xlsx

MEGABYTE = 1_000_000
READERS = {".csv": read_csv, ".txt": read_csv, ".tsv": read_csv, ".xlsx": read_xlsx}
OTHER_SPREADSHEETS = {".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xlt", ".et", ".ett", ".ods"}


def read_table(
    file: BinaryIO,
    *,
    name: str,
    columns: Mapping[str, Sequence[str]],
    required: Collection[str],
    ignored: Collection[str] = (),
    text_columns: Collection[str] = (),
    code_lengths: Mapping[str, int] | None = None,
    units: Collection[str] | None = None,
    sheet: str = "",
    header_row: int = 1,
    max_rows: int = 200_000,
    max_bytes: int = 50 * MEGABYTE,
) -> Table:
    """Open a table; its lines are read later, while they are asked for (see `Table`).

    file: seekable, read from its start, left open. name: as uploaded; .csv, .txt, .tsv or .xlsx.
    columns: accepted headings by key, in either language; a heading may carry a unit in brackets,
    such as 数值（%）. required: keys that the file must have. ignored: headings that may stand in
    the file and are not read; any other heading is refused. text_columns: keys of codes, in which
    a number in an Excel cell is refused, since it has lost its leading zeros. code_lengths: by key
    of those, the digits that each of its codes has: a number of so many has lost none. units: keys
    whose heading may carry a unit; all where left out. sheet: the worksheet to read; where empty,
    the workbook must have a single one that is not hidden. header_row: rows above it are not read.
    max_rows: rows that are not blank, below the headings.

    Raises RefusedFile with everything wrong with the file as a whole and with its headings.
    """
    expected = Expected(
        columns=columns,
        required=required,
        ignored=ignored,
        text_columns=text_columns,
        code_lengths=code_lengths or {},
        units=units,
        sheet=sheet,
        header_row=header_row,
        max_rows=max_rows,
    )
    read = READERS.get(_suffix(name))
    if read is None:
        raise refused(_other_format(name))
    _refuse_size(file, max_bytes)
    return read(file, expected)


def _suffix(name: str) -> str:
    return PurePath(name.strip()).suffix.lower()


def _other_format(name: str) -> str:
    if _suffix(name) in OTHER_SPREADSHEETS:
        return _(
            "Files of the type %(type)s are not read: open the file and save it as “Excel "
            "workbook (*.xlsx)”, without macros."
        ) % {"type": _suffix(name)}
    return _("Only CSV files (.csv) and Excel workbooks (.xlsx) are read.")


def _refuse_size(file: BinaryIO, max_bytes: int) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise refused(_("The file is empty."))
    if size > max_bytes:
        raise refused(
            _("The file is larger than %(limit)s MB; split it.")
            % {"limit": f"{max_bytes / MEGABYTE:g}"}
        )
