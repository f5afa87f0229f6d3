"""The reference pages: areas, departments, indicators and domains as lists for readers."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from indicators.models import Indicator, Series, TargetReading
from plans.enums import DepartmentPart, Kind
from plans.models import Document, Domain, Target, TargetDepartment
from targets_site.places.models import Area, Department

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Numbers:
    """How much the reference holds."""

    areas: int
    departments: int
    indicators: int
    documents: int
    targets: int


def numbers() -> Numbers:
    """Of what is in force. Five queries."""
    return Numbers(
        areas=Area.objects.count(),
        departments=Department.objects.count(),
        indicators=Indicator.objects.count(),
        documents=Document.objects.count(),
        targets=Target.objects.in_force().count(),
    )


def domains() -> "QuerySet[Domain, Any]":
    """In their order, with `computed` and `in_words`: numbers of targets in force."""
    in_force, words = Q(targets__superseded_at__isnull=True), Q(targets__kind=Kind.TEXT)
    return Domain.objects.annotate(
        computed=Count("targets", filter=in_force & ~words),
        in_words=Count("targets", filter=in_force & words),
    ).order_by("position", "code")


def areas_page(parent: Area | None, *, number: int) -> "Page[Any]":
    """The areas one level below, by code; provinces where no parent is given. With `part_count`,
    `department_count`, `document_count` and `target_count`, each of the area itself. Two queries.
    """
    below = Area.objects.filter(parent=parent).order_by("code")
    targets = Target.objects.in_force()
    counted = below.annotate(
        part_count=_count(Area.objects.all(), "parent"),
        department_count=_count(Department.objects.all(), "area"),
        document_count=_count(Document.objects.all(), "area"),
        target_count=_count(targets, "area"),
    )
    return Paginator(counted, ROWS_A_PAGE).get_page(number)


def departments_page(area: Area | None, *, number: int) -> "Page[Any]":
    """By code. With `lead_count`, `responsible_count`: targets in force that name it;
    `listed_count`: those that its area's page lists as its own, since nobody else leads them;
    `series_count`: series that it reports. Two queries."""
    found = Department.objects.filter(area=area) if area else Department.objects.all()
    links = TargetDepartment.objects.filter(target__superseded_at__isnull=True)
    leads = TargetDepartment.objects.filter(target=OuterRef("target"), part=DepartmentPart.LEAD)
    counted = found.select_related("area", "successor").annotate(
        lead_count=_count(links.filter(part=DepartmentPart.LEAD), "department"),
        responsible_count=_count(links.filter(part=DepartmentPart.RESPONSIBLE), "department"),
        listed_count=_count(
            links.filter(Q(part=DepartmentPart.LEAD) | ~Exists(leads)), "department"
        ),
        series_count=_count(Series.objects.all(), "department_links__department"),
    )
    return Paginator(counted.order_by("area__code", "code"), ROWS_A_PAGE).get_page(number)


def indicators_page(domain: Domain | None, *, number: int) -> "Page[Any]":
    """By code; of a domain: those that measure a target of it. With `series_count` and
    `target_count`: targets that are read by it. Two queries."""
    readings = TargetReading.objects.in_force()
    found = Indicator.objects.all()
    if domain is not None:
        of_domain = readings.filter(target__domain=domain, series__indicator=OuterRef("pk"))
        found = found.filter(Exists(of_domain))
    counted = found.annotate(
        series_count=_count(Series.objects.all(), "indicator"),
        target_count=_count(readings, "series__indicator"),
    )
    return Paginator(counted.order_by("code"), ROWS_A_PAGE).get_page(number)


def _count(rows: "QuerySet[Any]", path: str) -> Coalesce:
    """How many of the rows lead by `path` to the row at hand: a subquery each, for a page's rows
    only, where joins would multiply."""
    counted: QuerySet[Model, Any] = (
        rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)
