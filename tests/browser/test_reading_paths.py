"""Reading by keyboard alone, without JavaScript, and without anything that moves."""

from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse

from tests.browser.addresses import reading_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TABS = 150
FOCUSED = """() => {
  const each = document.activeElement, style = getComputedStyle(each);
  const box = each.getBoundingClientRect();
  return {
    name: `${each.tagName} ${each.className}`,
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isInView: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    isAnything: each !== document.body,
  };
}"""
MOVING = """() => [...document.querySelectorAll("*")].flatMap((each) =>
  ["", "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(each, part || null);
    const times = `${style.transitionDuration},${style.animationDuration}`.split(",");
    const moves = times.some((time) => parseFloat(time) > 0) || style.scrollBehavior === "smooth";
    return moves ? [`${each.tagName} ${each.className.baseVal ?? each.className}${part}`] : [];
  }))"""
PLOTLY_MOVES = """() => [...document.querySelectorAll(".js-plotly-plot")].map((over) =>
  [over.layout.transition ?? null, over._fullLayout.transition?.duration ?? 0])"""


class Keyboard:
    """Someone who never touches a mouse; notes every stop that he could not see."""

    def __init__(self, page):
        self.page, self.unseen, self.stops = page, [], 0

    def tab(self, key="Tab"):
        self.page.keyboard.press(key)
        focused = self.page.evaluate(FOCUSED)
        self.stops += 1
        if focused["isAnything"] and not (focused["isMarked"] and focused["isInView"]):
            self.unseen.append((self.page.url, focused))

    def tab_to(self, selector, key="Tab"):
        for _stop in range(MOST_TABS):
            self.tab(key)
            if self.page.evaluate("(where) => document.activeElement.matches(where)", selector):
                return
        pytest.fail(f"{selector} was not reached by {key} on {self.page.url}")

    def follow(self):
        """The link that has the focus."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def skip_to_content(self):
        self.tab()
        link = self.page.locator(".skip-link")
        assert link.evaluate("(each) => each === document.activeElement")
        assert link.bounding_box()["y"] >= 0
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"


def address_of(page):
    return urlsplit(page.url).path


def with_figures(page):
    """A target of the overview whose page has a chart with several figures."""
    link = page.locator(".target-row:has(.sparkline__dot:nth-of-type(2)) .target-row__statement")
    return link.first.get_attribute("href")


def test_from_the_overview_to_a_figure_and_back_by_keyboard(page, rich_site):
    keyboard = Keyboard(page)
    page.goto(rich_site + "/?goal=2015")
    keyboard.skip_to_content()
    target = with_figures(page)
    keyboard.tab_to(f'.target-row__statement[href="{target}"]')
    keyboard.follow()
    assert address_of(page) == target

    page.wait_for_selector(".chart.is-drawn")
    keyboard.skip_to_content()
    keyboard.tab_to(".chart__drawing")
    said, rows = page.locator(".chart__said"), page.locator(".chart__table tbody tr")
    figures = [row.locator("th, td").all_inner_texts()[:2] for row in rows.all()]
    figures = [f"{year} · {figure}" for year, figure in figures if figure != "—"]
    heard = []
    for _figure in figures:
        page.keyboard.press("ArrowRight")
        heard.append(" · ".join(said.inner_text().split(" · ")[:2]))
    assert heard == figures
    assert len(figures) >= 2

    keyboard.tab_to(".breadcrumb a[href^='/?goal=']", key="Shift+Tab")
    keyboard.follow()
    assert address_of(page) == "/"
    assert keyboard.unseen == []
    assert keyboard.stops >= 20


def test_the_same_way_without_javascript(browser, rich_site):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    keyboard = Keyboard(page)
    page.goto(rich_site + "/?goal=2015")
    keyboard.skip_to_content()
    target = with_figures(page)
    keyboard.tab_to(f'.target-row__statement[href="{target}"]')
    keyboard.follow()
    assert address_of(page) == target
    keyboard.tab_to(".breadcrumb a[href^='/?goal=']")
    keyboard.follow()
    assert address_of(page) == "/"
    assert keyboard.unseen == []
    context.close()


def test_without_javascript_drawings_and_tables_stand(browser, rich_site):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(rich_site + reverse("reports:target", args=["made-up-140000-001"]))
    figures = page.locator(".chart__table tbody tr td:nth-of-type(1)").all_inner_texts()
    figures = [figure for figure in figures if figure != "—"]
    assert page.locator("svg.trend:visible .trend__figure").count() == len(figures) >= 3
    assert page.locator(".chart__table table").is_visible()
    assert page.locator("table.observations").is_visible()

    page.goto(rich_site + reverse("reports:indicator", args=["made-up-rate"]) + "?year=2015")
    assert page.locator("svg.ranked:visible .multiple__mark").count() == 3
    assert page.locator("svg.multiple:visible").count() >= 3
    assert page.locator("tr[data-exported-series]:visible").count() == 3
    page.locator(".chart--ranked summary").click()
    assert page.locator(".ranked-table tbody tr:visible").count() == 3
    context.close()


def one_address_a_view():
    """The first reading page of each view."""
    found = {}
    for address in reading_pages():
        found.setdefault(resolve(urlsplit(address).path).view_name, address)
    return [*found.values(), reverse("reports:indicator", args=["made-up-rate"]) + "?year=2015"]


def open_with_movement(page, address):
    """A page with its charts drawn, and with links and scrolling that would take a second."""
    page.goto(address)
    for chart in page.locator("[data-chart], [data-ranked]").all():
        chart.scroll_into_view_if_needed()
        page.wait_for_selector(".chart.is-drawn")
    page.add_style_tag(content="a { transition: color 1s } html { scroll-behavior: smooth }")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_who_asked_for_that(browser, rich_site, motion):
    context = browser.new_context(reduced_motion=motion, locale="zh-CN", bypass_csp=True)
    page, charts, still = context.new_page(), 0, []
    page.set_viewport_size({"width": 1280, "height": 900})
    addresses = one_address_a_view()
    for address in addresses if motion == "reduce" else addresses[:1]:
        open_with_movement(page, rich_site + address)
        moving = page.evaluate(MOVING) or page.evaluate("document.getAnimations().length")
        still += [] if moving else [address]
        transitions = page.evaluate(PLOTLY_MOVES)
        assert transitions == [[None, 0]] * len(transitions), address
        charts += len(transitions)
    context.close()

    # Who asked for nothing sees the movement that was added here.
    assert still == (addresses if motion == "reduce" else [])
    assert charts >= (2 if motion == "reduce" else 0)
