"""Columns are found by their headings, in both formats alike."""

import pytest

from targets_site.sheets import Problem, RefusedFile
from targets_site.sheets.headings import letter
from tests.sheets.files import CELLS, COLUMNS, HEADINGS, TEXTS, csv_text, open_table, workbook


@pytest.fixture(params=["csv", "xlsx"])
def open_rows(request):
    """Opens a table of given rows, in either format."""

    def opened(*rows, **options):
        if request.param == "xlsx":
            return open_table(workbook(*rows), "t.xlsx", **options)
        quoted = [[f'"{cell}"' for cell in row] for row in rows]
        return open_table(csv_text(*quoted[1:], headings=quoted[0]).encode(), "t.csv", **options)

    return opened


def refusal_of(open_rows, *rows, **options):
    with pytest.raises(RefusedFile) as refused:
        list(open_rows(*rows, **options).lines)
    return refused.value.problems


def renamed(**headings):
    """The headings, some of them others."""
    return [headings.get(key, heading) for key, heading in zip(COLUMNS, HEADINGS, strict=True)]


def test_headings_of_either_language_in_any_order(open_rows):
    headings = renamed(year="year", value="\ufeff value\u3000")
    table = open_rows(headings[::-1], TEXTS[::-1])

    assert table.keys == tuple(COLUMNS)[::-1]
    assert [line.cells for line in table.lines] == [CELLS]
    assert (table.headings["year"], table.headings["value"]) == ("year", "value")


def test_an_optional_column_may_be_absent(open_rows):
    table = open_rows(HEADINGS[:6], TEXTS[:6])

    [line] = table.lines

    assert "remark" not in table.keys
    assert line.cells == {key: text for key, text in CELLS.items() if key != "remark"}


def test_everything_wrong_with_the_headings_is_told_at_once(open_rows):
    headings = ["年份", "地区代码", "year", "口径", "单位", "数值", "数值（元）"]

    assert refusal_of(open_rows, headings, TEXTS) == [
        Problem(1, "C", "The heading “year” stands twice."),
        Problem(1, "D", "The heading “口径” is not known here."),
        Problem(1, "G", "The heading “数值（元）” stands twice."),
        Problem(1, "地区 / area", "This column is missing."),
        Problem(1, "指标代码 / indicator_code", "This column is missing."),
    ]


def test_where_no_heading_is_known_it_names_the_template(open_rows):
    [problem] = refusal_of(open_rows, ["报表", "", "2015年"], ["a", "", "b"])

    assert (problem.line, problem.column) == (1, "")
    assert problem.message == (
        "No headings of columns were found (报表 | 2015年); use the template to download."
    )


def test_a_blank_row_of_headings_is_refused(open_rows):
    [problem] = refusal_of(open_rows, ["", "", ""], HEADINGS, TEXTS)

    assert problem.line == 1
    assert problem.message == (
        "This row should hold the headings and is blank; use the template to download."
    )


def test_ignored_headings_are_not_read(open_rows):
    table = open_rows([*HEADINGS, "说明"], [*TEXTS, "任意"], ignored=["说明"])

    assert table.keys == tuple(COLUMNS)
    assert [line.cells for line in table.lines] == [CELLS]


def test_ignored_headings_may_stand_twice(open_rows):
    table = open_rows(["说明", *HEADINGS, "说明"], ["a", *TEXTS, "b"], ignored=["说明"])

    assert [line.cells for line in table.lines] == [CELLS]


def test_a_hundred_unknown_headings_are_enough(open_rows):
    headings = [*HEADINGS, *[f"列{number}" for number in range(150)]]

    assert len(refusal_of(open_rows, headings, TEXTS)) == 100


def test_long_texts_of_a_file_are_cut_in_messages(open_rows):
    [problem] = refusal_of(open_rows, [*HEADINGS, "长" * 100_000], TEXTS)

    assert problem.message == f"The heading “{'长' * 59}…” is not known here."


def test_a_row_with_something_in_an_ignored_column_is_not_blank(open_rows):
    table = open_rows([*HEADINGS, "说明"], [""] * 7 + ["任意"], [*TEXTS, ""], ignored=["说明"])

    assert [line.number for line in table.lines] == [2, 3]


def test_a_column_without_heading_must_be_blank(open_rows):
    headings = [*HEADINGS[:3], "", *HEADINGS[3:]]
    row = [*TEXTS[:3], "", *TEXTS[3:]]

    assert [line.cells for line in open_rows(headings, row).lines] == [CELLS]
    row[3] = "x"
    assert refusal_of(open_rows, headings, row) == [
        Problem(2, "D", "Something stands here, but the column has no heading.")
    ]


@pytest.mark.parametrize(
    "heading", ["数值（%）", "数值(%)", "数值 （ % ）", "value(%)", " 数值（%） "]
)
def test_a_heading_may_carry_a_unit(open_rows, heading):
    table = open_rows(renamed(value=heading), TEXTS)

    assert (table.units, table.headings["value"]) == ({"value": "%"}, heading.strip())
    assert [line.cells for line in table.lines] == [CELLS]


def test_headings_without_unit_have_none(open_rows):
    assert open_rows(HEADINGS, TEXTS).units == {}


def test_only_the_columns_that_may_carry_a_unit_do(open_rows):
    options = {"units": ["value"]}

    assert open_rows(renamed(value="数值（元）"), TEXTS, **options).units == {"value": "元"}
    assert refusal_of(open_rows, renamed(area="地区（代码）"), TEXTS, **options)[0] == Problem(
        1, "C", "The heading “地区（代码）” is not known here."
    )


def test_brackets_may_be_part_of_an_accepted_heading(open_rows):
    columns = {"value": ("数值（%）",), "other": ("数值",)}

    table = open_rows(["数值", "数值（%）"], ["1", "2"], columns=columns, required=columns)

    assert table.units == {}
    assert [line.cells for line in table.lines] == [{"other": "1", "value": "2"}]


@pytest.mark.parametrize("heading", ["数值（）", "数值（%", "（%）", "数值（%）2015", "数 值"])
def test_other_headings_are_not_taken_for_it(open_rows, heading):
    assert Problem(1, "F", f"The heading “{heading}” is not known here.") in refusal_of(
        open_rows, renamed(value=heading), TEXTS
    )


def test_rows_above_the_headings_are_not_read(open_rows):
    rows = [["海南省质量发展数据报送表"] + [""] * 6, ["", "单位：万元"] + [""] * 5, HEADINGS, TEXTS]

    assert [line.number for line in open_rows(*rows, header_row=3).lines] == [4]
    assert refusal_of(open_rows, *rows, header_row=2)[0].line == 2
    assert refusal_of(open_rows, *rows, header_row=9)[0].line == 9


def test_problems_read_as_sentences():
    problems = [
        Problem(2, "数值", "Wrong."), Problem(2, "", "Wrong."), Problem(None, "数值", "Wrong."),
        Problem(None, "", "Wrong."),
    ]  # fmt: skip

    assert str(RefusedFile(problems)) == (
        "line 2, column 数值: Wrong.\nline 2: Wrong.\ncolumn 数值: Wrong.\nWrong."
    )


@pytest.mark.parametrize(
    ("position", "expected"),
    [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")],
)  # fmt: skip
def test_letter(position, expected):
    assert letter(position) == expected
