"""A document with its targets, as it states them, and the list of documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet

from plans.enums import DepartmentPart, Kind
from plans.locators import heading_and_place, in_order_of_text
from plans.models import Document, Target
from reports.queries import rows
from reports.queries.counting import count_of
from reports.queries.tallies import Tally, tally
from targets_site.places.models import Area, Department
from targets_site.reading.shared import page_of

DOCUMENTS_A_PAGE = 50
# As many as a line has room for; documents name up to thirteen.
FEW_DEPARTMENTS = 3


@dataclass(frozen=True)
class DocumentLine:
    """A target under its heading. place: paragraph or sentence there, may be empty. leads: as the
    document names them; responsible: the first of those, more_responsible: how many more."""

    line: rows.TargetLine
    heading: str
    place: str
    leads: list[Department]
    responsible: list[Department]
    more_responsible: int


@dataclass(frozen=True)
class Heading:
    """A heading of the text with the targets under it. title: its path; may be empty."""

    title: str
    lines: list[DocumentLine]


@dataclass(frozen=True)
class DocumentPage:
    """headings: in the order of the text, with the targets that are asked for. shown: their
    number. tally: of all targets of the document."""

    document: Document
    headings: list[Heading]
    shown: int
    total: int
    tally: Tally


def documents() -> "QuerySet[Document]":
    return Document.objects.select_related("area")


def documents_page(area: Area | None, *, number: int) -> "Page[Any]":
    """With `target_count` (targets to compute) and `in_words_count`. Two queries."""
    found = documents().filter(area=area) if area else documents()
    targets = Target.objects.in_force()
    counted = found.annotate(
        target_count=count_of(targets.exclude(kind=Kind.TEXT), "document"),
        in_words_count=count_of(targets.filter(kind=Kind.TEXT), "document"),
    )
    pages = Paginator(counted.order_by("area__code", "start_year", "slug"), DOCUMENTS_A_PAGE)
    return page_of(pages, number)


def lines_of_document(document: Document, *, as_of: int | None) -> list[rows.TargetLine]:
    """All targets in force in the order of the text. Five queries. The targets carry `restates` and
    `restated_by`: lists of targets in force."""
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
    return rows.lines_of_targets([targets[at] for at in order], as_of=as_of, with_figures=False)


def document_page(
    document: Document, lines: Sequence[rows.TargetLine], *, narrowed: Mapping[str, str]
) -> DocumentPage:
    """No query. narrowed: by `goal` (0 for no year), `domain`, `key`, `part` and `light`."""
    asked = [_document_line(line) for line in lines if _is_asked(line, narrowed)]
    headings = [
        Heading(title, list(under))
        for title, under in groupby(asked, key=lambda each: each.heading)
    ]
    return DocumentPage(document, headings, len(asked), len(lines), tally(lines))


def _is_asked(line: rows.TargetLine, narrowed: Mapping[str, str]) -> bool:
    has = {
        "goal": str(line.target.target_year or 0),
        "domain": line.target.domain.code,
        "key": "1" if line.target.key else "",
        "part": "words" if line.is_in_words else "figures",
        "light": line.verdict.light if line.verdict else "",
    }
    return all(has[name] == value for name, value in narrowed.items())


def _document_line(line: rows.TargetLine) -> DocumentLine:
    heading, place = heading_and_place(line.target.locator)
    responsible = line.target.departments_as(DepartmentPart.RESPONSIBLE)
    return DocumentLine(
        line,
        heading,
        place,
        line.target.departments_as(DepartmentPart.LEAD),
        responsible[:FEW_DEPARTMENTS],
        max(0, len(responsible) - FEW_DEPARTMENTS),
    )
