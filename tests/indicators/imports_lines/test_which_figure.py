"""Which figure a line is about."""

import pytest
from django.utils import timezone

from tests.factories import (
    make_series,
)
from tests.indicators.importing import (
    HEADINGS,
    add_series,
    changed_line,
    csv_file,
    problems_of,
    read,
)
from tests.indicators.imports_lines.world import BY_SERIES, only_line

pytestmark = pytest.mark.django_db


BAD_YEAR = f"“Year” is a year of four digits between 2000 and {timezone.localdate().year}."


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (["series", "year", "value"], ["370000.0101.all", "2020", "98.5"]),
        (["指标序列", "年份", "数值"], ["370000.0101.all", "2020", "98.5"]),
        (["area_code", "indicator_code", "year", "value"], ["370000", "0101", "2020", "98.5"]),
        (["地区代码", "指标代码", "口径", "年度", "数值（%）"],
         ["370000", "0101", "all", "2020", "98.5"]),
        (["series", "year", "value", "unit"], [" 370000.0101.all ", "2020年", " 98.5", "％"]),
        (["series", "area_code", "indicator_en", "year", "value"],
         ["370000.0101.all", "370000", "Pass rate", "2020", "98.5"]),
    ],
)  # fmt: skip
def test_a_line_names_its_figure_by_series_or_by_area_and_indicator(world, headings, cells):
    imported = read(csv_file(cells, headings=headings), by=world.official)

    line = only_line(imported)
    assert (line.series, line.year, line.outcome) == (world.series, 2020, "new")
    assert (line.content, line.read_version) == ({"figure": {"value": "98.5"}}, None)


def test_two_scopes_need_the_scope(world):
    make_series(world.series.area, world.indicator, "rural", world.department)

    imported = read(csv_file(changed_line()), by=world.official)

    assert problems_of(imported) == [
        (2, "", "There are several scopes; name one in the column 口径 / scope: all, rural.")
    ]


def test_the_scope_chooses_among_two(world):
    rural = make_series(world.series.area, world.indicator, "rural", world.department)
    headings = [*HEADINGS, "口径"]

    imported = read(csv_file([*changed_line(), "rural"], headings=headings), by=world.official)

    assert only_line(imported).series == rural


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"指标代码": "9999"}, ("指标代码", "“9999” is not known.")),
        ({"地区代码": "999999"}, ("地区代码", "“999999” is not known.")),
        ({"指标代码": ""}, ("指标代码", "The line does not say which figure it is about.")),
        ({"年份": ""}, ("年份", "“Year” is missing.")),
        ({"年份": "20"}, ("年份", BAD_YEAR)),
        ({"数值": ""}, None),
        ({"数值": "", "备注": "无"},
         ("数值", "“Value” is empty: type it, or say why there is no figure.")),
        ({"数值": "九十"}, ("数值", "“Value” takes a number only, for example 98.5.")),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_with_line_and_column(world, cells, expected):
    imported = read(csv_file(changed_line(**cells)), by=world.official)

    assert problems_of(imported) == ([(2, *expected)] if expected else [])


def test_a_series_that_does_not_exist(world):
    content = csv_file(["370000.9999.all", "2020", "1"], headings=BY_SERIES)

    imported = read(content, by=world.official)

    assert problems_of(imported) == [(2, "series", "“370000.9999.all” is not known.")]


def test_series_and_codes_must_agree(world):
    add_series(world, "0202")
    headings = ["series", "indicator_code", "year", "value"]
    content = csv_file(["370000.0101.all", "0202", "2020", "1"], headings=headings)

    imported = read(content, by=world.official)

    assert problems_of(imported) == [
        (2, "indicator_code", "“0202” disagrees with the code, which means “0101”.")
    ]


def test_a_file_that_names_no_figures_at_all(world):
    imported = read(csv_file(["2020", "1"], headings=["年份", "数值"]), by=world.official)

    [(line, column, message)] = problems_of(imported)
    assert (line, column) == (1, "")
    assert message.startswith("The file does not say which figures it is about")


def test_headings_without_lines(world):
    imported = read(csv_file(), by=world.official)

    assert problems_of(imported) == [(None, "", "The file has headings and no lines below them.")]


def test_a_line_may_have_several_faults_and_all_are_told(world):
    headings = [*BY_SERIES, "来源网址", "发布时间"]
    content = csv_file(["370000.0101.all", "2020", "x", "stats.gov.cn", "去年"], headings=headings)

    imported = read(content, by=world.official)

    assert [column for _line, column, _message in problems_of(imported)] == [
        "value", "来源网址", "发布时间",
    ]  # fmt: skip
    assert imported.counts == {"refused": 1, "problems_found": 3}


def test_the_first_hundred_problems_are_kept_and_all_are_counted(world):
    rows = [["370000.0101.all", "2020", "x"]] * 120

    imported = read(csv_file(*rows, headings=BY_SERIES), by=world.official)

    assert len(imported.problems) == 100
    assert imported.counts == {"refused": 120, "problems_found": 120}
    assert [line for line, _column, _message in problems_of(imported)] == list(range(2, 102))
