"""An indicator with its figures in every area, side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from indicators.comparability import is_sampled
from indicators.models import Indicator, Observation, Series, Verdict
from reports.queries import rows


@dataclass(frozen=True)
class YearCell:
    """A figure of one year, or why there is none: `missing_reason` where somebody said it."""

    year: int
    figure: rows.YearFigure | None
    missing_reason: str

    @property
    def is_known(self) -> bool:
        """Something was said of the year, even if only why there is no figure."""
        return self.figure is not None or bool(self.missing_reason)


@dataclass(frozen=True)
class Break:
    """Figures of this year and later are not comparable with what came before."""

    year: int
    remark: str


@dataclass(frozen=True)
class SeriesLine:
    """A series with a cell for each year of the page, oldest first."""

    series: Series
    cells: list[YearCell]
    points: tuple[rows.YearFigure, ...]
    breaks: list[Break]
    published_scopes: list[str]
    targets: list[rows.TargetLine]

    @property
    def level(self) -> Decimal | None:
        """The level of the last target that stands in the figures' unit; None without one."""
        levels = [line.level for line in self.targets if line.level is not None]
        return levels[-1] if levels else None


@dataclass(frozen=True)
class IndicatorPage:
    """series: in the order of area and scope. start, end: first and last year with a figure."""

    indicator: Indicator
    years: list[int]
    series: list[SeriesLine]
    is_sampled: bool
    two_scopes: list[str]

    @property
    def start(self) -> int | None:
        return self.years[0] if self.years else None

    @property
    def end(self) -> int | None:
        return self.years[-1] if self.years else None


def indicator_page(indicator: Indicator) -> IndicatorPage:
    """Four queries, two where no target is read by the indicator."""
    series = list(
        Series.objects.filter(indicator=indicator)
        .select_related("area").order_by("area__code", "scope")
    )  # fmt: skip
    observations = _observations(series)
    years = _years(observations)
    targets = _targets_by_series(indicator)
    return IndicatorPage(
        indicator=indicator,
        years=years,
        series=[
            _series_line(each, observations[each.pk], years, targets[each.pk]) for each in series
        ],
        is_sampled=is_sampled(indicator),
        two_scopes=_areas_with_two_scopes(series),
    )


def _observations(series: Sequence[Series]) -> dict[int, list[Observation]]:
    """In force, missing ones with their reason too; oldest first."""
    found = (
        Observation.objects.filter(series__in=series, in_force__isnull=False)
        .select_related("in_force").order_by("series", "year")
    )  # fmt: skip
    grouped: dict[int, list[Observation]] = defaultdict(list)
    for observation in found:
        grouped[observation.series_id].append(observation)
    return grouped


def _years(observations: dict[int, list[Observation]]) -> list[int]:
    """Every year from the first to the last, so that gaps stay visible."""
    years = [observation.year for group in observations.values() for observation in group]
    return list(range(min(years), max(years) + 1)) if years else []


def _targets_by_series(indicator: Indicator) -> dict[int, list[rows.TargetLine]]:
    """By target year and code."""
    verdicts = _final_verdicts(indicator)
    grouped: dict[int, list[rows.TargetLine]] = defaultdict(list)
    for verdict, line in zip(verdicts, rows.lines_of_verdicts(verdicts), strict=True):
        if verdict.reading is not None:
            grouped[verdict.reading.series_id].append(line)
    return grouped


def _final_verdicts(indicator: Indicator) -> "QuerySet[Verdict]":
    return (
        Verdict.objects.in_force()
        .filter(
            rows.final_verdicts(),
            reading__series__indicator=indicator,
            target__superseded_at__isnull=True,
        )
        .select_related(
            "target__document", "target__area", "target__domain", "reading__series__indicator"
        )
        .order_by("target__target_year", "target__code")
    )


def _series_line(
    series: Series,
    observations: Sequence[Observation],
    years: Sequence[int],
    targets: list[rows.TargetLine],
) -> SeriesLine:
    by_year = {observation.year: observation for observation in observations}
    cells = [_cell(year, by_year.get(year)) for year in years]
    versions = [each.in_force for each in observations if each.in_force is not None]
    return SeriesLine(
        series=series,
        cells=cells,
        points=tuple(cell.figure for cell in cells if cell.figure is not None),
        breaks=[
            Break(each.year, each.in_force.remark)
            for each in observations
            if each.in_force is not None and each.in_force.is_break
        ],
        published_scopes=sorted(
            {version.published_scope for version in versions if version.published_scope}
        ),
        targets=targets,
    )


def _cell(year: int, observation: Observation | None) -> YearCell:
    version = observation.in_force if observation else None
    if version is None:
        return YearCell(year, None, "")
    if version.value is None:
        return YearCell(year, None, version.missing_reason)
    return YearCell(year, rows.year_figure(year, version), "")


def _areas_with_two_scopes(series: Sequence[Series]) -> list[str]:
    """Names of areas where two scopes of the indicator stand side by side."""
    areas = [each.area for each in series]
    return list(dict.fromkeys(area.name for area in areas if areas.count(area) > 1))
