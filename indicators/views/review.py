"""The pages on which reviewers approve or return figures."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.actions import entry as actions
from indicators.forms import PageForm, ReturnForm
from indicators.models import ObservationVersion
from indicators.queries import entry as queries
from indicators.tasks import nudge
from indicators.views.shared import denied, person
from targets_site.accounts.access import NotAllowed, areas_reviewed_by, may_review


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    return _queue_page(request)


@require_POST
def approve(request: HttpRequest, version_id: int) -> HttpResponse:
    version = _version(version_id)

    def put_in_force() -> None:
        actions.approve(version=version, by=person(request))
        transaction.on_commit(nudge)

    return _decided(request, version, put_in_force, done=_("Approved: %(figure)s."))


@require_POST
def return_figure(request: HttpRequest, version_id: int) -> HttpResponse:
    version = _version(version_id)
    form = ReturnForm(request.POST, auto_id=f"return-{version_id}-%s")
    if not form.is_valid() and may_review(person(request), version.observation.series.area):
        return _queue_page(request, rejected={version_id: form}, status=422)
    reason = form.cleaned_data.get("reason", "")
    return _decided(
        request,
        version,
        lambda: actions.return_to_official(version=version, by=person(request), reason=reason),
        done=_("Returned: %(figure)s."),
    )


def _version(version_id: int) -> ObservationVersion:
    return get_object_or_404(
        ObservationVersion.objects.select_related(
            "observation__series__area", "observation__series__indicator"
        ),
        pk=version_id,
    )


def _decided(
    request: HttpRequest,
    version: ObservationVersion,
    decide: Callable[[], object],
    *,
    done: str,
) -> HttpResponse:
    """Do it, and say what came of it: done, not allowed (403), or somebody was faster (409)."""
    try:
        decide()
    except NotAllowed:
        return denied(request, about=f"version:{version}")
    except (actions.WrongState, actions.StaleVersion):
        messages.error(request, _("Nothing was decided: the figure has changed since you read it."))
        return _queue_page(request, status=409)
    cell = version.observation
    messages.success(request, done % {"figure": f"{cell.series.indicator.name} {cell.year}"})
    return redirect(_address_of_page(PageForm(request.GET).number))


def _address_of_page(number: int) -> str:
    address = reverse("indicators:review")
    return f"{address}?page={number}" if number > 1 else address


def _queue_page(
    request: HttpRequest, *, rejected: dict[int, ReturnForm] | None = None, status: int = 200
) -> HttpResponse:
    """rejected: by version id, the form that was sent back without a reason."""
    queue = queries.review_queue(person(request), number=PageForm(request.GET).number)
    forms = {
        row.version.pk: ReturnForm(auto_id=f"return-{row.version.pk}-%s") for row in queue.rows
    }
    forms |= rejected or {}
    return render(
        request,
        "indicators/review.html",
        {
            "page": queue.page,
            "rows": [(row, forms[row.version.pk]) for row in queue.rows],
            "reviews": bool(areas_reviewed_by(person(request))),
        },
        status=status,
    )
