"""A yearly report as PDF and Word, and its drawings. What prints is loaded by the first print."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.uploads import DOCX, PDF
from reports.actions.shared import newest_text
from reports.forms.reports import WhichForm
from reports.models import Report, ReportText
from reports.paper.errors import PaperUnavailable
from reports.paper.stored import content_digest
from reports.queries import reports as queries
from reports.queries.contents import differs_from_issue
from reports.queries.papers import names_of, paper_of
from reports.views.reports import Said, not_seen, reader, report_response
from targets_site.accounts.access import reading_page
from targets_site.audit.actions import record
from targets_site.places.models import Area


@reading_page
@require_safe
def pdf(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return _file(request, code, year, print_it=_as_pdf, media_type=PDF.media_type, ending="pdf")


@reading_page
@require_safe
def word(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return _file(request, code, year, print_it=_as_word, media_type=DOCX.media_type, ending="docx")


@reading_page
@require_safe
def picture(request: HttpRequest, code: str, year: int, tag: str) -> HttpResponse:
    """A drawing as it was frozen; none of a report that was changed after it was issued."""
    report = _seen(request, code, year)
    frozen = report.frozen.get("pictures", {}).get(tag)
    if frozen is None or differs_from_issue(report, newest_text(report)):
        raise Http404(tag)
    return HttpResponse(frozen["svg"], content_type="image/svg+xml; charset=utf-8")


def _as_pdf(report: Report, text: ReportText) -> bytes:
    from reports.printing import pdf_of_paper

    return pdf_of_paper(paper_of(report, text))


def _as_word(report: Report, text: ReportText) -> bytes:
    from reports.paper.word import word_of

    return word_of(paper_of(report, text), names=names_of(report))


def _file(
    request: HttpRequest,
    code: str,
    year: int,
    *,
    print_it: Callable[[Report, ReportText], bytes],
    media_type: str,
    ending: str,
) -> HttpResponse:
    """The file, whose digest stands in the trail; the page with a sentence where this machine
    cannot print, or an issued report was changed."""
    report = _seen(request, code, year)
    text = newest_text(report)
    if differs_from_issue(report, text):
        return report_response(request, code, year, status=409)
    try:
        content = print_it(report, text)
    except PaperUnavailable:
        sentence = _("This server cannot print: it lacks a library. Tell the system administrator.")
        return report_response(request, code, year, said=Said(problems=(sentence,)), status=503)
    _note_export(report, text, content, ending=ending)
    name = f"{report.frozen['title']}{report.frozen['part']}.{ending}"
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _note_export(report: Report, text: ReportText, content: bytes, *, ending: str) -> None:
    said = {
        "file": ending,
        "stage": report.stage,
        "text": text.number,
        "content_sha256": content_digest(report.frozen, text.blocks),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    with transaction.atomic():
        record("export", report.in_trail, after=said)


def _seen(request: HttpRequest, code: str, year: int) -> Report:
    """The report that the address names. Raises Http404 where the person may not see it."""
    area = get_object_or_404(Area, code=code)
    form = WhichForm(request.GET, area=area)
    if not form.is_valid():
        raise Http404(code)
    rows = queries.editions_of(
        area, year=year, department=form.chosen_department, user=reader(request)
    )
    report = (
        rows.filter(edition=form.chosen_edition).first() if form.chosen_edition else rows.first()
    )
    if report is None:
        raise not_seen(request, area, year)
    return report
