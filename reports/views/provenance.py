"""Where a figure and a verdict come from, up to clause and person."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.method import METHOD_VERSION
from reports.forms.targets import AsOfForm
from reports.queries.provenance import observation_provenance, target_provenance
from reports.queries.targets import target_in_force
from reports.views.reports import reader
from targets_site.accounts.access import reading_page
from targets_site.audit.actions import record_denial
from targets_site.reading.back import unkept_page

OfFigure = Callable[..., HttpResponseBase]


def notes_denials(view: OfFigure) -> OfFigure:
    """A figure that is not there and one that is not for the reader get the same answer; what a
    person tried stands in the trail. Around the view, which may read as it stood and write nothing.
    """

    @wraps(view)
    def noted(request: HttpRequest, *, code: str, year: int) -> HttpResponseBase:
        try:
            return view(request, code=code, year=year)
        except Http404:
            if (user := reader(request)) is not None:
                about = f"observation:{code}:{year}"
                record_denial(about, by=user.username, why=request.method or "")
            raise

    return noted


@reading_page
@require_safe
@notes_denials
@unkept_page
def observation(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """All that the reader may see of one figure; 404 where that is nothing."""
    found = observation_provenance(code, year, user=reader(request))
    if found is None:
        raise Http404(code)
    context = {"shown": found, "method_version": METHOD_VERSION}
    return render(request, "reports/provenance.html", context)


@reading_page
@require_safe
@unkept_page
def target(request: HttpRequest, code: str) -> HttpResponse:
    """The chain of the row in force, seen from one year."""
    found = target_in_force(code)
    if found is None:
        raise Http404(code)
    form = AsOfForm(request.GET, target=found)
    shown = target_provenance(found, as_of=form.year, user=reader(request))
    context = {"shown": shown, "page": shown.page, "form": form, "method_version": METHOD_VERSION}
    return render(request, "reports/target_provenance.html", context)
