"""A reviewer sets up the second factor and signs in with it, with the keyboard alone."""

import pytest

from targets_site.accounts.models import Role
from tests.accounts.totp import shown_by_app
from tests.browser.looker import violations
from tests.factories import make_area, make_post, make_user

FOR_PHONES = ("autocomplete", "inputmode")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reviewer(live_server, settings):
    settings.SECOND_FACTOR_ROLES = ["reviewer"]
    make_post(make_user("reviewer"), Role.REVIEWER, area=make_area())


def give_password(page, site):
    page.goto(site + "/accounts/login/")
    page.locator("#id_username").fill("reviewer")
    page.locator("#id_password").fill("Passw0rd-2026")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_code(page, code):
    page.locator("#id_code").fill(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reviewer_sets_it_up_and_signs_in_again(page, live_server, reviewer, heard, width):
    page.set_viewport_size({"width": width, "height": 800})
    site = live_server.url
    give_password(page, site)
    first = page.url
    found = violations(page)
    picture = page.locator(".set-up__picture")
    drawn = picture.evaluate("each => each.complete && each.naturalWidth > 0")
    attributes = [page.locator("#id_code").get_attribute(each) for each in FOR_PHONES]
    key = page.locator(".set-up__key").inner_text()
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    type_code(page, shown_by_app(key))
    codes = page.locator(".recovery-codes .code").all_inner_texts()
    found += violations(page)
    page.goto(first)
    found += violations(page)
    with page.expect_navigation():
        page.locator(".sign-out button").click()

    give_password(page, site)
    asked = page.url
    found += violations(page)
    is_ready = page.evaluate("document.activeElement.id")
    # The code of this half minute is used: the next one is good already.
    type_code(page, shown_by_app(key, steps=1))

    assert first == f"{site}/accounts/second-factor/"
    assert (drawn, too_wide) == (True, False)
    assert attributes == ["one-time-code", "numeric"]
    assert len(codes) == 10
    assert (asked, is_ready) == (f"{site}/accounts/login/code/", "id_code")
    assert page.url == f"{site}/review/"
    assert found == []
    assert heard.complaints == []
    assert heard.outside(site) == []
