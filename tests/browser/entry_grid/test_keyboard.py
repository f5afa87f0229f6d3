"""The keyboard alone: from cell to cell, into the details and back."""

import pytest
from playwright.sync_api import expect

from indicators.models import ObservationVersion
from tests.browser.entry_grid.grid import cell, expect_saved, field, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def in_focus(page):
    return page.evaluate("document.activeElement.closest('td')?.dataset.key")


def test_a_column_is_entered_with_the_keyboard_alone(grid):
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")
    grid.keyboard.press("Enter")
    grid.keyboard.type("98.2")
    grid.keyboard.press("Control+ArrowDown")
    grid.keyboard.type("98.3")
    grid.keyboard.press("Shift+Enter")
    assert in_focus(grid).endswith(".bread.all:2019")
    grid.keyboard.press("Control+ArrowRight")
    grid.keyboard.type("98.4")
    grid.keyboard.press("Control+ArrowUp")
    assert in_focus(grid).endswith(".apples.all:2020")

    for name, year in [("apples", 2019), ("bread", 2019), ("cheese", 2019), ("bread", 2020)]:
        expect_saved(grid, name, year)
    assert stored() == {
        ("apples", 2019): "98.1",
        ("bread", 2019): "98.2",
        ("cheese", 2019): "98.3",
        ("bread", 2020): "98.4",
    }
    expect(grid.locator("#entry-progress")).to_contain_text("Saved, not submitted 4")


def test_escape_brings_back_what_is_stored(grid):
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect_saved(grid, "apples", 2019)
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("77")
    expect(cell(grid, "apples", 2019).locator(".cell__now")).to_have_text("Not saved yet")

    grid.keyboard.press("Escape")

    expect(field(grid, "apples", 2019)).to_have_value("98.1")
    expect(cell(grid, "apples", 2019).locator(".cell__now")).to_be_hidden()


@pytest.mark.parametrize("key", ["F2", "Alt+ArrowDown"])
def test_details_open_and_close_by_keyboard_and_are_saved_with_the_figure(grid, key):
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")
    grid.keyboard.press(key)
    expect(grid.locator("#id_numerator")).to_be_focused()
    expect(grid.locator("#id_correction_reason")).to_be_hidden()
    grid.locator("#id_source_title").fill("Yearbook 2019")
    grid.locator("#id_obs_status").select_option("P")
    grid.locator("#id_remark").fill("first count")

    grid.keyboard.press("Escape")

    expect(field(grid, "apples", 2019)).to_be_focused()
    expect(grid.locator(".entry-further")).to_have_count(0)
    expect_saved(grid, "apples", 2019)
    version = ObservationVersion.objects.get()
    said = (version.source_title, version.obs_status, version.remark)
    assert said == ("Yearbook 2019", "P", "first count")


def test_numerator_and_denominator_make_the_rate(grid):
    field(grid, "apples", 2019).press("F2")
    grid.locator("#id_numerator").fill("1970")
    grid.locator("#id_denominator").fill("2000")
    grid.locator("#id_denominator").press("Enter")

    expect(field(grid, "apples", 2019)).to_have_value("98.50")
    expect(cell(grid, "apples", 2019)).to_contain_text("Computed: 1970 ÷ 2000 = 98.50 %")


def test_what_is_wrong_stands_under_its_field_and_at_the_figure_once_the_details_close(grid):
    field(grid, "apples", 2019).fill("98.1")
    field(grid, "apples", 2019).press("F2")
    grid.locator("#id_published_on").fill("last year")
    grid.locator("#id_source_url").fill("example.cn")
    grid.get_by_role("button", name="Save", exact=True).locator("visible=true").click()

    why = "“Published on”: write 2020, 2020-06 or 2020-06-05."
    expect(grid.locator("#wrong-published_on")).to_have_text(why)
    expect(grid.locator("#wrong-source_url")).to_contain_text("begin with http:// or https://")
    expect(grid.locator("#id_published_on")).to_have_attribute("aria-invalid", "true")
    expect(grid.locator("#id_source_url")).to_be_focused()
    expect(cell(grid, "apples", 2019).get_by_text(why)).to_be_hidden()
    assert stored() == {}
    expect(grid.locator(".entry-further")).to_contain_text("(required to submit)")

    grid.get_by_role("button", name="Close").click()

    expect(cell(grid, "apples", 2019).get_by_text(why)).to_be_visible()
