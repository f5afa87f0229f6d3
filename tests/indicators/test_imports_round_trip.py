"""What this product writes with the real data comes back without a difference."""

import csv
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import translation

from indicators.models import ImportLine, Observation, Series
from reports.exports import TABLES, Export, Selection
from targets_site.csv_text import BOM
from targets_site.places.models import Department
from tests.factories import make_figure, make_official, make_round
from tests.indicators.importing import problems_of, read, what_is_stored
from tests.sheets.files import workbook

pytestmark = pytest.mark.django_db
SERIES = "460000.air-good-days-share.all"
YEARS = (2012, 2013, 2014, 2016, 2017, 2019)
# An export guards each by an apostrophe, also the one that has its own.
NOTES = (
    "-以省级监测为准",
    "=SUM(A1:A2)",
    "+86 个监测点",
    "@省厅",
    "'=已带撇号",
    "-5，“引号”，\n第二行",
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def official(real_data):
    """Of the department that reports the series, with the notes on figures of its own."""
    series = Series.objects.get(code=SERIES)
    for year, note in zip(YEARS, NOTES, strict=True):
        make_figure(series, year, "97.50", remark=note, source_title=f"{note[0]}公报")
    return make_official("official", Department.objects.get(series_links__series=series))


@pytest.fixture
def export(client, official):
    """The file that the page of exports sends, as bytes."""
    client.force_login(official)
    response = client.get(reverse("reports:export", args=["observations"]))
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_our_export_of_all_areas_comes_back_without_a_difference(official, export, language):
    before = what_is_stored()
    number = Observation.objects.filter(in_force__isnull=False).count()

    with translation.override(language):
        imported = read(export, "observations.csv", by=official)

    assert number > 100
    assert (problems_of(imported), imported.counts) == ([], {"unchanged": number})
    assert not imported.lines.exclude(outcome="unchanged").exists()
    assert what_is_stored() == before


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("observations.csv", {"bom": "0", "area": "460000"}),
        ("observations.csv", {"domain": "environment"}),
        ("observations.csv", {"document": "hainan-2013", "year": "2015"}),
        ("observations.xlsx", {}),
        ("observations.xlsx", {"area": "460000", "below": "1"}),
    ],
)
def test_a_part_of_our_data_comes_back_without_a_difference(client, official, name, asked):
    client.force_login(official)
    response = client.get(f"/exports/{name}", asked)
    content = b"".join(response.streaming_content)
    number = client.get("/exports/", {"table": "observations", **asked}).context["offer"].rows
    before = what_is_stored()

    imported = read(content, name, by=official)

    assert number > 0
    assert (problems_of(imported), imported.counts) == ([], {"unchanged": number})
    assert what_is_stored() == before


def test_our_export_guards_each_note_that_a_spreadsheet_would_run(export):
    rows = csv.DictReader(StringIO(export.decode().removeprefix(BOM)))
    written = {
        int(row["year"]): row["note"]
        for row in rows
        if row["series"] == SERIES and int(row["year"]) in YEARS
    }

    expected = [f"'{note}" for note in NOTES]
    assert [written[year] for year in YEARS] == expected


def test_our_export_saved_as_a_workbook_comes_back_without_a_difference(official, export):
    """As Excel saves it: figures as numbers, which have lost the zeros at their end."""
    headings, *rows = csv.reader(StringIO(export.decode().removeprefix(BOM)))
    numbers = {headings.index(each) for each in ("year", "value", "numerator", "denominator")}
    typed = [
        [float(cell) if place in numbers and cell else cell for place, cell in enumerate(row)]
        for row in rows
    ]

    imported = read(workbook(headings, *typed), "observations.xlsx", by=official)

    assert (problems_of(imported), imported.counts) == ([], {"unchanged": len(rows)})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_comes_back_without_a_difference(client, official, language):
    department = official.posts.get().department
    one = make_round(department.area, *range(2009, 2022))
    client.cookies["django_language"] = language
    client.force_login(official)
    address = reverse("indicators:template", args=[one.pk])
    response = client.get(address, {"department": department.pk})
    assert response.status_code == 200

    imported = read(response.content, "template.xlsx", by=official)

    assert problems_of(imported) == []
    assert set(imported.counts) == {"unchanged", "blank"}
    assert imported.counts["unchanged"] - imported.counts["blank"] >= len(YEARS)
    assert not ImportLine.objects.exclude(outcome="unchanged").exists()


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_every_format_of_ours_comes_back_without_a_difference(official, name):
    """The workbook has texts as they are, without the apostrophe."""
    content = b"".join(Export(Selection(TABLES["observations"]), format=name))
    number = Observation.objects.filter(in_force__isnull=False).count()

    imported = read(content, f"observations.{name}", by=official)

    assert (problems_of(imported), imported.counts) == ([], {"unchanged": number})
