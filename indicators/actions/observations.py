"""Putting published figures in force as they were loaded."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from indicators.enums import State
from indicators.models import Observation, ObservationVersion, Series, StaleRow
from targets_site.accounts.models import User


class CorrectedByPeople(Exception):
    """Somebody has entered a figure here; loaded ones never take its place."""


@transaction.atomic
def load_figure(
    *, series: Series, year: int, content: Mapping[str, Any], by: User
) -> ObservationVersion:
    """Record a published figure as approved and in force, though no person approved it; the
    series becomes stale.

    content: the plain fields of a version by model name. The caller writes the trail entry
    (one a job). Raises CorrectedByPeople where a person has entered a figure.
    """
    Observation.objects.get_or_create(series=series, year=year)
    observation = Observation.objects.select_for_update().get(series=series, year=year)
    if observation.versions.exclude(entered_by=by).exists():
        raise CorrectedByPeople(f"{series.code}:{year}")
    last = observation.versions.aggregate(last=Max("number"))["last"] or 0
    now = timezone.now()
    version = ObservationVersion.objects.create(
        observation=observation,
        number=last + 1,
        state=State.APPROVED,
        entered_by=by,
        entered_at=now,
        **content,
    )
    observation.in_force = observation.working = version
    observation.save(update_fields=["in_force", "working"])
    StaleRow.objects.append_series([series.pk])
    return version
