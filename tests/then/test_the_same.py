"""What was shown and exported on a day is shown and exported for it ever after."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from reports.exports import TABLES
from reports.exports.stream import Export
from targets_site.audit.context import Actor
from targets_site.reading.links import goes_back
from targets_site.then import as_it_stood
from tests.browser.addresses import reading_pages
from tests.then.clock import done_at, here
from tests.then.conftest import load_real_data
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


def exported():
    return {
        name: b"".join(
            Export(table, area="", bom=True, actor=Actor(name="auditor", ip="10.0.0.7"))._blocks()
        )
        for name, table in TABLES.items()
    }


@pytest.fixture
def _open(settings):
    settings.OPEN_READING = True


@pytest.mark.usefixtures("_open")
def test_the_same_pages_and_the_same_bytes(client):
    load_real_data()
    world, waiting = spring()
    with done_at(THEN):
        asked = addresses()
        pages = {each: shown(client, each) for each in asked}
        files = exported()

    summer(world, waiting)

    with done_at(TODAY):
        again = {each: shown(client, each, DAY) for each in asked}
        now = {each: shown(client, each) for each in asked}
        with as_it_stood(THEN):
            files_again = exported()
        files_now = exported()
        with as_it_stood(here(2026, 2, 1, 9) - timedelta(microseconds=1)):
            nothing = exported()
    for name, content in files.items():
        assert files_again[name] == content, name
        assert files_now[name] != content, name
        assert nothing[name].count(b"\r\n") == 1
    assert {status for status, _main in pages.values()} == {200}
    assert [each for each in asked if again[each] != pages[each]] == []
    assert len([each for each in asked if now[each] != pages[each]]) > len(asked) / 3
