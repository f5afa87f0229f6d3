import pytest

from tests.factories import (
    make_area,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_user,
)
from tests.reports.pages import judge, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(settings, client):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"


def test_unknown_indicator_is_not_found(client):
    assert client.get("/indicators/nothing/").status_code == 404


def test_indicator_without_figures_says_what_is_missing(client):
    make_indicator()

    assert "No figure of this indicator is known." in text_of(client.get("/indicators/pass-rate/"))


def test_years_without_a_figure_stay_visible(client):
    series = make_series()
    make_figure(series, 2012, "96.50")
    make_figure(series, 2014, None, missing_reason="机构改革")

    response = client.get("/indicators/pass-rate/")

    (line,) = response.context["shown"].series
    assert response.context["shown"].years == [2012, 2013, 2014]
    assert [cell.figure and cell.figure.stated for cell in line.cells] == ["96.50", None, None]
    assert line.cells[2].missing_reason == "机构改革"


def test_bound_grade_and_break_are_marked(client):
    series = make_series()
    make_figure(series, 2012, "96", bound="at_least", source_grade="reprint")
    make_figure(series, 2013, "97", obs_status="B", remark="标准变更", source_grade="press")

    shown = text_of(client.get("/indicators/pass-rate/"))

    assert "≥ 96 * reprint" in shown
    assert "┊ break 97 † press" in shown
    assert "Break in 2013. 标准变更" in shown


def test_figures_lead_to_their_versions_those_who_signed_in(client):
    series = make_series()
    make_figure(series, 2012, "96.50")
    make_figure(series, 2014, None, missing_reason="机构改革")
    addresses = [f"/review/figure/{series.code}/{year}/" for year in (2012, 2013, 2014)]

    anonymous = client.get("/indicators/pass-rate/").content.decode()
    client.force_login(make_user())
    page = client.get("/indicators/pass-rate/").content.decode()

    assert [each in anonymous for each in addresses] == [False, False, False]
    assert [each in page for each in addresses] == [True, False, True]
    assert [client.get(each).status_code for each in addresses] == [200, 404, 200]


def test_sampling_pass_rates_are_called_not_comparable(client):
    indicator = make_indicator(name_zh="产品抽检合格率")
    make_series(make_area("110000"), indicator)
    make_series(make_area("120000"), indicator)

    assert "Not comparable between areas" in text_of(client.get("/indicators/pass-rate/"))


def test_two_scopes_of_an_area_are_kept_apart(client):
    indicator = make_indicator(name_zh="近岸海域水质优良率")
    make_series(make_area(), indicator, scope="a")
    make_series(make_area(), indicator, scope="b")

    shown = text_of(client.get("/indicators/pass-rate/"))

    assert "990000 publishes two scopes side by side" in shown
    assert "Not comparable between areas" not in shown


def test_targets_stand_under_their_series(client):
    series = make_series()
    target = make_target()
    judge(target, "missed", reading=make_reading(target, series))

    (line,) = client.get("/indicators/pass-rate/").context["shown"].series

    assert [each.target for each in line.targets] == [target]
    assert line.level == target.value


@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("number", [1, 3, 400])
def test_query_count_does_not_grow(client, django_assert_num_queries, number, is_signed_in):
    indicator = make_indicator()
    for each in range(number):
        series = make_series(make_area(f"{110000 + each}"), indicator)
        make_figure(series, 2012, "96")
        target = make_target(f"plan-2011-{each:03d}")
        judge(target, "missed", reading=make_reading(target, series))

    if is_signed_in:
        client.force_login(make_user())
    # Session, person and posts.
    with django_assert_num_queries(6 + 3 * is_signed_in):
        client.get("/indicators/pass-rate/")
