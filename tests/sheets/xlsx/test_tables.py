"""Which cells are a table, and where it ends."""

import pytest

from targets_site.sheets import Problem, RefusedFile
from tests.sheets.files import (
    HEADINGS,
    MAIN,
    TEXTS,
    Formula,
    changed,
    open_table,
    parts_of,
    raw_parts,
    raw_workbook,
    read_pairs,
    workbook,
    zipped,
)
from tests.sheets.xlsx.cells import A_B, PAIR, SHEET, pairs, read, refusal_of, refusal_of_pairs


def test_positions_may_be_left_out():
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="B5"><v>3</v></c></row><row/>'

    assert pairs(rows + "<row><c/><c><v>4</v></c></row>") == [
        (2, "1", "2"), (5, "", "3"), (7, "", "4"),
    ]  # fmt: skip


def test_names_may_carry_a_prefix():
    content = raw_workbook(A_B + '<row r="2"><c r="A2"><v>1</v></c></row>')
    sheet = parts_of(content)[SHEET].decode()
    for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        for start in ("<", "</"):
            for end in (" ", ">"):
                sheet = sheet.replace(f"{start}{name}{end}", f"{start}x:{name}{end}")
    sheet = sheet.replace('xmlns="', 'xmlns:x="')

    assert read_pairs(zipped({**parts_of(content), SHEET: sheet}), "t.xlsx") == [(2, "1", "")]


def test_elements_of_other_names_are_not_cells():
    rows = f'<row r="2"><c r="A2"><v>1</v><y:v xmlns:y="{MAIN}/other">9</y:v></c></row>'

    assert pairs(rows) == [(2, "1", "")]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param('<row r="2"><c r="A2"/><c r="A2"><v>1</v></c></row>', id="cell-twice"),
        pytest.param('<row r="2"><c r="B2"/><c r="A2"><v>1</v></c></row>', id="cells-backwards"),
        pytest.param('<row r="2"><c r="A3"><v>1</v></c></row>', id="other-row"),
        pytest.param('<row r="2"><c r="2"><v>1</v></c></row>', id="no-column"),
        pytest.param('<row r="2"><c r="XFE2"><v>1</v></c></row>', id="beyond-the-last-column"),
        pytest.param('<row r="3"/><row r="2"><c r="A2"><v>1</v></c></row>', id="rows-backwards"),
        pytest.param('<row r="1"><c r="A1"><v>1</v></c></row>', id="row-twice"),
        pytest.param('<row r="1048577"><c><v>1</v></c></row>', id="beyond-the-last-row"),
        pytest.param('<row r="two"><c><v>1</v></c></row>', id="no-row-number"),
        pytest.param('<row r="2"><c r="A2" t="s"><v>7</v></c></row>', id="no-such-text"),
        pytest.param('<row r="2"><c r="A2" t="s"><v>-1</v></c></row>', id="text-from-the-end"),
        pytest.param('<row r="2"><c r="A2" t="s"><v>x</v></c></row>', id="no-text-number"),
        pytest.param(f'<row r="2"><c t="s"><v>{"9" * 5000}</v></c></row>', id="long-text-number"),
        pytest.param('<row r="2"><c r="A2" s="9"><v>1</v></c></row>', id="no-such-format"),
        pytest.param('<row r="2"><c r="A2" t="z"><v>1</v></c></row>', id="no-such-kind"),
        pytest.param('<row r="2"><c r="A2"><v>1<v>2</v></v></c></row>', id="value-in-value"),
        pytest.param('<row r="2"><c r="A2"><c r="B2"/></c></row>', id="cell-in-cell"),
        pytest.param('<row r="2"><c r="A2"><v>1</c></row>', id="no-xml"),
        pytest.param('<row r="2"><c r="A2"><v>&xxe;</v></c></row>', id="unknown-entity"),
    ],
)
def test_sheets_that_contradict_themselves_are_refused(rows):
    [(line, column, message)] = refusal_of_pairs(rows)

    assert (line, column) == (None, "")
    assert message.startswith("The file is damaged")


def test_cells_beyond_the_headings_must_be_blank():
    row = '<row r="2"><c r="A2"><v>1</v></c><c r="D2" s="0"/>{}</row>'

    assert pairs(row.format("")) == [(2, "1", "")]
    assert refusal_of_pairs(row.format('<c r="AB2"><v>1</v></c>')) == [
        (2, "AB", "Something stands here, but the column has no heading.")
    ]


def test_ignored_columns_may_hold_anything():
    content = workbook([*HEADINGS, "核对"], [*TEXTS, True], ["", *[None] * 6, Formula("=A1", 0)])

    assert [(line.number, line.notes) for line in read(content, ignored=["核对"])] == [
        (2, ()), (3, ()),
    ]  # fmt: skip


def test_all_faults_of_the_cells_are_told():
    content = workbook(
        HEADINGS, TEXTS, [True, *TEXTS[1:5], (42000, "yyyy")], TEXTS, [*TEXTS[:5], True]
    )
    table = open_table(content, "t.xlsx")

    first = next(table.lines)
    with pytest.raises(RefusedFile) as refused:
        next(table.lines)

    assert first.number == 2
    assert [(problem.line, problem.column) for problem in refused.value.problems] == [
        (3, "年份"), (3, "数值"), (5, "数值"),
    ]  # fmt: skip


def test_a_hundred_faults_are_enough():
    problems = refusal_of(workbook(HEADINGS, *[[*TEXTS[:5], True]] * 300))

    assert [problem.line for problem in problems] == list(range(2, 102))


def test_faults_before_damage_are_told_too():
    rows = '<row r="2"><c r="A2" t="b"><v>1</v></c></row><row r="3"><c t="s"><v>9</v></c></row>'
    problems = refusal_of_pairs(rows)

    assert [(line, column) for line, column, _message in problems] == [(2, "a"), (None, "")]


def test_faults_in_the_headings_are_told():
    problems = refusal_of(workbook([*HEADINGS[:5], True, (42000, "yyyy")], TEXTS))

    assert [(problem.line, problem.column) for problem in problems] == [(1, "F"), (1, "G")]


@pytest.mark.parametrize(
    ("merged", "line", "column"),
    [
        ("A2:A5", 2, "a"), ("B3:C3", 3, "b"), ("A1:B1", 1, "a"), ("A1:A2", 1, "a"),
        ("B4:B99", 4, "b"),
    ],
)  # fmt: skip
def test_merged_cells_among_the_data_are_refused(merged, line, column):
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(2, 6))
    merges = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'

    assert refusal_of_pairs(rows, sheet_end=merges) == [
        (line, column, f"The cells {merged} are merged: unmerge them and fill in each one.")
    ]


@pytest.mark.parametrize("merged", ["A6:B6", "C2:D5", "XFC1:XFD9"])
def test_merged_cells_elsewhere_do_not_matter(merged):
    merges = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'

    assert pairs('<row r="2"><c r="A2"><v>1</v></c></row>', sheet_end=merges) == [(2, "1", "")]


def test_a_merged_title_above_the_headings_does_not_matter():
    content = workbook(["报送表"], HEADINGS, TEXTS)
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:G1"/></mergeCells>'

    assert len(read(changed(content, SHEET, b"</sheetData>", merged), header_row=2)) == 1


BLANKS = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(3, 5000))


@pytest.mark.parametrize(
    "below",
    [
        pytest.param("", id="nothing"),
        pytest.param(BLANKS, id="formatted"),
        pytest.param('<row r="1048576"/>', id="last-row"),
        pytest.param('<row r="1048576"><c r="XFD1048576" s="0"/></row>', id="last-cell"),
        pytest.param(BLANKS + '<row r="9000"><c r="A9000" t="inlineStr"><x/></c></row>', id="x"),
    ],
)
def test_a_table_ends_before_a_thousand_blank_rows(below):
    table = '<row r="2"><c r="A2"><v>1</v></c></row>' + below

    assert pairs(table) == [(2, "1", "")]
    merged = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    assert refusal_of_pairs(table, sheet_end=merged)[0][:2] == (2, "a")


@pytest.mark.parametrize(
    "below",
    [
        pytest.param('<row r="1004"><c r="A1004"><v>1</v></c></row>', id="first"),
        pytest.param('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', id="last"),
        pytest.param('<row r="1004"/><row r="1005"><c r="B1005"><v>1</v></c></row>', id="next"),
        pytest.param(BLANKS + '<row r="5001"><c r="B5001"><v>1</v></c></row>', id="after-blank"),
        pytest.param(BLANKS + "<row><c><v>1</v></c></row>", id="unnumbered"),
        pytest.param(BLANKS + '<row><c t="inlineStr"><is><t>1</t></is></c></row>', id="text"),
        pytest.param(BLANKS + "<row><c><f>A1</f></c></row>", id="formula"),
    ],
)
def test_what_stands_below_a_thousand_blank_rows_is_not_lost(below):
    rows = '<row r="2"><c r="A2"><v>1</v></c></row>' + below

    assert refusal_of_pairs(rows) == [
        (3, "", "More than 1,000 blank rows begin here and something stands below them; delete it.")
    ]


@pytest.mark.parametrize("blank", ["", "<c/><c/><c/><c/>"])
def test_what_stands_below_is_found_wherever_a_block_ends(monkeypatch, blank):
    """The rest is not parsed but searched, block by block."""
    rows = '<row r="2"><c r="A2"><v>1</v></c></row><row r="2000"/><row r="2001">' + blank + "<c>"
    merged = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    for size in range(30, 60):
        monkeypatch.setattr("targets_site.sheets.xlsx.rows.BLOCK", size)
        monkeypatch.setattr("targets_site.sheets.xlsx.xml_parts.BLOCK", size)

        assert pairs(rows + "</c></row>") == [(2, "1", "")]
        assert refusal_of_pairs(rows + "<v>1</v></c></row>")[0][0] == 3
        assert refusal_of_pairs(rows + "</c></row>", sheet_end=merged)[0][:2] == (2, "a")


def test_a_thousand_blank_rows_are_within_a_table():
    rows = '<row r="2"><c r="A2"><v>1</v></c></row><row r="1003"><c r="A1003"><v>2</v></c></row>'

    assert pairs(rows) == [(2, "1", ""), (1003, "2", "")]


def test_more_rows_than_allowed_are_refused():
    content = workbook(HEADINGS, TEXTS, [""], TEXTS, TEXTS)

    assert len(read(content, max_rows=3)) == 3
    assert refusal_of(content, max_rows=2) == [
        Problem(5, "", "The table has more than 2 rows; split the file.")
    ]


def test_the_sheet_with_the_name_is_read_though_others_stand_before_it():
    parts = raw_parts(A_B + '<row r="2"><c r="A2"><v>1</v></c></row>')
    sheets = (
        '<sheet name="说明" sheetId="7" r:id="rId9"/><sheet name="数据" sheetId="1" r:id="rId1"/>'
    )
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<sheets>", b"<sheets>" + sheets.partition('<sheet name="数据"')[0].encode()
    )

    assert read_pairs(zipped(parts), "t.xlsx", sheet="数据") == [(2, "1", "")]


def test_the_only_visible_sheet_is_read():
    assert len(read(workbook(HEADINGS, TEXTS, hidden=["参数"]))) == 1


def test_several_sheets_are_refused_where_none_is_named():
    book = '<sheet name="一" sheetId="1" r:id="rId1"/><sheet name="二" sheetId="2" r:id="rId1"/>'
    content = raw_workbook(A_B, sheets=book)

    assert refusal_of(content, **PAIR) == [
        Problem(None, "", "The workbook must have a single sheet with the table; it has: 一, 二.")
    ]
    assert read(content, sheet="二", **PAIR) == []


def test_a_chart_is_no_table():
    content = changed(
        raw_workbook(A_B), "xl/_rels/workbook.xml.rels", b'/worksheet"', b'/chartsheet"'
    )

    assert len(refusal_of(content, **PAIR)) == 1
    assert len(refusal_of(content, sheet="数据", **PAIR)) == 1
