"""Whoever looks into the trail stands in it, whatever door he took."""

import pytest
from django.db import transaction

from targets_site.audit.actions import record
from targets_site.audit.models import Entry
from tests.factories import make_auditor

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    auditor = make_auditor()
    client.force_login(auditor)
    with transaction.atomic():
        record("save", "observation:x:2019", by="wang")
        record("export", "export:targets", by="wang", after={"rows": 1, "sha256": "0" * 64})
    return auditor


def looked():
    """Who looked, as what, for what."""
    entries = Entry.objects.filter(action="search_trail").order_by("seq")
    return list(entries.values_list("actor", "role", "after"))


def test_by_the_api_once_for_all_pages_of_a_list(client, auditor):
    first = client.get("/api/v1/trail/", {"actor": "wang", "page_size": 1})
    client.get(first.json()["next"])
    client.get("/api/v1/trail/", {"actor": "li"})
    client.get("/api/v1/trail/", {"since": "soon"})

    by = (auditor.username, "auditor")
    assert looked() == [
        (*by, {"actor": "wang", "door": "api"}),
        (*by, {"actor": "li", "door": "api"}),
    ]


def test_by_the_first_rows_of_an_export(client, auditor):
    client.get("/exports/", {"table": "audit"})
    client.get("/exports/", {"table": "targets"})

    assert looked() == [(auditor.username, "auditor", {"door": "exports"})]


def test_by_the_manifest_of_somebody_else(client, auditor):
    entry = Entry.objects.get(action="export")

    assert client.get(f"/exports/manifests/{entry.seq}.json").status_code == 200
    assert looked() == [(auditor.username, "auditor", {"seq": str(entry.seq)})]
