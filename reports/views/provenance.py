"""Where a figure and a verdict come from, up to clause and person."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.method import METHOD_VERSION
from reports.forms.targets import AsOfForm
from reports.queries.provenance import observation_provenance, target_provenance
from reports.queries.targets import target_in_force
from reports.views.reports import reader
from targets_site.accounts.access import reading_page
from targets_site.audit.actions import record


@reading_page
@require_safe
def observation(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """All that the reader may see of one figure; 404 where that is nothing."""
    found = observation_provenance(code, year, user=reader(request))
    if found is None:
        raise _not_there(request, f"observation:{code}:{year}")
    context = {"shown": found, "method_version": METHOD_VERSION}
    return render(request, "reports/provenance.html", context)


@reading_page
@require_safe
def target(request: HttpRequest, code: str) -> HttpResponse:
    """The chain of the row in force, seen from one year."""
    found = target_in_force(code)
    if found is None:
        raise Http404
    form = AsOfForm(request.GET, target=found)
    shown = target_provenance(found, as_of=form.year, user=reader(request))
    context = {"shown": shown, "page": shown.page, "form": form, "method_version": METHOD_VERSION}
    return render(request, "reports/target_provenance.html", context)


def _not_there(request: HttpRequest, about: str) -> Http404:
    """Whether nobody has said anything or it is not for the reader: the same answer. What a person
    tried stands in the trail."""
    user = reader(request)
    if user is not None:
        with transaction.atomic():
            record("denied", about[:200], by=user.username, reason=request.method or "")
    return Http404(about)
