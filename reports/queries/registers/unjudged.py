"""What cannot be judged, by area and reason, and the targets that each count is of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from indicators.models import Verdict
from plans.models import Domain
from reports.enums import Reason
from reports.queries import rows
from reports.queries.registers.reasons import with_reason
from reports.queries.scopes import Scope
from reports.queries.standpoints import Standpoint
from reports.queries.worst_first import verdicts_seen
from targets_site.places.models import Area
from targets_site.reading.shared import page_of

TARGETS_A_PAGE = 25
_NARROWER = {Reason.NO_READING, Reason.NO_TOLERANCE, Reason.LEFT_OPEN, Reason.NO_YEAR}


@dataclass(frozen=True)
class AreaCounts:
    """An area with all below it; is_own: the scope's area without what is below it. counts: by
    reason, zeros left out."""

    area: Area
    counts: Mapping[Reason, int]
    is_own: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Register:
    """rows: by the codes of the areas, the scope's own first. reasons: those that occur, in their
    order, each with its sum."""

    rows: list[AreaCounts]
    reasons: list[tuple[Reason, int]]

    @property
    def total(self) -> int:
        return sum(count for _reason, count in self.reasons)


@dataclass(frozen=True)
class Unjudged:
    """One target with why it cannot be judged."""

    line: rows.TargetLine
    reason: Reason

    @property
    def says_more(self) -> bool:
        """Whether the reason is narrower than the status, which the line shows."""
        return self.reason in _NARROWER


@dataclass(frozen=True)
class UnjudgedPage:
    page: "Page[Any]"
    found: list[Unjudged]


def unjudged(seen: Standpoint, domain: Domain | None) -> "QuerySet[Any]":
    """Verdicts with `reason`. A goal year of 0 means the targets that give none, each as of the end
    of its document."""
    verdicts = verdicts_seen(seen) if seen.goal else _without_year()
    if domain is not None:
        verdicts = verdicts.filter(target__domain=domain)
    return with_reason(seen.scope.narrow(verdicts))


def _without_year() -> "QuerySet[Any]":
    return Verdict.objects.in_force().filter(
        rows.final_verdicts(), target__target_year__isnull=True, target__superseded_at__isnull=True
    )


def register(scope: Scope, verdicts: "QuerySet[Any]") -> Register:
    """verdicts: of `unjudged`. Two queries."""
    found = (
        verdicts.order_by().annotate(child=_child(scope))
        .values_list("child", "reason").annotate(Count("pk"))
    )  # fmt: skip
    by_area: dict[int, dict[Reason, int]] = {}
    for area_id, reason, count in found:
        by_area.setdefault(area_id, {})[Reason(reason)] = count
    areas = Area.objects.in_bulk(by_area)
    shown = [
        AreaCounts(areas[pk], counts, is_own=areas[pk] == scope.area and len(by_area) > 1)
        for pk, counts in by_area.items()
    ]
    shown.sort(key=lambda row: (not row.is_own, row.area.code))
    return Register(shown, _sums(by_area.values()))


def _child(scope: Scope) -> Any:
    """The id of the area of the level at hand that a target belongs to, as `Scope.tallies`."""
    if scope.area is None:
        above = ("target__area__parent__parent", "target__area__parent", "target__area")
        return Coalesce(*above)
    if len(scope.path) > 1:
        return F("target__area")
    own_or_part = Q(target__area=scope.area) | Q(target__area__parent=scope.area)
    return Case(When(own_or_part, then="target__area"), default="target__area__parent")


def _sums(counts: Iterable[Mapping[Reason, int]]) -> list[tuple[Reason, int]]:
    counts = list(counts)
    sums = [(reason, sum(each.get(reason, 0) for each in counts)) for reason in Reason]
    return [(reason, count) for reason, count in sums if count]


def unjudged_page(
    verdicts: "QuerySet[Any]", *, reason: str | None, own: Area | None, number: int
) -> UnjudgedPage:
    """By area and code. own: only of this area, without what is below it. Four queries."""
    if reason:
        verdicts = verdicts.filter(reason=reason)
    if own is not None:
        verdicts = verdicts.filter(target__area=own)
    shown = verdicts.select_related(
        "target__document", "target__area", "target__domain", "reading__series__indicator"
    ).order_by("target__area__code", "target__code")
    page = page_of(Paginator(shown, TARGETS_A_PAGE), number)
    found: list[Any] = list(page)
    lines = rows.lines_of_verdicts(found)
    reasons = [Reason(verdict.reason) for verdict in found]
    return UnjudgedPage(page, [Unjudged(*each) for each in zip(lines, reasons, strict=True)])
