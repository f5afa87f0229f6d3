"""Deciding which series measures a target."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.models import Series, StaleRow, TargetReading
from plans.models import Target
from targets_site.accounts.models import User


@transaction.atomic
def read_target(
    target: Target, *, series: Series, content: Mapping[str, Any], by: User
) -> TargetReading:
    """Record a reading; the one in force is superseded. Marks the target as stale.

    content: hold_from, tolerance, baseline_year, baseline_value, note_zh, note_en.
    The caller writes the trail entry (one a job).
    """
    now = timezone.now()
    TargetReading.objects.in_force().filter(target=target).update(superseded_at=now)
    reading = TargetReading.objects.create(
        target=target, series=series, read_by=by, recorded_at=now, **content
    )
    StaleRow.objects.append_targets([target.pk])
    return reading
