"""How targets are read, for those who keep the readings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from indicators.enums import ProposalState
from indicators.models import ReadingProposal, TargetReading
from plans.enums import Kind
from plans.models import Target


@dataclass(frozen=True)
class ReadTarget:
    """A target with the reading in force; None where nobody has read it."""

    target: Target
    reading: TargetReading | None


def targets_to_read(areas: Collection[int]) -> QuerySet[Target]:
    """Targets in force with a figure, by code."""
    rows = Target.objects.in_force().exclude(kind=Kind.TEXT).filter(area__in=areas)
    return rows.select_related("document", "area").order_by("code")


def with_readings(targets: Iterable[Target]) -> list[ReadTarget]:
    targets = list(targets)
    rows = TargetReading.objects.in_force().filter(target__in=targets)
    found = {
        row.target_id: row
        for row in rows.select_related("series__indicator", "read_by", "confirmed_by")
    }
    return [ReadTarget(target, found.get(target.pk)) for target in targets]


def in_force(target: Target) -> TargetReading | None:
    rows = TargetReading.objects.in_force().filter(target__code=target.code)
    return rows.select_related("series__indicator", "read_by", "confirmed_by").first()


def waiting(areas: Collection[int]) -> list[ReadingProposal]:
    """Proposals that nobody has decided on, oldest first."""
    rows = ReadingProposal.objects.filter(state=ProposalState.PROPOSED, target__area__in=areas)
    return list(
        rows.select_related("target", "series__indicator", "proposed_by").order_by("proposed_at")
    )
