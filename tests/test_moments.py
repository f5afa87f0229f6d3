"""Moments are said and read in the zone of the site, whatever zone is active."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from targets_site.moments import start_of, to_the_microsecond, to_the_second

MOMENT = datetime(2026, 2, 28, 23, 30, 5, 120, tzinfo=UTC)


def test_a_moment_is_said_with_its_offset():
    with timezone.override(ZoneInfo("America/New_York")):
        said = to_the_second(MOMENT), to_the_microsecond(MOMENT)

    assert said == ("2026-03-01T07:30:05+08:00", "2026-03-01T07:30:05.000120+08:00")


def test_a_day_begins_at_midnight_of_the_site():
    with timezone.override(ZoneInfo("America/New_York")):
        start = start_of(date(2026, 3, 1))

    assert start == datetime(2026, 2, 28, 16, tzinfo=UTC)
