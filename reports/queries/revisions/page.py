"""The register: what was stated or read anew, the newest first."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import F, Q, QuerySet, Value

from indicators.models import TargetReading
from plans.models import Document, Target
from reports.queries.revisions.entries import Revision, RevisionKind
from reports.queries.revisions.readings import read_anew
from reports.queries.revisions.targets import corrected, restated, ties
from targets_site.places.models import Area
from targets_site.reading.shared import page_of

REVISIONS_A_PAGE = 30


def revisions_page(
    *, area: Area | None, document: Document | None, number: int
) -> "tuple[Page[Any], list[Revision]]":
    """The newest first. Six queries."""
    page = page_of(Paginator(_events(area, document), REVISIONS_A_PAGE), number)
    events = list(page.object_list)
    found = {
        RevisionKind.RESTATED: restated(_refs(events, RevisionKind.RESTATED)),
        RevisionKind.CORRECTED: corrected(_refs(events, RevisionKind.CORRECTED)),
        RevisionKind.READ_ANEW: read_anew(_refs(events, RevisionKind.READ_ANEW)),
    }
    shown = [found[RevisionKind(event["what"])].get(event["ref"]) for event in events]
    return page, [revision for revision in shown if revision is not None]


def _events(area: Area | None, document: Document | None) -> "QuerySet[Any, Any]":
    """When, of which kind, and the id of the row that was replaced."""
    tied = ties().filter(
        from_target__superseded_at__isnull=True, to_target__superseded_at__isnull=True
    )
    replaced = Target.objects.filter(superseded_at__isnull=False)
    # A reading that went along with its target was not read anew.
    stays = Q(target__superseded_at__isnull=True) | ~Q(target__superseded_at=F("superseded_at"))
    read = TargetReading.objects.filter(stays, superseded_at__isnull=False)
    if area is not None:
        tied, replaced = tied.filter(from_target__area=area), replaced.filter(area=area)
        read = read.filter(target__area=area)
    if document is not None:
        either = Q(from_target__document=document) | Q(to_target__document=document)
        tied, replaced = tied.filter(either), replaced.filter(document=document)
        read = read.filter(target__document=document)
    parts = [
        _event(tied, "from_target__recorded_at", RevisionKind.RESTATED),
        _event(replaced, "superseded_at", RevisionKind.CORRECTED),
        _event(read, "superseded_at", RevisionKind.READ_ANEW),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-at", "what", "ref")


def _event(rows: "QuerySet[Any]", at: str, kind: RevisionKind) -> "QuerySet[Any, Any]":
    said = Value(kind.value, output_field=models.CharField())
    return rows.order_by().values(at=F(at), what=said, ref=F("pk"))


def _refs(events: Iterable[dict[str, Any]], kind: RevisionKind) -> list[int]:
    return [event["ref"] for event in events if event["what"] == kind]
