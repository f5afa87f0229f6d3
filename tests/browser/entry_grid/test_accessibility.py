"""Without JavaScript, on a phone, and for everybody."""

import pytest
from playwright.sync_api import expect

from indicators.enums import State
from indicators.models import ObservationVersion
from tests.browser.entry_grid.grid import cell, field, open_grid
from tests.browser.looker import violations
from tests.factories import make_figure, make_indicator, make_reading, make_round, make_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_figure_is_saved_and_submitted_without_javascript(browser, own_site, official, round_):
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = open_grid(context.new_page(), own_site, "official", round_)

    field(page, "apples", 2019).fill("98.1")
    cell(page, "apples", 2019).get_by_role("button", name="Save").click()
    expect(page.locator(".message")).to_have_text("Saved: Apples 2019, 98.1 %.")
    cell(page, "apples", 2019).get_by_role("link", name="Details").click()
    page.locator("#id_source_title").fill("Yearbook")
    page.get_by_role("button", name="Save and submit").click()

    expect(page.locator(".message")).to_have_text("Submitted: Apples 2019, 98.1 %.")
    version = ObservationVersion.objects.get(number=2)
    assert (version.state, version.source_title) == (State.SUBMITTED, "Yearbook")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_entry_are_accessible_and_fit_a_phone(
    grid, own_site, round_, heard, department, language
):
    make_reading(make_target(value="98"), make_indicator("bread").series.get())
    make_figure(make_indicator("dates").series.get(), 2019, "98.4")
    grid.context.add_cookies([{"name": "django_language", "value": language, "url": own_site}])
    grid.reload()
    field(grid, "bread", 2019).fill("96")
    grid.keyboard.press("Enter")
    expect(cell(grid, "bread", 2019).locator(".badge")).to_be_visible()
    field(grid, "cheese", 2019).fill("0.98")
    grid.keyboard.press("Enter")
    expect(cell(grid, "cheese", 2019).locator(".cell__question")).to_be_visible()
    field(grid, "bread", 2019).press("F2")
    found, wide = [], {}

    def look(name):
        for width in (1280, 360):
            grid.set_viewport_size({"width": width, "height": 800})
            found.extend(violations(grid))
            wide[name, width] = grid.evaluate("document.documentElement.scrollWidth") - width

    look("grid")
    grid.once("dialog", lambda dialog: dialog.accept())
    series = make_indicator("bread").series.get()
    wide_round = make_round(department.area, *range(2011, 2019), name="All years")
    for address in [
        "/entry/",
        f"/entry/{wide_round.pk}/",
        f"/entry/{round_.pk}/{series.code}/2019/",
    ]:
        grid.goto(own_site + address)
        look(address)

    assert found == []
    assert {place: over for place, over in wide.items() if over > 0} == {}
    assert heard.outside(own_site) == []
    # The browser itself tells of each figure that was refused.
    assert [said for said in heard.complaints if "422" not in said] == []
