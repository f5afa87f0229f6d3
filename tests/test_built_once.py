"""Queries that are built once answer as the queryset does that they are made of."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, models
from django.utils import timezone

from indicators.models import Observation, Round
from targets_site.built_once import BuiltOnce, Given
from tests.factories import make_area, make_figure, make_round, make_series

pytestmark = pytest.mark.django_db

FIGURES = Observation.objects.order_by("year").values_list("year", "in_force__value")


def figures_of(series, before):
    return FIGURES.filter(series=series, year__lt=before)


@pytest.fixture
def series():
    series = make_series()
    for year, value in [(2018, "97.5"), (2019, "0.10"), (2020, "98.123456")]:
        make_figure(series, year, value)
    return series


@pytest.mark.parametrize("before", [2018, 2019, 2020, 2021])
def test_rows_are_those_of_the_queryset(series, before):
    built = BuiltOnce(
        lambda: figures_of(
            Given("series", models.IntegerField()), Given("before", models.IntegerField())
        )
    )

    rows = built.rows(series=series.pk, before=before)

    assert rows == list(figures_of(series, before))
    assert all(isinstance(value, Decimal) for _year, value in rows)


def test_values_are_those_of_each_call(series):
    other = make_series(scope="lakes")
    make_figure(other, 2020, "5")
    built = BuiltOnce(lambda: figures_of(Given("series", models.IntegerField()), 2021))

    assert len(built.rows(series=series.pk)) == 3
    assert built.rows(series=other.pk) == [(2020, Decimal(5))]
    assert len(built.rows(series=series.pk)) == 3


def test_a_moment_is_compared_in_the_zone_of_the_database():
    one = make_round(make_area(), 2020)
    built = BuiltOnce(
        lambda: Round.objects.filter(
            opens_at__lte=Given("now", models.DateTimeField())
        ).values_list("pk")
    )
    shanghai = timezone.localtime(one.opens_at)
    utc = one.opens_at.astimezone(datetime.UTC)

    for moment in (shanghai, utc):
        assert built.rows(now=moment) == [(one.pk,)]
        assert built.rows(now=moment - datetime.timedelta(microseconds=1)) == []


def test_a_value_that_is_not_given_is_an_error(series):
    built = BuiltOnce(lambda: figures_of(Given("series", models.IntegerField()), 2021))

    with pytest.raises(KeyError):
        built.rows(year=2020)


@pytest.mark.django_db(transaction=True)
def test_one_query_serves_several_threads(series):
    built = BuiltOnce(lambda: figures_of(Given("series", models.IntegerField()), 2021))

    def ask(_turn):
        try:
            return built.rows(series=series.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(16)))

    assert answers == [list(figures_of(series, 2021))] * 16
