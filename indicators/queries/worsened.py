"""Targets whose verdict has changed its light lately, with how it came to that."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from django.db.models import Case, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, When
from django.utils import timezone

from indicators.models import Judgement, Round, Verdict
from indicators.queries.completeness import batched
from indicators.queries.counted_years import round_years
from indicators.worsening import RANK, SHORT, Course, course_of
from plans.models import Target

TARGETS_AT_A_TIME = 500
# After a new version of the method every verdict is superseded at once, millions of them: so many
# ids of targets, or areas with a round that has closed, are asked about in one statement.
IDS_AT_A_TIME = 5000
AREAS_AT_A_TIME = 20


@dataclass(frozen=True)
class Changed:
    """A target in force, seen from the year that matters now, whose verdict changed lately."""

    target: Target
    as_of: int
    course: Course


@dataclass
class _Places:
    """Where a verdict changed: by target code, as-of years, and the ids of its rows (a target
    that is stated anew keeps its code)."""

    years: dict[str, set[int]]
    ids: dict[str, set[int]]


def changed_lately(
    *, since: datetime.datetime, moment: datetime.datetime, settle: datetime.timedelta
) -> Iterator[list[Changed]]:
    """Some targets at a time, by code.

    Looks only at verdicts that were superseded since then by one that says something else, and
    where a round closed since then at those that got worse since it opened: its years count from
    the closing on. A verdict that never changed costs nothing, and neither does a first load.
    """
    places = _Places(defaultdict(set), defaultdict(set))
    until = Verdict.objects.filter(
        superseded_at__lte=moment, as_of__lte=timezone.localtime(moment).year
    )
    lately = until.filter(Exists(_says_otherwise()), superseded_at__gte=since)
    for of_some in _by_target(lately):
        _collect(of_some, places)
    for areas, opened_at in _closed(since, moment):
        of_round = until.filter(target__area__in=areas, superseded_at__gte=opened_at)
        _collect(of_round.alias(rank=_rank()).filter(Exists(_is_worse())), places)
    for codes in batched(sorted(places.years), TARGETS_AT_A_TIME):
        yield _changed(codes, places, moment=moment, settle=settle)


def _by_target(rows: "QuerySet[Verdict]") -> Iterator["QuerySet[Verdict]"]:
    """The rows by ranges of the ids of their targets."""
    ids = Target.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ids["first"] is not None:
        for start in range(ids["first"], ids["last"] + 1, IDS_AT_A_TIME):
            yield rows.filter(target_id__gte=start, target_id__lt=start + IDS_AT_A_TIME)


def _closed(
    since: datetime.datetime, moment: datetime.datetime
) -> Iterator[tuple[list[int], datetime.datetime]]:
    """Areas of rounds that closed since then, with when the first of these opened."""
    rounds = Round.objects.filter(closes_at__gt=since, closes_at__lte=moment)
    for some in batched(rounds.order_by("pk").values_list("area", "opens_at"), AREAS_AT_A_TIME):
        yield [area for area, _opens in some], min(opens for _area, opens in some)


def _in_force_now() -> "QuerySet[Verdict]":
    """The verdict of the same target and year that stands today."""
    return Verdict.objects.in_force().filter(
        target__code=OuterRef("target__code"),
        target__superseded_at__isnull=True,
        as_of=OuterRef("as_of"),
    )


def _says_otherwise() -> "QuerySet[Verdict]":
    return _in_force_now().exclude(
        light=OuterRef("light"),
        status=OuterRef("status"),
        breached_years=OuterRef("breached_years"),
    )


def _is_worse() -> "QuerySet[Verdict]":
    """All that `Standing.worse_than` may call worse; it decides."""
    newly_short = Q(status__in=SHORT) & ~Q(status=OuterRef("status"))
    other_years = ~Q(breached_years=OuterRef("breached_years"))
    of_rank = _in_force_now().alias(rank=_rank())
    return of_rank.filter(Q(rank__gt=OuterRef("rank")) | newly_short | other_years)


def _rank() -> Case:
    """0 for the best light; none for grey."""
    return Case(
        *(When(light=light, then=rank) for light, rank in RANK.items()),
        output_field=IntegerField(),
    )


def _collect(rows: "QuerySet[Verdict]", places: _Places) -> None:
    for code, pk, as_of in rows.order_by().values_list("target__code", "target", "as_of"):
        places.years[code].add(as_of)
        places.ids[code].add(pk)


def _changed(
    codes: tuple[str, ...],
    places: _Places,
    *,
    moment: datetime.datetime,
    settle: datetime.timedelta,
) -> list[Changed]:
    as_of = _years_that_matter(codes, moment)
    wanted = {target: year for target, year in as_of.items() if year in places.years[target.code]}
    chains = _chains(wanted, places)
    found = []
    for target, year in wanted.items():
        course = course_of(chains[target.code], moment=moment, settle=settle)
        if course is not None:
            found.append(Changed(target, year, course))
    return found


def _years_that_matter(
    codes: tuple[str, ...], moment: datetime.datetime
) -> dict[Target, int | None]:
    """By target in force, the year from which its verdict is seen now, by code."""
    targets = Target.objects.in_force().filter(code__in=codes)
    found = list(targets.select_related("document", "area").order_by("code"))
    of_area = round_years({target.area_id for target in found}, moment=moment)
    known = _known_years([each for each in found if of_area[each.area_id].running])
    this_year = timezone.localtime(moment).year
    return {
        target: of_area[target.area_id].latest_counted(
            target.document.start_year,
            min(target.target_year or target.document.end_year, this_year),
            known=known[target.code],
        )
        for target in found
    }


def _known_years(targets: Collection[Target]) -> Mapping[str, set[int]]:
    """By code, the years that today's verdicts rest on. Two queries, none without targets."""
    known: dict[str, set[int]] = defaultdict(set)
    if not targets:
        return known
    figures = Verdict.objects.in_force().filter(target__in=targets)
    of_figures = figures.order_by().values_list("target__code", "actual_year").distinct()
    codes = {target.code for target in targets}
    judged = Judgement.objects.filter(target_code__in=codes, in_force__isnull=False)
    for code, year in chain(of_figures, judged.values_list("target_code", "year")):
        if year is not None:
            known[code].add(year)
    return known


def _chains(wanted: Mapping[Target, int | None], places: _Places) -> dict[str, list[Verdict]]:
    """All verdicts of each target and its year, by code, as they were recorded."""
    code_of = {pk: target.code for target in wanted for pk in places.ids[target.code]}
    code_of |= {target.pk: target.code for target in wanted}
    year_of = {target.code: year for target, year in wanted.items()}
    rows = Verdict.objects.filter(target__in=code_of, as_of__in=set(year_of.values()))
    chains: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in rows.order_by("recorded_at", "pk"):
        code = code_of[verdict.target_id]
        if verdict.as_of == year_of[code]:
            chains[code].append(verdict)
    return chains
