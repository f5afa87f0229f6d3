"""A list of verdicts, the most urgent first, of which a page costs the same however long it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from indicators.models import Verdict
from indicators.standings import CONDITIONS, Standing
from reports.queries import rows, standings
from reports.queries.scopes import Scope
from reports.queries.standings import Counts
from targets_site.reading.shared import page_of

TARGETS_A_PAGE = 25
# Red, yellow, grey (what side evidence would miss, then what has a figure, then the rest), pale,
# green, words.
URGENCY: tuple[tuple[Standing, ...], ...] = (
    (Standing.RED, Standing.JUDGED_RED),
    (Standing.YELLOW, Standing.JUDGED_YELLOW),
    (Standing.SIDE_SHORT,),
    (Standing.SIDE_OTHER, Standing.OLD_FIGURE, Standing.UNDETERMINED),
    (Standing.NOT_COLLECTED, Standing.UNFOUNDED),
    (Standing.PALE,),
    (Standing.GREEN, Standing.JUDGED_GREEN),
    (Standing.NOT_DUE, Standing.UNJUDGED),
)
# Among equals the headline targets come first.
AMONG_EQUALS = ("-target__key", "target__code")


@dataclass(frozen=True)
class TargetList:
    """One page of targets, the most urgent first."""

    page: "Page[Verdict]"
    lines: list[rows.TargetLine]


def target_list(
    scope: Scope, goal: int, narrowed: Mapping[str, str], counts: Sequence[Counts], *, number: int
) -> TargetList:
    """Four queries, five where headline targets are asked for.

    narrowed: coverage, light, own, domain (a code), key. counts: those of the scope.
    """
    verdicts = _narrow(scope.narrow(verdicts_of_goal(goal)), narrowed)
    if narrowed.get("own"):
        verdicts = verdicts.filter(target__area=scope.area)
        counts = standings.own_of(scope, counts)
    groups = _groups(narrowed)
    if narrowed.get("key"):
        sizes = _count(verdicts, groups)
    else:
        domain = narrowed.get("domain")
        of_domain = [each for each in counts if domain in {None, each.domain.code}]
        sizes = [standings.total(of_domain, group) for group in groups]
    # A paginator asks for the length and a slice, and for nothing else.
    listed: Any = WorstFirst(verdicts, groups, sizes)
    page: Page[Verdict] = page_of(Paginator(listed, TARGETS_A_PAGE), number)
    return TargetList(page, rows.lines_of_verdicts(page))


def verdicts_of_goal(goal: int) -> "QuerySet[Verdict]":
    """The verdicts that say how the targets in force of a goal year stand: as of that year, or
    of this one while it lies ahead."""
    return Verdict.objects.at(min(goal, rows.this_year())).filter(
        target__target_year=goal, target__superseded_at__isnull=True
    )


class WorstFirst:
    """Verdicts by urgency, of which a paginator takes slices.

    groups: standings of the same urgency, most urgent first; sizes: how many of `verdicts` each
    holds. They say in which group a slice begins: the database is asked for a stretch of that
    one, which it finds along an index, and need not sort all of them. Ids come first and rows
    then: PostgreSQL joins so many tables for all verdicts before it looks at a subquery.
    """

    def __init__(
        self,
        verdicts: "QuerySet[Verdict]",
        groups: Sequence[Sequence[Standing]],
        sizes: Sequence[int],
    ) -> None:
        self.verdicts, self.groups, self.sizes = verdicts, groups, sizes

    def __len__(self) -> int:
        return sum(self.sizes)

    def __getitem__(self, wanted: slice) -> "QuerySet[Verdict]":
        """Two queries, one of them here."""
        stretches = list(self._stretches(wanted.start, wanted.stop))
        if not stretches:
            return Verdict.objects.none()
        urgency = Case(
            *[When(_any_of(group), then=Value(rank)) for rank, group in enumerate(self.groups)],
            output_field=IntegerField(),
        )
        return (
            Verdict.objects.filter(pk__in=list(stretches[0].union(*stretches[1:], all=True)))
            .order_by(urgency, *AMONG_EQUALS)
            .select_related(
                "reading__series__indicator",
                *[f"target__{name}" for name in ("document", "area", "domain")],
            )
        )

    def _stretches(self, start: int, stop: int) -> "Iterator[QuerySet[Verdict, int]]":
        """Ids of the verdicts from start to stop, one query for each group that holds some."""
        before = 0
        for group, size in zip(self.groups, self.sizes, strict=True):
            first, last = max(start - before, 0), min(stop - before, size)
            before += size
            if first < last:
                of_group = self.verdicts.filter(_any_of(group)).order_by(*AMONG_EQUALS)
                # SQLite unites no queries that are cut off, but what is found by them.
                found = of_group.values("pk")[first:last]
                yield Verdict.objects.order_by().filter(pk__in=found).values_list("pk", flat=True)


def _groups(narrowed: Mapping[str, str]) -> list[tuple[Standing, ...]]:
    """What is left of URGENCY."""
    coverage, light = narrowed.get("coverage"), narrowed.get("light")
    return [
        tuple(
            each for each in group
            if coverage in {None, standings.COVERAGE_OF[each].value}
            and light in {None, standings.LIGHT_OF[each].value}
        )
        for group in URGENCY
    ]  # fmt: skip


def _narrow(verdicts: "QuerySet[Verdict]", narrowed: Mapping[str, str]) -> "QuerySet[Verdict]":
    if narrowed.get("key"):
        verdicts = verdicts.filter(target__key=True)
    if domain := narrowed.get("domain"):
        verdicts = verdicts.filter(target__domain__code=domain)
    return verdicts


def _count(verdicts: "QuerySet[Verdict]", groups: Sequence[Sequence[Standing]]) -> list[int]:
    found = verdicts.order_by().aggregate(
        **{
            f"rank_{rank}": Count("pk", filter=_any_of(group))
            for rank, group in enumerate(groups)
            if group
        }
    )
    return [found.get(f"rank_{rank}", 0) for rank in range(len(groups))]


def _any_of(group: Sequence[Standing]) -> Q:
    return reduce(or_, (CONDITIONS[each] for each in group), Q(pk__in=[]))
