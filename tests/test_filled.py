"""A copy of the rows that a function made is what the function made."""

import pytest
from django.apps import apps
from django.db import connection

from indicators.models import Verdict
from targets_site.accounts.models import User
from tests.factories import make_user
from tests.filled import Filled, load_real_data


def everything():
    """By table, all its rows by the names of their columns."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        rows = model._base_manager.order_by("pk").values()
        found[model._meta.db_table] = list(rows)
    return found


def test_copied_rows_are_those_that_were_made(transactional_db):
    filled = Filled()
    filled(load_real_data)
    made = everything()
    make_user("somebody")
    Verdict.objects.all().delete()

    filled(load_real_data)

    assert everything() == made
    assert len(made["indicators_verdict"]) > 2000
    connection.check_constraints()


@pytest.mark.django_db
def test_rows_made_after_a_copy_have_numbers_of_their_own():
    filled = Filled()
    filled(make_hundred)
    User.objects.all().delete()
    number_from_one()

    filled(make_hundred)

    assert make_user("somebody").pk > User.objects.get(username="user-99").pk


def make_hundred():
    for number in range(100):
        make_user(f"user-{number}")


def number_from_one():
    """As in a process that has made none yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER SEQUENCE accounts_user_id_seq RESTART")
        else:
            cursor.execute("DELETE FROM sqlite_sequence")
