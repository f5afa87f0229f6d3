"""The stewards' pages: how targets are read, proposed by one and confirmed by another."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.actions import proposals as actions
from indicators.enums import ProposalState
from indicators.forms.readings import ReadingForm, RefusalForm
from indicators.models import ReadingProposal, TargetReading
from indicators.queries import readings as queries
from indicators.tasks import nudge
from indicators.views.shared import denied, found, person, record_denial
from plans.enums import Kind
from plans.models import Target
from targets_site.accounts.access import NotAllowed, held_by

TARGETS_A_PAGE = 50


@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """What waits to be confirmed, and every target with a figure of the steward's areas."""
    areas = held_by(person(request)).stewarded
    if not areas:
        return denied(request, about="readings")
    paginator = Paginator(queries.targets_to_read(areas), TARGETS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "indicators/readings.html",
        {
            "page": page,
            "rows": queries.with_readings(page.object_list),
            "waiting": queries.waiting(areas),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, code: str) -> HttpResponse:
    """One target: the reading in force, the open proposal, and the form to propose another."""
    target = _target(code)
    if target.area_id not in held_by(person(request)).stewarded:
        return denied(request, about=f"reading:{code}")
    if request.method != "POST":
        form = ReadingForm.starting_from(queries.in_force(target), target=target)
        return _page(request, target, form)
    form = ReadingForm(request.POST, target=target)
    if not form.is_valid():
        return _page(request, target, form, status=422)
    content = {name: form.cleaned_data[name] for name in actions.CONTENT}
    series = form.cleaned_data["series"]
    try:
        actions.propose(target=target, series=series, content=content, by=person(request))
    except ValidationError as error:
        form.add_error(None, error) if not hasattr(error, "error_dict") else _add(form, error)
        return _page(request, target, form, status=422)
    messages.success(request, _("Proposed; another steward confirms it."))
    return redirect("indicators:reading", code)


def _add(form: ReadingForm, error: ValidationError) -> None:
    for name, errors in error.error_dict.items():
        form.add_error(name, errors)


@require_POST
def confirm(request: HttpRequest, proposal_id: int) -> HttpResponse:
    proposal = _proposal(request, proposal_id)
    try:
        with transaction.atomic():
            actions.confirm(proposal=proposal, by=person(request))
            transaction.on_commit(nudge)
    except NotAllowed:
        return denied(request, about=f"reading:{proposal.target_code}")
    except actions.Decided:
        return _decided_meanwhile(request, proposal)
    messages.success(request, _("Confirmed; the verdict follows within seconds."))
    return redirect("indicators:reading", proposal.target_code)


@require_POST
def refuse(request: HttpRequest, proposal_id: int) -> HttpResponse:
    proposal = _proposal(request, proposal_id)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        start = ReadingForm.starting_from(proposal, target=proposal.target)
        return _page(request, proposal.target, start, refusal=form, status=422)
    try:
        actions.refuse(proposal=proposal, by=person(request), reason=form.cleaned_data["reason"])
    except NotAllowed:
        return denied(request, about=f"reading:{proposal.target_code}")
    except actions.Decided:
        return _decided_meanwhile(request, proposal)
    messages.success(request, _("The reading in force stays as it is."))
    return redirect("indicators:reading", proposal.target_code)


def _decided_meanwhile(request: HttpRequest, proposal: ReadingProposal) -> HttpResponse:
    record_denial(request, about=f"reading:{proposal.target_code}", why="state")
    messages.error(request, _("Nothing was decided: the reading has changed since you read it."))
    form = ReadingForm.starting_from(queries.in_force(proposal.target), target=proposal.target)
    return _page(request, proposal.target, form, status=409)


def _target(code: str) -> Target:
    rows = Target.objects.in_force().exclude(kind=Kind.TEXT)
    target = rows.select_related("document", "area").filter(code=code).first()
    if target is None:
        raise Http404
    return target


def _proposal(request: HttpRequest, proposal_id: int) -> ReadingProposal:
    """Of the steward's areas; another's is not there."""
    areas = held_by(person(request)).stewarded
    rows = ReadingProposal.objects.filter(target__area__in=areas)
    return found(request, rows.select_related("target__document", "target__area"), pk=proposal_id)


def _page(
    request: HttpRequest,
    target: Target,
    form: ReadingForm,
    *,
    refusal: RefusalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    proposals = list(
        ReadingProposal.objects.filter(target_code=target.code).select_related(
            "series__indicator", "proposed_by", "decided_by"
        )
    )
    reading: TargetReading | None = queries.in_force(target)
    return render(
        request,
        "indicators/reading.html",
        {
            "target": target,
            "form": form,
            "refusal": refusal or RefusalForm(),
            "reading": reading,
            "open": next((p for p in proposals if p.state == ProposalState.PROPOSED), None),
            "decided": [p for p in proposals if p.state != ProposalState.PROPOSED],
        },
        status=status,
    )
