"""What was shown on a day is shown for it ever after."""

import re

import pytest
from django.urls import reverse

from targets_site.reading.links import goes_back
from tests.browser.addresses import reading_pages
from tests.then.clock import done_at, here
from tests.then.world import THEN, spring, summer

pytestmark = pytest.mark.django_db
DAY = "2026-03-01"
TODAY = here(2026, 9, 1, 12)


def addresses():
    """All that go back; whatever a page is asked for beside."""
    more = [
        "?goal=2020&as_of=2018",
        "?goal=2020&light=red",
        "?goal=2020&area=460000",
        "?area=460000",
    ]
    pages = [each for each in reading_pages() if "at=" not in each]
    return [
        *[each for each in pages if goes_back(each.partition("?")[0])],
        *[reverse("reports:overview") + each for each in more],
        reverse("reports:indicator", args=["made-up"]),
        reverse("reports:area", args=["460000"]) + "?goal=2020&as_of=2019",
        reverse("reports:meeting", args=["460000"]) + "?goal=2020&as_of=2018",
    ]


def shown(client, address, at=""):
    sign = "&" if "?" in address else "?"
    response = client.get(f"{address}{sign}at={at}" if at else address)
    return response.status_code, main_of(response.text)


def main_of(page):
    """What the page says of the data, without the banner and the day in its addresses."""
    main = re.search("<main.*</main>", page, re.DOTALL)[0]
    main = re.sub('<section class="then".*?</section>', "", main, flags=re.DOTALL)
    main = re.sub(r'<input type="hidden" name="at" value="[^"]*">', "", main)
    main = main.replace(f"?at={DAY}&amp;", "?")
    return re.sub(rf"(\?|&amp;)at={DAY}", "", re.sub(r"\s+", " ", main))


@pytest.fixture
def _open(settings):
    settings.OPEN_READING = True


@pytest.mark.usefixtures("_open", "real_data")
def test_the_same_pages(client):
    world, waiting = spring()
    with done_at(THEN):
        asked = addresses()
        pages = {each: shown(client, each) for each in asked}

    summer(world, waiting)

    with done_at(TODAY):
        again = {each: shown(client, each, DAY) for each in asked}
        now = {each: shown(client, each) for each in asked}
    assert {status for status, _main in pages.values()} == {200}
    assert [each for each in asked if again[each] != pages[each]] == []
    assert len([each for each in asked if now[each] != pages[each]]) > len(asked) / 3
