"""Documents locked, their targets computed, and what changed stored and recorded."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from indicators.actions.tallies import tally
from indicators.actions.verdicts import copied, rows
from indicators.models import TargetReading, Verdict
from plans.models import Document, Target
from targets_site.audit.actions import record

# So many documents are locked and computed together; a transaction each, unless the caller has one.
# Few enough that nobody waits for long for what was approved meanwhile, many enough that the
# questions do not count.
DOCUMENTS_AT_A_TIME = 150
# The trail's name for what no person did.
BY_THE_METHOD = "method"


def recompute(targets: QuerySet[Target], *, as_of: int | None = None) -> int:
    """Store the verdicts of these targets, of every year from start to target year or of one,
    that differ from those in force; returns how many.

    Targets of the same document and series come along, since milestones are among them. One trail
    entry for each 150 documents, and one transaction unless the caller has one.
    """
    named: dict[int, list[int]] = defaultdict(list)
    for document, target in _with_milestones(targets):
        named[document].append(target)
    return sum(
        _recompute_documents(some, sorted(pk for one in some for pk in named[one]), as_of=as_of)
        for some in _in_blocks(sorted(named))
    )


def recompute_areas(areas: Sequence[str], *, as_of: int | None) -> int:
    """As `recompute`, of all targets in force of these areas, by code."""
    found = Target.objects.in_force().filter(area__code__in=areas).order_by("document_id")
    documents = list(found.values_list("document_id", flat=True).distinct())
    return sum(_recompute_documents(some, None, as_of=as_of) for some in _in_blocks(documents))


def _with_milestones(targets: QuerySet[Target]) -> Iterable[tuple[int, int]]:
    """Document and id of each, and of those of the same document and series."""
    asked = Target.objects.in_force().filter(pk__in=targets.values("pk"))
    readings = TargetReading.objects.in_force()
    measured_alike = readings.filter(
        series__in=readings.filter(target__in=asked).values("series"),
        target__document__in=asked.values("document"),
        target__superseded_at__isnull=True,
    )
    # Not one condition or the other, for which every target would be looked at.
    return (
        asked.order_by()
        .values_list("document_id", "pk")
        .union(measured_alike.order_by().values_list("target__document_id", "target_id"))
    )


def _in_blocks(documents: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(documents), DOCUMENTS_AT_A_TIME):
        yield documents[start : start + DOCUMENTS_AT_A_TIME]


@transaction.atomic
def _recompute_documents(
    documents: Sequence[int], targets: Sequence[int] | None, *, as_of: int | None
) -> int:
    """By ids; targets: None for all that are in force."""
    # One job a document at a time, or two would store the same verdict; in one order, or two
    # jobs would wait for each other.
    held = Document.objects.select_for_update(no_key=True).filter(pk__in=documents).order_by("pk")
    slugs = list(held.values_list("slug", flat=True))
    changed = _supersede_outside_period(documents, targets) if as_of is None else 0
    compute = copied.recompute if connection.vendor == "postgresql" else rows.recompute
    stored = compute(documents, targets, as_of=as_of)
    changed += stored.changed
    # Also where none is new: those of years outside the period may have gone.
    tally(documents, as_of=as_of)
    if changed:
        record(
            "recompute",
            f"document:{slugs[0]}" if len(slugs) == 1 else f"documents:{slugs[0]}…{slugs[-1]}",
            by=BY_THE_METHOD,
            after={"documents": slugs, "verdicts": changed, "sha256": stored.digest},
        )
    return changed


def _supersede_outside_period(documents: Sequence[int], targets: Sequence[int] | None) -> int:
    """Verdicts seen from years that a target has no more, since its document's period moved."""
    last = Coalesce("target__target_year", "target__document__end_year")
    outside = Verdict.objects.in_force().filter(
        Q(as_of__lt=F("target__document__start_year")) | Q(as_of__gt=last),
        target__document__in=documents,
        target__superseded_at__isnull=True,
    )
    if targets is not None:
        outside = outside.filter(target__in=targets)
    return Verdict.objects.filter(pk__in=outside.values("pk")).update(superseded_at=timezone.now())
