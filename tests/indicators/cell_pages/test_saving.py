"""Saving one figure."""

from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.enums import State
from indicators.models import ObservationVersion
from tests.factories import (
    make_figure,
    make_reading,
    make_target,
)
from tests.indicators.cell_pages.world import address_of, newest, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_figure_is_saved_by_the_script_and_the_cell_comes_back(signed_in, series, one):
    response = send(signed_in, address_of(series, one=one), True)

    assert response.status_code == 200
    version = newest()
    assert (version.value_as_stated, version.state, version.number) == ("98.5", State.DRAFT, 1)
    cell = response.content.decode()
    assert 'name="read_version" value="1"' in cell
    assert f"Saved {timezone.localtime(version.entered_at):%H:%M}" in cell
    assert "2020年统计公报" in cell
    assert "<html" not in cell


def test_a_figure_is_saved_by_the_form_and_one_is_back_in_the_grid(signed_in, series, one):
    response = send(signed_in, address_of(series, one=one), False)

    assert response.status_code == 302
    assert response.url == f"/entry/{one.pk}/#cell-{series.pk}-2020"
    page = signed_in.get(response.url).content.decode()
    assert "Saved: Pass rate 2020, 98.5 %." in page
    assert newest().value == Decimal("98.5")


def test_the_cells_own_page_stays_open_after_saving(signed_in, series, one):
    address = address_of(series, one=one)

    response = send(signed_in, address, False, step="save")

    assert (response.status_code, response.url) == (302, address)


def test_how_something_was_read_is_said(signed_in, series, one):
    by_script = send(signed_in, address_of(series, one=one), True, value="９８．５％")

    assert "Understood as 98.5 %." in by_script.content.decode()
    assert newest().value_as_stated == "98.5"


def test_a_rate_is_computed_from_its_counts(signed_in, series, one):
    counts = {"value": "", "numerator": "1,970", "denominator": "2000"}

    response = send(signed_in, address_of(series, one=one), True, **counts)

    assert response.status_code == 200
    version = newest()
    assert (version.value, version.numerator, version.denominator) == (
        Decimal("98.5"), 1970, 2000,
    )  # fmt: skip
    assert 'value="98.50"' in response.content.decode()


def test_a_missing_figure_is_saved_with_its_reason(signed_in, series, one):
    response = send(signed_in, address_of(series, one=one), True, value="", missing_reason="未调查")

    assert response.status_code == 200
    assert (newest().value, newest().missing_reason) == (None, "未调查")
    assert "No figure: 未调查" in response.content.decode()


def test_every_field_is_stored_and_comes_back(signed_in, series, one):
    said = {
        "bound": "at_least",
        "obs_status": "BP",
        "source_url": "https://example.gov.cn/1",
        "published_as": "合格率",
        "published_on": "2021-03",
        "remark": "初步数",
        "shortfall_reason": "样本少",
        "next_steps": "增加抽样",
    }

    response = send(signed_in, address_of(series, one=one), True, **said)

    assert response.status_code == 200
    version = newest()
    assert {name: getattr(version, name) for name in said} == said
    cell = response.content.decode()
    assert [name for name in said if f'name="{name}" value="{said[name]}"' not in cell] == []


def test_a_doubled_save_makes_one_version(signed_in, series, one):
    send(signed_in, address_of(series, one=one), True)
    again = send(signed_in, address_of(series, one=one), True)

    assert again.status_code == 200
    assert ObservationVersion.objects.count() == 1


def test_saving_asks_a_bounded_number_of_questions(
    signed_in, series, one, django_assert_num_queries
):
    make_reading(make_target(), series)
    make_figure(series, 2018, "98.4")
    address = address_of(series, one=one)
    send(signed_in, address, True)

    # Who asks and the last figure in force among them.
    with django_assert_num_queries(14):
        send(signed_in, address, True, value="98.6", read_version="1")
