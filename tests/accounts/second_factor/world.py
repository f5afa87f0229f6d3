"""Steps of the tests of the second factor."""

from targets_site.audit.models import Entry
from tests.accounts.second_factor_steps import CODE

RFC_KEY = b"12345678901234567890"


def trail():
    return [(each.action, each.actor, each.after) for each in Entry.objects.order_by("pk")]


def give_code(client, code, **query):
    return client.post(CODE, {"code": code}, query_params=query)
