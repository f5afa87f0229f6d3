"""A list of verdicts, the most urgent first, of which a page costs the same however long it is."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Count,
    Func,
    Q,
    QuerySet,
    Subquery,
)

from indicators.models import Verdict
from indicators.standings import CONDITIONS, Standing, standing_of
from reports.enums import Coverage
from reports.queries import rows, standings
from reports.queries.standings import Counts
from reports.queries.standpoints import Standpoint
from reports.queries.urgency import AMONG_EQUALS, URGENCY, urgency
from targets_site.cached import cached_text
from targets_site.freshness import data_stamp
from targets_site.reading.shared import page_of
from targets_site.then import moment_shown

TARGETS_A_PAGE = 25
HEADLINE_AT_MOST = 12
# Of more targets than this the headline ones are counted once a minute: a nation's 32,000 take
# longer than all the rest of the page.
COUNTED_ANEW_UP_TO, A_MINUTE = 20_000, 60
Stretches = Sequence["QuerySet[Verdict, int]"]


@dataclass(frozen=True)
class Headline:
    """The headline targets of a goal year. total: with a verdict; lights: theirs, worst first;
    lines: the most urgent of them."""

    total: int
    lights: list[rows.LightCount]
    lines: list[rows.TargetLine]


@dataclass(frozen=True)
class TargetList:
    """One page of targets, the most urgent first. Where nothing is narrowed headline targets stand
    apart, before the first page, and the list holds the rest; headline is None else, and where
    there are none. unconfirmed: how many of all that is decided rest on a reading that no second
    person has confirmed; None where something is narrowed."""

    page: "Page[Any]"
    lines: list[rows.TargetLine]
    headline: Headline | None = None
    is_rest: bool = False
    unconfirmed: int | None = None


def target_list(
    seen: Standpoint, narrowed: Mapping[str, str], counts: Sequence[Counts], *, number: int
) -> TargetList:
    """Three queries, four where headline targets are asked for or nothing is narrowed.

    narrowed: coverage, light, own, domain (a code), key. counts: those of the scope.
    """
    verdicts = _narrow(seen.scope.narrow(verdicts_seen(seen)), narrowed)
    if narrowed.get("own"):
        verdicts = verdicts.filter(target__area=seen.scope.area)
        counts = standings.own_of(seen.scope, counts)
    groups = _groups(narrowed)
    if narrowed.get("key"):
        sizes = _count(verdicts, groups)
    else:
        domain = narrowed.get("domain")
        of_domain = [each for each in counts if domain in {None, each.domain.code}]
        sizes = [standings.total(of_domain, group) for group in groups]
    if not narrowed:
        return _headline_first(seen, verdicts, sizes, number=number)
    page, stretches = _page(WorstFirst(verdicts, groups, sizes), number)
    return TargetList(page, rows.lines_of_verdicts(_rows(stretches)))


def _page(listed: Any, number: int) -> "tuple[Page[Any], Stretches]":
    """A paginator asks for the length and a slice, and for nothing else."""
    page: Page[Any] = page_of(Paginator(listed, TARGETS_A_PAGE), number)
    stretches: Any = page.object_list
    return page, stretches


def _headline_first(
    seen: Standpoint, verdicts: "QuerySet[Verdict]", sizes: Sequence[int], *, number: int
) -> TargetList:
    """The rows of both are fetched together. sizes: of all."""
    headline = verdicts.filter(target__key=True)
    of_headline, unconfirmed = _headline_sizes(seen, verdicts, sum(sizes))
    of_rest = [max(0, size - among) for size, among in zip(sizes, of_headline, strict=True)]
    page, stretches = _page(
        WorstFirst(verdicts.filter(target__key=False), URGENCY, of_rest), number
    )
    is_first = page.number == 1 and any(of_headline)
    if is_first:
        first = WorstFirst(headline, URGENCY, of_headline)[:HEADLINE_AT_MOST]
        stretches = [*first, *stretches]
    lines = rows.lines_of_verdicts(_rows(stretches))
    before = [line for line in lines if line.target.key]
    return TargetList(
        page,
        [line for line in lines if not line.target.key],
        Headline(sum(of_headline), _lights(of_headline), before) if is_first else None,
        is_rest=any(of_headline),
        unconfirmed=unconfirmed,
    )


def _headline_sizes(
    seen: Standpoint, verdicts: "QuerySet[Verdict]", listed: int
) -> tuple[list[int], int]:
    """By the groups of URGENCY; and how many verdicts nobody has confirmed the reading of.

    listed: how many targets there are.
    """
    if listed <= COUNTED_ANEW_UP_TO:
        return _count_headline(verdicts)
    key = f"headline:{data_stamp()}:{moment_shown()}:{seen.query}"
    counted = cached_text(key, lambda: json.dumps(_count_headline(verdicts)), seconds=A_MINUTE)
    sizes, unconfirmed = json.loads(counted)
    return sizes, unconfirmed


def _count_headline(verdicts: "QuerySet[Verdict]") -> tuple[list[int], int]:
    """One query."""
    is_unconfirmed = Q(reading__isnull=False, reading__confirmed_by__isnull=True)
    found = (
        verdicts.filter(Q(target__key=True) | Q(light__in=rows.COLOURED)).order_by()
        .values_list(*_Parts._fields, "target__key")
        .annotate(Count("pk"), unconfirmed=Count("pk", filter=is_unconfirmed))
    )  # fmt: skip
    counts: dict[Standing, int] = defaultdict(int)
    unconfirmed = 0
    for *parts, is_key, count, of_these in found:
        standing = standing_of(_Parts(*parts))
        if is_key:
            counts[standing] += count
        if standings.COVERAGE_OF[standing] == Coverage.DECIDED:
            unconfirmed += of_these
    return [sum(counts[each] for each in group) for group in URGENCY], unconfirmed


def _lights(sizes: Sequence[int]) -> list[rows.LightCount]:
    """sizes: of the groups of URGENCY, each of which has one light."""
    lights: dict[str, int] = defaultdict(int)
    for group, size in zip(URGENCY, sizes, strict=True):
        lights[standings.LIGHT_OF[group[0]]] += size
    return rows.worst_first(lights)


def verdicts_seen(seen: Standpoint) -> "QuerySet[Verdict]":
    """The verdicts that say how the targets in force of a goal year stood in the as-of year."""
    return Verdict.objects.at(seen.as_of).filter(
        target__target_year=seen.goal, target__superseded_at__isnull=True
    )


class WorstFirst:
    """Verdicts by urgency, of which a paginator takes slices.

    groups: standings of the same urgency, most urgent first; sizes: how many of `verdicts` each
    holds. They say in which group a slice begins: the database is asked for a stretch of that
    one, which it finds along an index, and need not sort all of them.
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

    def __getitem__(self, wanted: slice) -> Stretches:
        """Stretches of ids, for `_rows`. No query."""
        return list(self._stretches(wanted.start or 0, wanted.stop))

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


class FoundIn(Func):
    """Whether an id is among those that a subquery finds.

    PostgreSQL joins so many tables for all verdicts before it looks at a subquery; as an array it
    finds the ids first.
    """

    template, arg_joiner, arity = "%(expressions)s", " IN ", 2
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY (ARRAY "
        )


def _rows(stretches: Stretches) -> list[Verdict]:
    """What the stretches hold, each verdict once, the most urgent first. One query."""
    if not stretches:
        return []
    ids = stretches[0].union(*stretches[1:], all=True) if stretches[1:] else stretches[0]
    found = Verdict.objects.filter(FoundIn("pk", Subquery(ids))).select_related(
        "reading__series__indicator",
        *[f"target__{name}" for name in ("document", "area", "domain")],
    )
    return sorted(found.order_by(), key=urgency)


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


class _Parts(NamedTuple):
    """What standings are made of."""

    light: str
    status: str
    side_state: str
    side_year: int | None
    actual_year: int | None


def _count(verdicts: "QuerySet[Verdict]", groups: Sequence[Sequence[Standing]]) -> list[int]:
    """How many each group holds. One query, which counts by what standings are made of: said as
    conditions they take both Django and the database several times as long."""
    found = verdicts.order_by().values_list(*_Parts._fields).annotate(Count("pk"))
    counts: dict[Standing, int] = defaultdict(int)
    for *parts, count in found:
        counts[standing_of(_Parts(*parts))] += count
    return [sum(counts[each] for each in group) for group in groups]


def _any_of(group: Sequence[Standing]) -> Q:
    return reduce(or_, (CONDITIONS[each] for each in group), Q(pk__in=[]))
