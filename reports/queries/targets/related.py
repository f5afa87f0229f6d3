"""The targets beside a target: its milestones, what it restates and what restates it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case as SqlCase
from django.db.models import Q, When

from indicators.models import Series, TargetReading, Verdict
from indicators.relations import Relation, relation
from plans.enums import Kind
from plans.models import Target
from reports.queries.targets.verdicts import VerdictsOf, seen_from


@dataclass(frozen=True)
class Milestone:
    """An earlier target year of the same commitment, with its own verdict where there is one."""

    target: Target
    verdict: Verdict | None


@dataclass(frozen=True)
class RelatedTarget:
    """A target that this one restates, or that restates this one. relation: of the later to the
    original."""

    target: Target
    verdict: Verdict | None
    relation: Relation
    is_original: bool


def milestone_targets(target: Target, series: Series | None) -> list[Target]:
    """The milestones: reach and hold targets of the same document, series and direction with an
    earlier target year, oldest first."""
    if series is None or target.target_year is None:
        return []
    rows = Target.objects.in_force().filter(
        document=target.document_id,
        kind__in=[Kind.REACH, Kind.HOLD],
        target_year__lt=target.target_year,
        readings__series=series,
        readings__superseded_at__isnull=True,
    )
    found = rows.order_by("target_year", "code")
    return [row for row in found if row.direction == target.direction]


def restated_targets(target: Target) -> tuple[list[Target], list[Target]]:
    """The targets that this one restates, and those that restate it, in force, by code: a
    correction of either leaves the tie in place."""
    originals = Target.objects.filter(
        replaced_by__code=target.code, replaced_by__superseded_at__isnull=True
    ).values("code")
    restaters = Target.objects.filter(replaces__code=target.code).values("pk")
    rows = Target.objects.in_force().select_related("document", "area")
    found = rows.annotate(
        is_original=SqlCase(When(code__in=originals, then=True), default=False)
    ).filter(Q(is_original=True) | Q(pk__in=restaters))
    return (
        [row for row in found if row.is_original],
        [row for row in found if not row.is_original],
    )


def related_targets(
    target: Target,
    originals: Sequence[Target],
    restaters: Sequence[Target],
    verdicts: VerdictsOf,
    *,
    as_of: int,
) -> list[RelatedTarget]:
    """What the target restates, then what restates it, each seen from the as-of year."""
    series_of = _series_ids([target, *originals, *restaters])

    def related(other: Target, *, is_original: bool) -> RelatedTarget:
        original, restated = (other, target) if is_original else (target, other)
        series = series_of.get(target.pk)
        found = verdicts.get(other.pk, [])
        return RelatedTarget(
            target=other,
            # One whose period starts after the as-of year shows its first verdict.
            verdict=seen_from(found, as_of) or (found[0] if found else None),
            relation=relation(
                original,
                restated,
                same_series=series is not None and series == series_of.get(other.pk),
            ),
            is_original=is_original,
        )

    return [
        *(related(other, is_original=True) for other in originals),
        *(related(other, is_original=False) for other in restaters),
    ]


def _series_ids(targets: Sequence[Target]) -> dict[int, int]:
    """Series id by target id; targets without a reading are left out."""
    if len(targets) < 2:
        return {}
    rows = TargetReading.objects.in_force().filter(target__in=targets)
    return dict(rows.values_list("target_id", "series_id"))
