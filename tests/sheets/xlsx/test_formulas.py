"""Formulas, errors and truth values."""

import pytest

from targets_site.sheets import Note
from tests.sheets.files import HEADINGS, TEXTS, Formula, raw_workbook, workbook
from tests.sheets.xlsx.cells import (
    A_B,
    PAIR,
    pairs,
    read,
    refusal_of,
    refusal_of_pairs,
    value_and_notes,
    with_value,
)


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
