"""Files that the system administrator takes away: the sheet to fill in, and one-time passwords."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import chain
from typing import Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from targets_site.accounts.cells import LABELS, is_over
from targets_site.accounts.models import Role
from targets_site.csv_text import BOM, as_csv, safe_text
from targets_site.places.models import Department
from targets_site.sheets import XLSX_TYPE

CSV_TYPE = "text/csv; charset=utf-8"
WIDTHS = {
    "username": 18, "full_name": 14, "role": 16, "area_code": 12, "department": 28,
    "from_date": 14, "to_date": 14, "email": 28,
}  # fmt: skip
LAST_ROW = 1000
LONGEST_LIST = 1000


class PasswordRow(NamedTuple):
    username: str
    full_name: str
    password: str


def password_headings() -> list[str]:
    return [str(LABELS["username"]), str(LABELS["full_name"]), _("One-time password")]


def passwords_csv(rows: Iterable[PasswordRow]) -> bytes:
    lines = ([safe_text(cell) for cell in row] for row in rows)
    return (BOM + as_csv(chain([password_headings()], lines))).encode()


def passwords_xlsx(rows: Iterable[PasswordRow]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet(_("One-time passwords"))
        _write_headings(book, sheet, password_headings(), widths=[20, 20, 22])
        fixed = book.add_format({"font_name": "Consolas", "font_size": 12})
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, 0, row.username)
            sheet.write_string(number, 1, row.full_name)
            sheet.write_string(number, 2, row.password, fixed)

    return _book(fill)


PASSWORD_FILES: dict[str, tuple[str, Callable[[Iterable[PasswordRow]], bytes]]] = {
    "csv": (CSV_TYPE, passwords_csv),
    "xlsx": (XLSX_TYPE, passwords_xlsx),
}


def account_sheet_template(departments: Sequence[Department]) -> bytes:
    """The sheet to fill in, in the reader's language, with lists to choose from: of the posts, and
    of areas and departments, which stand on a hidden page (a reader takes one page only)."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet(_("Accounts"))
        headings = [str(label) for label in LABELS.values()]
        _write_headings(book, sheet, headings, widths=list(WIDTHS.values()))
        # Text, so that a code keeps its digits and a name such as 1e5 stays one.
        text = book.add_format({"num_format": "@"})
        for column, key in enumerate(LABELS):
            sheet.set_column(column, column, WIDTHS[key], text)
        _offer(sheet, "role", [str(role.label) for role in Role], strict=True)
        _offer_places(book, sheet, departments)

    return _book(fill)


def _offer_places(
    book: xlsxwriter.Workbook, sheet: Worksheet, departments: Sequence[Department]
) -> None:
    """Nothing is offered where there are more than anybody would look through."""
    standing = [each for each in departments if not is_over(each)][:LONGEST_LIST]
    if not standing or len(departments) > LONGEST_LIST:
        return
    lists = book.add_worksheet("lists")
    lists.hide()
    columns = {
        "area_code": sorted({each.area.code for each in standing}),
        "department": list(dict.fromkeys(each.name for each in standing)),
    }
    for column, (key, values) in enumerate(columns.items()):
        for number, value in enumerate(values):
            lists.write_string(number, column, value)
        letter = "AB"[column]
        _offer(sheet, key, f"=lists!${letter}$1:${letter}${len(values)}", strict=False)


def _offer(sheet: Worksheet, key: str, source: list[str] | str, *, strict: bool) -> None:
    """A list to choose from in a column; strict: nothing else can be typed."""
    column = list(LABELS).index(key)
    options = {"validate": "list", "source": source, "show_error": strict}
    sheet.data_validation(1, column, LAST_ROW, column, options)


def _write_headings(
    book: xlsxwriter.Workbook, sheet: Worksheet, headings: Sequence[str], *, widths: Sequence[int]
) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 0)


def _book(fill: Callable[[xlsxwriter.Workbook], Any]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        fill(book)
    return buffer.getvalue()
