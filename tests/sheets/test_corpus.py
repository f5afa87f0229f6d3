"""Every file of the corpus that concerns how a file is built."""

import base64
import json
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from targets_site.sheets import RefusedFile
from tests.sheets.files import (
    CELLS,
    HEADINGS,
    TEXTS,
    Formula,
    changed,
    csv_text,
    open_table,
    workbook,
)

CORPUS = json.loads((Path(__file__).parent / "data" / "bad_files.json").read_text("utf-8"))
SHEET = "xl/worksheets/sheet1.xml"


def entries(file_format):
    return [
        pytest.param(entry, id=entry["id"])
        for entry in CORPUS["entries"]
        if entry["format"] == file_format
    ]


def by_openpyxl(change):
    """The one-line workbook, changed by openpyxl."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    sheet.append(HEADINGS)
    sheet.append([2025, *TEXTS[1:5], 98.5])
    change(book, sheet)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def with_value(value, number_format="General"):
    def change(_book, sheet):
        sheet["F2"] = value
        sheet["F2"].number_format = number_format

    return by_openpyxl(change)


def with_merged_years(_book, sheet):
    for _year in range(3):
        sheet.append([None, *TEXTS[1:5], 98.5])
    sheet.merge_cells("A2:A5")


def with_data_on_the_second_sheet(book, sheet):
    sheet.title = "说明"
    second = book.create_sheet("第二页")
    second.append(HEADINGS)
    second.append(TEXTS)


def counting_from_1904(book, _sheet):
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904


def encrypted():
    """What Excel writes with a password: an OLE file with the workbook as an encrypted stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")


def nothing(_book, _sheet):
    pass


FILES = {
    "C29": lambda: csv_text([*TEXTS[:6], "x" * 140_000]).encode(),
    "X01": lambda: with_value(0.985, "0.0%"),
    "X02": lambda: with_value(0.985),
    "X03": lambda: with_value("98.5%"),
    "X04": lambda: with_value(0.1 + 0.2),
    "X05": lambda: with_value("=SUM(A1:A3)"),
    "X06": lambda: workbook(HEADINGS, [*TEXTS[:5], Formula("=197/2", 98.5)]),
    "X08": lambda: by_openpyxl(lambda _book, sheet: sheet.__setitem__("D2", 101)),
    "X09": lambda: by_openpyxl(lambda _book, sheet: sheet.__setitem__("A2", datetime(2025, 1, 2))),  # noqa: DTZ001
    "X11": lambda: with_value(True),
    "X12": lambda: by_openpyxl(with_merged_years),
    "X14": lambda: by_openpyxl(with_data_on_the_second_sheet),
    "X15": lambda: by_openpyxl(counting_from_1904),
    "X16": encrypted,
    "X20": lambda: changed(
        by_openpyxl(nothing),
        SHEET,
        b"<worksheet ",
        b'<!DOCTYPE worksheet [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><worksheet ',
    ),
    "X21": lambda: with_value("98.5\u200b"),
    "X22": lambda: changed(
        by_openpyxl(nothing), SHEET, b'<dimension ref="A1:G2"', b'<dimension ref="A1:XFD1048576"'
    ),
}


def content_of(entry):
    if "bytes_b64" in entry:
        return base64.b64decode(entry["bytes_b64"])
    return FILES[entry["id"]]()


@pytest.mark.parametrize("entry", entries("csv"))
def test_corpus_of_csv_files(entry):
    expect = entry["expect"]
    if entry["outcome"] == "reject":
        with pytest.raises(RefusedFile) as refused:
            list(open_table(content_of(entry)).lines)
        assert_refused(refused.value, expect)
        return

    table = open_table(content_of(entry))
    lines = list(table.lines)

    assert (table.encoding, table.separator) == (expect["encoding"], expect["separator"])
    assert [(line.number, line.cells, line.notes) for line in lines] == [(2, CELLS, ())]


@pytest.mark.parametrize("entry", entries("xlsx"))
def test_corpus_of_workbooks(entry):
    expect = entry["expect"]
    if entry["outcome"] == "reject":
        with pytest.raises(RefusedFile) as refused:
            list(open_table(content_of(entry), "table.xlsx", sheet="数据").lines)
        assert_refused(refused.value, expect)
        return

    table = open_table(content_of(entry), "table.xlsx", sheet="数据")
    [line] = table.lines

    assert (table.encoding, table.separator) == ("Excel (XLSX)", "")
    assert (line.number, line.cells) == (2, CELLS | {"value": expect["value"]})
    assert [note.message for note in line.notes] == expect["notes"]
    needs_confirmation = any(note.needs_confirmation for note in line.notes)
    assert needs_confirmation == (entry["outcome"] == "confirm")


def assert_refused(error, expect):
    [problem] = error.problems
    assert (problem.line, problem.column) == (expect["line"], expect["column"])
    assert expect["says"] in problem.message
