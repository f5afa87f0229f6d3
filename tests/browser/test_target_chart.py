"""The big chart of the target page in Chromium: with and without JavaScript, by keyboard, saved."""

import gzip
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories import (
    make_document,
    make_figure,
    make_reading,
    make_series,
    make_target,
    make_verdict,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # A fixture of pytest-base-url itself is declared in a way that pytest 10 drops.
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures:pytest.PytestRemovedIn10Warning"),
]
SOURCE = "统计公报"


@pytest.fixture
def address(live_server, settings):
    """A target with a gap, a reprint, a breached year, a bound and a break among its figures."""
    settings.OPEN_READING = True
    settings.ALLOWED_HOSTS = ["*"]
    document = make_document(start_year=2011, end_year=2020)
    target = make_target(document=document, kind="hold", value="95")
    series = make_series()
    make_reading(target, series)
    make_figure(series, 2012, "97.40")
    make_figure(series, 2013, "93.80", source_grade="reprint")
    make_figure(series, 2015, "96.1", obs_status="B")
    make_figure(series, 2016, "95.5", bound="at_least")
    make_figure(series, 2020, "96.0")
    make_verdict(
        target, 2020, "recovered", actual_year=2020, actual_value=Decimal("96.0"),
        gap=Decimal(-1), breached_years="2013", missing_years="2011;2014;2017;2018;2019",
    )  # fmt: skip
    return live_server.url + reverse("reports:target", args=[target.code])


@pytest.fixture
def drawn(page, address):
    page.goto(address)
    page.wait_for_selector(".chart.is-drawn")
    return page


def figures_in_table(page):
    cells = page.locator(".chart__table tbody td:nth-child(2)").all_inner_texts()
    return [cell for cell in cells if cell != "—"]


def test_both_drawings_have_a_mark_for_each_figure_of_the_table(drawn):
    figures = figures_in_table(drawn)

    assert figures == ["97.40%", "93.80%", "96.1%", "95.5%以上", "96.0%"]
    assert drawn.locator(".chart__plotly .scatterlayer .trace >> nth=0").locator(
        ".points path"
    ).count() == len(figures)
    for size in ("narrow", "medium", "wide"):
        marks = drawn.locator(f".chart__svg--{size} .trend__figure")
        assert marks.count() == len(figures)


@pytest.mark.parametrize("width", [360, 700, 1000, 1280])
def test_nothing_moves_when_plotly_takes_the_place(page, address, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.route("**/charts*.js", lambda route: route.abort())
    page.goto(address)
    painted = page.locator(".chart").bounding_box()
    assert page.locator("svg.trend:visible").count() == 1

    page.unroute("**/charts*.js")
    page.goto(address)
    page.wait_for_selector(".chart.is-drawn")

    assert page.locator(".chart").bounding_box() == painted
    svg = page.evaluate(
        "(() => { const all = [...document.querySelectorAll('svg.trend')];"
        " return all.find((each) => each.getBoundingClientRect().width)"
        ".getBoundingClientRect().toJSON(); })()"
    )
    over = page.locator(".chart__plotly .main-svg >> nth=0").bounding_box()
    for side in ("x", "y", "width", "height"):
        assert over[side] == pytest.approx(svg[side], abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_mark_lies_at_the_same_place_in_both_drawings(drawn):
    places = drawn.evaluate("""() => {
        const middle = (each) => {
            const box = each.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        };
        const svg = [...document.querySelectorAll("svg.trend")]
            .find((each) => each.getBoundingClientRect().width);
        return {
            ours: [...svg.querySelectorAll(".trend__figure > :last-child")].map(middle),
            theirs: [...document.querySelectorAll(".chart__plotly .points path")].map(middle),
        };
    }""")

    assert len(places["ours"]) == 5
    for ours, theirs in zip(places["ours"], places["theirs"], strict=True):
        assert ours == pytest.approx(theirs, abs=2.5)


def test_arrow_keys_move_through_the_figures_and_read_them_out(drawn):
    said = drawn.locator(".chart__said")
    drawn.locator(".chart__drawing").focus()
    assert said.inner_text() == "按左右方向键逐个查看数据"

    heard = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "End", "ArrowRight", "Home"):
        drawn.keyboard.press(key)
        heard.append(said.inner_text())

    assert heard == [
        "2012 · 97.40%",
        "2013 · 93.80% · 转载，待核",
        "2015 · 96.1% · 口径中断：与以前年份不可比",
        "2020 · 96.0%",
        "2020 · 96.0%",
        "2012 · 97.40%",
    ]
    assert drawn.locator(".hoverlayer .hovertext").count() == 1
    drawn.keyboard.press("Tab")
    assert said.inner_text() == ""


def test_a_saved_picture_carries_its_finding_and_its_source(drawn):
    with drawn.expect_download() as saved:
        drawn.locator('[data-download="svg"]').click()
    svg = saved.value.path().read_text(encoding="utf-8")
    words = "".join(re.findall(r">([^<>]+)<", svg))

    assert saved.value.suggested_filename == "plan-2011-001.svg"
    assert "2020年96.0%，高于目标值1个百分点" in words
    assert SOURCE in words
    assert "97.40%" in words

    with drawn.expect_download() as saved:
        drawn.locator('[data-download="png"]').click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def test_no_button_leads_out_and_words_are_chinese(drawn):
    assert drawn.locator(".modebar-btn").count() == 0
    assert drawn.locator(".chart__tools button").all_inner_texts() == ["下载PNG图片", "下载SVG图片"]
    config = drawn.evaluate("document.querySelector('.chart__plotly')._context")
    assert config["locale"] == "zh-CN"
    assert (config["showSendToCloud"], config["plotlyServerURL"]) == (False, "")
    assert not config.get("showEditInChartStudio")


def test_without_javascript_drawing_and_table_stand(browser, address):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(address)

    assert page.locator("svg.trend:visible").count() == 1
    assert page.locator("svg.trend:visible .trend__figure").count() == len(figures_in_table(page))
    assert page.locator(".chart__tools").is_hidden()
    context.close()


def test_paper_shows_the_drawing_of_the_server(drawn):
    drawn.emulate_media(media="print")

    assert drawn.locator("svg.trend:visible").count() == 1
    assert drawn.locator(".chart__plotly").is_hidden()


def test_the_page_is_light(page, address):
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    page.wait_for_selector(".chart.is-drawn")
    page.wait_for_load_state("networkidle")

    bodies = [gzip.compress(answer.body()) for answer in answers]
    assert len(bodies) <= 12
    assert sum(len(body) for body in bodies) <= 450_000
    assert len(bodies[0]) < 12_000
