"""What must hold of documents and targets stands in the database too."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction

from plans.models import Document, Target
from tests.factories import make_document, make_target, make_text_target

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "wish"},
        {"comparator": ""},
        {"comparator": "roughly"},
        {"value": None},
        {"kind": "relative", "comparator": "gt"},
        {"comparator": "between"},
        {"value_upper": Decimal(99)},
        {"comparator": "between", "value_upper": Decimal(97)},
        {"firmness": "maybe"},
        {"target_year": 1816},
        {"value": "1000000000"},
    ],
)
def test_a_wrong_target_is_refused_by_the_database(fields):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        make_target(**fields)


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_no_figure_that_is_not_a_number(value):
    target = make_target()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE plans_target SET value = %s WHERE id = %s", [value, target.pk])


def test_one_target_of_a_code_is_in_force():
    target = make_target()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_target()
    Target.objects.filter(pk=target.pk).update(superseded_at=target.recorded_at)
    make_target()

    assert Target.objects.in_force().count() == 1


def test_a_period_runs_forward():
    document = make_document()

    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(end_year=2010)


@pytest.mark.parametrize(
    ("value", "stated"),
    [("98", "98"), ("98.0", "98.0"), ("63.10", "63.10"), ("0.50", "0.50"), ("12000", "12000")],
)
def test_a_value_keeps_its_decimals_as_stated(value, stated):
    target = make_target(value=value)
    target.refresh_from_db()

    assert target.value_as_stated == stated


@pytest.mark.parametrize("value", ["999999999.999999", "123456789.123456", "0.000001"])
def test_every_digit_of_a_figure_survives_the_database(value):
    target = make_target(value=value)
    target.refresh_from_db()

    assert target.value == Decimal(value)


@pytest.mark.parametrize(
    ("comparator", "direction"), [("ge", 1), ("gt", 1), ("about", 1), ("le", -1), ("lt", -1)]
)
def test_direction_follows_the_comparator(comparator, direction):
    assert make_target(comparator=comparator).direction == direction


def test_a_target_in_words_needs_no_figure():
    assert make_text_target().value_as_stated == ""
