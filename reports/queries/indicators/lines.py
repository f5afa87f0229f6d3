"""The figures of a series year by year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.models import Observation
from reports.queries import rows
from reports.queries.indicators.series import Known

# What a cell and its marks are made of.
_SHOWN = (
    "series_id", "year", "in_force__value", "in_force__stated_decimals", "in_force__bound",
    "in_force__obs_status", "in_force__source_grade", "in_force__missing_reason",
    "in_force__published_scope", "in_force__remark",
)  # fmt: skip


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
    """A series with a cell for each year of the table, oldest first."""

    series: Known
    cells: list[YearCell]
    points: tuple[rows.YearFigure, ...]
    breaks: list[Break]
    published_scopes: list[str]

    @property
    def break_years(self) -> list[int]:
        return [each.year for each in self.breaks]

    @property
    def last_year(self) -> int | None:
        """Of the last figure; None where there is none."""
        return self.points[-1].year if self.points else None

    @property
    def is_known(self) -> bool:
        return any(cell.is_known for cell in self.cells)


def lines_of(series: Sequence[Known]) -> list[SeriesLine]:
    """In their order, all with the same years. One query."""
    observations = _observations(each.pk for each in series)
    years = _years(observations)
    return [_line(each, observations.get(each.pk, []), years) for each in series]


def _observations(series_ids: Iterable[int]) -> Mapping[int, list[Observation]]:
    """In force, missing ones with their reason too; oldest first."""
    found = (
        Observation.objects.filter(series__in=list(series_ids), in_force__isnull=False)
        .select_related("in_force").only(*_SHOWN).order_by("series", "year")
    )  # fmt: skip
    grouped: dict[int, list[Observation]] = defaultdict(list)
    for observation in found:
        grouped[observation.series_id].append(observation)
    return grouped


def _years(observations: Mapping[int, list[Observation]]) -> list[int]:
    """Every year from the first to the last, so that gaps stay visible."""
    years = [observation.year for group in observations.values() for observation in group]
    return list(range(min(years), max(years) + 1)) if years else []


def _line(series: Known, observations: Sequence[Observation], years: Sequence[int]) -> SeriesLine:
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
    )


def _cell(year: int, observation: Observation | None) -> YearCell:
    version = observation.in_force if observation else None
    if version is None:
        return YearCell(year, None, "")
    if version.value is None:
        return YearCell(year, None, version.missing_reason)
    return YearCell(year, rows.year_figure(year, version), "")
