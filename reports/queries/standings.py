"""The roll-up: verdicts of a goal year counted by area, domain and standing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Max, OuterRef, Subquery, Sum, Value, When

from indicators.enums import Light
from indicators.standings import COMPUTED, IN_WORDS, Standing
from plans.models import Domain
from reports.enums import Coverage
from reports.queries import rows
from reports.queries.scopes import Scope
from reports.queries.standpoints import Standpoint
from targets_site.places.models import Area

# Targets to compute and in words, with a verdict or without.
PROMISED = ("computed", "in_words")
_NAMES = (*Standing.values, *PROMISED)
_AREA = ("code", "name_zh", "name_en")
_DOMAIN = ("code", "name_zh", "name_en", "position")
COVERAGE_OF = {
    Standing.RED: Coverage.DECIDED,
    Standing.YELLOW: Coverage.DECIDED,
    Standing.PALE: Coverage.DECIDED,
    Standing.GREEN: Coverage.DECIDED,
    Standing.SIDE_SHORT: Coverage.SIDE,
    Standing.SIDE_OTHER: Coverage.SIDE,
    Standing.OLD_FIGURE: Coverage.NOT_COLLECTED,
    Standing.NOT_COLLECTED: Coverage.NOT_COLLECTED,
    Standing.UNDETERMINED: Coverage.UNDETERMINED,
    Standing.UNFOUNDED: Coverage.UNFOUNDED,
    Standing.NOT_DUE: Coverage.NOT_DUE,
    **dict.fromkeys(IN_WORDS, Coverage.IN_WORDS),
}
LIGHT_OF = {
    **dict.fromkeys(Standing, Light.GREY),
    Standing.RED: Light.RED,
    Standing.YELLOW: Light.YELLOW,
    Standing.PALE: Light.PALE,
    Standing.GREEN: Light.GREEN,
    Standing.NOT_DUE: Light.NONE,
    Standing.UNJUDGED: Light.NONE,
    Standing.JUDGED_RED: Light.RED,
    Standing.JUDGED_YELLOW: Light.YELLOW,
    Standing.JUDGED_GREEN: Light.GREEN,
}
# As plain texts, since they are looked up thousands of times a page.
_LIGHT_NAMES = {standing.value: light.value for standing, light in LIGHT_OF.items()}
COMPUTED_NAMES = tuple(each.value for each in COMPUTED)
IN_WORDS_NAMES = tuple(each.value for each in IN_WORDS)
# What narrows a list to the targets to compute of one light, and to those in words.
LIGHT_QUERY = {
    Light.GREY.value: "light=grey",
    Light.NONE.value: "coverage=not_due",
} | {each.value: f"coverage=decided&light={each.value}" for each in rows.COLOURED}
IN_WORDS_QUERY = "coverage=in_words"


@dataclass(frozen=True)
class Counts:
    """Verdicts of one area of the level at hand, with all below it, in one domain.

    area: its name and code, where the nation is counted. has_below: whether some are of an area
    below it. counts: by standing, and PROMISED.
    """

    area_id: int
    area: Area | None
    domain: Domain
    has_below: bool
    counts: Mapping[str, int]


def counted(seen: Standpoint) -> list[Counts]:
    """How the targets stood in the as-of year. One query."""
    is_below = Case(
        When(area=F("child"), then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    found = (
        seen.scope.tallies().filter(goal_year=seen.goal, as_of=seen.as_of)
        .values_list("child", "domain_id")
        .annotate(below=Max(is_below), **{f"sum_{name}": Sum(name) for name in _NAMES})
        .annotate(**{f"domain_{name}": _of_domain(name) for name in _DOMAIN})
    )  # fmt: skip
    if seen.scope.area is None:
        found = found.annotate(**{f"area_{name}": _of_area(name) for name in _AREA})
    domains: dict[int, Domain] = {}
    counts = []
    for area_id, domain_id, below, *more in found:
        sums, names = more[: len(_NAMES)], more[len(_NAMES) :]
        of_domain, of_area = names[: len(_DOMAIN)], names[len(_DOMAIN) :]
        if domain_id not in domains:
            domains[domain_id] = Domain(domain_id, **dict(zip(_DOMAIN, of_domain, strict=True)))
        area = Area(area_id, **dict(zip(_AREA, of_area, strict=True))) if of_area else None
        sums_of = dict(zip(_NAMES, sums, strict=True))
        counts.append(Counts(area_id, area, domains[domain_id], bool(below), sums_of))
    return counts


def reaches_below(scope: Scope, counts: Iterable[Counts]) -> bool:
    """Whether some are of areas below the one that the scope is about."""
    return scope.area is not None and any(each.area_id != scope.area.pk for each in counts)


def own_of(scope: Scope, counts: Iterable[Counts]) -> list[Counts]:
    """Those of the scope's area without what is below it."""
    return [each for each in counts if scope.area and each.area_id == scope.area.pk]


def _of_domain(name: str) -> Subquery:
    """Asked once for each group: joined, the database would sort all rows by the names."""
    return Subquery(Domain.objects.filter(pk=OuterRef("domain_id")).values(name))


def _of_area(name: str) -> Subquery:
    return Subquery(Area.objects.filter(pk=OuterRef("child")).values(name))


def areas_at_hand(scope: Scope, counts: Iterable[Counts]) -> list[Area]:
    """What can be chosen from here, in the order of their codes: the areas that are counted; where
    nothing is below the area, those beside it."""
    if scope.area is None:
        areas = {each.area for each in counts if each.area}
    else:
        shown = {each.area_id for each in counts}
        near = [each for each in scope.near if each.pk in shown]
        beside = [each for each in scope.near if each.parent_id == scope.area.parent_id]
        areas = {scope.area, *(near or beside)}
    return sorted(areas, key=lambda each: each.code)


def domains_of(counts: Iterable[Counts]) -> list[Domain]:
    """Those with targets, in their order."""
    domains = {each.domain for each in counts}
    return sorted(domains, key=lambda domain: (domain.position, domain.code))


def total(counts: Iterable[Counts], names: Iterable[str]) -> int:
    names = list(names)
    return sum(each.counts[name] for each in counts for name in names)


def by_light(counts: Iterable[Counts], names: Iterable[str]) -> list[rows.LightCount]:
    """Worst first. names: of standings."""
    names, lights = list(names), defaultdict[str, int](int)
    for each in counts:
        for name in names:
            lights[_LIGHT_NAMES[name]] += each.counts[name]
    return rows.worst_first(lights)
