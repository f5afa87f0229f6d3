"""Codes and texts."""

import pytest

from tests.sheets.files import CELLS, HEADINGS, TEXTS, Formula, workbook
from tests.sheets.xlsx.cells import pairs, read, refusal_of


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
