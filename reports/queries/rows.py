"""One target as a line of a list, the same on every page, and counts of verdicts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    F,
    Prefetch,
    Q,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Least

from indicators.enums import (
    Bound,
    Light,
    ObsStatus,
    SideState,
    SourceGrade,
    Status,
)
from indicators.models import Indicator, Observation, ObservationVersion, Verdict
from plans.enums import Kind
from plans.models import Target, TargetDepartment
from targets_site.figures import plain
from targets_site.places.models import Department
from targets_site.then import today_shown

COLOURED = (Light.RED, Light.YELLOW, Light.PALE, Light.GREEN)
_WORST_FIRST = tuple(Light.values)
_SIGNS: dict[str, str] = {Bound.AT_LEAST: "≥", Bound.AT_MOST: "≤", Bound.ABOUT: "≈"}
# What of an ObservationVersion a figure is made of, in the order that `_year_figure` takes it.
_OF_VERSION = ("value", "stated_decimals", "bound", "source_grade", "obs_status")
_SIDE_MEETS: dict[str, bool] = {SideState.MET: True, SideState.SHORT: False}


@dataclass(frozen=True)
class YearFigure:
    """One yearly figure in force, in the unit of its indicator, as printed in `stated`."""

    year: int
    value: Decimal
    stated: str
    bound: str
    grade: str
    is_break: bool
    is_hollow: bool
    is_estimate: bool = False
    is_provisional: bool = False

    @property
    def sign(self) -> str:
        """What stands before the figure where it is no exact one."""
        return _SIGNS.get(self.bound, "")

    @property
    def printed(self) -> str:
        """As its source printed it (63.10), with its bound; without unit."""
        return f"{self.sign} {self.stated}".strip()


@dataclass(frozen=True)
class TargetLine:
    """A target with its final verdict and what that rests on.

    points: the figures up to the year that the verdict is of.
    level: where the line of the target stands in a picture; None for a level that is not in the
    figures' unit. actual, side: as printed. basis: the yearly figure that one of these is; None
    where neither is one figure. leads: who leads, as `has_lead` says, else who is responsible.
    side_meets: whether the figure of another year would
    meet the target; None where that cannot be said. start, end: years of the picture's axis.
    """

    target: Target
    verdict: Verdict | None
    indicator: Indicator | None
    series_code: str
    points: tuple[YearFigure, ...]
    leads: tuple[Department, ...]
    level: Decimal | None
    actual: str
    side: str
    side_meets: bool | None
    grade: str
    start: int
    end: int
    basis: YearFigure | None = None
    has_lead: bool = False

    @property
    def is_in_words(self) -> bool:
        return self.target.kind == Kind.TEXT

    @property
    def is_assessed(self) -> bool:
        """Whether people have judged a target in words."""
        return self.is_in_words and self.verdict is not None and self.verdict.light != Light.NONE

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it is decided by a reading that no second person has confirmed."""
        verdict = self.verdict
        if verdict is None or verdict.reading is None or verdict.light not in COLOURED:
            return False
        return verdict.reading.confirmed_by_id is None

    @property
    def earlier(self) -> YearFigure | None:
        """The latest figure where none decides and none is side evidence: one from before the
        years that count."""
        return self.points[-1] if self.points and not (self.actual or self.side) else None

    @property
    def has_baseline_alone(self) -> bool:
        return bool(self.earlier and self.verdict and self.verdict.status == Status.TOO_EARLY)

    @property
    def as_of_query(self) -> str:
        """What the address of the target's page needs to be seen from the same year."""
        if self.verdict is None:
            return ""
        last = self.target.target_year or self.target.document.end_year
        return as_of_query(self.verdict.as_of, last=last)

    @property
    def more_leads(self) -> int:
        """Departments beyond the two that a line has room for."""
        return max(0, len(self.leads) - 2)

    @property
    def unit(self) -> str:
        """Of the figures; a relative target's own unit is that of its share."""
        return self.indicator.unit if self.indicator else self.target.unit


@dataclass(frozen=True)
class Leads:
    """Who leads a target, in the document's order; without `has_lead` who is responsible for it."""

    departments: tuple[Department, ...] = ()
    has_lead: bool = False


@dataclass(frozen=True)
class LightCount:
    light: str
    count: int


def this_year() -> int:
    return today_shown().year


def as_of_query(as_of: int, *, last: int) -> str:
    """?as_of=2014; empty for the last year that a target is looked at from, which its page opens
    on."""
    return "" if as_of >= min(last, this_year()) else f"?as_of={as_of}"


def opening_goal(counts: Mapping[int, int]) -> int | None:
    """The goal year that a page opens on: the latest one that has passed, else the next one due;
    one with targets in words only where there is no other. None without any.

    counts: targets to compute by goal year; 0 where all of it is in words.
    """
    years = [year for year, count in counts.items() if count] or list(counts)
    past = [year for year in years if year < this_year()]
    return max(past) if past else min(years, default=None)


def worst_first(counts: dict[str, int]) -> list[LightCount]:
    """Counts by light in the order red, yellow, pale, green, grey, none; lights without any
    are left out."""
    return [LightCount(light, counts[light]) for light in _WORST_FIRST if counts.get(light)]


def final_verdicts(as_of: int | None = None) -> Q:
    """The verdict that says how a target ended: as of its target year (where it gives none, of
    the end of its document), or of this year while that lies ahead.

    as_of: how it stood, or had ended, by that year.
    """
    year = min(as_of or this_year(), this_year())
    ended = Q(as_of=Least(F("target__target_year"), Value(year)))
    without_year = Q(
        target__target_year__isnull=True,
        as_of=Least(F("target__document__end_year"), Value(year)),
    )
    return ended | without_year


def lines_of_verdicts(verdicts: Iterable[Verdict]) -> list[TargetLine]:
    """In the order of `verdicts`, which select target, its document, area and domain, and
    reading__series__indicator. Two queries."""
    pairs = [(verdict.target, verdict) for verdict in verdicts]
    _prefetch_departments([target for target, _ in pairs])
    return _lines(pairs)


def lines_led(verdicts: Iterable[Verdict], leads: Mapping[int, Leads]) -> list[TargetLine]:
    """In the order of `verdicts`, whose targets have document, area and domain. One query.

    leads: by the id of the target.
    """
    return _lines([(verdict.target, verdict) for verdict in verdicts], leads)


def lines_of_targets(
    targets: Sequence[Target], *, as_of: int | None = None, with_figures: bool = True
) -> list[TargetLine]:
    """In the order of `targets`, which select document, area and domain. Three queries, two
    without the figures, for lists that show none.

    as_of: as in `final_verdicts`.
    """
    verdicts = (
        Verdict.objects.in_force()
        .filter(final_verdicts(as_of), target__in=targets)
        .select_related("reading__series__indicator")
    )
    by_target = {verdict.target_id: verdict for verdict in verdicts}
    _prefetch_departments(targets)
    pairs = [(target, by_target.get(target.pk)) for target in targets]
    return _lines(pairs, with_figures=with_figures)


def _prefetch_departments(targets: Sequence[Target]) -> None:
    links = TargetDepartment.objects.select_related("department")
    prefetch_related_objects(targets, Prefetch("department_links", queryset=links))


def figures_of_series(series_ids: Iterable[int]) -> dict[int, tuple[YearFigure, ...]]:
    """Figures in force by series, oldest first; years with a missing reason are left out."""
    found = (
        Observation.objects.filter(series__in=set(series_ids), in_force__value__isnull=False)
        .order_by("series_id", "year")
        .values_list("series_id", "year", *[f"in_force__{name}" for name in _OF_VERSION])
    )
    figures: dict[int, list[YearFigure]] = defaultdict(list)
    for series_id, *of_figure in found:
        figures[series_id].append(_year_figure(*of_figure))
    return {series_id: tuple(points) for series_id, points in figures.items()}


def year_figure(year: int, version: ObservationVersion) -> YearFigure:
    """Raises TypeError for a version without a value."""
    if version.value is None:
        raise TypeError("a missing figure is no YearFigure")
    return _year_figure(year, *[getattr(version, name) for name in _OF_VERSION])


def _year_figure(
    year: int, value: Decimal, decimals: int, bound: str, grade: str, obs_status: str
) -> YearFigure:
    is_estimate = ObsStatus.ESTIMATE in obs_status
    is_provisional = ObsStatus.PROVISIONAL in obs_status
    return YearFigure(
        year=year,
        value=value,
        stated=plain(value, decimals=decimals),
        bound=bound,
        grade=grade,
        is_break=ObsStatus.BREAK in obs_status,
        is_hollow=is_estimate or is_provisional or grade == SourceGrade.REPRINT,
        is_estimate=is_estimate,
        is_provisional=is_provisional,
    )


def _lines(
    pairs: Sequence[tuple[Target, Verdict | None]],
    leads: Mapping[int, Leads] | None = None,
    *,
    with_figures: bool = True,
) -> list[TargetLine]:
    """leads: None where the targets' department links are prefetched."""
    series_ids = {verdict.reading.series_id for _, verdict in pairs if verdict and verdict.reading}
    figures = figures_of_series(series_ids) if with_figures else {}
    start = min((target.document.start_year for target, _ in pairs), default=0) - 1
    end = max((_last_year(target) for target, _ in pairs), default=0)
    return [
        _line(target, verdict, figures, start, end, _leads_of(target, leads))
        for target, verdict in pairs
    ]


def _last_year(target: Target) -> int:
    """A document may promise something for a year after its own period."""
    return max(target.target_year or 0, target.document.end_year)


def _line(
    target: Target,
    verdict: Verdict | None,
    figures: dict[int, tuple[YearFigure, ...]],
    start: int,
    end: int,
    leads: Leads,
) -> TargetLine:
    series = verdict.reading.series if verdict and verdict.reading else None
    points = _seen_from(verdict, figures.get(series.pk, ())) if series else ()
    year = verdict and (verdict.actual_year or verdict.side_year)
    basis = next((point for point in points if point.year == year), None)
    return TargetLine(
        target=target,
        verdict=verdict,
        indicator=series.indicator if series else None,
        series_code=series.code if series else "",
        points=points,
        leads=leads.departments,
        has_lead=leads.has_lead,
        level=target.value if target.kind in {Kind.REACH, Kind.HOLD} else None,
        actual=_printed(points, verdict.actual_year, verdict.actual_value) if verdict else "",
        side=_printed(points, verdict.side_year, verdict.side_value) if verdict else "",
        side_meets=_SIDE_MEETS.get(verdict.side_state) if verdict else None,
        grade=basis.grade if basis else "",
        start=start,
        end=end,
        basis=basis,
    )


def _seen_from(verdict: Verdict | None, points: tuple[YearFigure, ...]) -> tuple[YearFigure, ...]:
    """Without what came after the year that the verdict is of."""
    if verdict is None:
        return points
    return tuple(point for point in points if point.year <= verdict.as_of)


def _leads_of(target: Target, leads: Mapping[int, Leads] | None) -> Leads:
    if leads is not None:
        return leads.get(target.pk, Leads())
    lead = target.departments_as("lead")
    return Leads(tuple(lead or target.departments_as("responsible")), has_lead=bool(lead))


def _printed(points: Iterable[YearFigure], year: int | None, value: Decimal | None) -> str:
    """A verdict's figure as its source printed it (63.10), with its bound; a sum of flows, which
    no source printed, as it is. Empty where there is none."""
    same = [point for point in points if point.year == year and point.value == value]
    if not same:
        return plain(value)
    return same[0].printed
