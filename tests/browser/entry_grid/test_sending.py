"""Corrections and sending."""

import re

import pytest
from playwright.sync_api import expect

from indicators.models import ObservationVersion
from tests.browser.entry_grid.grid import cell, expect_saved, field, stored
from tests.factories import make_figure, make_indicator, make_reading, make_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_figure_in_force_is_corrected_with_its_reason(grid, own_site, round_):
    make_figure(make_indicator("apples").series.get(), 2019, "98.4")
    grid.reload()
    expect(field(grid, "apples", 2019)).to_have_attribute("readonly", "")

    cell(grid, "apples", 2019).get_by_role("link", name="Correct").click()
    expect(grid.locator("#id_correction_reason")).to_be_focused()
    grid.keyboard.type("counted twice")
    field(grid, "apples", 2019).fill("98.3")
    grid.keyboard.press("Enter")

    expect(cell(grid, "apples", 2019)).to_contain_text("In force: 98.4 %")
    version = ObservationVersion.objects.get(number=2)
    assert (version.value_as_stated, version.correction_reason) == ("98.3", "counted twice")


def test_what_was_saved_and_not_sent_says_both(grid):
    bread = make_indicator("bread").series.get()
    make_reading(make_target(value="98"), bread)
    field(grid, "bread", 2020).fill("96")
    field(grid, "bread", 2020).press("F2")
    grid.locator("#id_source_title").fill("Yearbook")
    grid.get_by_role("button", name="Save and submit").click()

    bread = cell(grid, "bread", 2020)
    why = "The figure falls short of a target: say why, and what comes next."
    said = re.compile(r"✓\s*Saved .*\d\d:\d\d, not submitted: " + re.escape(why) + "$")
    expect(bread.locator(".cell__state")).to_have_text(said, use_inner_text=True)
    expect(bread.locator(".cell__now")).to_be_hidden()
    expect(bread.get_by_role("checkbox")).to_be_checked()
    expect(bread.locator(".badge")).to_be_visible()
    expect(field(grid, "bread", 2020)).not_to_have_attribute("aria-invalid", "true")
    expect(grid.locator("#id_shortfall_reason")).to_be_focused()
    expect(grid.get_by_text(why).locator("visible=true")).to_have_count(3)
    assert stored() == {("bread", 2020): "96"}

    grid.keyboard.type("drought")
    grid.locator("#id_next_steps").fill("wells")
    grid.get_by_role("button", name="Save and submit").click()

    expect(bread.locator(".cell__state")).to_contain_text("Submitted")
    expect(grid.locator("#entry-said")).to_contain_text("Submitted")


def test_ticked_figures_are_submitted_and_recalled_from_the_grid(grid):
    grid.get_by_text("One source for figures that have none").click()
    grid.locator("#source-title").fill("Yearbook 2020")
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    grid.keyboard.type("98.2")
    grid.keyboard.press("Enter")
    expect_saved(grid, "bread", 2019)
    cell(grid, "bread", 2019).get_by_role("checkbox").uncheck()
    field(grid, "cheese", 2019).fill("98.3")

    grid.get_by_role("button", name="Submit the ticked figures").click()

    message = grid.locator(".message")
    expect(message).to_have_text("Submitted: Apples 2019, Cheese 2019.")
    expect(cell(grid, "bread", 2019).locator(".cell__state")).to_contain_text("Saved")
    cell(grid, "apples", 2019).get_by_role("button", name="Recall").click()
    expect_saved(grid, "apples", 2019)
    expect(field(grid, "apples", 2019)).to_be_editable()
