"""Two people at one figure: both see it, and neither overwrites the other unasked."""

import re

import pytest
from playwright.sync_api import expect

from indicators.enums import State
from indicators.models import ObservationVersion
from tests.browser.conftest import sign_in
from tests.browser.entry_grid.grid import cell, expect_saved, field, open_grid, stored
from tests.factories import make_figure, make_indicator, make_official

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_people_at_once_see_both_values_and_decide(grid, browser, own_site, department, round_):
    make_official("colleague", department)
    other = open_grid(browser.new_context(locale="zh-CN").new_page(), own_site, "colleague", round_)
    field(other, "apples", 2019).fill("97.7")
    other.keyboard.press("Enter")
    expect_saved(other, "apples", 2019)

    field(grid, "apples", 2019).fill("98.8")
    grid.keyboard.press("Enter")

    mine = cell(grid, "apples", 2019)
    expect(mine.locator(".cell__now")).to_have_text("In conflict with somebody else")
    expect(mine.locator(".cell__both")).to_contain_text(re.compile(r"97\.7 %.*98\.8 %", re.S))
    expect(mine).to_contain_text("colleague")
    mine.get_by_role("button", name="Save mine").click()
    expect_saved(grid, "apples", 2019)
    assert stored() == {("apples", 2019): "98.8"}

    field(other, "apples", 2019).fill("96.6")
    other.keyboard.press("Enter")
    cell(other, "apples", 2019).get_by_role("link", name="Keep the stored one").click()
    expect(field(other, "apples", 2019)).to_have_value("98.8")
    expect_saved(other, "apples", 2019)
    assert ObservationVersion.objects.count() == 2


def test_what_was_typed_is_not_saved_in_the_name_of_somebody_else(grid, own_site, department):
    make_official("colleague", department)
    other = grid.context.new_page()
    other.goto(own_site + "/entry/")
    other.locator(".sign-out button").click()
    sign_in(other, own_site, "colleague")

    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")

    expect(cell(grid, "apples", 2019)).to_contain_text("You are signed in as colleague now")
    assert stored() == {}


def test_what_somebody_stored_meanwhile_is_not_overwritten_after_a_reload(
    grid, official, department, round_
):
    grid.on("dialog", lambda dialog: dialog.accept())
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")
    apples = make_indicator("apples").series.get()
    make_figure(
        apples, 2019, "97.7", state=State.DRAFT, entered_by=make_official("colleague", department)
    )
    cell_row = apples.observations.get()
    cell_row.in_force = None
    cell_row.save()
    grid.reload()

    grid.get_by_role("button", name="Save all").click()

    expect(cell(grid, "apples", 2019)).to_contain_text("In conflict with somebody else")
