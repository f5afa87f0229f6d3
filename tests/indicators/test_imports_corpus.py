"""The input policy for files: every file of the corpus, and what refuses a whole file."""

import base64

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from indicators.enums import ImportState
from indicators.models import ImportLine
from tests.factories import make_area, make_department, make_figure, make_round, make_series
from tests.indicators.importing import (
    HEADINGS,
    add_series,
    as_file,
    changed_line,
    make_world,
    problems_of,
    read,
    what_is_stored,
)
from tests.sheets.files import workbook
from tests.sheets.test_corpus import CORPUS as FILES
from tests.sheets.test_corpus import content_of

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("name", ["数据.csv", "数据.xlsx"])
# What the value of the one line comes to; None where the file is refused.
STORED = {
    "C02": "98.5", "C03": "98.5", "C07": "98.5", "C08": "98.5", "C14": "98.5", "C26": "98.5",
    "C34": "98.5", "X01": "98.5", "X03": "98.5", "X04": "0.3", "X06": "98.5", "X21": "98.5",
    "X22": "98.5",
}  # fmt: skip
ASKED = {"X04", "X06"}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("entry", [pytest.param(each, id=each["id"]) for each in FILES["entries"]])
def test_files_of_the_corpus(entry):
    """X04 is an amount there and a rate here, so that 0.3 % is asked about."""
    world = make_world()
    before = what_is_stored()
    expected = STORED.get(entry["id"])

    try:
        imported = read(content_of(entry), f"数据.{entry['format']}", by=world.official)
    except ValidationError:
        assert expected is None
        assert what_is_stored() == before
        return

    found = [line["figure"]["value"] for line in imported.lines.values_list("content", flat=True)]
    assert found == ([expected] if expected else [])
    assert imported.state == (ImportState.PREVIEWED if expected else ImportState.REFUSED)
    assert imported.counts.get("questions", 0) == (entry["id"] in ASKED)
    assert bool(imported.problems) == (expected is None)
    assert what_is_stored() == before


def test_a_refusal_of_the_reader_names_line_and_column():
    world = make_world()
    entry = next(each for each in FILES["entries"] if each["id"] == "C28")

    imported = read(base64.b64decode(entry["bytes_b64"]), by=world.official)

    [(line, column, message)] = problems_of(imported)
    assert (line, column) == (3, "指标代码")
    assert "3" in message


@BOTH
def test_c20_the_same_figure_twice(name):
    world = make_world()
    content = as_file(name, changed_line(), changed_line(数值="89.5"))

    imported = read(content, name, by=world.official)

    assert imported.state == ImportState.REFUSED
    assert problems_of(imported) == [
        (3, "", "The figure of this series and year stands in line 2 already.")
    ]


@BOTH
def test_c20_also_where_both_say_the_same(name):
    world = make_world()

    imported = read(as_file(name, changed_line(), changed_line()), name, by=world.official)

    assert [line for line, _column, _message in problems_of(imported)] == [3]


@BOTH
def test_c21_a_code_without_its_first_zero(name):
    world = make_world()

    imported = read(as_file(name, changed_line(指标代码="101")), name, by=world.official)

    assert problems_of(imported) == [
        (2, "指标代码", "“101” is not known; is it “0101” without its first zeros?")
    ]


@BOTH
def test_c21_an_area_without_its_first_zero(name):
    world = make_world()
    make_area("037000")

    imported = read(as_file(name, changed_line(地区代码="37000")), name, by=world.official)

    assert problems_of(imported) == [
        (2, "地区代码", "“37000” is not known; is it “037000” without its first zeros?")
    ]


@BOTH
def test_c23_code_and_name_disagree(name):
    world = make_world()

    imported = read(as_file(name, changed_line(地区="山东")), name, by=world.official)

    assert problems_of(imported) == [
        (2, "地区", "“山东” disagrees with the code, which means “山东省”.")
    ]


@BOTH
@pytest.mark.parametrize("word", ["合计", "总 计", "TOTAL"])
def test_c24_a_row_of_totals(name, word):
    world = make_world()
    totals = [word, "", "", "", "", "98.5", ""]

    imported = read(as_file(name, changed_line(), totals), name, by=world.official)

    assert problems_of(imported) == [(3, "年份", "This looks like a row of totals; leave it out.")]


@BOTH
def test_c32_an_approved_figure(name):
    world = make_world()
    make_figure(world.series, 2020, "97.1")

    imported = read(as_file(name, changed_line()), name, by=world.official)

    assert problems_of(imported) == [
        (2, "", "The figure is approved: it is corrected only with a reason, given for the file.")
    ]


@BOTH
def test_c32_a_year_that_no_round_asks_for(name):
    world = make_world()

    imported = read(as_file(name, changed_line(年份="2019")), name, by=world.official)

    assert problems_of(imported) == [
        (2, "年份", "No round asks your department for this year now.")
    ]


def test_a_workbook_may_hold_an_area_as_a_number():
    world = make_world()
    content = workbook(HEADINGS, changed_line(地区代码=370000))

    imported = read(content, "数据.xlsx", by=world.official)

    assert (imported.problems, imported.counts) == ([], {"new": 1})


@BOTH
def test_c33_another_unit(name):
    world = make_world()

    imported = read(as_file(name, changed_line(单位="分")), name, by=world.official)

    assert problems_of(imported) == [
        (2, "单位", "The unit is % and not “分”; nothing is converted.")
    ]


@BOTH
def test_another_unit_in_the_heading(name):
    world = make_world()
    headings = ["指标序列", "年份", "数值（分）"]

    imported = read(
        as_file(name, ["370000.0101.all", "2020", "98.5"], headings=headings),
        name,
        by=world.official,
    )

    assert problems_of(imported) == [
        (2, "数值（分）", "The unit is % and not “分”; nothing is converted.")
    ]


@BOTH
def test_a_foreign_province_refuses_the_whole_file(name):
    world = make_world()
    other = make_area("410000", name_zh="河南省")
    make_series(other, world.indicator, department=make_department(other))
    make_round(other, 2020)
    foreign = changed_line(地区代码="410000", 地区="河南省")

    imported = read(as_file(name, changed_line(), foreign), name, by=world.official)

    assert imported.state == ImportState.REFUSED
    assert problems_of(imported) == [(3, "", "Your department does not report this in that year.")]
    assert not ImportLine.objects.exists()


@BOTH
def test_a_foreign_department_refuses_the_whole_file(name):
    world = make_world()
    add_series(world, "0202", department=make_department(world.series.area, "省林业厅"))

    imported = read(as_file(name, changed_line(指标代码="0202")), name, by=world.official)

    assert problems_of(imported) == [(2, "", "Your department does not report this in that year.")]
