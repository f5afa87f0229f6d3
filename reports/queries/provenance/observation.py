"""One observation: what was said of it, and what it counts for."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.models import Series, TargetReading, Verdict
from indicators.queries.history import Past, figure_history
from plans.models import Target
from reports.enums import FigurePart
from reports.queries.provenance.trail import TrailPart, trail_of_figure
from reports.queries.provenance.used import parts_of
from reports.queries.targets.cases import case_of
from reports.queries.targets.figures import ObservationLine, observation_lines
from reports.queries.targets.related import milestones_of
from reports.queries.targets.verdicts import VerdictsOf, verdicts_of
from targets_site.accounts.models import User

LATEST = 9999


@dataclass(frozen=True)
class SeenFrom:
    """A verdict in force that the figure is part of, and as what."""

    verdict: Verdict
    parts: Sequence[FigurePart]


@dataclass(frozen=True)
class CountsFor:
    """A target whose reading names the series. seen: from each year whose verdict the figure is
    part of, oldest first; empty where it is part of none."""

    reading: TargetReading
    seen: Sequence[SeenFrom]

    @property
    def target(self) -> Target:
        return self.reading.target


@dataclass(frozen=True)
class ObservationProvenance:
    """past: the versions that the reader may see, the newest first, at least one."""

    series: Series
    year: int
    past: Sequence[Past]
    counts_for: Sequence[CountsFor]
    trail: TrailPart

    @property
    def stated(self) -> Past:
        """The version in force, else the newest."""
        return next((each for each in self.past if each.is_in_force), self.past[0])


def observation_provenance(
    code: str, year: int, *, user: User | None
) -> ObservationProvenance | None:
    """None where there is no version that the reader may see, or no such series. The number of
    queries does not depend on the number of versions, targets or years. user: None for somebody
    who is not signed in."""
    series = Series.objects.select_related("area", "indicator").filter(code=code).first()
    past = figure_history(series, year, user=user) if series else []
    if series is None or not past:
        return None
    versions = [each.version for each in past]
    about = f"observation:{code}:{year}"
    return ObservationProvenance(
        series=series,
        year=year,
        past=past,
        counts_for=_counts_for(series, year),
        trail=trail_of_figure(about, versions, user=user),  # type: ignore[arg-type]
    )


def _counts_for(series: Series, year: int) -> list[CountsFor]:
    """By target; what is in force counts. Four queries at most."""
    people = ["read_by", "confirmed_by"]
    of = ["series__indicator", "target__document", "target__area", "target__domain", *people]
    readings = list(
        TargetReading.objects.in_force()
        .filter(series=series, target__superseded_at__isnull=True)
        .select_related(*of)
        .order_by("target__code")
    )
    if not readings:
        return []
    lines = observation_lines(series, LATEST)
    verdicts = verdicts_of([reading.target for reading in readings])
    milestones = milestones_of((reading.target, series.pk) for reading in readings)
    return [
        CountsFor(
            reading,
            _seen(year, reading, lines, milestones.get(reading.target_id, ()), verdicts),
        )
        for reading in readings
    ]


def _seen(
    year: int,
    reading: TargetReading,
    lines: Sequence[ObservationLine],
    milestones: Sequence[Target],
    verdicts: VerdictsOf,
) -> list[SeenFrom]:
    seen = []
    for verdict in verdicts.get(reading.target_id, []):
        known = [line for line in lines if line.year <= verdict.as_of]
        case = case_of(reading.target, reading, known, milestones, verdict, as_of=verdict.as_of)
        parts = parts_of(case).get(year)
        if parts:
            seen.append(SeenFrom(verdict, parts))
    return seen
