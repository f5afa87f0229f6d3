"""`?at=`: the lists as they stood then."""

import pytest
from django.db import transaction

from plans.models import Target
from targets_site.audit.actions import record
from tests.factories import (
    make_figure,
    make_reading,
    make_series,
    make_target,
    make_user,
    make_verdict,
)
from tests.then.clock import done_at, here

pytestmark = pytest.mark.django_db
FIRST, SPRING, SUMMER = here(2026, 2, 1, 9), here(2026, 3, 1, 12), here(2026, 6, 1, 12)
TODAY = here(2026, 9, 1, 12)


@pytest.fixture(autouse=True)
def _later_that_year():
    with done_at(TODAY):
        yield


@pytest.fixture
def reader(client, target):
    """Signs in after the first was recorded."""
    client.force_login(make_user("reader"))
    return client


@pytest.fixture
def target():
    """98.1 in spring, corrected to 97.3 in summer, the target with it."""
    with done_at(FIRST), transaction.atomic():
        record("load_reference", "folder:fixtures")
    with done_at(SPRING):
        target, series = make_target(value="98.0"), make_series()
        reading = make_reading(target, series)
        make_figure(series, 2020, "98.1")
    make_verdict(target, 2020, "achieved", recorded_at=SPRING, reading=reading)
    with done_at(SUMMER):
        make_figure(series, 2020, "97.3")
        Target.objects.update(superseded_at=SUMMER)
        return make_target(value="99.0")


def said(client, name, **asked):
    return client.get(f"/api/v1/{name}/", asked).json()["results"]


@pytest.mark.parametrize(
    ("at", "figure", "value", "verdicts"),
    [
        ("2026-02-02", [], [], 0),
        ("2026-03-01", ["98.1"], ["98.0"], 1),
        ("2026-03-01T11:00", [], [], 0),
        ("2026-06-01", ["97.3"], ["99.0"], 0),
        ("", ["97.3"], ["99.0"], 0),
    ],
)
def test_lists_are_as_they_stood(reader, target, at, figure, value, verdicts):
    by_code = {"target_code": target.code}

    assert [each["value"] for each in said(reader, "observations", at=at)] == figure
    assert [each["value"] for each in said(reader, "targets", at=at, **by_code)] == value
    assert len(said(reader, "verdicts", at=at, **by_code)) == verdicts
    assert [each["value"] for each in said(reader, "observations")] == ["97.3"]


@pytest.mark.parametrize(
    "at", ["2026-01-01", "2027-01-01", "yesterday", "2026-02-30", "\0", "9" * 99]
)
def test_a_day_that_cannot_be_shown_is_refused(reader, target, at):
    response = reader.get("/api/v1/observations/", {"at": at})

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["at"]


def test_pages_keep_the_day(reader, target):
    with done_at(SPRING):
        make_figure(target.area.series.get(), 2019, "90.0")

    page = reader.get("/api/v1/observations/", {"at": "2026-03-01", "page_size": 1}).json()
    rest = reader.get(page["next"]).json()["results"]

    assert [each["value"] for each in (*page["results"], *rest)] == ["90.0", "98.1"]
