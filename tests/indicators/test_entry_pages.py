"""The pages on which officials enter figures."""

from decimal import Decimal

import pytest
from django.urls import reverse

from indicators.enums import State
from indicators.models import ObservationVersion
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_figure,
    make_official,
    make_post,
    make_reading,
    make_series,
    make_target,
    make_user,
)

pytestmark = pytest.mark.usefixtures("in_english")

LIST = "/entry/"


@pytest.fixture
def series(official):
    return make_series(department=make_department())


@pytest.fixture
def signed_in(client, official):
    client.force_login(official)
    return client


def address_of(series):
    return reverse("indicators:enter_figure", args=[series.code])


def typed(**fields):
    return {"year": "2020", "value": "98.5", "source_title": "2020年统计公报"} | fields


def only_version():
    return ObservationVersion.objects.get()


@pytest.mark.parametrize("path", [LIST, "/entry/990000.pass-rate.all/", "/review/"])
@pytest.mark.parametrize("open_reading", [True, False])
def test_pages_need_login_even_where_reading_is_open(client, db, settings, path, open_reading):
    settings.OPEN_READING = open_reading

    response = client.get(path)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")


def test_list_shows_the_series_of_the_department(signed_in, series):
    make_series(scope="other", department=make_department(name_zh="省林业厅"))
    make_figure(series, 2018, "98.4")
    make_figure(series, 2019, None)
    make_figure(series, 2020, "98.60", state=State.SUBMITTED)

    response = signed_in.get(LIST)

    rows = response.context["rows"]
    assert [row.series for row in rows] == [series]
    page = response.content.decode()
    assert address_of(series) in page
    assert "Submitted, under review" in page


def test_list_is_honest_for_somebody_without_a_post(client, db):
    client.force_login(make_user("nobody"))

    response = client.get(LIST)

    assert response.status_code == 200
    assert "There is no series for you to enter." in response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_one_and_three_series(signed_in, number, django_assert_num_queries):
    for each in range(number):
        series = make_series(scope=f"s{each}", department=make_department())
        make_figure(series, 2018, "98.4")
        make_figure(series, 2019, "98.4", state=State.RETURNED, return_reason="口径不符")

    with django_assert_num_queries(6):
        signed_in.get(LIST)


def test_form_shows_unit_last_figures_and_targets(signed_in, series):
    for year in range(2012, 2019):
        make_figure(series, year, f"{year - 1920}.50")
    make_reading(make_target(statement_en="Pass rate of 98 %"), series)

    response = signed_in.get(address_of(series))

    page = response.content.decode()
    assert [each.year for each in response.context["recent"]] == [2018, 2017, 2016, 2015, 2014]
    assert '<span class="unit">%</span>' in page
    assert "98.50 %" in page
    assert "Pass rate of 98 %" in page
    assert response.context["form"].initial["year"] == 2019


def test_form_of_a_year_in_force_carries_the_version_read_and_no_old_source(signed_in, series):
    make_figure(series, 2018, "98.40")

    form = signed_in.get(address_of(series), {"year": "2018"}).context["form"]

    assert form.initial == {"year": 2018, "read_year": 2018, "read_version": 1}


def test_form_of_a_returned_figure_shows_why_and_what_was_typed(signed_in, series):
    reviewer = make_user("reviewer", full_name="Reviewer Li")
    make_figure(
        series, 2018, "98.40", state=State.RETURNED, return_reason="口径不符", reviewed_by=reviewer
    )

    response = signed_in.get(address_of(series), {"year": "2018"})

    assert response.context["form"].initial["value"] == "98.40"
    assert "Returned by Reviewer Li: 口径不符" in response.content.decode()


@pytest.mark.parametrize("year", ["abc", "1999", "99999999999999999999", "\x00", "2018'--"])
def test_form_of_a_bad_year_says_so(signed_in, series, year):
    response = signed_in.get(address_of(series), {"year": year})

    assert response.status_code == 200
    assert "is a year of four digits" in response.content.decode()


def test_unknown_series_is_not_found(signed_in):
    assert signed_in.get("/entry/990000.unknown.all/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_series_of_another_department_is_refused_and_recorded(client, series, method):
    client.force_login(make_official("farmer", make_department(name_zh="省林业厅")))

    response = getattr(client, method)(address_of(series), typed())

    assert response.status_code == 403
    assert ObservationVersion.objects.count() == 0
    entry = Entry.objects.get(action="denied")
    assert (entry.actor, entry.object) == ("farmer", f"series:{series.code}")


@pytest.mark.parametrize("role", [each for each in Role.values if each != Role.OFFICIAL])
def test_no_other_role_enters_figures(client, series, role):
    user = make_user("other")
    make_post(user, role, department=make_department())
    client.force_login(user)

    assert client.post(address_of(series), typed()).status_code == 403
    assert ObservationVersion.objects.count() == 0


def test_submit_stores_and_says_so_on_the_same_page(signed_in, series, official):
    response = signed_in.post(address_of(series), typed(remark="第一行\r\n第二行"), follow=True)

    version = only_version()
    assert response.redirect_chain == [(f"{address_of(series)}?year=2020", 302)]
    assert (version.value, version.stated_decimals) == (Decimal("98.5"), 1)
    assert (version.state, version.entered_by) == (State.SUBMITTED, official)
    assert version.remark == "第一行\n第二行"
    assert "Submitted: 2020, 98.5 %." in response.content.decode()


def test_submit_echoes_how_the_value_was_understood(signed_in, series):
    response = signed_in.post(address_of(series), typed(value="９８。50％"), follow=True)

    assert only_version().value_as_stated == "98.50"
    assert "Understood as 98.50 %." in response.content.decode()


def test_submit_a_missing_figure_with_its_reason(signed_in, series):
    signed_in.post(address_of(series), typed(value="", missing_reason="当年未调查"))

    assert (only_version().value, only_version().missing_reason) == (None, "当年未调查")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"value": "98.567"}, "value", id="too-many-decimals"),
        pytest.param({"value": "1e5"}, "value", id="scientific"),
        pytest.param({"value": "abc"}, "value", id="no-number"),
        pytest.param({"value": "98\x005"}, "value", id="nul"),
        pytest.param({"value": "101"}, "value", id="out-of-range"),
        pytest.param({"value": "无"}, "value", id="placeholder"),
        pytest.param({"value": ""}, "value", id="neither-value-nor-reason"),
        pytest.param({"missing_reason": "未调查"}, "missing_reason", id="both"),
        pytest.param({"year": "20"}, "year", id="short-year"),
        pytest.param({"year": ""}, "year", id="no-year"),
        pytest.param({"year": "\u3000"}, "year", id="blank-year"),
        pytest.param({"year": "2099"}, "year", id="year-to-come"),
        pytest.param({"source_title": "  "}, "source_title", id="no-source"),
        pytest.param({"source_title": "公\u202e报"}, "source_title", id="direction-mark"),
        pytest.param({"source_title": "报" * 301}, "source_title", id="long-source"),
        pytest.param({"source_url": "javascript:alert(1)"}, "source_url", id="script-address"),
        pytest.param({"source_url": "ftp://example.org/a"}, "source_url", id="ftp-address"),
        pytest.param({"published_on": "2020-13"}, "published_on", id="month-13"),
        pytest.param({"published_on": "昨天"}, "published_on", id="no-date"),
        pytest.param({"remark": "a\x01b"}, "remark", id="control-character"),
        pytest.param({"bound": "nearly"}, "bound", id="unknown-bound"),
        pytest.param({"read_version": "x"}, "read_version", id="tampered-version"),
    ],
)
def test_submit_refuses_under_the_field_and_keeps_what_was_typed(signed_in, series, fields, field):
    response = signed_in.post(address_of(series), typed(**fields))

    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in typed(**fields)} == typed(**fields)
    assert ObservationVersion.objects.count() == 0


def test_submit_escapes_what_it_shows_again(signed_in, series):
    attack = "<script>alert(1)</script>"

    page = signed_in.post(address_of(series), typed(value=attack)).content.decode()

    assert attack not in page
    assert "&lt;script&gt;" in page


def test_submit_asks_to_confirm_what_looks_like_a_fraction(signed_in, series):
    first = signed_in.post(address_of(series), typed(value="0.98"))
    another = signed_in.post(address_of(series), typed(value="0.97", confirmed="0.98"))
    confirmed = signed_in.post(address_of(series), typed(value="0.98", confirmed="0.98"))

    assert 'name="confirmed"' in first.content.decode()
    assert (first.status_code, another.status_code, confirmed.status_code) == (422, 422, 302)
    assert only_version().value == Decimal("0.98")


def test_submit_an_outdated_page_shows_both_values_and_goes_on_knowingly(signed_in, series):
    other = make_user("colleague", full_name="Colleague Chen")
    make_figure(series, 2020, "97.1", entered_by=other)

    conflict = signed_in.post(address_of(series), typed(read_version="", read_year="2020"))
    page = conflict.content.decode()
    again = {name: str(conflict.context["form"][name].value()) for name in typed()}
    seen = conflict.context["form"].data
    again |= {"read_version": seen["read_version"], "read_year": seen["read_year"]}
    stored = signed_in.post(address_of(series), again)

    assert conflict.status_code == 409
    assert "Stored by Colleague Chen" in page
    assert "97.1 %" in page
    assert "98.5 %" in page
    assert stored.status_code == 302
    assert [each.number for each in ObservationVersion.objects.order_by("number")] == [1, 2]


def test_the_version_read_of_another_year_does_not_count(signed_in, series):
    """Both years have one version; only the page of 2019 was read."""
    make_figure(series, 2019, "97.1")
    make_figure(series, 2020, "97.2")

    response = signed_in.post(address_of(series), typed(read_version="1", read_year="2019"))

    assert response.status_code == 409
    assert ObservationVersion.objects.count() == 2


def test_submit_twice_stores_once(signed_in, series):
    first = signed_in.post(address_of(series), typed())
    second = signed_in.post(address_of(series), typed())

    assert (first.status_code, second.status_code) == (302, 302)
    assert ObservationVersion.objects.count() == 1


def test_submit_a_year_of_another_department_is_refused_under_the_year(signed_in, series):
    series.department_links.update(from_year=2018)

    response = signed_in.post(address_of(series), typed(year="2017"))

    assert response.status_code == 403
    assert list(response.context["form"].errors) == ["year"]
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == ("official", f"observation:{series.code}:2017")


def test_form_costs_the_same_with_one_and_three_figures(
    signed_in, series, django_assert_max_num_queries
):
    for year in (2016, 2017, 2018):
        make_figure(series, year, "98")

    with django_assert_max_num_queries(11):
        signed_in.get(address_of(series))
