"""Connections, servers, logins and pages that fail: what was typed is kept."""

import pytest
from playwright.sync_api import expect

from indicators.models import ObservationVersion
from tests.browser.conftest import sign_in
from tests.browser.entry_grid.grid import cell, expect_saved, field, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_dropped_connection_keeps_what_was_typed_and_heals_by_itself(grid):
    grid.context.set_offline(True)
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("Not saved: the connection broke off.")
    expect(field(grid, "apples", 2019)).to_have_value("98.1")
    expect(grid.locator("#entry-left")).to_have_text("Not saved: 1")
    grid.locator("#entry-left").click()
    expect(field(grid, "apples", 2019)).to_be_focused()
    assert stored() == {}

    grid.context.set_offline(False)

    # At once, and not only with the next attempt of its own, five seconds after the first.
    saved = cell(grid, "apples", 2019).locator(".cell__state")
    expect(saved).to_contain_text("Saved", timeout=3_000)
    assert stored() == {("apples", 2019): "98.1"}


def test_an_answer_that_never_comes_is_no_loss(grid):
    """The answer is lost on its way back: sent again, the figure is there once."""
    answers = []

    def lose_the_first(route):
        if not answers:
            answers.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    grid.route("**/2019/", lose_the_first)
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("the connection broke off")

    cell(grid, "apples", 2019).get_by_role("button", name="Try again").click()

    expect_saved(grid, "apples", 2019)
    assert answers == [200]
    assert ObservationVersion.objects.count() == 1


def test_a_server_that_cannot_answer_is_asked_again(grid):
    grid.route("**/2019/", lambda route: route.fulfill(status=503, body="Service unavailable"))
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("the connection broke off")

    grid.unroute("**/2019/")

    expect(cell(grid, "apples", 2019).locator(".cell__state")).to_contain_text(
        "Saved", timeout=15_000
    )
    assert stored() == {("apples", 2019): "98.1"}


def test_a_login_that_has_ended_is_said_and_the_text_is_saved_after_the_next(grid, own_site):
    grid.context.clear_cookies(name="sessionid")
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("you are no longer signed in")

    sign_in(grid.context.new_page(), own_site, "official")
    cell(grid, "apples", 2019).get_by_role("button", name="Try again").click()

    expect_saved(grid, "apples", 2019)
    assert stored() == {("apples", 2019): "98.1"}


def test_what_is_typed_while_a_save_is_under_way_is_saved_too(grid):
    held = []
    grid.route("**/2019/", lambda route: route.continue_() if held else held.append(route))
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    grid.wait_for_function("document.querySelector('.cell__now[data-kind=saving]')")
    field(grid, "apples", 2019).fill("98.2")
    grid.keyboard.press("Enter")
    held[0].continue_()

    expect_saved(grid, "apples", 2019)
    expect(field(grid, "apples", 2019)).to_have_value("98.2")
    assert stored() == {("apples", 2019): "98.2"}


def test_a_page_without_its_token_keeps_what_was_typed_and_says_so(grid):
    field(grid, "apples", 2019).focus()
    grid.context.clear_cookies(name="csrftoken")
    grid.evaluate(
        "() => { for (const each of document.getElementsByName('csrfmiddlewaretoken'))"
        " each.value = '' }"
    )
    grid.keyboard.type("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("Not saved: this page has expired.")

    cell(grid, "apples", 2019).get_by_role("button", name="Reload").click()

    now = cell(grid, "apples", 2019).locator(".cell__now")
    expect(now).to_have_text("Not saved: kept in this browser")
    expect(field(grid, "apples", 2019)).to_have_value("98.1")
