"""The job that drafts a report."""

from __future__ import annotations

import hashlib

from django.db.models import Max
from django.utils import timezone

from indicators.actions.jobs import Claimed
from indicators.models import Job
from reports.actions.shared import check_reviews, note
from reports.drafting.report import Drafted, draft_report
from reports.enums import ReportStepKind, Stage
from reports.models import Report, ReportText
from reports.paper.stored import blocks_as_json
from reports.paper.word import word_of
from reports.queries.papers import names_of, paper_of
from targets_site.accounts.models import User
from targets_site.audit.models import Entry
from targets_site.places.models import Area, Department


def do(claimed: Claimed) -> None:
    """Draft the report of a job. Raises NotAllowed where who asked reviews the area no more, and
    PaperUnavailable where its pictures cannot be drawn."""
    asked = claimed.job.parameters
    area = Area.objects.get(code=asked["area"])
    department = _department(area, asked["department"])
    by = claimed.job.asked_by
    if by is None:
        raise TypeError("a report is asked for by a person")
    check_reviews(by, area_id=area.pk)
    with claimed.finishing():
        _store(claimed.job, area=area, year=asked["year"], department=department, by=by)


def _department(area: Area, code: str) -> Department | None:
    return Department.objects.get(area=area, code=code) if code else None


def _store(job: Job, *, area: Area, year: int, department: Department | None, by: User) -> Report:
    """The new draft takes the place of the one under way, in the caller's transaction."""
    now = timezone.now()
    head = Entry.objects.order_by("-seq").first()
    drafted = draft_report(
        area, year=year, department=department, at=now, trail_seq=head.seq if head else 0
    )
    # Two drafts at a time would take the same edition.
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    others = Report.objects.filter(area=area, year=year, department=department)
    last = others.aggregate(last=Max("edition"))["last"] or 0
    others.under_way().update(replaced_at=now)
    report = Report.objects.create(
        area=area,
        year=year,
        department=department,
        edition=last + 1,
        frozen=drafted.frozen,
        method_version=drafted.method_version,
        trail_seq=head.seq if head else 0,
        trail_hash=head.hash if head else "",
        job=job,
        made_by=by,
        made_at=now,
    )
    text = _first_text(report, drafted, by=by)
    note(
        report,
        kind=ReportStepKind.DRAFT,
        from_stage=Stage.DRAFT,
        text=text,
        by=by,
        word_sha256=text.sha256,
    )
    return report


def _first_text(report: Report, drafted: Drafted, *, by: User) -> ReportText:
    text = ReportText(
        report=report, number=1, blocks=blocks_as_json(drafted.blocks), made_by=by, size=0
    )
    word = word_of(paper_of(report, text), names=names_of(report))
    text.size, text.sha256 = len(word), hashlib.sha256(word).hexdigest()
    text.save()
    return text
