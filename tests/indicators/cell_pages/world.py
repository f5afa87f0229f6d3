"""One figure of a series and year: its page, what the grid's script is answered, and every way in
which something is not stored."""

import pytest

from indicators.models import ObservationVersion
from targets_site.audit.models import Entry


def address_of(series, year=2020, one=None, step=""):
    place = one.pk if one else "series"
    return f"/entry/{place}/{series.code}/{year}/{step}"


def typed(**fields):
    return {"value": "98.5", "source_title": "2020年统计公报", "read_version": "0"} | fields


def send(client, address, fetched, **fields):
    """As the form sends it, or as the grid's script does."""
    headers = {"X-Requested-With": "fetch"} if fetched else {}
    return client.post(address, typed(**fields), headers=headers)


def newest():
    return ObservationVersion.objects.order_by("-number").first()


def denials():
    return list(Entry.objects.filter(action="denied").values_list("object", "reason"))


both = pytest.mark.parametrize("fetched", [True, False], ids=["script", "page"])


def stored_meanwhile(client, series, one, colleague, official, **fields):
    client.force_login(colleague)
    send(client, address_of(series, one=one), True, value="97.7", **fields)
    client.force_login(official)
