"""Stating a target, and stating it anew where it was read wrongly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.models import Judgement, StaleRow, TargetReading, Verdict
from plans.models import Target, TargetDepartment
from targets_site.accounts.models import User
from targets_site.places.models import Department


@dataclass(frozen=True)
class StatedTarget:
    """A target as its document states it. `content` holds the plain fields by model name."""

    content: Mapping[str, Any]
    departments: Sequence[tuple[Department, str]] = ()
    replaces: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def state_target(stated: StatedTarget, *, by: User) -> Target:
    """Record a target; one of the same code in force is superseded, its reading goes along.

    Marks the target as stale. The caller writes the trail entry (one a job) and has the documents
    counted anew (`actions.tallies`).
    """
    before = Target.objects.in_force().filter(code=stated.content["code"]).first()
    now = timezone.now()
    if before is not None:
        Target.objects.filter(pk=before.pk).update(superseded_at=now)
    target = Target.objects.create(**stated.content, recorded_at=now, recorded_by=by)
    TargetDepartment.objects.bulk_create(
        TargetDepartment(target=target, department=department, part=part, position=position)
        for position, (department, part) in enumerate(stated.departments)
    )
    target.replaces.set(Target.objects.in_force().filter(code__in=stated.replaces))
    if before is not None:
        _carry_over(before, target, now=now)
    StaleRow.objects.append_targets([target.pk])
    return target


def _carry_over(before: Target, after: Target, *, now: Any) -> None:
    """What referred to the superseded row refers to the new one from now on."""
    after.replaced_by.set(before.replaced_by.filter(superseded_at__isnull=True))
    Verdict.objects.in_force().filter(target=before).update(superseded_at=now)
    Judgement.objects.filter(target_code=after.code).update(target=after)
    reading = TargetReading.objects.in_force().filter(target=before).first()
    if reading is not None:
        TargetReading.objects.filter(pk=reading.pk).update(superseded_at=now)
        reading.pk = None
        reading.target, reading.recorded_at, reading.superseded_at = after, now, None
        reading.save(force_insert=True)
