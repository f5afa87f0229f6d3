"""XLSX files of some cells, and what is read from them."""

import pytest

from targets_site.sheets import RefusedFile
from tests.sheets.files import HEADINGS, TEXTS, raw_workbook, read_pairs, workbook
from tests.sheets.files import read as read_any

SHEET = "xl/worksheets/sheet1.xml"
A_B = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'  # noqa: E501
PAIR = {"columns": {"a": ("a",), "b": ("b",)}, "required": ("a", "b")}


def read(content, **options):
    return read_any(content, "table.xlsx", **options)


def pairs(rows, **parts):
    """The rows below the headings a and b of a sheet whose XML is given."""
    return read_pairs(raw_workbook(A_B + rows, **parts), "table.xlsx")


def refusal_of(content, **options):
    with pytest.raises(RefusedFile) as refused:
        read(content, **options)
    return refused.value.problems


def refusal_of_pairs(rows, **parts):
    content = raw_workbook(A_B + rows, **parts)
    with pytest.raises(RefusedFile) as refused:
        read_pairs(content, "table.xlsx")
    return [(problem.line, problem.column, problem.message) for problem in refused.value.problems]


def with_value(value):
    return workbook(HEADINGS, [*TEXTS[:5], value])


def value_and_notes(content):
    [line] = read(content)
    return line.cells["value"], [(note.message, note.needs_confirmation) for note in line.notes]
