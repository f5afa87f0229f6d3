"""The page of exports and its downloads."""

import pytest
from django.utils import timezone as django_timezone

from reports.exports import TABLES
from targets_site.accounts.models import User
from targets_site.audit.models import Entry
from tests.reports.exports.world import TABLES_OF_FIGURES


@pytest.mark.parametrize("table", TABLES_OF_FIGURES)
def test_export_page_offers_the_table(client, target, settings, table):
    settings.OPEN_READING = True

    response = client.get("/exports/", {"table": table, "area": "990000", "bom": "0"})

    page = response.content.decode()
    assert response.status_code == 200
    assert f"/exports/{table}.csv?area=990000&amp;bom=0" in page
    assert all(f'class="code">{heading}</th>' in page for heading in TABLES[table].headings)


def test_export_page_with_nothing_chosen_offers_all_targets(client, target, settings):
    settings.OPEN_READING = True

    response = client.get("/exports/")

    assert response.context["offer"].rows == 1
    assert response.context["offer"].address == "/exports/targets.csv"


@pytest.mark.parametrize(
    "address",
    [
        "/exports/?area=123456",
        "/exports/?table=users",
        "/exports/?bom=maybe",
        "/exports/targets.csv?area=123456",
        "/exports/targets.csv?area=%00",
        "/exports/targets.csv?bom=maybe",
    ],
)
def test_bad_choice_is_answered_with_a_page_that_says_so(client, target, settings, address):
    settings.OPEN_READING = True

    response = client.get(address)

    assert response.status_code == 400
    assert 'class="errorlist"' in response.content.decode()
    assert Entry.objects.count() == 0


def test_unknown_table_is_not_found(client, db, settings):
    settings.OPEN_READING = True

    assert client.get("/exports/users.csv").status_code == 404


@pytest.mark.parametrize("address", ["/exports/", "/exports/targets.csv"])
def test_export_needs_login_where_reading_is_not_open(client, db, settings, address):
    settings.OPEN_READING = False

    assert client.get(address).status_code == 302
    assert client.post(address).status_code == 401


def test_download_is_a_csv_file_in_the_name_of_the_reader(client, target, settings):
    settings.OPEN_READING = True
    client.force_login(User.objects.create(username="leader"))

    response = client.get("/exports/targets.csv", {"area": "990000"})
    content = b"".join(response.streaming_content)

    day = django_timezone.localdate().isoformat()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="targets-990000-{day}.csv"'
    assert content.startswith(b"\xef\xbb\xbfdocument,")
    assert Entry.objects.get(action="export").actor == "leader"
