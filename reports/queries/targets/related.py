"""The targets beside a target: its milestones, what it restates and what restates it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from indicators.models import Series, TargetReading, Verdict
from indicators.relations import Relation, relation
from plans.enums import Kind
from plans.models import Target
from reports.queries.targets.cases import level_of, short_level
from reports.queries.targets.verdicts import VerdictsOf, seen_from
from reports.sentences import RestatedFacts, level_in_words, restated_sentence


@dataclass(frozen=True)
class Milestone:
    """An earlier target year of the same commitment, with its own verdict where there is one."""

    target: Target
    verdict: Verdict | None


@dataclass(frozen=True)
class RelatedTarget:
    """A target that this one restates, or that restates this one. relation: of the later to the
    original; sentence: says both levels and the relation."""

    target: Target
    verdict: Verdict | None
    relation: Relation
    is_original: bool
    sentence: str

    @property
    def level(self) -> str:
        return short_level(self.target)


def milestones_of(measured: Iterable[tuple[Target, int]]) -> Mapping[int, list[Target]]:
    """The milestones by the id of their target: reach and hold targets of the same document,
    series and direction with an earlier target year, oldest first. One query at most.

    measured: targets, each with the id of its series.
    """
    pairs = [(target, series) for target, series in measured if target.target_year is not None]
    read = _read_for_a_year(pairs) if pairs else {}
    found: dict[int, list[Target]] = defaultdict(list)
    for target, series in pairs:
        others = read.get((target.document_id, series), ())
        found[target.pk] = [each for each in others if _is_before(each, target)]
    return found


def _read_for_a_year(pairs: Sequence[tuple[Target, int]]) -> Mapping[tuple[int, int], list[Target]]:
    """Targets that may be milestones by document and series, oldest first."""
    readings = TargetReading.objects.in_force().filter(
        series__in={series for _target, series in pairs},
        target__document__in={target.document_id for target, _series in pairs},
        target__superseded_at__isnull=True,
        target__kind__in=[Kind.REACH, Kind.HOLD],
        target__target_year__isnull=False,
    )
    rows = readings.select_related("target").order_by("target__target_year", "target__code")
    found: dict[tuple[int, int], list[Target]] = defaultdict(list)
    for reading in rows:
        found[reading.target.document_id, reading.series_id].append(reading.target)
    return found


def _is_before(milestone: Target, target: Target) -> bool:
    years = (milestone.target_year or 0, target.target_year or 0)
    return years[0] < years[1] and milestone.direction == target.direction


@dataclass(frozen=True)
class Beside:
    """milestones: reach and hold targets of the same document, series and direction with an
    earlier target year, oldest first. originals, restaters: what the target restates and what
    restates it, by code. series: ids by the id of each of these."""

    milestones: list[Target]
    originals: list[Target]
    restaters: list[Target]
    series: Mapping[int, int | None]


def beside(target: Target, series: Series | None) -> Beside:
    """All of them in force: a correction of either leaves the tie in place. One query."""
    originals = Target.objects.filter(
        replaced_by__code=target.code, replaced_by__superseded_at__isnull=True
    ).values("code")
    of_code = Target.objects.filter(code__in=originals).values("pk")
    restaters = Target.objects.filter(replaces__code=target.code).values("pk")
    read = TargetReading.objects.in_force().filter(target=OuterRef("pk")).values("series")
    earlier = _earlier(target, series)
    pks: list[Any] = [each.order_by() for each in (of_code, restaters, earlier)]
    found = list(
        Target.objects.in_force().select_related("document", "area")
        .filter(pk__in=pks[0].union(*pks[1:]))
        .annotate(
            is_original=Exists(of_code.filter(pk=OuterRef("pk"))),
            is_restater=Exists(restaters.filter(pk=OuterRef("pk"))),
            is_earlier=Exists(earlier.filter(pk=OuterRef("pk"))),
            series=Subquery(read[:1]),
        )
        .order_by("target_year", "code")
    )  # fmt: skip
    by_code = sorted(found, key=lambda row: row.code)
    return Beside(
        [row for row in found if row.is_earlier and row.direction == target.direction],
        [row for row in by_code if row.is_original],
        [row for row in by_code if row.is_restater and not row.is_original],
        {row.pk: row.series for row in found},
    )


def _earlier(target: Target, series: Series | None) -> "QuerySet[Any, Any]":
    """Ids of what may be milestones."""
    if series is None or target.target_year is None:
        return Target.objects.none().values("pk")
    return (
        Target.objects.in_force()
        .filter(
            document=target.document_id,
            kind__in=[Kind.REACH, Kind.HOLD],
            target_year__lt=target.target_year,
            readings__series=series,
            readings__superseded_at__isnull=True,
        )
        .values("pk")
    )


def related_targets(
    target: Target,
    series: Series | None,
    around: Beside,
    verdicts: VerdictsOf,
    *,
    as_of: int,
) -> list[RelatedTarget]:
    """What the target restates, then what restates it, each seen from the as-of year."""

    def related(other: Target, *, is_original: bool) -> RelatedTarget:
        original, restated = (other, target) if is_original else (target, other)
        found = verdicts.get(other.pk, [])
        found_relation = relation(
            original,
            restated,
            same_series=series is not None and series.pk == around.series[other.pk],
        )
        return RelatedTarget(
            target=other,
            # One whose period starts after the as-of year shows its first verdict.
            verdict=seen_from(found, as_of) or (found[0] if found else None),
            relation=found_relation,
            is_original=is_original,
            sentence=restated_sentence(_facts(original, restated, found_relation)),
        )

    return [
        *(related(other, is_original=True) for other in around.originals),
        *(related(other, is_original=False) for other in around.restaters),
    ]


def _facts(original: Target, restated: Target, found: Relation) -> RestatedFacts:
    return RestatedFacts(
        document=original.document.title,
        level=level_in_words(level_of(original)),
        year=original.target_year,
        later_document=restated.document.title,
        later_level=level_in_words(level_of(restated)),
        later_year=restated.target_year,
        relation=found,
    )


def other_commitment(target: Target, related: Sequence[RelatedTarget]) -> RelatedTarget | None:
    """The one whose level belongs into the chart of the target: of the same unit, at another
    value; the first that this one restates, else the first that restates it."""
    return next(
        (
            other
            for other in related
            if other.target.value is not None
            and other.target.kind in {Kind.REACH, Kind.HOLD}
            and other.target.unit == target.unit
            and other.target.value != target.value
        ),
        None,
    )
