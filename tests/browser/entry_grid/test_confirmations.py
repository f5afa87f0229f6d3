"""What the grid asks about before it saves."""

import pytest
from playwright.sync_api import expect

from tests.browser.entry_grid.grid import cell, expect_saved, field, stored
from tests.factories import make_figure, make_indicator, make_reading, make_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_fraction_is_confirmed_with_the_keyboard(grid):
    field(grid, "apples", 2019).fill("0.98")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("you typed 0.98, that is 0.98 %")
    assert stored() == {}

    grid.keyboard.press("Shift+Enter")
    grid.keyboard.press("Tab")
    grid.keyboard.press("Enter")

    expect_saved(grid, "apples", 2019)
    assert stored() == {("apples", 2019): "0.98"}


def test_an_unusual_change_is_confirmed_and_the_target_met_exactly_is_not(grid):
    bread = make_indicator("bread").series.get()
    make_figure(bread, 2018, "98.4")
    make_reading(make_target(value="98"), bread)

    field(grid, "bread", 2019).fill("80")
    grid.keyboard.press("Enter")
    question = cell(grid, "bread", 2019).locator(".cell__question")
    expect(question).to_contain_text("98.4 % in 2018, now 80 % for 2019")
    field(grid, "bread", 2020).fill("98")
    grid.keyboard.press("Enter")

    expect_saved(grid, "bread", 2020)
    expect(cell(grid, "bread", 2020)).to_contain_text("Preview, seen by your department only")
    question.get_by_role("button").click()
    expect_saved(grid, "bread", 2019)
    assert stored()["bread", 2019] == "80"
