import pytest

from indicators.enums import LIGHT_OF, Status
from reports.queries.method import status_rows
from tests.reports.pages import text_of


def test_every_status_is_explained_once():
    found = status_rows()

    assert sorted(row.status for row in found) == sorted(Status.values)
    assert all(row.light == LIGHT_OF[row.status] and str(row.meaning) for row in found)


@pytest.mark.django_db
def test_page_needs_no_query(client, settings, django_assert_num_queries):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"

    with django_assert_num_queries(0):
        response = client.get("/method/")

    assert "How progress is judged" in text_of(response)
    assert "■ Missed (Red)" in text_of(response)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nowhere/", "/areas/%F0%9F%98%80/"])
def test_unknown_address_has_a_page_of_its_own(client, settings, address):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"

    response = client.get(address)

    assert response.status_code == 404
    assert "There is no page at this address" in text_of(response)
