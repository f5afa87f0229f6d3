"""Whether the comparison of pages with the exports sees what differs."""

import pytest

from tests.browser.exported import Exports, problem_of

FILES = {
    "targets": "target_code,kind,value,value_upper,unit,stated,series,target_year\n"
    "a-001,reach,98.0,,%,达到98.0%,s,2015\na-002,text,,,,提高,,2015\n",
    "observations": "series,year,value,unit\ns,2015,63.10,%\ns,2014,,%\n",
    "verdicts": "target_code,as_of,series,actual_year,actual_value,side_year,side_value,gap,unit\n"
    "a-001,2015,s,2015,63.1,,,34.9,%\n",
}


def problem(reference, text, around="2015年 %"):
    seen = {"reference": reference, "text": text, "around": around}
    return problem_of(seen, Exports(FILES), is_english=False)


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("observations s 2015 value", "2015: 63.10 %"),
        ("observations s 2014 value", "— 未统计"),
        ("targets a-001 value", "≥ 98.0 %"),
        ("targets a-001 value", "≥ 98.0 %，2015"),
        ("targets a-002 value", "定性"),
        ("targets a-001 stated", "达到98.0%"),
        ("verdicts a-001 2015 actual_value", "63.10 %"),
        ("verdicts a-001 2015 gap", "差34.9个百分点"),
    ],
)
def test_the_same_is_no_problem(reference, text):
    assert problem(reference, text) == ""


@pytest.mark.parametrize(
    ("reference", "text", "around", "said"),
    [
        ("observations s 2015 value", "63.1 %", "2015", "the file says ['63.10']"),
        ("observations s 2015 value", "—", "2015", "the file says ['63.10']"),
        ("observations s 2015 value", "63.10", "2015", "without its unit %"),
        ("observations s 2015 value", "63.10 %", "", "without its year 2015"),
        ("observations s 2014 value", "0", "2014 %", "the file says []"),
        ("observations s 2014 value", "", "2014 %", "neither a number nor a dash"),
        ("targets a-001 value", "≥ 98 %", "", "the file says ['98.0']"),
        ("targets b-001 value", "≥ 98 %", "", "no such row"),
        ("observations s 2013 value", "—", "2013", "no such row"),
        ("targets a-001 stated", "达到98%", "", "other words"),
        ("verdicts a-001 2015 actual_value", "63.1 %", "2015", "the file says ['63.10']"),
        ("verdicts a-001 2015 gap", "超出34.9个百分点", "", "says the wrong side"),
        ("verdicts a-001 2015 gap", "差34.9%", "", "a distance between rates is in points"),
    ],
)
def test_a_difference_is_said(reference, text, around, said):
    assert problem(reference, text, around) == said


def test_a_cell_of_a_table_of_years_may_be_blank():
    seen = {"reference": "observations s 2013 value", "around": "", "mayLackRow": True}

    assert problem_of({**seen, "text": "—"}, Exports(FILES), is_english=False) == ""
    assert problem_of({**seen, "text": "0"}, Exports(FILES), is_english=False) == "no such row"
