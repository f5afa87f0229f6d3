"""The trail is written with what it records, or neither is."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from targets_site.audit.actions import OutsideTransaction, record
from targets_site.audit.context import Actor, acting
from targets_site.audit.models import Entry


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(OutsideTransaction):
        record("approve", "observation:x:2020")


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_the_transaction_that_fails():
    with transaction.atomic():
        record("approve", "observation:x:2020")
        transaction.set_rollback(True)

    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_entry_says_who_from_where_and_keeps_every_digit():
    with acting(Actor(name="wang", ip="10.0.0.7")):
        record(
            "approve",
            "observation:x:2020",
            before={"value": None},
            after={"value": Decimal("63.10"), "on": date(2020, 1, 2)},
            reason="年报",
        )

    entry = Entry.objects.get()
    assert (entry.actor, entry.ip, entry.reason) == ("wang", "10.0.0.7", "年报")
    assert entry.before == {"value": None}
    assert entry.after == {"value": "63.10", "on": "2020-01-02"}
