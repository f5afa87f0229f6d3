"""The final assessment of a goal year, for all areas."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from indicators.enums import Light
from indicators.models import Verdict
from plans.enums import Kind
from plans.models import Target
from reports.enums import Coverage
from reports.queries import rows, tallies
from reports.queries.tallies import InWords
from targets_site.localized import localized
from targets_site.places.models import Area

TARGETS_A_PAGE = 25
AREAS_A_PAGE = 25


# Counts of one area and domain by light; those in words beside the lights, not among them.
_Counts = dict[tuple[int, str], dict[str, int]]
_WORDS = "in_words"
_OR_FALSE: dict[str, Any] = {"default": Value(False), "output_field": BooleanField()}


@dataclass(frozen=True)
class GoalYears:
    """Distinct target years in force, oldest first. counts: targets to compute; in_words: those
    in words; without_year: targets of either kind that give no year."""

    counts: Mapping[int, int]
    in_words: Mapping[int, int]
    without_year: int

    @property
    def years(self) -> list[int]:
        return list(self.counts)

    @property
    def default(self) -> int | None:
        """The one that the page opens on; None without any."""
        return rows.opening_goal(self.counts)

    @property
    def all_in_words(self) -> list[int]:
        """Those with nothing to compute."""
        return [year for year, count in self.counts.items() if not count]


@dataclass(frozen=True)
class CoverageCount:
    """One part of the roll-up; lights worst first."""

    coverage: Coverage
    count: int
    lights: list[rows.LightCount]


@dataclass(frozen=True)
class Assessment:
    """How the targets of one goal year stand.

    total: targets to compute; lights: theirs, worst first; in_words: those that people assess.
    without_figure: grey ones that no figure of the year stands behind, also where a baseline is
    what is missing first; side_short: those that side evidence would miss; not_computed: targets
    of either kind without a verdict yet.
    domains: code and name of those with targets, in their order.
    """

    goal: int
    as_of: int
    total: int
    in_words: InWords
    without_figure: int
    side_short: int
    not_computed: int
    parts: list[CoverageCount]
    lights: list[rows.LightCount]
    domains: list[tuple[str, str]]

    def count(self, coverage: Coverage) -> int:
        return next((part.count for part in self.parts if part.coverage == coverage), 0)

    @property
    def decided(self) -> int:
        return self.count(Coverage.DECIDED)

    @property
    def listed(self) -> int:
        """All that have a verdict, those in words too."""
        return sum(part.count for part in self.parts)

    @property
    def red(self) -> int:
        return next((each.count for each in self.lights if each.light == Light.RED), 0)

    @property
    def is_over(self) -> bool:
        return self.goal == self.as_of


@dataclass(frozen=True)
class Cell:
    """An area in a domain; lights of what is computed, worst first, the first one is the cell's
    shape. in_words: how many targets people assess."""

    domain: str
    domain_name: str
    lights: list[rows.LightCount]
    in_words: int = 0


@dataclass(frozen=True)
class MatrixRow:
    area: Area
    cells: list[Cell]


@dataclass(frozen=True)
class Matrix:
    """Areas × domains; `page` holds the areas of this page of it."""

    page: "Page[Area]"
    rows: list[MatrixRow]


def goal_years() -> GoalYears:
    """One query."""
    said = Q(kind=Kind.TEXT)
    found = list(
        Target.objects.in_force().order_by("target_year").values_list("target_year")
        .annotate(computed=Count("pk", filter=~said), in_words=Count("pk", filter=said))
    )  # fmt: skip
    return GoalYears(
        counts={year: computed for year, computed, _said in found if year},
        in_words={year: said for year, _computed, said in found if year},
        without_year=sum(computed + said for year, computed, said in found if not year),
    )


def verdicts_of_goal(goal: int) -> "QuerySet[Verdict]":
    """The verdicts that say how the targets in force of a goal year stand: as of that year, or
    of this one while it lies ahead."""
    return Verdict.objects.at(min(goal, rows.this_year())).filter(
        target__target_year=goal, target__superseded_at__isnull=True
    )


def assess(goal: int, *, total: int, in_words: int) -> Assessment:
    """One query. total, in_words: targets in force of the goal year, to compute and in words."""
    has_actual = Case(When(actual_year__isnull=False, then=True), **_OR_FALSE)
    has_side = Case(When(side_year__isnull=False, then=True), **_OR_FALSE)
    is_short = Case(When(rows.side_is_short(), then=True), **_OR_FALSE)
    names = [f"target__domain__{name}" for name in ("position", "code", "name_zh", "name_en")]
    groups = (
        verdicts_of_goal(goal)
        .annotate(has_actual=has_actual, has_side=has_side, side_short=is_short).order_by()
        .values("light", "status", "has_actual", "has_side", "side_short", *names)
        .annotate(count=Count("pk"))
    )  # fmt: skip
    return assessment_of(list(groups), goal=goal, total=total, in_words=in_words)


def assessment_of(
    groups: Sequence[Mapping[str, object]], *, goal: int, total: int, in_words: int
) -> Assessment:
    """groups: light, status, has_actual, has_side, side_short, count; the domain's position,
    code, names."""
    by_part: dict[Coverage, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    lights: dict[str, int] = defaultdict(int)
    domains: dict[tuple[int, str], str] = {}
    for group in groups:
        light, count = str(group["light"]), int(str(group["count"]))
        part = rows.coverage_of(
            light=light, status=str(group["status"]), has_side=bool(group["has_side"])
        )
        by_part[part][light] += count
        if part != Coverage.IN_WORDS:
            lights[light] += count
        place = (int(str(group["target__domain__position"])), str(group["target__domain__code"]))
        domains[place] = _domain_name(group)
    return Assessment(
        goal=goal,
        as_of=min(goal, rows.this_year()),
        total=total,
        in_words=tallies.in_words(in_words, by_part[Coverage.IN_WORDS]),
        without_figure=sum(
            int(str(group["count"]))
            for group in groups
            if group["light"] == Light.GREY and not group["has_actual"]
        ),
        side_short=sum(int(str(group["count"])) for group in groups if group["side_short"]),
        not_computed=max(0, total + in_words - sum(int(str(each["count"])) for each in groups)),
        parts=[
            CoverageCount(part, sum(by_part[part].values()), rows.worst_first(by_part[part]))
            for part in Coverage
        ],
        lights=rows.worst_first(lights),
        domains=[(code, domains[position, code]) for position, code in sorted(domains)],
    )


@dataclass(frozen=True)
class _Named:
    name_zh: str
    name_en: str


def _domain_name(group: Mapping[str, object]) -> str:
    named = _Named(str(group["target__domain__name_zh"]), str(group["target__domain__name_en"]))
    return localized(named, "name")


def areas_with_targets(goal: int) -> list[Area]:
    """One query; in the order of their codes."""
    of_goal = Target.objects.in_force().filter(target_year=goal).values("area_id")
    return list(Area.objects.filter(pk__in=of_goal).only("code", "name_zh", "name_en"))


def matrix(
    goal: int, areas: Sequence[Area], domains: Sequence[tuple[str, str]], *, number: int
) -> Matrix:
    """One query. areas: all of them; number: which page of them."""
    page = Paginator(areas, AREAS_A_PAGE).get_page(number)
    groups = (
        verdicts_of_goal(goal).filter(target__area__in=[area.pk for area in page]).order_by()
        .values_list("target__area_id", "target__domain__code", "light", "target__kind")
        .annotate(count=Count("pk"))
    )  # fmt: skip
    counts: _Counts = defaultdict(lambda: defaultdict(int))
    for area_id, domain, light, kind, count in groups:
        counts[area_id, domain][_WORDS if kind == Kind.TEXT else light] += count
    return Matrix(page, [_matrix_row(area, domains, counts) for area in page])


def _matrix_row(
    area: Area,
    domains: Sequence[tuple[str, str]],
    counts: _Counts,
) -> MatrixRow:
    found = [(code, name, counts.get((area.pk, code), {})) for code, name in domains]
    return MatrixRow(
        area,
        [
            Cell(code, name, rows.worst_first(of_cell), of_cell.get(_WORDS, 0))
            for code, name, of_cell in found
        ],
    )


@dataclass(frozen=True)
class TargetList:
    """One page of targets, the most urgent first."""

    page: "Page[Verdict]"
    lines: list[rows.TargetLine]


def target_list(goal: int, narrowed: Mapping[str, str], *, number: int, total: int) -> TargetList:
    """Four queries, three where nothing narrows the list.

    narrowed: coverage, light, area, domain (codes), key. total: verdicts of the goal year.
    """
    verdicts = _narrow(verdicts_of_goal(goal), narrowed)
    count = verdicts.count() if narrowed else total
    related = ["document", "area", "domain"]
    listed = verdicts.order_by(*rows.by_urgency()).select_related(
        "reading__series__indicator", *[f"target__{name}" for name in related]
    )
    pages = Paginator(listed, TARGETS_A_PAGE)
    pages.count = count
    page = pages.get_page(number)
    return TargetList(page, rows.lines_of_verdicts(page))


def _narrow(verdicts: "QuerySet[Verdict]", narrowed: Mapping[str, str]) -> "QuerySet[Verdict]":
    if coverage := narrowed.get("coverage"):
        verdicts = verdicts.filter(rows.with_coverage(coverage))
    if narrowed.get("key"):
        verdicts = verdicts.filter(target__key=True)
    columns = {"light": "light", "area": "target__area__code", "domain": "target__domain__code"}
    chosen = {columns[name]: value for name, value in narrowed.items() if name in columns}
    return verdicts.filter(**chosen)
