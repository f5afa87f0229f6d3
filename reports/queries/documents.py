"""A document with its targets, as it states them."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from plans.locators import in_order_of_text
from plans.models import Document, Target
from reports.queries import rows
from reports.queries.tallies import Tally, tally


@dataclass(frozen=True)
class DocumentPage:
    """lines: targets in the order of the document, those in words too. tally: their number."""

    document: Document
    lines: list[rows.TargetLine]
    tally: Tally


def documents() -> "QuerySet[Document]":
    return Document.objects.select_related("area")


def document_page(document: Document) -> DocumentPage:
    """Six queries. The targets carry `restates` and `restated_by`: lists of targets in force."""
    others = Target.objects.in_force().select_related("document__area")
    targets = list(
        Target.objects.in_force().filter(document=document)
        .select_related("document", "area", "domain").order_by("code")
        .prefetch_related(
            Prefetch("replaces", queryset=others, to_attr="restates"),
            Prefetch("replaced_by", queryset=others, to_attr="restated_by"),
        )
    )  # fmt: skip
    order = in_order_of_text([target.locator for target in targets])
    lines = rows.lines_of_targets([targets[at] for at in order])
    return DocumentPage(document, lines, tally(lines))
