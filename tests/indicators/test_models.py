"""What must hold of readings, figures and verdicts stands in the database too."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from indicators.enums import LIGHT_OF, Status
from indicators.models import Observation, ObservationVersion, StaleRow
from indicators.validators import known_obs_status, published_on_text
from tests.factories import (
    make_figure,
    make_reading,
    make_series,
    make_target,
    make_user,
    make_verdict,
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"missing_reason": "未统计"},
        {"value": None, "missing_reason": ""},
        {"source_title": ""},
        {"state": "returned"},
        {"state": "lost"},
        {"bound": "roughly"},
        {"source_grade": "rumour"},
        {"stated_decimals": 7},
    ],
)
def test_a_wrong_version_is_refused_by_the_database(fields):
    version = make_figure(make_series(), 2020, "98.4")

    with pytest.raises(IntegrityError), transaction.atomic():
        ObservationVersion.objects.filter(pk=version.pk).update(**fields)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_no_figure_that_is_not_a_number(value):
    version = make_figure(make_series(), 2020, "98.4")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE indicators_observationversion SET value = %s WHERE id = %s",
            [value, version.pk],
        )


@pytest.mark.django_db
def test_nobody_approves_what_he_entered():
    wang = make_user()
    version = make_figure(make_series(), 2020, "98.4", entered_by=wang)

    with pytest.raises(IntegrityError), transaction.atomic():
        ObservationVersion.objects.filter(pk=version.pk).update(reviewed_by=wang)


@pytest.mark.django_db
def test_one_figure_a_series_and_year():
    series = make_series()
    make_figure(series, 2020, "98.4")

    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(series=series, year=2020)


@pytest.mark.django_db
def test_one_reading_of_a_target_is_in_force():
    target, series = make_target(), make_series()
    make_reading(target, series)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_reading(target, series)


@pytest.mark.django_db
def test_a_reading_is_confirmed_by_somebody_else():
    wang = make_user()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_reading(make_target(), make_series(), read_by=wang, confirmed_by=wang)


@pytest.mark.django_db
def test_one_verdict_of_a_target_and_year_is_in_force():
    target = make_target()
    make_verdict(target, 2020)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_verdict(target, 2020)


@pytest.mark.django_db
def test_a_stale_row_names_a_series_or_a_target():
    with pytest.raises(IntegrityError), transaction.atomic():
        StaleRow.objects.create()


def test_every_status_has_a_light():
    assert set(LIGHT_OF) == set(Status.values)


@pytest.mark.parametrize("letters", ["A", "B", "BE", "P"])
def test_known_letters_of_obs_status(letters):
    known_obs_status(letters)


@pytest.mark.parametrize("letters", ["Z", "AA", "b"])
def test_unknown_letters_of_obs_status_are_refused(letters):
    with pytest.raises(ValidationError):
        known_obs_status(letters)


@pytest.mark.parametrize("text", ["2020", "2020-02", "2020-02-29"])
def test_a_date_or_the_known_part_of_it(text):
    published_on_text(text)


@pytest.mark.parametrize(
    "text", ["2020-13", "2020-02-30", "20200229", "２０２０", "2020-2", "last"]
)
def test_no_other_date(text):
    with pytest.raises(ValidationError):
        published_on_text(text)
