"""The grid."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.enums import CellState, State
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_domain,
    make_figure,
    make_post,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_user,
)
from tests.indicators.entry_pages.world import (
    TASKS,
    cells_of,
    grid_address,
    make_owed,
    make_version,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.mark.parametrize("path", [TASKS, "/entry/1/", "/entry/1/990000.pass-rate.all/2020/"])
@pytest.mark.parametrize("open_reading", [True, False])
def test_pages_need_login_even_where_reading_is_open(client, settings, path, open_reading):
    settings.OPEN_READING = open_reading

    response = client.get(path)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")


def test_grid_has_the_departments_series_as_rows_and_the_years_as_columns(signed_in, department):
    one = make_round(department.area, 2019, 2020)
    series = make_owed(department)
    make_owed(make_department(name_zh="省林业厅"), "other")
    make_version(series, 2020)

    response = signed_in.get(grid_address(one))

    assert response.status_code == 200
    assert cells_of(response) == [
        (series.code, 2019, CellState.EMPTY),
        (series.code, 2020, CellState.DRAFT),
    ]


def test_a_row_shows_the_targets_and_the_last_five_years_beside_the_rounds_own(
    signed_in, department
):
    one = make_round(department.area, 2019)
    series = make_owed(department, value="98", target_year=2020)
    for year in range(2011, 2021):
        make_figure(series, year, f"{year - 1920}.50")

    response = signed_in.get(grid_address(one))

    row = response.context["grid"].groups[0].rows[0]
    assert [(each.year, each.text) for each in row.past] == [
        (2018, "98.50"), (2017, "97.50"), (2016, "96.50"), (2015, "95.50"), (2014, "94.50"),
    ]  # fmt: skip
    page = response.content.decode()
    assert '<span class="num nowrap">≥ 98 %, 2020</span>' in page
    assert "98.50" in page


def test_a_missing_figure_of_an_earlier_year_is_a_dash_with_its_reason(signed_in, department):
    one = make_round(department.area, 2019)
    make_figure(make_owed(department), 2018, None)

    page = signed_in.get(grid_address(one)).content.decode()

    assert '<span title="未统计">—</span>' in page


def test_rows_are_grouped_by_department_and_domain_where_there_are_several(
    client, official, department
):
    other = make_department(name_zh="省林业厅", name_en="Forestry")
    make_post(official, Role.OFFICIAL, department=other)
    client.force_login(official)
    one = make_round(department.area, 2020)
    make_owed(department)
    environment = make_domain("environment", name_en="Environment", position=2)
    make_owed(department, "b", domain=environment)
    make_owed(other, "c")
    make_series(scope="d", department=other)

    groups = client.get(grid_address(one)).context["grid"].groups

    assert [group.title for group in groups] == [
        "Agriculture · Products",
        "Agriculture · Environment",
        "Forestry · Products",
        "Forestry · Measuring no target",
    ]


def test_every_input_of_the_grid_is_named_by_indicator_scope_year_and_unit(signed_in, department):
    one = make_round(department.area, 2020)
    series = make_series(scope_en="towns", department=department)

    page = signed_in.get(grid_address(one)).content.decode()

    key = f"{series.pk}-2020"
    label = f'<label class="visually-hidden" for="value-{key}">Pass rate towns 2020 %</label>'
    assert label in page


def test_a_year_that_another_department_reports_has_no_cell(signed_in, department):
    one = make_round(department.area, 2019, 2020)
    series = make_series(department=department)
    series.department_links.update(from_year=2020)

    response = signed_in.get(grid_address(one))

    assert cells_of(response) == [(series.code, 2020, CellState.EMPTY)]
    assert "Another department reports this year" in response.content.decode()


def test_a_closed_round_can_be_read_and_not_written(signed_in, department):
    now = timezone.now()
    one = make_round(
        department.area, 2020, due_at=now - timedelta(days=5), closes_at=now - timedelta(days=1)
    )
    make_series(department=department)

    response = signed_in.get(grid_address(one))

    assert response.context["grid"].is_open is False
    assert [cell.is_editable for cell in response.context["grid"].cells] == [False]
    assert "This round is not open for your department now" in response.content.decode()


def test_what_was_returned_can_be_mended_after_the_round_closed(signed_in, department):
    now = timezone.now()
    one = make_round(department.area, 2019, 2020, due_at=now - timedelta(days=5), closes_at=now)
    series = make_series(department=department)
    reviewer = make_user("reviewer")
    returned = {"state": State.RETURNED, "return_reason": "口径不符", "reviewed_by": reviewer}
    make_version(series, 2019, **returned, returned_by_signer=True)
    make_version(series, 2020, **returned)

    response = signed_in.get(grid_address(one))

    editable = [(cell.year, cell.is_editable) for cell in response.context["grid"].cells]
    assert editable == [(2019, False), (2020, True)]


def test_a_round_that_asks_nothing_of_the_department_says_so(signed_in, department):
    one = make_round(department.area, 2020)

    page = signed_in.get(grid_address(one)).content.decode()

    assert "This round asks your department for no figure." in page


@pytest.mark.parametrize("make", [make_reviewer, make_auditor, make_signer])
def test_those_who_enter_nothing_are_refused_the_grid_and_it_is_recorded(client, department, make):
    one = make_round(department.area, 2020)
    client.force_login(make("somebody"))

    response = client.get(grid_address(one))

    assert response.status_code == 403
    page = response.content.decode()
    assert "You hold no official's post" in page
    assert 'href="/"' in page
    entry = Entry.objects.get(action="denied")
    assert (entry.actor, entry.object) == ("somebody", f"round:{one.pk}")


def test_a_round_of_another_area_is_not_found_and_it_is_recorded(signed_in, department):
    one = make_round(make_area("980000"), 2020)

    response = signed_in.get(grid_address(one))

    assert response.status_code == 404
    assert Entry.objects.get(action="denied").object == f"round:{one.pk}"


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_a_round_that_does_not_exist_is_not_found(signed_in, department, number):
    assert signed_in.get(f"/entry/{number}/").status_code == 404
