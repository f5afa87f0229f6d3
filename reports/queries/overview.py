"""How the targets of a goal year stand, for all areas or for one and what is below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Subquery, Sum

from indicators.enums import Light
from indicators.standings import IN_WORDS, Standing
from plans.models import Domain
from reports.enums import Coverage
from reports.queries import rows, standings
from reports.queries.scopes import Scope
from reports.queries.standings import Counts
from reports.queries.standpoints import Standpoint, last_as_of
from reports.queries.tallies import CoverageCount, InWords, coverage_segments, red_of
from targets_site.places.models import Area
from targets_site.reading.shared import page_of

AREAS_A_PAGE = 25
RARE = (Coverage.UNDETERMINED, Coverage.UNFOUNDED, Coverage.NOT_DUE)


@dataclass(frozen=True)
class GoalYears:
    """Distinct target years in force, oldest first. counts: targets to compute; in_words: those
    in words; first: the year that some of them are seen from first; without_year: targets of
    either kind that give no year."""

    counts: Mapping[int, int]
    in_words: Mapping[int, int]
    first: Mapping[int, int]
    without_year: int

    def as_of_years(self, goal: int) -> Sequence[int]:
        """Oldest first; at least the last one."""
        last = last_as_of(goal)
        return range(min(self.first[goal], last), last + 1)

    def promised(self, goal: int) -> int:
        """Targets of either kind."""
        return self.counts[goal] + self.in_words[goal]

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
class Assessment:
    """How the targets of one goal year stand.

    total: targets to compute; lights: theirs, worst first; in_words: those that people assess.
    side_short: those that side evidence would miss; not_computed: targets of either kind without a
    verdict yet; not_begun: those of documents that began later.
    """

    goal: int
    as_of: int
    total: int
    in_words: InWords
    side_short: int
    not_computed: int
    not_begun: int
    parts: list[CoverageCount]
    lights: list[rows.LightCount]

    def count(self, coverage: Coverage) -> int:
        return next((part.count for part in self.parts if part.coverage == coverage), 0)

    @property
    def shown_parts(self) -> list[CoverageCount]:
        """With lights of what is decided or judged alone. Rare parts where there are some; where
        nothing promises a figure those in words alone."""
        decided = next(each for each in self.parts if each.coverage == Coverage.DECIDED)
        judged = {Coverage.DECIDED: decided.lights, Coverage.IN_WORDS: self.in_words.lights}
        return [
            CoverageCount(each.coverage, each.count, judged.get(each.coverage, []))
            for each in self.parts
            if is_shown(each.coverage, each.count, self.total)
        ]

    @property
    def listed(self) -> int:
        """All that have a verdict, those in words too."""
        return sum(part.count for part in self.parts)

    @property
    def red(self) -> int:
        return red_of(self.lights)

    @property
    def goal_year(self) -> int:
        return self.goal

    @property
    def is_over(self) -> bool:
        return self.goal == self.as_of

    @property
    def segments(self) -> list[tuple[str, int]]:
        """What the targets to compute are made of, by the name of a light or a part; those
        without a verdict yet last. They add up to the total."""
        return coverage_segments(self.parts, total=self.total)


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
    """An area with all that is below it; `is_own`: the scope's own area without that, beside
    rows of the areas below."""

    area: Area
    cells: list[Cell]
    has_below: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class Matrix:
    """Areas × domains; `page` holds the areas of this page of it."""

    page: "Page[Area]"
    rows: list[MatrixRow]


def is_shown(part: Coverage, count: int, total: int) -> bool:
    """total: targets to compute."""
    if part == Coverage.IN_WORDS:
        return True
    return bool(total and (count or part not in RARE))


def goal_years(scope: Scope) -> GoalYears:
    """One query."""
    tallies = scope.tallies()
    earliest = tallies.filter(goal_year=OuterRef("goal_year")).order_by("as_of").values("as_of")
    found = list(
        tallies.filter(is_last=True).values_list("goal_year").order_by("goal_year")
        .annotate(Sum("computed"), Sum("in_words")).annotate(first=Subquery(earliest[:1]))
    )  # fmt: skip
    return GoalYears(
        counts={year: computed for year, computed, _said, _first in found if year},
        in_words={year: said for year, _computed, said, _first in found if year},
        first={year: first for year, _computed, _said, first in found if year},
        without_year=sum(computed + said for year, computed, said, _first in found if not year),
    )


def assess(seen: Standpoint, counts: Sequence[Counts], *, promised: int) -> Assessment:
    """promised: targets in force of the goal year, to compute and in words."""
    judged = [each.value for each in IN_WORDS if standings.LIGHT_OF[each] != Light.NONE]
    total, in_words = (standings.total(counts, [name]) for name in standings.PROMISED)
    with_verdict = standings.total(counts, Standing)
    return Assessment(
        goal=seen.goal,
        as_of=seen.as_of,
        total=total,
        in_words=InWords(in_words, standings.by_light(counts, judged)),
        side_short=standings.total(counts, [Standing.SIDE_SHORT]),
        not_computed=max(0, total + in_words - with_verdict),
        not_begun=max(0, promised - total - in_words),
        parts=[_part(part, counts) for part in Coverage],
        lights=standings.by_light(counts, standings.COMPUTED_NAMES),
    )


def _part(part: Coverage, counts: Sequence[Counts]) -> CoverageCount:
    of_part = [each.value for each in Standing if standings.COVERAGE_OF[each] == part]
    return CoverageCount(
        part, standings.total(counts, of_part), standings.by_light(counts, of_part)
    )


def matrix(
    scope: Scope,
    counts: Sequence[Counts],
    areas: Sequence[Area],
    domains: Sequence[Domain],
    *,
    number: int,
) -> Matrix:
    """areas: of the level at hand, at least those that counts are of, in their order; the scope's
    own one comes first. number: which page of them."""
    by_area: dict[int, dict[int, Counts]] = {}
    for each in counts:
        by_area.setdefault(each.area_id, {})[each.domain.pk] = each
    shown = sorted(
        (area for area in areas if area.pk in by_area), key=lambda area: area != scope.area
    )
    page = page_of(Paginator(shown, AREAS_A_PAGE), number)
    return Matrix(page, [_matrix_row(area, domains, by_area, scope) for area in page])


def _matrix_row(
    area: Area,
    domains: Sequence[Domain],
    by_area: Mapping[int, Mapping[int, Counts]],
    scope: Scope,
) -> MatrixRow:
    of_area = by_area[area.pk]
    return MatrixRow(
        area,
        [_cell(domain, [of_area[domain.pk]] if domain.pk in of_area else []) for domain in domains],
        has_below=any(each.has_below for each in of_area.values()),
        is_own=area == scope.area and len(by_area) > 1,
    )


def _cell(domain: Domain, counts: Sequence[Counts]) -> Cell:
    return Cell(
        domain.code,
        domain.name,
        standings.by_light(counts, standings.COMPUTED_NAMES),
        standings.total(counts, standings.IN_WORDS_NAMES),
    )
