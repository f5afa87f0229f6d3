"""The areas of a group in one year, ordered for reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext

from indicators.enums import Nature
from plans.enums import Kind
from reports.drawings.shared_scales import Level, Multiple, shared_scale, stated_with_bound
from reports.queries.indicators.groups import Group, beyond_a_break
from reports.queries.indicators.series import Known, less_is_better
from reports.queries.rows import TargetLine, YearFigure
from reports.ranked_rows import RankedPoint, RankedRows, places_of
from targets_site.reading.shared import page_of
from targets_site.templatetags.shown import comparator_sign

AREAS_A_PAGE = 40


@dataclass(frozen=True)
class Order:
    """A group in the order of reading: ranked, then what stands apart from the order.

    ranked: those with a place; places: by series, equal for equal figures. page: of ranked and
    unranked together.
    """

    year: int
    less_is_better: bool
    ranked: list[Known]
    places: Mapping[int, int]
    page: "Page[Known]"
    unranked: Mapping[int, str]

    @property
    def on_page(self) -> list[Known]:
        return list(self.page)

    @property
    def ends(self) -> tuple[list[Known], list[Known]]:
        """Those with the smallest and those with the largest figure."""
        values = [each.value for each in self.ranked if each.value is not None]
        lowest, highest = min(values), max(values)
        return (
            [each for each in self.ranked if each.value == lowest],
            [each for each in self.ranked if each.value == highest],
        )


def order_of(group: Group, *, year: int, number: int) -> Order:
    """Best figure first, seen from what most targets ask for, without one the largest; after all
    of them those that have no figure of the year or one from beyond a break, with the reason."""
    falls = less_is_better(group.series)
    beyond = {each.pk for each in beyond_a_break(group.series)}
    ranked = sorted(
        (each for each in group.series if each.value is not None and each.pk not in beyond),
        key=lambda each: ((each.value or 0) * (1 if falls else -1), each.bound, each.area_code),
    )
    in_order = {each.pk for each in ranked}
    unranked = [each for each in group.series if each.pk not in in_order]
    places = places_of([(each.value, each.bound) for each in ranked if each.value is not None])
    return Order(
        year=year,
        less_is_better=falls,
        ranked=ranked,
        places=dict(zip((each.pk for each in ranked), places, strict=True)),
        page=page_of(Paginator([*ranked, *unranked], AREAS_A_PAGE), number),
        unranked={each.pk: _why_unranked(each, year) for each in unranked},
    )


def _why_unranked(series: Known, year: int) -> str:
    if series.value is not None and series.later_break:
        said = gettext("Counted otherwise since %(break)s; its figure of %(year)s is from before.")
        return said % {"break": series.later_break, "year": year}
    if series.value is not None:
        return gettext("Counted as most other areas began to count only later.")
    if series.missing_reason:
        return series.missing_reason
    return gettext("No figure of %(year)s is known.") % {"year": year}


@dataclass(frozen=True)
class RankedLine:
    """A row of the plot and its table. target: the one whose level is the tick."""

    series: Known
    figure: YearFigure
    place: int
    target: TargetLine | None

    @property
    def stated(self) -> str:
        return stated_with_bound(self.figure)

    @property
    def level(self) -> Level | None:
        return level_of(self.target)


@dataclass(frozen=True)
class Ranking:
    """The page of an order that is drawn. rows: None with fewer than two figures."""

    order: Order
    lines: list[RankedLine]
    unranked: list[tuple[Known, str]]
    rows: RankedRows | None


def ranking_of(
    order: Order,
    figures: Mapping[int, Sequence[YearFigure]],
    targets: Mapping[int, Sequence[TargetLine]],
    *,
    unit: str,
) -> Ranking:
    """figures, targets: by series, those of the page's at least."""
    lines = [
        RankedLine(each, figure, order.places[each.pk],
                   target_for(targets.get(each.pk, ()), order.year))
        for each in order.on_page
        if each.pk in order.places
        for figure in figures.get(each.pk, ())
        if figure.year == order.year
    ]  # fmt: skip
    return Ranking(
        order=order,
        lines=lines,
        unranked=[(each, order.unranked[each.pk]) for each in order.on_page
                  if each.pk in order.unranked],
        rows=_rows(lines, order.year, unit) if len(order.places) > 1 else None,
    )  # fmt: skip


def target_for(targets: Sequence[TargetLine], year: int) -> TargetLine | None:
    """The target next due in the year or after it, else the last one; only those whose level can
    be drawn. targets: by target year."""
    drawn = [line for line in targets if level_of(line) is not None]
    due = [line for line in drawn if (line.target.target_year or 0) >= year]
    return due[0] if due else drawn[-1] if drawn else None


def level_of(line: TargetLine | None) -> Level | None:
    """For a picture of yearly figures, without the unit, which stands in its head. None where the
    level is not in their unit, or asks for the sum of several years."""
    if line is None or line.level is None or _asks_for_a_sum(line):
        return None
    label = f"{comparator_sign(line.target.comparator)} {line.target.value_as_stated}".strip()
    if line.target.value_upper is not None:
        label = f"{line.target.value_as_stated}–{line.target.value_upper_as_stated}"
    return Level(line.level, label, line.target.target_year)


def _asks_for_a_sum(line: TargetLine) -> bool:
    is_flow = line.indicator is not None and line.indicator.nature == Nature.FLOW
    return is_flow and line.target.kind == Kind.REACH


def _rows(lines: Sequence[RankedLine], year: int, unit: str) -> RankedRows | None:
    scale = shared_scale(
        [Multiple([line.figure], level_of(line.target)) for line in lines], unit=unit
    )
    if scale is None:
        return None
    points = [
        RankedPoint(
            place=line.place,
            name=line.series.area_name,
            value=line.figure.value,
            stated=line.figure.stated,
            bound=line.figure.bound,
            is_hollow=line.figure.is_hollow,
            target=level_of(line.target),
        )
        for line in lines
    ]
    return RankedRows(points, year, scale)
