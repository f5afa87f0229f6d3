"""Files that are sent: not for HEAD, and not so many at once that no page is answered."""

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections

from reports.exports.room import MOST_AT_ONCE, MOST_OF_ONE
from targets_site.audit.models import Entry
from tests import factories
from tests.reports.exporting import make_small_world, signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/exports/observations.csv"


@pytest.fixture(autouse=True)
def _open(settings):
    settings.OPEN_READING = True
    make_small_world()


def ends(responses):
    """As a server does at the end, though the test's connection stays open."""
    request_finished.disconnect(close_old_connections)
    try:
        for each in responses:
            each.close()
    finally:
        request_finished.connect(close_old_connections)


@pytest.mark.parametrize("file", ["observations.csv", "bundle.zip", "targets.xlsx"])
def test_whoever_only_asks_for_the_heading_gets_no_file_and_leaves_no_entry(client, file):
    response = client.head(f"/exports/{file}")

    assert response.status_code == 200
    assert file.partition(".")[0] in response.headers["Content-Disposition"]
    assert not response.streaming
    assert not Entry.objects.filter(action="export").exists()


def test_one_person_is_not_sent_more_than_two_files_at_once(client):
    signed_in(client, factories.make_user("reader"))
    taken = [client.get(ADDRESS) for _number in range(MOST_OF_ONE)]

    refused = client.get(ADDRESS)
    ends(taken)
    later = client.get(ADDRESS)
    ends([later])

    assert [each.status_code for each in taken] == [200] * MOST_OF_ONE
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert later.status_code == 200


def test_all_together_leave_threads_for_pages(client):
    addresses = [f"10.0.0.{number}" for number in range(MOST_AT_ONCE + 1)]

    answers = [client.get(ADDRESS, REMOTE_ADDR=address) for address in addresses]
    ends(answers)
    later = client.get(ADDRESS)
    text = b"".join(later.streaming_content)

    assert [each.status_code for each in answers] == [200] * MOST_AT_ONCE + [503]
    assert later.status_code == 200
    assert text


def test_a_file_that_broke_off_leaves_its_room(client, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError
        yield

    monkeypatch.setattr("reports.exports.stream.Export._blocks", broken)
    for _number in range(MOST_OF_ONE + 1):
        response = client.get(ADDRESS)
        assert response.status_code == 200
        with pytest.raises(RuntimeError):
            list(response.streaming_content)
        ends([response])
