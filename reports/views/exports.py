"""The page that offers the tables, and the files that are sent at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.views.shared import denied
from reports.actions.trail import note_search
from reports.exports import TABLES
from reports.exports.asked import BUNDLE, TRAIL, Asked, formats_of
from reports.exports.counting import counted, is_large
from reports.exports.kept.asking import jobs_of
from reports.exports.making import export_of
from reports.exports.offers import offer_of
from reports.exports.rights import OF_THE_PERSON, permitted
from reports.exports.room import NoRoom, room
from reports.exports.standing import standing
from reports.forms.exports import SHOWN, ExportForm
from reports.queries.exported import exported_by
from reports.views.reports import reader
from targets_site.accounts.access import reading_page
from targets_site.accounts.identity import identity_page, is_fresh
from targets_site.accounts.rights import reads_trail
from targets_site.audit.context import current_actor
from targets_site.reading.back import file_knows_day, keep_day_in, knows_day

# Before these are sent, the person confirms that it is he: what his posts show him, and the trail.
WEIGHTY = OF_THE_PERSON | {TRAIL}
JOBS_LISTED = 5
NO_ROOM, SECONDS_TO_WAIT = 503, 60


@reading_page
@require_safe
@knows_day
def exports(request: HttpRequest) -> HttpResponse:
    if _is_closed(request.GET.get("table", ""), request):
        return _refused(request, "audit")
    form = ExportForm(request.GET.dict(), tables=permitted(TABLES, reader(request)))
    return page(request, form, status=200 if form.is_valid() else 400)


@reading_page
@require_safe
@file_knows_day
def download(request: HttpRequest, table: str, format: str = "csv") -> HttpResponseBase:
    """The file, as a stream; the page with what is wrong, or that it is too large for that."""
    if table not in {*TABLES, BUNDLE} or format not in formats_of(table):
        raise Http404(table)
    if _is_closed(table, request):
        return _refused(request, table)
    if table in WEIGHTY and not is_fresh(request):
        return identity_page(request)
    data = {**request.GET.dict(), "table": table, "format": format}
    form = ExportForm(data, tables=permitted(TABLES, reader(request)), strict=True)
    if not form.is_valid():
        return page(request, form, status=400)
    # CSV is sent however long it is, so that nobody waits until it is counted.
    if format != "csv" and _is_too_large(form.asked, request):
        return page(request, form, status=409)
    if request.method == "HEAD":
        return HttpResponse(headers=_headers(form.asked))
    try:
        leave = room.enter(_who(request))
    except NoRoom:
        return _full(request, form)
    return _sent(request, form.asked, leave)


def _is_too_large(asked: Asked, request: HttpRequest) -> bool:
    with standing(asked.at):
        return is_large(asked, counted(asked, reader(request)))


def _sent(request: HttpRequest, asked: Asked, leave: Callable[[], None]) -> StreamingHttpResponse:
    """leave: called once the answer is over, also where nobody began to take it."""
    export = export_of(asked, actor=current_actor(), reader=reader(request))
    response = StreamingHttpResponse(iter(export), headers=_headers(asked))
    response._resource_closers.append(leave)  # type: ignore[attr-defined]
    return response


def _headers(asked: Asked) -> dict[str, str]:
    named = content_disposition_header(as_attachment=True, filename=asked.file_name)
    return {
        "Content-Type": asked.media_type,
        "Content-Disposition": named or "",
        "Cache-Control": "no-store",
    }


def _who(request: HttpRequest) -> str:
    """The person; of those who are not signed in, the address."""
    actor = current_actor()
    return f"person:{actor.name}" if actor.name else f"address:{actor.ip}"


def _full(request: HttpRequest, form: ExportForm) -> HttpResponse:
    said = _("Too many files are being sent just now. Try again in a minute.")
    response = page(request, form, status=NO_ROOM, problem=said)
    response.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def page(request: HttpRequest, form: ExportForm, *, status: int, problem: str = "") -> HttpResponse:
    """problem: why what was asked for was not done.

    What the files hold is as it stood where the form names a day; the person's own list is of now.
    """
    by = reader(request)
    then = request.then = form.then  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "filters": [form[name] for name in SHOWN]}
    context |= {"problem": problem, "too_large": status == 409 and not problem}
    if by is not None:
        context |= {"exported": exported_by(by), "jobs": jobs_of(by)[:JOBS_LISTED]}
        context["reads_trail"] = reads_trail(by)
    # Whoever was sent away for want of room must not have rows counted for it.
    if form.is_valid() and status != NO_ROOM:
        context["offer"] = offer_of(form.asked, by)
        if by is not None and form.asked.table == TRAIL:
            # Its first rows are a look into the trail.
            criteria = {**form.asked.query, "door": "exports"}
            note_search(criteria, by=by)
    response = render(request, "reports/exports.html", context, status=status)
    if then is not None:
        keep_day_in(response, path=request.path, then=then)
    return response


def _is_closed(table: str, request: HttpRequest) -> bool:
    return table in TABLES and not permitted([table], reader(request))


def _refused(request: HttpRequest, table: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return denied(request, about=f"export:{table}")
