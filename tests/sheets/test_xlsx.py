"""Cells of workbooks: what Excel made of them, and what only looks like a value."""

import pytest

from targets_site.sheets import Note, Problem, RefusedFile
from tests.sheets.files import (
    CELLS,
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
    styles,
    workbook,
    zipped,
)
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


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        pytest.param("98.5", "98.5", id="decimals"),
        pytest.param("98.50", "98.5", id="zeros-are-not-stored"),
        pytest.param("0", "0", id="zero"),
        pytest.param("-0", "-0", id="minus-zero"),
        pytest.param("0.30000000000000004", "0.3", id="binary-fraction"),
        pytest.param("98.499999999999986", "98.5", id="binary-fraction-below"),
        pytest.param("1.0000000000000002E-2", "0.01", id="exponent"),
        pytest.param("1E-7", "0.0000001", id="small"),
        pytest.param("1E+21", "1000000000000000000000", id="large"),
        pytest.param("123456789012345678", "123456789012346000", id="fifteen-digits"),
        pytest.param("999999999.99", "999999999.99", id="money"),
        pytest.param("-5.2", "-5.2", id="negative"),
        pytest.param("+.5", "0.5", id="no-digit-before-the-point"),
    ],
)
def test_numbers(stored, text):
    assert pairs(f'<row r="2"><c r="A2"><v>{stored}</v></c></row>') == [(2, text, "")]


@pytest.mark.parametrize("stored", ["NaN", "INF", "1_0", "\u0661", "0x10", "1,5", " 1", "１"])
def test_what_is_no_number_is_damage(stored):
    [(line, column, message)] = refusal_of_pairs(f'<row r="2"><c r="A2"><v>{stored}</v></c></row>')

    assert (line, column) == (None, "")
    assert message.startswith("The file is damaged")


def test_a_number_beyond_all_is_refused():
    assert refusal_of_pairs('<row r="2"><c r="B2"><v>1E999</v></c></row>') == [
        (2, "b", "The number is too large.")
    ]


@pytest.mark.parametrize(
    ("value", "text", "message"),
    [
        ((0.985, "0.0%"), "98.5%", "Shown as 98.5 %, read as 98.5 %."),
        ((0.98546, "0.0%"), "98.546%", "Shown as 98.5 %, read as 98.546 %."),
        ((0.285, "0.00%"), "28.5%", "Shown as 28.50 %, read as 28.5 %."),
        ((1, "0%"), "100%", "Shown as 100 %, read as 100 %."),
        ((98.5, '0.0"%"'), "98.5%", "Shown as 98.5 %, read as 98.5 %."),
        ((-0.052, "0.0%;[Red]0.0%"), "-5.2%", "Read as -5.2 %."),
    ],
)
def test_percentages_are_read_as_they_are_shown(value, text, message):
    assert value_and_notes(with_value(value)) == (text, [(message, False)])


def test_built_in_percentages():
    rows = '<row r="2"><c r="A2" s="0"><v>0.5</v></c><c r="B2" s="1"><v>0.5</v></c></row>'

    assert pairs(rows, styles=styles(9, 10)) == [(2, "50%", "50%")]


def test_unclear_percentages_are_refused():
    assert refusal_of(with_value((0.5, "[<1]0%;0"))) == [
        Problem(
            2, "数值", "The cell format [<1]0%;0 leaves open whether this is a percentage."
        )
    ]  # fmt: skip


@pytest.mark.parametrize("value", [(0.5, "0.00"), (0.5, "@"), (0.5, '0.0"元"'), (0.5, "# ?/?")])
def test_other_formats_change_nothing(value):
    assert value_and_notes(with_value(value)) == ("0.5", [])


def test_formats_of_named_styles_are_not_those_of_cells():
    own = '<numFmts><numFmt numFmtId="164" formatCode="0.00"/></numFmts><cellStyleXfs>'
    own += '<xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="164"/></cellXfs>'
    own += '<dxfs><dxf><numFmt numFmtId="164" formatCode="0%"/></dxf></dxfs>'

    assert pairs('<row r="2"><c r="A2" s="0"><v>0.5</v></c></row>', styles=own) == [(2, "0.5", "")]


@pytest.mark.parametrize("number_format", [14, 31, 57, 58, 20, 46, 'yyyy"年"', "[h]:mm"])
def test_dates_are_refused(number_format):
    rows = '<row r="2"><c r="A2" s="0"><v>1</v></c><c r="B2" s="1"><v>40969</v></c></row>'

    assert refusal_of_pairs(rows, styles=styles(0, number_format)) == [
        (
            2, "b",
            "Excel has made a date or a time of this cell: format it as text and type the content "
            "anew.",
        )
    ]  # fmt: skip


def test_dates_written_as_such_are_refused():
    [(line, column, message)] = refusal_of_pairs(
        '<row r="2"><c r="B2" t="d"><v>2015-06-01</v></c></row>'
    )

    assert (line, column) == (2, "b")
    assert message.startswith("Excel has made a date")


def test_a_text_in_a_date_format_is_a_text():
    rows = '<row r="2"><c r="A2" s="0" t="inlineStr"><is><t>2015-06</t></is></c></row>'

    assert pairs(rows, styles=styles(14)) == [(2, "2015-06", "")]


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!"])
def test_errors_are_refused(error):
    rows = f'<row r="2"><c r="A2" t="e"><v>{error}</v></c></row>'

    assert refusal_of_pairs(rows) == [
        (2, "a", f"The cell holds the error {error} instead of a value.")
    ]
    assert refusal_of_pairs(rows.replace("<v>", "<f>NA()</f><v>"))[0][:2] == (2, "a")


@pytest.mark.parametrize("value", [True, False, Formula("=1=1", True)])
def test_truth_values_are_refused(value):
    [problem] = refusal_of(with_value(value))

    assert (problem.line, problem.column) == (2, "数值")
    assert problem.message == "The cell holds TRUE or FALSE; type a number or a text."


@pytest.mark.parametrize(
    ("formula", "text", "message"),
    [
        (
            Formula("=197/2", 98.5), "98.5",
            "The cell holds a formula; its saved result 98.5 was read. Confirm it.",
        ),
        (
            Formula('="a"', "甲"), "甲",
            "The cell holds a formula; its saved result 甲 was read. Confirm it.",
        ),
        (
            (Formula("=1/4", 0.25), "0%"), "25%",
            "The cell holds a formula; its saved result 25% was read. Confirm it.",
        ),
    ],
)  # fmt: skip
def test_saved_results_of_formulas_need_to_be_confirmed(formula, text, message):
    found, notes = value_and_notes(with_value(formula))

    assert found == text
    assert notes[-1] == (message, True)


def test_notes_name_line_and_column():
    content = workbook(HEADINGS, TEXTS, [Formula("=2000+15", 2015), *TEXTS[1:5], (0.5, "0%")])

    _first, second = read(content)

    assert second.notes == (
        Note(
            3, "年份", "The cell holds a formula; its saved result 2015 was read. Confirm it.",
            needs_confirmation=True,
        ),
        Note(3, "数值", "Shown as 50 %, read as 50 %."),
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A2"><f>SUM(B1)</f></c>',
        '<c r="A2"><f>SUM(B1)</f><v/></c>',
        '<c r="A2"><f t="shared" si="0"/><v></v></c>',
        '<c r="A2"><f t="array" ref="A2">B1</f></c>',
    ],
)
def test_formulas_never_computed_are_refused(cell):
    [(line, column, message)] = refusal_of_pairs(f'<row r="2">{cell}</row>')

    assert (line, column) == (2, "a")
    assert message.startswith("The cell holds a formula without a saved result")


def test_a_formula_may_result_in_an_empty_text():
    rows = '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><v>1</v></c></row>'

    [line] = read(raw_workbook(A_B + rows), **PAIR)

    assert line.cells == {"a": "", "b": "1"}
    assert [note.needs_confirmation for note in line.notes] == [True]


def test_the_result_of_a_formula_may_hold_escaped_characters():
    rows = '<row r="2"><c r="A2" t="str"><f>A1</f><v>a_x000D_b</v></c></row>'

    assert pairs(rows) == [(2, "a\rb", "")]


def test_rows_prepared_with_formulas_are_blank_while_these_result_in_nothing():
    prepared = "".join(
        f'<row r="{number}"><c r="A{number}" t="str"><f>IF(B{number}="","",1)</f><v></v></c></row>'
        for number in range(2, 3000)
    )

    assert pairs(prepared + '<row r="3000"><c r="B3000"><v>1</v></c></row>') == [(3000, "", "1")]


def test_a_number_in_a_column_of_codes_is_refused():
    rows = (101, Formula("=100+1", 101), (0.5, "0%"))
    problems = refusal_of(workbook(HEADINGS, *[[*TEXTS[:3], cell, *TEXTS[4:]] for cell in rows]))

    assert [(problem.line, problem.column) for problem in problems] == [
        (2, "指标代码"), (3, "指标代码"), (4, "指标代码"),
    ]  # fmt: skip
    assert problems[0].message == (
        "A code stands here as the number 101, so leading zeros are lost: format the column as "
        "text and type the code anew."
    )


@pytest.mark.parametrize(
    "cell", [370000, Formula("=370000", 370000), (370000, "0"), (370000, "000000")]
)
def test_a_number_with_all_digits_of_its_code_has_lost_none(cell):
    content = workbook(HEADINGS, [TEXTS[0], cell, *TEXTS[2:]])

    [line] = read(content, code_lengths={"area_code": 6})

    assert line.cells == CELLS


@pytest.mark.parametrize(
    "cell", [37000, 3700000, 0.37, 37000.5, -37000, (370000, "0%"), (37000, "000000")]
)
def test_a_number_with_other_digits_is_refused(cell):
    content = workbook(HEADINGS, [TEXTS[0], cell, *TEXTS[2:]])

    [problem] = refusal_of(content, code_lengths={"area_code": 6})

    assert (problem.line, problem.column) == (2, "地区代码")
    assert "so leading zeros are lost" in problem.message


def test_a_code_that_a_formula_gives_as_text_asks():
    [line] = read(workbook(HEADINGS, [*TEXTS[:3], Formula('="0101"', "0101"), *TEXTS[4:]]))

    assert line.cells == CELLS
    assert [note.needs_confirmation for note in line.notes] == [True]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        pytest.param("<is><t>甲</t></is>", "甲", id="text"),
        pytest.param("<is><t> 甲\n乙 </t></is>", " 甲\n乙 ", id="blanks-and-lines"),
        pytest.param("<is><r><t>甲</t></r><r><rPr><b/></rPr><t>乙</t></r></is>", "甲乙", id="runs"),
        pytest.param(
            '<is><t>海南</t><rPh sb="0" eb="2"><t>hainan</t></rPh><phoneticPr fontId="1"/></is>',
            "海南",
            id="reading-beside",
        ),
        pytest.param("<is><t>a_x000D_b</t></is>", "a\rb", id="escaped"),
        pytest.param("<is><t>_x005F_x000D_</t></is>", "_x000D_", id="escaped-escape"),
        pytest.param("<is><t>_xD83D_ _x12_</t></is>", "_xD83D_ _x12_", id="no-escape"),
        pytest.param("<is><t>&lt;b&gt;&amp;</t></is>", "<b>&", id="markup"),
        pytest.param("<is><t/></is>", "", id="empty"),
        pytest.param("<is/>", "", id="nothing"),
    ],
)
def test_texts(stored, text):
    inline = f'<row r="2"><c r="A2" t="inlineStr">{stored}</c><c r="B2"><v>1</v></c></row>'
    shared = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1</v></c></row>'
    strings = stored.replace("<is", "<si").replace("</is>", "</si>")

    assert pairs(inline) == [(2, text, "1")]
    assert pairs(shared, strings=strings) == [(2, text, "1")]


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
