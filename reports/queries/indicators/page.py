"""An indicator in the areas of one level: side by side where they may be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from indicators.comparability import is_sampled
from indicators.models import Indicator
from reports.queries.indicators.cards import Card, cards_apart, cards_on_one_scale
from reports.queries.indicators.groups import Group, groups_of, reasons_apart, why_apart
from reports.queries.indicators.lines import SeriesLine, lines_of
from reports.queries.indicators.measured import targets_of
from reports.queries.indicators.ranking import Order, Ranking, order_of, ranking_of
from reports.queries.indicators.series import Known, series_at
from reports.queries.indicators.words import finding, what_decides
from reports.queries.rows import TargetLine, this_year
from reports.queries.scopes import Scope
from targets_site.places.models import AreaLevel
from targets_site.reading.shared import do_not_keep, page_of

APART_A_PAGE = 24
TARGETS_A_PAGE = 20


@dataclass(frozen=True)
class Asked:
    """What the reader asked for. series: the code of one whose group is to be shown; as_of: None
    for the final verdicts; page, apart, targets: page numbers."""

    year: int | None
    series: str = ""
    as_of: int | None = None
    page: int = 1
    apart: int = 1
    targets: int = 1


@dataclass(frozen=True)
class IndicatorPage:
    """group: the comparable series shown, others: those that can be shown instead. ranking, cards:
    of the group's page. apart: the series beside no other, with the reasons; cards_apart: those of
    them with a figure. lines: all on the page with anything known. targets: that they measure."""

    indicator: Indicator
    level: AreaLevel | None
    year: int | None
    as_of: int | None
    series_count: int
    is_sampled: bool
    group: Group | None
    others: list[tuple[Group, list[str]]]
    ranking: Ranking | None
    cards: list[Card]
    apart: "Page[Known]"
    cards_apart: list[Card]
    silent_apart: list[tuple[Known, Sequence[str]]]
    lines: list[SeriesLine]
    targets: "Page[TargetLine]"

    @property
    def finding(self) -> str:
        """Of the ranking that is drawn."""
        if self.ranking is None or self.ranking.rows is None:
            return ""
        return finding(self.ranking.order, unit=self.indicator.unit)

    @property
    def what_decides(self) -> str:
        return what_decides(self.indicator)

    @property
    def years(self) -> list[int]:
        """Of the table's columns."""
        return [cell.year for cell in self.lines[0].cells] if self.lines else []


@dataclass(frozen=True)
class _Parts:
    """What the page is assembled from, before figures and targets are read."""

    groups: list[Group]
    group: Group | None
    order: Order | None
    apart: "Page[Known]"
    reasons: Mapping[int, list[str]]

    @property
    def on_page(self) -> list[Known]:
        return [*(self.order.on_page if self.order else ()), *self.apart]


def indicator_page(
    indicator: Indicator, scope: Scope, level: AreaLevel | None, asked: Asked
) -> IndicatorPage:
    """Five queries, three where no target is measured."""
    found = series_at(indicator, scope, level, year=asked.year) if level else []
    parts = _parts(groups_of(found, is_sampled=is_sampled(indicator)), asked)
    unit = indicator.unit
    lines = lines_of(parts.on_page)
    targets = targets_of((each.pk for each in parts.on_page), as_of=asked.as_of)
    figures = {line.series.pk: line.points for line in lines}
    apart = [line for line in lines if line.series.pk in parts.reasons]
    beside = [line for line in lines if line.series.pk not in parts.reasons]
    return IndicatorPage(
        indicator=indicator,
        level=level,
        year=asked.year,
        as_of=asked.as_of,
        series_count=len(found),
        is_sampled=is_sampled(indicator),
        group=parts.group,
        others=_others(parts),
        ranking=ranking_of(parts.order, figures, targets, unit=unit) if parts.order else None,
        cards=cards_on_one_scale(beside, targets, unit=unit),
        apart=parts.apart,
        cards_apart=cards_apart(apart, targets, parts.reasons, unit=unit),
        silent_apart=[
            (line.series, parts.reasons[line.series.pk]) for line in apart if not line.points
        ],
        lines=[line for line in lines if line.is_known],
        targets=_paged(targets, asked.targets),
    )


def _parts(groups: list[Group], asked: Asked) -> _Parts:
    group = _shown(groups, asked.series)
    alone = [each for one in groups if not one.is_comparable for each in one.series]
    apart = page_of(Paginator(alone, APART_A_PAGE), asked.apart)
    order = order_of(group, year=asked.year or this_year(), number=asked.page) if group else None
    if order is None and asked.page > 1:
        do_not_keep()
    reasons = {each.pk: why_apart(each, groups, group) for each in apart}
    return _Parts(groups, group, order, apart, reasons)


def _shown(groups: Sequence[Group], code: str) -> Group | None:
    """The comparable group of the series asked for, else the one with most figures."""
    comparable = [group for group in groups if group.is_comparable]
    asked = [group for group in comparable if group.holds(code)]
    if code and not asked:
        # Shows the same as without: as many addresses as anybody makes up.
        do_not_keep()
    return next(iter([*asked, *comparable]), None)


def _others(parts: _Parts) -> list[tuple[Group, list[str]]]:
    """The comparable groups not shown, with what keeps them from the one that is."""
    return [
        (each, reasons_apart(each.first, parts.group))
        for each in parts.groups
        if parts.group and each.is_comparable and each is not parts.group
    ]


def _paged(targets: Mapping[int, Sequence[TargetLine]], number: int) -> "Page[TargetLine]":
    """By target year and code."""
    lines = [line for of_series in targets.values() for line in of_series]
    lines.sort(key=lambda line: (line.target.target_year or 0, line.target.code))
    return page_of(Paginator(lines, TARGETS_A_PAGE), number)
