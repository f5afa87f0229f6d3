"""Lines that change nothing."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from indicators.models import (
    ObservationVersion,
)
from targets_site.csv_text import BOM
from tests.factories import (
    make_department,
    make_figure,
)
from tests.indicators.importing import (
    HEADINGS,
    add_series,
    changed_line,
    csv_file,
    outcomes_of,
    problems_of,
    read,
    store,
    what_is_stored,
    xlsx_file,
)
from tests.indicators.imports_lines.world import BY_SERIES, only_line, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(tmp_path):
    """`manage.py export observations` as bytes."""

    def run():
        path = tmp_path / "observations.csv"
        call_command("export", "observations", output=str(path), stderr=StringIO())
        return path.read_bytes()

    return run


def reference_figures(world):
    """Figures in force of several departments, with everything that an export may hold."""
    other = make_department(world.series.area, "省林业厅")
    foreign = add_series(world, "0202", department=other, unit="项", decimals=0, largest=None)
    old = add_series(world, "0303", unit="index", decimals=6, smallest=None, largest=None)
    make_figure(
        world.series, 2019, "63.10", bound="at_least", obs_status="BP", remark="第一行\n第二行"
    )
    make_figure(world.series, 2020, None, obs_status="M", missing_reason="=1+1，未统计")
    make_figure(world.series, 2018, "0", numerator=Decimal("0"), denominator=Decimal("95"))
    make_figure(
        foreign,
        2020,
        "12345",
        source_title="'=带引号",
        published_as="@项目",
        published_on="2021-03",
    )
    make_figure(old, 2003, "-5.200000", source_title="  旧数据 ", remark="-5 以下，“引号”,\t制表",
                source_url="https://stats.hainan.gov.cn/a?b=1,2", published_on="2004")  # fmt: skip
    make_figure(old, 2004, "100.000000", source_title="'普通")


def test_an_export_comes_back_without_a_difference(world, export):
    reference_figures(world)

    imported = read(export(), by=world.official)

    assert imported.problems == []
    assert imported.counts == {"unchanged": 6}
    assert set(imported.lines.values_list("outcome", flat=True)) == {"unchanged"}


def test_an_export_saved_as_a_workbook_comes_back_without_a_difference(world, export):
    """As text cells, and with numbers as Excel keeps them: 63.1 for 63.10."""
    reference_figures(world)
    headings, *rows = csv.reader(StringIO(export().decode("utf-8").removeprefix(BOM)))
    numbers = [headings.index(each) for each in ("year", "value", "numerator", "denominator")]
    typed = [
        [float(cell) if place in numbers and cell else cell for place, cell in enumerate(row)]
        for row in rows
    ]

    for lines in (rows, typed):
        imported = read(xlsx_file(*lines, headings=headings), "export.xlsx", by=world.official)
        assert (imported.problems, imported.counts) == ([], {"unchanged": 6})


def test_an_export_with_one_change_is_one_change(world, export):
    make_figure(world.series, 2019, "63.10", remark="备注")
    make_figure(world.series, 2020, "64.20")
    content = export().replace(b"64.20", b"64.30")

    imported = read(content, by=world.official, reason="更正")

    assert imported.counts == {"unchanged": 1, "changed": 1}
    line = imported.lines.get(outcome="changed")
    assert (line.year, line.value_before, line.read_version) == (2020, "64.20", 1)
    assert line.content == {
        "figure": {"value": "64.30", "source_title": "统计公报"},
        "before": {"value": "64.20"},
    }


def test_a_draft_that_is_stored_already_is_unchanged(world):
    saved(world, source_title="公报", remark="注")
    before = what_is_stored()
    headings = [*HEADINGS, "来源"]

    imported = read(
        csv_file([*changed_line(备注="注"), "公报"], headings=headings), by=world.official
    )

    assert outcomes_of(imported) == [(2, "unchanged")]
    assert what_is_stored() == before


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("63.1", "unchanged"), ("63.10", "unchanged"), ("63.100", "changed"), ("63.11", "changed"),
     ("６３．１０", "unchanged"), ("63", "changed"), ("63.1%", "changed")],
)  # fmt: skip
def test_a_spreadsheet_drops_zeros_at_the_end(world, text, outcome):
    """63.1 typed with a sign is no spreadsheet's doing. 63.100 states more than is permitted and is
    taken as 63.10 by the parser."""
    saved(world, value="63.10")

    imported = read(
        csv_file(["370000.0101.all", "2020", text], headings=BY_SERIES), by=world.official
    )

    expected = "unchanged" if text == "63.100" else outcome
    assert outcomes_of(imported) == [(2, expected)]


def test_a_blank_line_of_a_template_says_nothing(world):
    imported = read(csv_file(changed_line(数值="")), by=world.official)

    assert outcomes_of(imported) == [(2, "unchanged")]
    assert imported.counts == {"unchanged": 1, "blank": 1}
    assert only_line(imported).content == {}


WIDE = [*BY_SERIES, "missing_reason", "numerator", "denominator", "source_title", "bound"]


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        pytest.param(BY_SERIES, [""], id="narrow"),
        pytest.param(WIDE, [""] * 6, id="as-before-the-draft"),
        pytest.param(WIDE, ["\u3000", "", "", " ", "", ""], id="spaces"),
        pytest.param(WIDE, ["", "", "", "", "公报", "不低于"], id="value-taken-out"),
    ],
)
def test_a_line_that_is_not_filled_in_leaves_what_is_stored(world, headings, said):
    stored = saved(world, value="97.5", bound="at_least", remark="注")

    imported = read(
        csv_file(["370000.0101.all", "2020", *said], headings=headings), by=world.official
    )

    line = only_line(imported)
    assert (line.outcome, imported.counts) == ("unchanged", {"unchanged": 1})
    assert line.note == "Nothing was filled in: what is stored stays."
    assert line.content == {"figure": {"value": "97.5"}}
    with pytest.raises(ValidationError):
        store(imported)
    assert list(ObservationVersion.objects.all()) == [stored]


def test_a_line_without_a_figure_that_says_something_new_is_refused(world):
    saved(world, source_title="公报")
    content = csv_file(["370000.0101.all", "2020", "", "", "", "", "年鉴", ""], headings=WIDE)

    imported = read(content, by=world.official)

    assert [each[:2] for each in problems_of(imported)] == [(2, "value")]


def test_a_line_that_is_not_filled_in_is_beside_one_that_is(world):
    add_series(world, "0202")
    saved(world)
    rows = [["370000.0101.all", "2020", ""], ["370000.0202.all", "2020", "5"]]

    imported = read(csv_file(*rows, headings=BY_SERIES), by=world.official)

    assert outcomes_of(imported) == [(2, "unchanged"), (3, "new")]


def test_why_there_is_no_figure_still_replaces_one(world):
    saved(world)
    content = csv_file(["370000.0101.all", "2020", "", "未调查", "", "", "", ""], headings=WIDE)

    imported = read(content, by=world.official)

    assert only_line(imported).outcome == "changed"
