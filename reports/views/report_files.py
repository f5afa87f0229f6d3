"""A yearly report as PDF and Word, the Word files that were handed in, and its drawings."""

from __future__ import annotations

import logging

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.uploads import DOCX
from indicators.views.shared import person
from reports.actions.shared import newest_text
from reports.forms.reports import WhichForm
from reports.models import Report
from reports.paper.errors import PaperUnavailable
from reports.paper.stored import content_digest
from reports.queries import reports as queries
from reports.queries.contents import differs_from_issue
from reports.queries.report_files import Altered, file_of
from reports.views.paper_files import PaperFile, handed_out, why_not
from reports.views.reports import Said, not_seen, reader, report_response
from targets_site.accounts.access import held_by, reading_page
from targets_site.audit.actions import record
from targets_site.places.models import Area

logger = logging.getLogger(__name__)


@reading_page
@require_safe
def pdf(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return _file(request, code, year, ending="pdf")


@reading_page
@require_safe
def word(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return _file(request, code, year, ending="docx")


@require_safe
def original(request: HttpRequest, code: str, year: int, number: int) -> FileResponse:
    """The Word file that was handed in as this text, for the reviewers of the area: it
    may say more than the text that was taken of it."""
    report = _seen(request, code, year)
    text = report.texts.filter(number=number).exclude(file="").first()
    if text is None or report.area_id not in held_by(person(request)).reviewed:
        raise not_seen(request, report.area, year)
    with transaction.atomic():
        said = {"file": "original", "text": number, "sha256": text.sha256}
        record("export", report.in_trail, after=said)
    return FileResponse(
        text.file.open("rb"),
        as_attachment=True,
        filename=text.name,
        content_type=DOCX.media_type,
        headers={"Content-Security-Policy": "sandbox", "Cache-Control": "no-store"},
    )


@reading_page
@require_safe
def picture(request: HttpRequest, code: str, year: int, tag: str) -> HttpResponse:
    """A drawing as it was frozen; none of a report that was changed after it was issued."""
    report = _seen(request, code, year)
    frozen = report.frozen.get("pictures", {}).get(tag)
    if frozen is None or differs_from_issue(report, newest_text(report)):
        raise Http404(tag)
    return HttpResponse(frozen["svg"], content_type="image/svg+xml; charset=utf-8")


def _file(request: HttpRequest, code: str, year: int, *, ending: str) -> HttpResponse:
    """The file; the page with a sentence where there is none just now."""
    report = _seen(request, code, year)
    text = newest_text(report)
    if differs_from_issue(report, text):
        return report_response(request, code, year, status=409)
    try:
        content = file_of(report, text, ending=ending)
    except PaperUnavailable as error:
        said = Said(problems=(why_not(error),))
        return report_response(request, code, year, said=said, status=503)
    except Altered:
        logger.exception("A stored file of an issued report is not the one that was issued")
        sentence = _("The stored file is not the one that was issued: tell the auditors.")
        return report_response(request, code, year, said=Said(problems=(sentence,)), status=503)
    title = f"{report.frozen['title']}{report.frozen['part']}"
    said_of_it = {
        "stage": report.stage,
        "text": text.number,
        "content_sha256": content_digest(report.frozen, text.blocks),
    }
    return handed_out(PaperFile(content, title, ending), about=report.in_trail, said=said_of_it)


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
