"""Tables to be read, and workbooks written part by part, as no program would write them."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from targets_site.sheets import read_table

COLUMNS = {
    "year": ("年份", "year"),
    "area_code": ("地区代码", "area_code"),
    "area": ("地区", "area"),
    "indicator_code": ("指标代码", "indicator_code"),
    "unit": ("单位", "unit"),
    "value": ("数值", "value"),
    "remark": ("备注", "remark"),
}
REQUIRED = tuple(key for key in COLUMNS if key != "remark")
CODES = ("area_code", "indicator_code")
HEADINGS = [headings[0] for headings in COLUMNS.values()]
TEXTS = ["2025", "370000", "山东省", "0101", "%", "98.5", ""]
CELLS = dict(zip(COLUMNS, TEXTS, strict=True))

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def open_table(content, name="table.csv", **options):
    options = {"columns": COLUMNS, "required": REQUIRED, "text_columns": CODES, **options}
    return read_table(BytesIO(content), name=name, **options)


def read(content, name="table.csv", **options):
    """All lines of a file."""
    return list(open_table(content, name, **options).lines)


def read_pairs(content, name, **options):
    """A file of the columns a and b, as (number, a, b)."""
    columns = {"a": ("a",), "b": ("b",)}
    lines = read(content, name, columns=columns, required=columns, text_columns=(), **options)
    return [(line.number, line.cells["a"], line.cells["b"]) for line in lines]


def csv_text(*rows, headings=HEADINGS, separator=",", end="\r\n"):
    return "".join(separator.join(row) + end for row in (headings, *rows))


@dataclass(frozen=True)
class Formula:
    text: str
    saved: object


def workbook(*rows, sheet="数据", hidden=(), options=None):
    """A workbook by XlsxWriter; a cell is a text, a number, a Formula, or (value, format)."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **(options or {})})
    for name in [sheet, *hidden]:
        book.add_worksheet(name)
    for name in hidden:
        book.get_worksheet_by_name(name).hide()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            _write(book, book.get_worksheet_by_name(sheet), number, column, cell)
    book.close()
    return content.getvalue()


def _write(book, sheet, row, column, cell):
    value, code = cell if isinstance(cell, tuple) else (cell, None)
    cell_format = book.add_format({"num_format": code}) if code else None
    if isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, cell_format, value.saved)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, cell_format)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, cell_format)
    elif value is not None:
        sheet.write_number(row, column, value, cell_format)


def parts_of(content):
    with zipfile.ZipFile(BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def zipped(parts, compression=zipfile.ZIP_DEFLATED):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", compression) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return content.getvalue()


def changed(content, part, old, new):
    """The same workbook with something else in a part."""
    parts = parts_of(content)
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    return zipped(parts)


def with_part(content, name, part):
    return zipped({**parts_of(content), name: part})


def raw_parts(rows, *, strings="", styles="", sheet_end="", sheets=None, book=""):
    """The parts of a workbook of one sheet whose XML is given, cells and all."""
    sheets = sheets or '<sheet name="数据" sheetId="1" r:id="rId1"/>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{sheet_end}</worksheet>'
    kinds = {"rId1": "worksheet", "rId2": "styles", "rId3": "sharedStrings"}
    targets = {"rId1": "worksheets/sheet1.xml", "rId2": "styles.xml", "rId3": "sharedStrings.xml"}
    links = "".join(
        f'<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{targets[id]}"/>'
        for id, kind in kinds.items()
    )
    to_book = f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"'
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" {to_book}/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{book}'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{links}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return {name: (XML + text).encode() for name, text in texts.items()}


def raw_workbook(rows, **options):
    return zipped(raw_parts(rows, **options))


def styles(*formats):
    """Cell formats in order: the number of a built-in one, or a code."""
    codes = {each: 164 + place for place, each in enumerate(formats) if isinstance(each, str)}
    own = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for code, number in codes.items()
    )
    cells = "".join(f'<xf numFmtId="{codes.get(each, each)}"/>' for each in formats)
    return f"<numFmts>{own}</numFmts><cellXfs>{cells}</cellXfs>"
