"""Moments as files, the API and the trail write them: in the zone of the site, whatever zone is
active, with the offset."""

import datetime

from django.utils import timezone


def to_the_second(moment: datetime.datetime) -> str:
    """As 2024-03-01T09:30:00+08:00."""
    return _here(moment).isoformat(timespec="seconds")


def to_the_microsecond(moment: datetime.datetime) -> str:
    """As 2024-03-01T09:30:00.123456+08:00: nothing of it is lost."""
    return _here(moment).isoformat(timespec="microseconds")


def start_of(day: datetime.date) -> datetime.datetime:
    """Midnight in the zone of the site."""
    midnight = datetime.datetime.combine(day, datetime.time.min)
    return timezone.make_aware(midnight, timezone.get_default_timezone())


def _here(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(timezone.get_default_timezone())
