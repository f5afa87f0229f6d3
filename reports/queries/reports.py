"""Yearly reports as people may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Min, QuerySet

from indicators.enums import JobKind
from indicators.models import Job
from indicators.models.jobs import JobQuerySet
from reports.models import Report, ReportStep, ReportText
from reports.paper.blocks import Paper
from reports.queries.contents import differs_from_issue
from reports.queries.papers import paper_of
from reports.queries.report_words import WrittenWords, written_words
from targets_site.accounts.access import held_by
from targets_site.accounts.models import User
from targets_site.places.models import Area, Department


@dataclass(frozen=True)
class ReportPage:
    """The reports of an area, or of one of its departments, on a year, as one person sees them.

    report: the edition shown; None where there is none that the person may see. job: one that
    drafts it or failed to. may_decide: whether the person drafts, edits and moves it.
    words: what people wrote, for who decides. differs: whether it is issued and says something else
    now, which is not shown.
    """

    area: Area
    year: int
    department: Department | None
    report: Report | None
    text: ReportText | None
    paper: Paper | None
    editions: Sequence[Report]
    steps: Sequence[ReportStep]
    job: Job | None
    may_decide: bool
    words: WrittenWords
    differs: bool = False


def draft_jobs(area: Area, *, year: int, department: Department | None) -> JobQuerySet:
    """The jobs that draft this report, newest first."""
    asked = Job.objects.filter(
        kind=JobKind.REPORT,
        parameters__area=area.code,
        parameters__year=year,
        parameters__department=department.code if department else "",
    )
    return asked.order_by("-pk")


def editions_of(
    area: Area, *, year: int, department: Department | None, user: User | None
) -> QuerySet[Report]:
    """Newest first; only what the person may see."""
    rows = Report.objects.readable_by(user).select_related("area", "department", "made_by")
    return rows.filter(area=area, year=year, department=department).order_by("-edition")


def report_page(
    area: Area,
    *,
    year: int,
    department: Department | None,
    user: User | None,
    edition: int | None = None,
) -> ReportPage:
    """edition: which one to show, None for the newest. Eleven queries at most."""
    may_decide = user is not None and area.pk in held_by(user).reviewed
    rows = editions_of(area, year=year, department=department, user=user)
    # What was frozen is large, and shown of one edition only.
    editions = list(rows.defer("frozen"))
    wanted = (each for each in editions if edition in {None, each.edition})
    report = next(wanted, None)
    text = report.texts.order_by("-number").first() if report else None
    differs = bool(report and text and differs_from_issue(report, text))
    return ReportPage(
        area=area,
        year=year,
        department=department,
        report=report,
        text=text,
        paper=paper_of(report, text) if report and text and not differs else None,
        editions=editions,
        steps=list(_steps(report)) if report else [],
        job=_job(area, year=year, department=department) if may_decide else None,
        may_decide=may_decide,
        words=written_words(report) if report and may_decide else WrittenWords(),
        differs=differs,
    )


@dataclass(frozen=True)
class DraftOffer:
    """An area whose reports the person may draft. years: of its targets, none to come, the latest
    first."""

    area: Area
    years: Sequence[int]


def draft_offers(user: User | None, *, year: int) -> list[DraftOffer]:
    """For the areas that the person reviews and that have documents. year: this one."""
    reviewed = held_by(user).reviewed if user else frozenset()
    if not reviewed:
        return []
    areas = Area.objects.filter(pk__in=reviewed).annotate(first=Min("documents__start_year"))
    return [
        DraftOffer(area, range(year, area.first - 1, -1))
        for area in areas.order_by("code")
        if area.first is not None
    ]


def readable_reports(user: User | None, *, area: Area | None = None) -> QuerySet[Report]:
    """Those that the person may see and that no newer draft replaced; the latest year first."""
    rows = Report.objects.readable_by(user).filter(replaced_at__isnull=True)
    if area is not None:
        rows = rows.filter(area=area)
    shown = rows.select_related("area", "department").defer("frozen")
    return shown.order_by("-year", "area__code", "department__code", "-edition")


def _steps(report: Report) -> QuerySet[ReportStep]:
    steps = report.steps.select_related("by", "text").defer("text__blocks")
    return steps.order_by("-version")


def _job(area: Area, *, year: int, department: Department | None) -> Job | None:
    """The latest, while it is at work or has failed."""
    latest = draft_jobs(area, year=year, department=department).first()
    return latest if latest and (latest.is_open or latest.may_be_retried) else None
