"""What the rules of `indicators.signs` find among the figures in force of some areas."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from indicators.enums import Nature
from indicators.models import Series, SeriesDepartment
from indicators.plausibility import IN_POINTS
from indicators.queries.asked import current_departments
from indicators.queries.corrections import edits_by_series
from indicators.queries.levels import levels_by_series
from indicators.queries.sign_figures import figures_by_series
from indicators.signs.bunched import bunched
from indicators.signs.helpful_breaks import helpful_breaks
from indicators.signs.jumps import jumps
from indicators.signs.late_edits import late_edit, late_edits
from indicators.signs.repeated import repeated_series, repeated_years
from indicators.signs.rows import ONE_HUNDRED, ZERO, Edit, Figure, Level, Measured, Sign
from targets_site.places.models import Department


@dataclass(frozen=True)
class Seen:
    """A sign, and whose figures it is about: ids. series: None of a sign about a department."""

    sign: Sign
    identity: str
    area: int
    department: int | None
    series: int | None


@dataclass(frozen=True)
class _Watched:
    """A series with all that the rules read of it. reporting: who reports it, oldest link first."""

    series: Series
    figures: list[Figure]
    levels: list[Level]
    edits: list[Edit]
    reporting: list[tuple[SeriesDepartment, Department]]

    @cached_property
    def in_points(self) -> bool:
        return self.series.indicator.unit in IN_POINTS

    @cached_property
    def is_yearly_rate(self) -> bool:
        indicator = self.series.indicator
        is_level = indicator.nature == Nature.LEVEL
        return self.in_points and is_level and self.series.frequency == 1

    def department_in(self, year: int) -> Department | None:
        """Who does today the work of the department that reports the year; of several the first."""
        for link, current in self.reporting:
            if (link.from_year or year) <= year <= (link.to_year or year):
                return current
        return None


def seen_in(areas: Collection[int]) -> list[Seen]:
    """By identity, each once. The number of queries does not grow with areas, series or years."""
    watched = _watched(areas)
    found = [seen for each in watched for seen in _of_series(each)]
    found += _of_departments(watched)
    return sorted({each.identity: each for each in found}.values(), key=lambda each: each.identity)


def _watched(areas: Collection[int]) -> list[_Watched]:
    rows = Series.objects.filter(area__in=areas).select_related("indicator").order_by("code")
    figures, levels = figures_by_series(areas), levels_by_series(areas)
    edits = edits_by_series(areas, levels)
    reporting = _reporting(areas)
    return [
        _Watched(each, figures[each.pk], levels[each.pk], edits[each.pk], reporting[each.pk])
        for each in rows
        if each.pk in figures
    ]


def _reporting(areas: Collection[int]) -> Mapping[int, list[tuple[SeriesDepartment, Department]]]:
    links = list(
        SeriesDepartment.objects.filter(series__area__in=areas)
        .select_related("department")
        .order_by("series", "department__code")
    )
    current = current_departments(link.department for link in links)
    found = defaultdict(list)
    for link in links:
        found[link.series_id].append((link, current[link.department_id]))
    return found


def _of_series(each: _Watched) -> Iterator[Seen]:
    signs = jumps(each.figures, in_points=each.in_points)
    if each.is_yearly_rate:
        signs += repeated_years(each.figures, ends=_ends(each))
    for level in each.levels:
        signs += helpful_breaks(each.figures, level=level)
    signs += filter(None, map(late_edit, each.edits))
    for sign in signs:
        department = each.department_in(sign.year)
        yield Seen(
            sign=sign,
            identity=f"{sign.rule.value}:{each.series.code}:{sign.key}",
            area=each.series.area_id,
            department=department.pk if department else None,
            series=each.series.pk,
        )


def _ends(each: _Watched) -> set[Decimal]:
    limits = (each.series.indicator.smallest, each.series.indicator.largest)
    return {ZERO, ONE_HUNDRED, *(limit for limit in limits if limit is not None)}


@dataclass(frozen=True)
class _Row:
    """A figure of a department and year."""

    watched: _Watched
    figure: Figure


def _of_departments(watched: Iterable[_Watched]) -> Iterator[Seen]:
    groups: dict[tuple[Department, int], list[_Row]] = defaultdict(list)
    for each in watched:
        for figure in each.figures:
            department = each.department_in(figure.year)
            if department is not None:
                groups[department, figure.year].append(_Row(each, figure))
    for (department, year), rows in groups.items():
        for sign in _signs_of(rows, year):
            key = ":".join(filter(None, [str(year), sign.key]))
            identity = f"{sign.rule.value}:{department.code}:{key}"
            yield Seen(sign, identity, department.area_id, department.pk, None)


def _signs_of(rows: Collection[_Row], year: int) -> list[Sign]:
    signs = [bunched(_measured(rows, year)), late_edits(_edits(rows, year))]
    rates = [row.figure for row in rows if row.watched.is_yearly_rate]
    return [*filter(None, signs), *repeated_series(rates, ends={ZERO, ONE_HUNDRED})]


def _measured(rows: Iterable[_Row], year: int) -> Iterator[Measured]:
    for row in rows:
        for level in row.watched.levels:
            if year in level.years:
                yield Measured(row.figure, level, row.watched.in_points)


def _edits(rows: Iterable[_Row], year: int) -> list[Edit]:
    return [each for row in rows for each in row.watched.edits if each.after.year == year]
