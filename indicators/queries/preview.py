"""What a figure would say of its targets if it were in force: seen by those who work on it only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from indicators.enums import LIGHT_OF, Bound, Light, ObsStatus
from indicators.method import ObservationRow, VerdictRow, assess
from indicators.models import Series, TargetReading
from indicators.queries.method_rows import figures_in_force, target_row
from plans.enums import Kind
from plans.models import Target


@dataclass(frozen=True)
class Said:
    """What somebody says of a series and year; value None where there is no figure."""

    series: Series
    year: int
    value: Decimal | None
    bound: str = Bound.EXACT
    obs_status: str = ObsStatus.NORMAL


@dataclass(frozen=True)
class Preview:
    """A target and the verdict that it would get as of the figure's year."""

    target: Target
    verdict: VerdictRow

    @property
    def light(self) -> Light:
        return LIGHT_OF[self.verdict.status]

    @property
    def falls_short(self) -> bool:
        """So far that the reason and the next steps must be given."""
        return self.light == Light.RED


def previews(said: Iterable[Said]) -> Mapping[tuple[int, int], list[Preview]]:
    """By series id and year, the verdicts that each figure alone would give, as of its year.

    Of targets in force whose period holds the year. A year without a figure has none. The number
    of queries does not grow with the figures.
    """
    figures = [one for one in said if one.value is not None]
    readings = _readings_of({one.series.pk for one in figures})
    in_force, _grades = figures_in_force({one.series.code for one in figures})
    return {
        (one.series.pk, one.year): _of_one(
            one,
            [each for each in readings if each.series_id == one.series.pk],
            [row for row in in_force if row.series == one.series.code],
        )
        for one in figures
    }


def _readings_of(series: set[int]) -> list[TargetReading]:
    return list(
        TargetReading.objects.in_force()
        .filter(~Q(target__kind=Kind.TEXT), series__in=series, target__superseded_at__isnull=True)
        .select_related("target__document", "series__indicator")
        .order_by("target__target_year", "target__code")
    )


def _of_one(
    said: Said, readings: list[TargetReading], in_force: list[ObservationRow]
) -> list[Preview]:
    others = [row for row in in_force if row.year != said.year]
    own = ObservationRow(said.series.code, said.year, said.value, said.bound, said.obs_status)
    rows = [target_row(reading.target, reading) for reading in readings]
    verdicts = assess(rows, [*others, own], as_of=[said.year] * len(rows)) if rows else []
    return [
        Preview(reading.target, verdict)
        for reading, verdict in zip(readings, verdicts, strict=True)
        if _in_period(reading.target, said.year)
    ]


def _in_period(target: Target, year: int) -> bool:
    end_year = target.target_year or target.document.end_year
    return target.document.start_year <= year <= end_year
