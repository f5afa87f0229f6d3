"""What must hold for any table, and for any bytes."""

import csv
from io import BytesIO, StringIO
from unicodedata import category

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from targets_site.sheets import RefusedFile
from targets_site.sheets.xlsx.cells import decimal_text
from tests.sheets.files import (
    HEADINGS,
    TEXTS,
    Formula,
    csv_text,
    open_table,
    parts_of,
    read,
    workbook,
    zipped,
)

COLUMNS = {"甲": ("甲",), "乙": ("乙",), "丙": ("丙",)}
AWKWARD = st.sampled_from(list("\",;\t\r\n '=%　\u200b\ufeff\u0085\u2028元海山𠮷é²_x"))
# All that a file can hold: no NUL in CSV, no half of a surrogate pair, two more that XML has not.
CSV_TEXT = st.text(
    st.one_of(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), AWKWARD),
    max_size=12,
)
SHEET_TEXT = st.text(
    st.one_of(st.characters(exclude_characters="\ufffe\uffff", exclude_categories=["Cs"]), AWKWARD),
    max_size=12,
)
CODECS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15),
    st.decimals(min_value=-(10**9), max_value=10**9, places=6).map(float),
    st.floats(min_value=-1e300, max_value=1e300),
)


def rows_read(content, name):
    table = open_table(content, name, columns=COLUMNS, required=COLUMNS, text_columns=())
    return [(line.number, *line.cells.values()) for line in table.lines]


def numbered(rows):
    """What must be read: rows that only hold blanks are left out, and counted."""
    return [(number, *row) for number, row in enumerate(rows, start=2) if not is_blank(row)]


def is_blank(row):
    return all(each.isspace() or category(each) == "Cf" for each in "".join(row))


@settings(max_examples=200)
@given(
    rows=st.lists(st.tuples(CSV_TEXT, CSV_TEXT, CSV_TEXT), max_size=6),
    codec=st.sampled_from(CODECS),
    separator=st.sampled_from(",;\t"),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
)
@example([("\ufeff", "", "a")], "gb18030", ",", "\n")
@example([("", "a", "\r")], "utf-8", ",", "\r")
def test_any_table_written_as_csv_reads_back_the_same(rows, codec, separator, end):
    text = StringIO(newline="")
    # Python leaves a line end unquoted where it is not the one that ends the rows.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows([COLUMNS, *rows])

    content = MARKS.get(codec, b"") + text.getvalue().encode(codec)

    assert rows_read(content, "t.csv") == numbered(rows)


@settings(max_examples=100)
@given(st.lists(st.tuples(SHEET_TEXT, SHEET_TEXT, SHEET_TEXT), max_size=6), st.booleans())
@example([("_x000D_", "a_x0041_", "\r")], False)
def test_any_table_written_as_a_workbook_reads_back_the_same(rows, inline):
    content = workbook(COLUMNS, *rows, options={"constant_memory": inline})

    assert rows_read(content, "t.xlsx") == numbered(rows)


@settings(max_examples=100)
@given(st.lists(st.tuples(NUMBERS, SHEET_TEXT, NUMBERS), max_size=6), st.booleans())
def test_numbers_are_read_as_another_reader_reads_them(rows, with_formulas):
    """openpyxl is the slow second reader; numbers are compared to 15 digits."""
    content = workbook(
        COLUMNS,
        *[[row[0], row[1], Formula("=1+1", row[2]) if with_formulas else row[2]] for row in rows],
    )

    sheet = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True).active
    expected = [
        (float(format(first, ".15g")), float(format(third, ".15g")))
        for first, _text, third in sheet.iter_rows(min_row=2, values_only=True)
    ]
    found = [(float(row[1]), float(row[3])) for row in rows_read(content, "t.xlsx")]

    assert found == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(0.1 + 0.2)
@example(5e-324)
@example(1.7976931348623157e308)
def test_numbers_become_decimals_of_fifteen_digits(number):
    text = decimal_text(repr(number))

    assert not set(text) - set("-.0123456789")
    assert len(text.replace("-", "").replace(".", "").strip("0")) <= 15
    assert float(text) == float(format(number, ".15g"))


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_figures_as_we_hold_them_come_back_from_a_workbook(value):
    """Fifteen digits, six decimals: what the product stores survives a binary fraction."""
    text = decimal_text(repr(float(value)))

    assert text == (f"{value.normalize():f}" if value else text)
    assert float(text) == float(value)


GOOD_CSV = csv_text(TEXTS, [*TEXTS[:2], '"山""东\n省"', *TEXTS[3:]], TEXTS)
GOOD_BOOK = workbook(
    ["报送表"],
    HEADINGS,
    TEXTS,
    [*TEXTS[:5], (0.985, "0.0%"), Formula('="a"', "a")],
    [2025, *TEXTS[1:]],
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 10**6),
        st.integers(0, 6),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from([b"<v>", b"</c>", b'"', b"\x00", b"\xff", b"&x;", b'r="1"']),
        ),
    ),
    min_size=1,
    max_size=4,
)


def edited(content, edits):
    """Some bytes replaced, taken out or put in."""
    for place, length, put in edits:
        start = place % (len(content) + 1)
        content = content[:start] + put + content[start + length :]
    return content


def read_or_refused(content, name, **options):
    """Anything but lines or a refusal with a reason fails the test."""
    try:
        read(content, name, **options)
    except RefusedFile as refused:
        problems = refused.problems
    else:
        return
    assert problems
    assert all(problem.message for problem in problems)


@settings(max_examples=300)
@given(EDITS, st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_a_csv_file_with_any_bytes_is_read_or_refused(edits, codec):
    read_or_refused(edited(GOOD_CSV.encode(codec), edits), "t.csv")


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    read_or_refused(content, "t.csv")
    read_or_refused(content, "t.xlsx")
    read_or_refused(b"PK\x03\x04" + content, "t.xlsx")


@settings(max_examples=300)
@given(EDITS)
def test_a_workbook_with_any_bytes_is_read_or_refused(edits):
    read_or_refused(edited(GOOD_BOOK, edits), "t.xlsx", header_row=2)


@pytest.mark.parametrize("part", sorted(set(parts_of(GOOD_BOOK)) - {"docProps/app.xml"}))
@settings(max_examples=60)
@given(edits=EDITS)
def test_a_workbook_with_any_xml_is_read_or_refused(part, edits):
    parts = parts_of(GOOD_BOOK)

    read_or_refused(zipped({**parts, part: edited(parts[part], edits)}), "t.xlsx", header_row=2)
