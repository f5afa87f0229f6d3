"""The job that drafts a report."""

from __future__ import annotations

import hashlib

from django.db.models import Max
from django.utils import timezone

from indicators.actions.jobs import Claimed
from reports.actions.shared import check_reviews, note
from reports.drafting.report import draft_report
from reports.enums import ReportStepKind, Stage
from reports.models import Report, ReportText
from reports.models.reports import ReportQuerySet
from reports.paper.blocks import Block
from reports.paper.stored import blocks_as_json
from reports.printing import word_of_paper
from reports.queries.papers import names_of, paper_of
from targets_site.accounts.models import User
from targets_site.audit.chain import head
from targets_site.places.models import Area, Department
from targets_site.snapshot import snapshot


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
    # Before the transaction that writes: it takes seconds, and SQLite lets one write at a time.
    with snapshot():
        report, blocks = _drafted(area, asked["year"], department, by=by)
    report.job = claimed.job
    text = _first_text(report, blocks)
    with claimed.finishing():
        _store(report, text)


def _drafted(
    area: Area, year: int, department: Department | None, *, by: User
) -> tuple[Report, tuple[Block, ...]]:
    """The next edition, not stored, and its text; the caller's snapshot holds all reads."""
    now = timezone.now()
    chained = head()
    seq = chained.seq if chained else 0
    drafted = draft_report(area, year=year, department=department, at=now, trail_seq=seq)
    last = _others(area, year, department).aggregate(last=Max("edition"))["last"] or 0
    report = Report(
        area=area,
        year=year,
        department=department,
        edition=last + 1,
        frozen=drafted.frozen,
        method_version=drafted.method_version,
        trail_seq=seq,
        trail_hash=chained.hash if chained else "",
        made_by=by,
        made_at=now,
    )
    return report, drafted.blocks


def _department(area: Area, code: str) -> Department | None:
    return Department.objects.get(area=area, code=code) if code else None


def _others(area: Area, year: int, department: Department | None) -> ReportQuerySet:
    return Report.objects.filter(area=area, year=year, department=department)


def _first_text(report: Report, blocks: tuple[Block, ...]) -> ReportText:
    text = ReportText(
        report=report, number=1, blocks=blocks_as_json(blocks), made_by=report.made_by
    )
    word = word_of_paper(paper_of(report, text), names=names_of(report))
    text.size, text.sha256 = len(word), hashlib.sha256(word).hexdigest()
    return text


def _store(report: Report, text: ReportText) -> None:
    """The new draft takes the place of the one under way, in the caller's transaction. Raises
    IntegrityError where another draft took its edition meanwhile, and the job is tried again."""
    others = _others(report.area, report.year, report.department)
    others.under_way().update(replaced_at=report.made_at)
    report.save()
    text.report = report
    text.save()
    note(
        report,
        kind=ReportStepKind.DRAFT,
        from_stage=Stage.DRAFT,
        text=text,
        by=report.made_by,
        files={"docx": text.sha256},
    )
