"""The targets that series measure, with their verdicts."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from indicators.models import Verdict
from reports.queries import rows


def targets_of(series_ids: Iterable[int], *, as_of: int | None) -> dict[int, list[rows.TargetLine]]:
    """By series, each by target year and code, with the verdicts of an as-of year or else the
    final ones. Three queries, one where there is none."""
    verdicts = list(_verdicts(series_ids, as_of))
    grouped: dict[int, list[rows.TargetLine]] = defaultdict(list)
    for verdict, line in zip(verdicts, rows.lines_of_verdicts(verdicts), strict=True):
        if verdict.reading is not None:
            grouped[verdict.reading.series_id].append(line)
    return grouped


def _verdicts(series_ids: Iterable[int], as_of: int | None) -> "QuerySet[Verdict]":
    """By way of the targets, whose verdicts have an index; readings' have none."""
    return (
        Verdict.objects.in_force()
        .filter(
            rows.final_verdicts() if as_of is None else Q(as_of=as_of),
            target__superseded_at__isnull=True,
            target__readings__series__in=list(series_ids),
            target__readings__superseded_at__isnull=True,
        )
        .select_related(
            "target__document", "target__area", "target__domain", "reading__series__indicator"
        )
        .order_by("target__target_year", "target__code")
    )
