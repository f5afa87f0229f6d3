"""The ranked dot plot as a browser draws it."""

import pytest

from tests.factories import (
    make_area,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
)
from tests.reports.pages import judge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIGURES = {"110000": "96.50", "120000": "97", "130000": "95.25", "140000": "97"}


@pytest.fixture
def address(live_server, settings):
    settings.OPEN_READING = True
    settings.ALLOWED_HOSTS = ["*"]
    indicator = make_indicator(name_zh="出厂检验合格率")
    for code, value in FIGURES.items():
        series = make_series(make_area(code), indicator)
        make_figure(series, 2012, value)
        if code != "140000":
            target = make_target(f"plan-{code}-001")
            judge(target, "missed", reading=make_reading(target, series))
    make_series(make_area("150000"), indicator)
    return f"{live_server.url}/indicators/pass-rate/"


def rows_of(page):
    """Figure and target of each row of the table."""
    page.locator(".chart--ranked details summary").click()
    cells = [row.locator("td") for row in page.locator(".ranked-table tbody tr").all()]
    return [(row.nth(1).inner_text(), row.nth(3).inner_text()) for row in cells]


def test_drawn_marks_are_the_rows_of_the_table(page, address, heard):
    page.goto(address)
    page.wait_for_selector(".chart--ranked.is-drawn")

    rows = rows_of(page)
    traces = page.locator(".chart--ranked .scatterlayer .trace")
    dots, ticks = traces.nth(0).locator("path.point"), traces.nth(1).locator("path.point")
    drawn = page.evaluate("document.querySelector('[data-ranked]').data[0].x")

    assert [float(figure) for figure, _target in rows] == [97.0, 97.0, 96.5, 95.25] == drawn
    assert dots.count() == len(rows)
    assert ticks.count() == sum(target != "—" for _figure, target in rows) == 3
    lefts = [dots.nth(at).bounding_box()["x"] for at in range(dots.count())]
    assert lefts[0] == pytest.approx(lefts[1])
    assert lefts[1] > lefts[2] > lefts[3]
    assert not page.locator(".ranked-server").is_visible()
    assert heard.complaints == []


def test_a_narrow_screen_and_paper_keep_the_drawing_from_the_server(page, address):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address)

    server = page.locator(".ranked-server")
    server.scroll_into_view_if_needed()
    assert server.is_visible()
    assert not page.locator(".ranked-plotly").is_visible()
    assert server.locator(".multiple__mark").count() == len(FIGURES)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_selector(".chart--ranked.is-drawn")
    page.emulate_media(media="print")
    assert server.is_visible()
    assert not page.locator(".ranked-plotly").is_visible()
