"""The grid as a test opens it, fills its cells and reads what came of it."""

from playwright.sync_api import expect

from indicators.models import ObservationVersion
from tests.browser.conftest import sign_in


def open_grid(page, site, name, round_):
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": site}])
    sign_in(page, site, name)
    page.goto(f"{site}/entry/{round_.pk}/")
    return page


def cell(page, name, year):
    return page.locator(f'[data-key$=".{name}.all:{year}"]')


def field(page, name, year):
    return cell(page, name, year).locator('input[name="value"]')


def expect_saved(page, name, year):
    expect(cell(page, name, year).locator(".cell__state")).to_contain_text("Saved")
    expect(cell(page, name, year).locator(".cell__now")).to_be_hidden()


def stored():
    """By series and year, the newest value."""
    versions = ObservationVersion.objects.order_by("number").select_related("observation__series")
    return {
        (each.observation.series.indicator.code, each.observation.year): each.value_as_stated
        for each in versions
    }
