"""Yearly reports: the list, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.actions.contents import note_difference
from reports.forms.reports import ListForm, ReturnForm, UploadForm, WhichForm
from reports.models import Report
from reports.queries import reports as queries
from targets_site.accounts.access import reading_page
from targets_site.accounts.models import User
from targets_site.audit.actions import record_denial
from targets_site.places.models import Area

REPORTS_A_PAGE = 50


@dataclass(frozen=True)
class Said:
    """What a step that was not done says on the page: problems, and the forms as they were sent."""

    problems: tuple[str, ...] = ()
    upload: UploadForm | None = None
    give_back: ReturnForm | None = None


NOTHING_SAID = Said()


def reader(request: HttpRequest) -> User | None:
    """Who reads; None where nobody signed in and reading pages are open."""
    return request.user if isinstance(request.user, User) else None


@reading_page
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Of all areas, or of the one that is named."""
    form = ListForm(request.GET)
    user, area = reader(request), form.chosen_area
    page = Paginator(queries.readable_reports(user, area=area), REPORTS_A_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "area": area,
        "problems": [str(each) for errors in form.errors.values() for each in errors],
        "offers": queries.draft_offers(user, year=timezone.localdate().year),
    }
    return render(request, "reports/reports.html", context)


@reading_page
@require_safe
def report(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return report_response(request, code, year)


def report_response(
    request: HttpRequest, code: str, year: int, *, said: Said = NOTHING_SAID, status: int = 200
) -> HttpResponse:
    """The page of a report; 404 where the person may see none."""
    area = get_object_or_404(Area, code=code)
    form = WhichForm(request.GET, area=area)
    shown = queries.report_page(
        area,
        year=year,
        department=form.chosen_department,
        user=reader(request),
        edition=form.chosen_edition,
    )
    if shown.report is None and (shown.editions or not shown.may_decide):
        raise not_seen(request, shown.area, year)
    if shown.differs and shown.report and shown.text:
        note_difference(shown.report, shown.text)
    context = {
        "shown": shown,
        "which": WhichForm(initial={"department": shown.department}, area=area, year=year),
        "upload": said.upload or UploadForm(label_suffix=""),
        "give_back": said.give_back or ReturnForm(label_suffix=""),
        "problems": [*form.problems(), *said.problems],
    }
    return render(request, "reports/report.html", context, status=status)


def not_seen(request: HttpRequest, area: Area, year: int) -> Http404:
    """To be raised: there is no such report, or it is not for this person, which is noted in the
    trail. Of strangers, and of what does not exist, nothing is noted: whoever calls up every
    address would make the trail grow."""
    what = f"{area.code}:{year}"
    if reader(request) is not None and Report.objects.filter(area=area, year=year).exists():
        record_denial(f"report:{what}", why=request.method or "")
    return Http404(what)
