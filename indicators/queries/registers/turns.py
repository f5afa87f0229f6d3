"""Which verdicts stood before a correction was approved, and which after."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from indicators.enums import State
from indicators.models import ObservationVersion, TargetReading, Verdict
from plans.models import Target

Recorded = dict[tuple[int, int], list[Verdict]]


@dataclass(frozen=True)
class Turn:
    """A target as seen from the year of a figure that was corrected.

    before: the verdict that stood when the correction was approved. after: the first one recorded
    since, which other figures may have turned too; None where that verdict still stands.
    """

    target: Target
    before: Verdict
    after: Verdict | None


def turns_of(versions: Iterable[ObservationVersion]) -> dict[int, tuple[Turn, ...]]:
    """By version id, of the approved ones; select the observation before. Two queries, one where
    none was approved by a person."""
    approved = [version for version in versions if _was_approved(version)]
    if not approved:
        return {}
    targets = _targets(approved)
    recorded = _recorded(approved, targets)
    return {
        version.pk: tuple(_turns(version, targets[version.observation.series_id], recorded))
        for version in approved
    }


def _was_approved(version: ObservationVersion) -> bool:
    """By a person; what was loaded has no moment of approval."""
    return version.state == State.APPROVED and version.reviewed_at is not None


def _targets(versions: Iterable[ObservationVersion]) -> dict[int, list[int]]:
    """Ids by series, of whatever was ever read with it."""
    series = {version.observation.series_id for version in versions}
    found: dict[int, list[int]] = defaultdict(list)
    readings = TargetReading.objects.filter(series__in=series).order_by("target__code", "target")
    for series_id, target_id in readings.values_list("series", "target").distinct():
        found[series_id].append(target_id)
    return found


def _recorded(versions: Iterable[ObservationVersion], targets: dict[int, list[int]]) -> Recorded:
    """By target and as-of year, the oldest first."""
    found: Recorded = defaultdict(list)
    rows = Verdict.objects.filter(
        target__in={pk for of_series in targets.values() for pk in of_series},
        as_of__in={version.observation.year for version in versions},
    )
    for verdict in rows.select_related("target", "reading").order_by("recorded_at", "pk"):
        found[verdict.target_id, verdict.as_of].append(verdict)
    return found


def _turns(
    version: ObservationVersion, targets: Sequence[int], recorded: Recorded
) -> Iterable[Turn]:
    for target in targets:
        verdicts = recorded.get((target, version.observation.year), [])
        stood, since = _parted(verdicts, version.reviewed_at)
        if stood and _rests_on(stood[-1], version):
            yield Turn(stood[-1].target, stood[-1], since[0] if since else None)


def _parted(
    verdicts: Sequence[Verdict], moment: datetime | None
) -> tuple[list[Verdict], list[Verdict]]:
    """Those recorded up to a moment, and since; where there is none, nothing was yet."""
    stood = [each for each in verdicts if moment and each.recorded_at <= moment]
    return stood, list(verdicts[len(stood) :])


def _rests_on(verdict: Verdict, version: ObservationVersion) -> bool:
    """It was read with the series of the figure then."""
    return bool(verdict.reading and verdict.reading.series_id == version.observation.series_id)
