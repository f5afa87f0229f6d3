"""The frame around every page: what is marked in the navigation, and what only paper shows."""

import re

import pytest

from tests.factories import make_area

pytestmark = pytest.mark.django_db
ENTRY = re.compile(r'<li><a href="([^"]+)" aria-current="(\w+)">')


@pytest.fixture(autouse=True)
def reading(client, settings):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        pytest.param("/", [("/", "page")], id="overview"),
        pytest.param("/areas/990000/", [("/", "true")], id="area-under-overview"),
        pytest.param("/method/", [("/method/", "page")], id="method"),
        pytest.param("/method/manual/", [("/method/", "true")], id="manual-under-method"),
        pytest.param("/exports/", [("/exports/", "page")], id="exports"),
        pytest.param("/accounts/login/", [], id="nowhere"),
    ],
)
def test_entry_that_the_page_belongs_to_is_marked(client, address, marked):
    make_area()

    assert ENTRY.findall(client.get(address).content.decode()) == marked


def test_paper_says_where_the_page_stands_and_of_which_day_it_is(client):
    content = client.get("/method/?a=1").content.decode()

    assert re.search(
        r'<p class="print-only">http://testserver/method/\?a=1, as it was on \d{4}-\d\d-\d\d</p>',
        content,
    )
