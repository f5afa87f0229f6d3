"""Leaving the grid: with figures not saved yet, and by signing out."""

import pytest
from playwright.sync_api import expect

from tests.browser.entry_grid.grid import cell, expect_saved, field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_leaving_with_unsaved_figures_warns_and_they_are_there_again_after_a_reload(grid, round_):
    warned = []
    grid.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")

    grid.reload()

    assert warned == ["beforeunload"]
    expect(field(grid, "apples", 2019)).to_have_value("98.1")
    now = cell(grid, "apples", 2019).locator(".cell__now")
    expect(now).to_have_text("Not saved: kept in this browser")
    grid.get_by_role("button", name="Save all").click()
    expect_saved(grid, "apples", 2019)
    assert [key for key in kept(grid) if not key.endswith(":source")] == []
    grid.reload()
    assert warned == ["beforeunload"]


def kept(page):
    return page.evaluate("Object.keys(localStorage)")


def test_signing_out_leaves_nothing_in_the_browser(grid):
    grid.on("dialog", lambda dialog: dialog.accept())
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")
    assert [key for key in kept(grid) if key.endswith(".apples.all:2019")] != []

    grid.locator(".sign-out button").click()

    grid.wait_for_load_state()
    assert kept(grid) == []
