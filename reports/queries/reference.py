"""The reference pages: areas, departments, indicators and domains as lists for readers."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from indicators.models import Indicator, Series, TargetReading, VerdictTally
from plans.enums import DepartmentPart
from plans.models import Document, Domain, Target, TargetDepartment
from reports.queries.counting import count_of
from targets_site.places.models import Area, Department
from targets_site.reading.shared import page_of

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Numbers:
    """How much the reference holds."""

    areas: int
    departments: int
    indicators: int
    documents: int


@dataclass(frozen=True)
class DomainNumbers:
    """computed, in_words: targets of the domain in force, as they were last counted."""

    domain: Domain
    computed: int
    in_words: int


@dataclass(frozen=True)
class IndicatorRow:
    """series, targets: how many measure it, and how many are read by it."""

    indicator: Indicator
    series: int
    targets: int


def numbers() -> Numbers:
    """Four queries."""
    return Numbers(
        areas=Area.objects.count(),
        departments=Department.objects.count(),
        indicators=Indicator.objects.count(),
        documents=Document.objects.count(),
    )


def domains() -> list[DomainNumbers]:
    """In their order. Two queries: the sums stand in the tallies, where counting the targets of
    the nation takes a second."""
    tallies = VerdictTally.objects.filter(is_last=True).order_by().values("domain")
    summed = {
        row["domain"]: (row["computed"], row["in_words"])
        for row in tallies.annotate(computed=Sum("computed"), in_words=Sum("in_words"))
    }
    return [DomainNumbers(each, *summed.get(each.pk, (0, 0))) for each in Domain.objects.all()]


def areas_page(parent: Area | None, *, number: int) -> "Page[Any]":
    """The areas one level below, by code; provinces where no parent is given. With `part_count`,
    `department_count`, `document_count` and `target_count`, each of the area itself. Two queries.
    """
    below = Area.objects.filter(parent=parent).order_by("code")
    targets = Target.objects.in_force()
    counted = below.annotate(
        part_count=count_of(Area.objects.all(), "parent"),
        department_count=count_of(Department.objects.all(), "area"),
        document_count=count_of(Document.objects.all(), "area"),
        target_count=count_of(targets, "area"),
    )
    return page_of(Paginator(counted, ROWS_A_PAGE), number)


def departments_page(area: Area | None, *, number: int) -> "Page[Any]":
    """By code. With `lead_count`, `responsible_count`: targets in force that name it;
    `listed_count`: those that its area's page lists as its own, since nobody else leads them;
    `series_count`: series that it reports. Two queries."""
    found = Department.objects.filter(area=area) if area else Department.objects.all()
    links = TargetDepartment.objects.filter(target__superseded_at__isnull=True)
    leads = TargetDepartment.objects.filter(target=OuterRef("target"), part=DepartmentPart.LEAD)
    counted = found.select_related("area", "successor").annotate(
        lead_count=count_of(links.filter(part=DepartmentPart.LEAD), "department"),
        responsible_count=count_of(links.filter(part=DepartmentPart.RESPONSIBLE), "department"),
        listed_count=count_of(
            links.filter(Q(part=DepartmentPart.LEAD) | ~Exists(leads)), "department"
        ),
        series_count=count_of(Series.objects.all(), "department_links__department"),
    )
    return page_of(Paginator(counted.order_by("area__code", "code"), ROWS_A_PAGE), number)


def indicators_page(domain: Domain | None, *, number: int) -> "Page[Any]":
    """IndicatorRows by code; of a domain: those that measure a target of it. Four queries."""
    readings = TargetReading.objects.in_force()
    found = Indicator.objects.order_by("code")
    if domain is not None:
        of_domain = readings.filter(target__domain=domain)
        found = found.filter(pk__in=of_domain.values("series__indicator"))
    page: Page[Any] = page_of(Paginator(found, ROWS_A_PAGE), number)
    shown = list(page.object_list)
    series = _numbers_by(Series.objects.filter(indicator__in=shown), "indicator")
    targets = _numbers_by(readings.filter(series__indicator__in=shown), "series__indicator")
    page.object_list = [
        IndicatorRow(each, series.get(each.pk, 0), targets.get(each.pk, 0)) for each in shown
    ]
    return page


def _numbers_by(rows: "QuerySet[Any]", path: str) -> dict[int, int]:
    """Read once for all rows of a page: a few indicators have most of the series."""
    return dict(rows.order_by().values_list(path).annotate(number=Count("pk")))
