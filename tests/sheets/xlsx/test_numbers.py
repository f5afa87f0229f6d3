"""Numbers, percentages and dates of XLSX files."""

import pytest

from targets_site.sheets import Problem
from tests.sheets.files import styles
from tests.sheets.xlsx.cells import pairs, refusal_of, refusal_of_pairs, value_and_notes, with_value


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
