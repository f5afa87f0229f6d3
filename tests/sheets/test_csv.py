"""CSV as programs and people write it, and what hides or loses rows in it."""

import csv
import tracemalloc
from io import BytesIO

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile

from targets_site.sheets import Note, Problem, RefusedFile, read_table
from tests.sheets.files import (
    CELLS,
    COLUMNS,
    HEADINGS,
    REQUIRED,
    TEXTS,
    csv_text,
    open_table,
    read,
    read_pairs,
)

ENGLISH = list(COLUMNS)


def problems_of(content, name="table.csv", **options):
    """Where and what, of a file that must be refused."""
    with pytest.raises(RefusedFile) as refused:
        read(content, name, **options)
    return [(problem.line, problem.column, problem.message) for problem in refused.value.problems]


def only_problem_of(content, name="table.csv", **options):
    [problem] = problems_of(content, name, **options)
    return problem


@pytest.mark.parametrize(
    ("codec", "mark", "shown"),
    [
        pytest.param("utf-8", b"", "UTF-8", id="utf-8"),
        pytest.param("utf-8", b"\xef\xbb\xbf", "UTF-8 (BOM)", id="utf-8-mark"),
        pytest.param("utf-8", b"\xef\xbb\xbf" * 2, "UTF-8 (BOM)", id="utf-8-two-marks"),
        pytest.param("gb18030", b"", "GB18030", id="gb18030"),
        pytest.param("gb18030", b"\x84\x31\x95\x33", "GB18030", id="gb18030-mark"),
        pytest.param("utf-16-le", b"\xff\xfe", "UTF-16", id="utf-16-little"),
        pytest.param("utf-16-be", b"\xfe\xff", "UTF-16", id="utf-16-big"),
    ],
)
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_every_encoding_separator_and_line_end(codec, mark, shown, separator, end):
    row = [*TEXTS[:6], "生僻字𠮷、㐂"]
    text = csv_text([f'"{cell}"' for cell in row], separator=separator, end=end)

    table = open_table(mark + text.encode(codec))
    lines = list(table.lines)

    assert (table.encoding, table.separator) == (shown, separator)
    assert [(line.number, line.cells) for line in lines] == [(2, CELLS | {"remark": row[6]})]


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_marked_file_may_begin_with_a_quotation_mark(codec):
    text = "\ufeff" + csv_text(TEXTS, headings=[f'"{heading}"' for heading in HEADINGS])

    assert [line.cells for line in read(text.encode(codec))] == [CELLS]


@pytest.mark.parametrize("name", ["t.CSV", "t.txt", "t.tsv", " 报表.2015.csv "])
def test_names_of_text_files(name):
    assert len(read(csv_text(TEXTS).encode(), name)) == 1


@pytest.mark.parametrize("name", ["t.xls", "T.XLSM", "t.xlsb", "t.et", "t.ods"])
def test_other_spreadsheets_are_refused_with_advice(name):
    line, column, message = only_problem_of(b"any", name)

    assert (line, column) == (None, "")
    assert "save it as “Excel workbook (*.xlsx)”" in message


@pytest.mark.parametrize("name", ["t.docx", "t", "csv", "t.csv.exe"])
def test_other_files_are_refused(name):
    assert only_problem_of(b"any", name) == (
        None, "", "Only CSV files (.csv) and Excel workbooks (.xlsx) are read.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"PK\x03\x04rest", "no CSV file", id="xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", "no CSV file", id="xls"),
        pytest.param(b"%PDF-1.4", "no CSV file", id="pdf"),
        pytest.param(b"\n <TABLE><tr>", "web page", id="table"),
        pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?>", "web page", id="xml"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no text file", id="png"),
        pytest.param("年份,数值\n".encode("utf-16-le"), "no text file", id="utf-16-without-mark"),
        pytest.param(b"\xff\xfe\x00\x00y\x00\x00\x00", "no text file", id="utf-32"),
    ],
)
def test_other_content_is_refused(content, says):
    assert says in only_problem_of(content)[2]


def test_nul_is_refused_with_its_line():
    content = csv_text(TEXTS, [*TEXTS[:6], "a\x00b"]).encode()

    assert only_problem_of(content)[:2] == (3, "")


def test_a_lost_byte_does_not_turn_utf8_into_other_characters():
    """Two thirds of the bytes of Chinese UTF-8 are valid GB18030 by chance."""
    text = csv_text(["2025", "370000", "山东省", "0101", "%", "98.5", "说明文字"], headings=ENGLISH)
    content = text.encode().replace("山".encode(), "山".encode()[:2])

    line, column, message = only_problem_of(content)

    assert (line, column) == (2, "")
    assert "not valid UTF-8" in message


def test_gb18030_pasted_below_utf8_is_refused_at_its_line():
    rows = csv_text(*[TEXTS] * 5).encode()
    content = rows + ",".join([*TEXTS[:6], "备注"]).encode("gb18030")

    line, _column, message = only_problem_of(content)

    assert line == 7
    assert "not valid UTF-8" in message


def test_invalid_gb18030_is_refused_at_its_line():
    content = csv_text(TEXTS, TEXTS).encode("gb18030") + b"2025,37\xff"

    line, _column, message = only_problem_of(content)

    assert line == 4
    assert "not valid GB18030" in message


def test_utf16_cut_within_a_character_is_refused():
    content = csv_text(TEXTS).encode("utf-16")[:-5]

    line, _column, message = only_problem_of(content)

    assert line == 2
    assert "not valid UTF-16" in message


def test_a_single_word_that_could_be_either_encoding_is_refused():
    """元 in GB18030 is a valid letter in UTF-8."""
    content = csv_text(["2025", "370000", "x", "0101", "元", "98.5", ""], headings=ENGLISH)

    assert "cannot be told apart" in only_problem_of(content.encode("gb18030"))[2]


def test_blank_rows_are_counted_and_not_returned():
    content = csv_text(
        TEXTS, [""], [""] * 7, ["　", " \t", "\u200b", "", "", "", ""], TEXTS
    ).encode()

    assert [line.number for line in read(content)] == [2, 6]


def test_last_row_without_a_line_end_is_kept():
    assert [line.number for line in read(csv_text(TEXTS, TEXTS).rstrip().encode())] == [2, 3]


def test_headings_alone_are_an_empty_table():
    assert read(csv_text().encode()) == []


@pytest.mark.parametrize("filler", ["", ",,,,,,", '"",,,,,,'])
def test_a_table_ends_before_a_thousand_blank_rows(filler):
    content = csv_text(TEXTS, *[[filler]] * 1500)

    assert [line.number for line in read(content.encode())] == [2]


def test_a_row_below_a_thousand_blank_rows_is_not_lost():
    blank = [[""]] * 1000

    assert [line.number for line in read(csv_text(TEXTS, *blank, TEXTS).encode())] == [2, 1003]
    assert only_problem_of(csv_text(TEXTS, *blank, [""], TEXTS).encode()) == (
        3, "", "More than 1,000 blank rows begin here and something stands below them; delete it.",
    )  # fmt: skip
    assert only_problem_of(csv_text(TEXTS, *blank * 3, TEXTS).encode())[0] == 3


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        pytest.param('2025,370000,山"东"省,0101,%,98.5,', "地区", "inside this", id="inside"),
        pytest.param('2025,370000, "山东",0101,%,98.5,', "地区", "inside this", id="blank-before"),
        pytest.param('2025,370000,"山东"省,0101,%,98.5,', "地区", "inside this", id="behind"),
        pytest.param('2025,370000,"山"东",0101,%,98.5,', "地区", "inside this", id="odd"),
        pytest.param('2025,370000,"山东,0101,%,98.5,', "地区", "opens here", id="open"),
        pytest.param('2025,370000,山东,0101,%,98.5,"', "备注", "opens here", id="open-last"),
        pytest.param('"2025,370000,山东,0101,%,98.5,""', "年份", "opens here", id="doubled-last"),
    ],
)
def test_quotation_marks_out_of_place_are_refused(row, column, says):
    content = csv_text(TEXTS) + row + "\r\n" + csv_text(headings=TEXTS)

    line, found, message = only_problem_of(content.encode())

    assert (line, found) == (3, column)
    assert says in message


def test_an_open_quotation_mark_closed_in_a_later_row_is_refused_where_it_opens():
    content = csv_text(TEXTS, ["2025", '"3700'], TEXTS, [*TEXTS[:6], '"备注"'])

    line, column, message = only_problem_of(content.encode())

    assert (line, column) == (3, "地区代码")
    assert message == "A quotation mark opens here and is not closed behind the text."


@pytest.mark.parametrize("between", [0, 2])
@pytest.mark.parametrize("place", [2, 4, 6])
def test_two_open_quotation_marks_that_hide_rows_ask(place, between):
    """The file is valid: one text from the first mark to the second, rows and all."""
    opening, closing = list(TEXTS), list(TEXTS)
    opening[place], closing[place] = '"甲', '乙"'
    content = csv_text(TEXTS, opening, *[TEXTS] * between, closing, TEXTS).encode()

    first, hiding, last = read(content)

    assert (first.notes, last.notes, last.number) == ((), (), 4)
    assert hiding.notes == (
        Note(
            3,
            HEADINGS[place],
            "This text goes over several lines and may hold further rows; confirm that it is one "
            "text.",
            needs_confirmation=True,
        ),
    )


def test_texts_of_several_lines_are_one_row():
    content = csv_text([*TEXTS[:6], '"甲\r\n乙，""丙"",\n丁"'], TEXTS).encode()

    first, second = read(content)

    assert (first.number, first.cells["remark"], first.notes) == (2, '甲\r\n乙，"丙",\n丁', ())
    assert second.number == 3


def test_each_row_of_a_wrong_length_is_told():
    content = csv_text(TEXTS, TEXTS[:3], TEXTS, [*TEXTS, ""], ["合计"]).encode()
    table = open_table(content)

    first = next(table.lines)
    with pytest.raises(RefusedFile) as refused:
        next(table.lines)

    assert first.number == 2
    assert refused.value.problems == [
        Problem(3, "指标代码", "Cells in this row: 3; headings: 7."),
        Problem(5, "H", "Cells in this row: 8; headings: 7."),
        Problem(6, "地区代码", "Cells in this row: 1; headings: 7."),
    ]


def test_a_hundred_problems_are_enough():
    problems = problems_of(csv_text(*[TEXTS[:3]] * 5000).encode())

    assert [line for line, _column, _message in problems] == list(range(2, 102))


def test_faults_before_an_open_quotation_mark_are_told_too():
    problems = problems_of(csv_text(TEXTS[:3], [*TEXTS[:6], '"']).encode())

    assert [problem[:2] for problem in problems] == [(2, "指标代码"), (3, "备注")]


def test_the_longest_text_that_is_read():
    longest = "长" * 131_072
    content = csv_text([*TEXTS[:6], f'"{longest}"'], [*TEXTS[:6], longest]).encode()

    assert [line.cells["remark"] == longest for line in read(content)] == [True, True]


@pytest.mark.parametrize("cell", ["长" * 131_073, '"' + "长" * 131_073 + '"'])
def test_longer_texts_are_refused(cell):
    line, column, message = only_problem_of(csv_text(TEXTS, [*TEXTS[:6], cell], TEXTS).encode())

    assert (line, column) == (3, "备注")
    assert message.startswith("The text is longer than 131,072 characters")


def test_longer_texts_are_refused_whatever_else_the_process_reads():
    """The limit of the csv module is the whole process's, and others raise it."""
    before = csv.field_size_limit(10**9)
    try:
        problem = only_problem_of(csv_text([*TEXTS[:6], "x" * 131_073]).encode())
    finally:
        csv.field_size_limit(before)

    assert problem[:2] == (2, "备注")


def test_an_open_quotation_mark_in_a_large_file_is_refused_where_it_opens():
    content = csv_text(TEXTS, [*TEXTS[:6], '"开'], *[TEXTS] * 10_000).encode()

    assert only_problem_of(content)[:2] == (3, "备注")


@pytest.mark.parametrize(
    ("codec", "filler", "times"),
    [("utf-8", "长", 6_000_000), ("gb18030", "长", 6_000_000), ("utf-8", ",", 45_000_000)],
)
def test_a_line_without_end_is_refused_before_it_fills_the_memory(codec, filler, times):
    content = csv_text(TEXTS).encode(codec) + filler.encode(codec) * times

    tracemalloc.start()
    problem = only_problem_of(content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert problem == (
        3, "", "The line is longer than 4,000,000 characters; are line ends missing?",
    )  # fmt: skip
    assert peak < 50_000_000


@pytest.mark.parametrize("size", range(4, 40))
def test_lines_are_counted_wherever_a_block_ends(monkeypatch, size):
    monkeypatch.setattr("targets_site.sheets.encodings.BLOCK", size)
    rows = csv_text(TEXTS, TEXTS)

    assert only_problem_of(rows.encode() + b"\xff")[0] == 4
    assert only_problem_of(rows.encode("gb18030") + b"\xff")[0] == 4
    assert only_problem_of((rows + "山").encode("utf-16")[:-1])[0] == 4


@pytest.mark.parametrize("size", range(4, 40))
@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16"])
def test_blocks_end_within_characters_and_line_ends(monkeypatch, codec, size):
    monkeypatch.setattr("targets_site.sheets.csv_file.BLOCK", size)
    monkeypatch.setattr("targets_site.sheets.encodings.BLOCK", size)
    row = [*TEXTS[:6], '"长\r\n文\r字\n𠮷"']

    lines = read(csv_text(row, TEXTS, row).encode(codec))

    assert [(line.number, line.cells["remark"]) for line in lines] == [
        (2, "长\r\n文\r字\n𠮷"), (3, ""), (4, "长\r\n文\r字\n𠮷"),
    ]  # fmt: skip


@pytest.mark.parametrize("separator", ["，", "；", "|", "｜", "、"])
def test_other_separators_are_named(separator):
    content = csv_text(TEXTS, separator=separator).encode()

    assert only_problem_of(content) == (
        1, "", f"The columns are separated by “{separator}”; use an ASCII comma (,) instead.",
    )  # fmt: skip


def test_separators_within_a_quoted_heading():
    columns = {"a": ("甲,乙;丙",), "b": ("丁",)}
    content = '"甲,乙;丙"\t丁\n1,2\t3;4\n'.encode()

    [line] = read(content, columns=columns, required=columns)

    assert line.cells == {"a": "1,2", "b": "3;4"}


def test_a_single_column():
    [line] = read("名称\n甲 乙;丙\n".encode(), columns={"a": ("名称",)}, required=["a"])

    assert line.cells == {"a": "甲 乙;丙"}


def test_texts_are_returned_as_they_are():
    cells = [" 1 ", "'=1+1"]

    assert read_pairs(csv_text(cells, headings="ab").encode(), "t.csv") == [(2, *cells)]


def test_more_rows_than_allowed_are_refused():
    content = csv_text(TEXTS, [""], TEXTS, TEXTS).encode()

    assert len(read(content, max_rows=3)) == 3
    assert only_problem_of(content, max_rows=2) == (
        5, "", "The table has more than 2 rows; split the file.",
    )  # fmt: skip


def test_a_larger_file_than_allowed_is_refused():
    content = csv_text(TEXTS).encode()

    assert len(read(content, max_bytes=len(content))) == 1
    assert only_problem_of(content * 100_000, max_bytes=5_000_000) == (
        None, "", "The file is larger than 5 MB; split it.",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_uploaded_files_are_read_and_left_open(kind):
    content = csv_text(TEXTS).encode()
    if kind == "memory":
        file = InMemoryUploadedFile(BytesIO(content), "f", "t.csv", "text/csv", len(content), None)
    else:
        file = TemporaryUploadedFile("t.csv", "text/csv", len(content), None)
        file.write(content)

    lines = list(read_table(file, name=file.name, columns=COLUMNS, required=REQUIRED).lines)

    assert [line.cells for line in lines] == [CELLS]
    assert not file.closed
    file.seek(0)
    assert file.read() == content
    file.close()
