"""Deciding which series measures a target."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Series, StaleRow, TargetReading
from plans.enums import Kind
from plans.models import Target
from targets_site.accounts.models import User


@transaction.atomic
def read_target(
    target: Target, *, series: Series, content: Mapping[str, Any], by: User
) -> TargetReading:
    """Record a reading; the one in force is superseded. Marks the target as stale.

    content: hold_from, tolerance, baseline_year, baseline_value, note_zh, note_en.
    The caller writes the trail entry (one a job). Raises ValidationError for half a baseline.
    """
    if target.kind != Kind.RELATIVE and (content["baseline_year"] is None) != (
        content["baseline_value"] is None
    ):
        raise ValidationError(_("A baseline needs its year and its value."))
    now = timezone.now()
    before = TargetReading.objects.in_force().filter(target=target)
    # What shares the series that is left loses a milestone.
    StaleRow.objects.append_series(before.exclude(series=series).values_list("series", flat=True))
    before.update(superseded_at=now)
    reading = TargetReading.objects.create(
        target=target, series=series, read_by=by, recorded_at=now, **content
    )
    StaleRow.objects.append_targets([target.pk])
    return reading
