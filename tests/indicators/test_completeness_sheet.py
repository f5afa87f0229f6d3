"""The workbook of who owes what: its cells are text, numbers and times, and never formulas."""

import hashlib
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone

from indicators.enums import MaterialKind, State
from indicators.exports import dunning
from indicators.models import RoundMaterial, Series
from targets_site.audit.models import Entry
from targets_site.places.models import AreaLevel
from tests.factories import make_area, make_department, make_official, make_reviewer, make_round
from tests.indicators.rounds_world import make_owed_series, make_words, put, shanghai

pytestmark = pytest.mark.usefixtures("in_english")

ADDRESS = "/review/completeness/owed.xlsx"
DUE = shanghai("2026-11-01T17:30:00")
HEADINGS = [
    "Area", "Round", "Department", "Indicator or target", "Scope", "Year", "Unit", "State",
    "Deadline", "Days late", "Who holds the post",
]  # fmt: skip


@pytest.fixture
def department(db):
    return make_department(name_en="Agriculture")


@pytest.fixture
def one(department, monkeypatch):
    """A round of 2020 that was due the day before."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: DUE + timedelta(hours=20))
    return make_round(
        department.area, 2020, name="2020年度数据",
        opens_at=DUE - timedelta(days=9), due_at=DUE, closes_at=DUE + timedelta(days=9),
    )  # fmt: skip


@pytest.fixture
def as_reviewer(client, department, one):
    client.force_login(make_reviewer("reviewer", area=department.area))
    return client


def sheets_of(response):
    """Rows of cells of each sheet, as they stand in the file."""
    assert response.status_code == 200
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [list(sheet.iter_rows()) for sheet in book.worksheets]


def values(rows):
    return [[cell.value for cell in row] for row in rows]


def test_the_workbook_has_a_row_for_all_that_is_outstanding(as_reviewer, department, one):
    make_official("official", department=department)
    series = make_owed_series(department)
    Series.objects.filter(pk=series.pk).update(scope_en="Rural only")
    make_words(department)
    RoundMaterial.objects.create(
        round=one, kind=MaterialKind.SUMMARY, due_at=DUE + timedelta(days=2)
    )

    response = as_reviewer.get(ADDRESS)

    rows = values(sheets_of(response)[0])
    due = DUE.replace(tzinfo=None)
    where = ["990000", "2020年度数据", "Agriculture"]
    assert rows == [
        HEADINGS,
        [*where, "Pass rate", "Rural only", 2020, "%", "Not entered", due, 1, "official"],
        [*where, "Pass rate of at least 98%", None, 2020, None, "Not entered", due, 1, "official"],
        [
            *where, "Yearly summary", None, None, None, "nothing submitted yet",
            due + timedelta(days=2), 0, "official",
        ],
    ]  # fmt: skip


def test_the_workbook_says_what_it_is(as_reviewer, department, one):
    make_owed_series(department)

    about = values(sheets_of(as_reviewer.get(ADDRESS))[1])

    assert about[:6] == [
        ["Area", "990000"],
        ["Round", "2020年度数据"],
        ["Years", "2020"],
        ["Made on", "2026-11-02 13:30"],
        ["Made by", "reviewer"],
        ["Rows", "1"],
    ]
    assert [row[0] for row in about[7:]] == HEADINGS


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)", "http://x.cn", "98"]
)
def test_text_stays_text_whatever_it_looks_like(as_reviewer, department, text):
    make_owed_series(department)
    department.name_en = text
    department.save()

    row = sheets_of(as_reviewer.get(ADDRESS))[0][1]

    assert (row[2].value, row[2].data_type, row[2].hyperlink) == (text, "s", None)


def test_the_workbook_follows_the_choice_of_the_page(as_reviewer, department, one):
    other = make_department(name_zh="省林业厅", name_en="Forestry")
    make_owed_series(department)
    make_owed_series(other)

    rows = values(sheets_of(as_reviewer.get(ADDRESS, {"department": other.pk, "late": "1"}))[0])

    assert [row[2] for row in rows[1:]] == ["Forestry"]


def test_the_workbook_of_all_areas_below(as_reviewer, department, one):
    county = make_area("990100", level=AreaLevel.COUNTY, parent=department.area)
    make_owed_series(make_department(county))
    make_round(county, 2020)
    make_owed_series(department)

    rows = values(sheets_of(as_reviewer.get(ADDRESS, {"below": "1"}))[0])

    assert [row[0] for row in rows[1:]] == ["990000", "990100"]


def test_somebody_of_a_department_gets_its_rows_only(client, department, one):
    make_owed_series(department)
    make_owed_series(make_department(name_zh="省林业厅", name_en="Forestry"))
    client.force_login(make_official("somebody", department=department))

    for data in ({}, {"below": "1"}):
        rows = values(sheets_of(client.get(ADDRESS, data))[0])
        assert [row[2] for row in rows[1:]] == ["Agriculture"]
    below = [entry.after["below"] for entry in Entry.objects.filter(action="export")]
    assert below == [False, False]


def test_the_workbook_stands_in_the_trail(as_reviewer, department, one):
    make_owed_series(department)

    response = as_reviewer.get(ADDRESS)

    entry = Entry.objects.get(action="export")
    assert (entry.object, entry.actor) == ("export:owed", "reviewer")
    assert entry.after == {
        "area": "990000",
        "years": [2020],
        "below": False,
        "rows": 1,
        "sha256": hashlib.sha256(response.content).hexdigest(),
    }
    assert response["Content-Disposition"] == (
        f'attachment; filename="owed-990000-{timezone.localdate().isoformat()}.xlsx"'
    )


def test_more_than_a_sheet_holds_is_no_file(as_reviewer, department, one, monkeypatch):
    monkeypatch.setattr(dunning, "MOST_ROWS", 1)
    make_owed_series(department)
    make_owed_series(department)

    response = as_reviewer.get(ADDRESS, follow=True)

    assert response.redirect_chain[0][0].startswith("/review/completeness/owed/?area=990000")
    assert "more than a sheet holds" in response.content.decode()
    assert not Entry.objects.filter(action="export").exists()


def test_what_came_in_is_not_outstanding(as_reviewer, department, one):
    official = make_official("official", department=department)
    put(make_owed_series(department), 2020, State.SUBMITTED, by=official)

    assert values(sheets_of(as_reviewer.get(ADDRESS))[0]) == [HEADINGS]
