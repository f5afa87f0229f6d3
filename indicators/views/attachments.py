"""Files that people hand in: evidence, material for a round, and the form to be stamped."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.actions.attachments import add_attachment, hand_in
from indicators.actions.workflow import Locked
from indicators.enums import MaterialKind
from indicators.forms.materials import AttachForm, HandInForm
from indicators.models import Attachment, Round
from indicators.queries.asked import asked_figures, asked_judgements
from indicators.queries.materials import departments_in, materials_of
from indicators.views.shared import denied, found, not_entered, person, record_denial
from targets_site.accounts.access import NotAllowed, held_by, with_predecessors
from targets_site.places.models import Department


@require_POST
def attach(request: HttpRequest) -> HttpResponse:
    """Take one file; answers with its id, which the next version of a figure then names."""
    held = held_by(person(request))
    form = AttachForm(request.POST, request.FILES, departments=held.departments)
    if not form.is_valid():
        return _refused(form.errors.get("file") or [_("You submit nothing for this department.")])
    file = form.cleaned_data["file"]
    try:
        added = add_attachment(
            upload=file,
            name=file.name,
            department=form.cleaned_data["department"],
            by=person(request),
        ).attachment
    except ValidationError as error:
        return _refused(error.messages)
    said = {"id": added.pk, "name": added.name, "size": added.size}
    return JsonResponse({**said, "address": added.get_absolute_url()}, status=201)


def _refused(why: Iterable[object]) -> JsonResponse:
    return JsonResponse({"errors": [str(each) for each in why]}, status=422)


@require_safe
def download(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """Always as a download under its own name, never shown in the site's pages; 404 for what was
    kept for a while only."""
    kept = Attachment.objects.readable_by(person(request)).exclude(file="")
    attachment = found(request, kept, pk=attachment_id)
    return FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
        headers={"Content-Security-Policy": "sandbox"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def materials(request: HttpRequest, round_id: int) -> HttpResponse:
    """What the round asks the person's departments for beside figures."""
    one, departments = _round_of(request, round_id)
    if not departments:
        return not_entered(request, about=f"round:{round_id}")
    if request.method != "POST":
        return _materials_page(request, one, departments)
    ids = [each.pk for each in departments]
    form = HandInForm(request.POST, request.FILES, departments=ids)
    if not form.is_valid():
        return _materials_page(request, one, departments, form=form, status=422)
    file = form.cleaned_data["file"]
    try:
        hand_in(
            round=one,
            kind=MaterialKind(form.cleaned_data["kind"]),
            department=form.cleaned_data["department"],
            upload=file,
            name=file.name,
            by=person(request),
        )
    except ValidationError as error:
        form.add_error("file", error)
        return _materials_page(request, one, departments, form=form, status=422)
    except Locked:
        record_denial(request, about=f"round:{round_id}", why="closed")
        form.add_error("file", _("The round is closed for your department."))
        return _materials_page(request, one, departments, form=form, status=409)
    except NotAllowed:
        return denied(request, about=f"round:{round_id}")
    messages.success(request, _("Submitted: %(name)s.") % {"name": file.name})
    return redirect("indicators:materials", round_id)


@require_safe
def submission_form(request: HttpRequest, round_id: int, department_id: int) -> HttpResponse:
    """The department's figures of a round on paper, for signature and stamp."""
    one, departments = _round_of(request, round_id)
    department = next((each for each in departments if each.pk == department_id), None)
    if department is None:
        return not_entered(request, about=f"round:{round_id}")
    reporting = with_predecessors([department.pk])
    figures = asked_figures([one], departments=reporting)
    return render(
        request,
        "indicators/submission_form.html",
        {
            "round": one,
            "department": department,
            "figures": figures,
            "judgements": [
                each
                for each in asked_judgements([one], departments=reporting)
                if each.judgement or each.is_owed
            ],
            "has_drafts": any(
                each.state.is_with_department for each in figures if each.is_owed or each.newest
            ),
            "printed_at": timezone.now(),
        },
    )


def _round_of(request: HttpRequest, round_id: int) -> tuple[Round, list[Department]]:
    """The round, and the departments in it for which the person enters or signs."""
    rounds = Round.objects.select_related("area").prefetch_related("year_rows", "materials")
    one = found(request, rounds, pk=round_id)
    return one, departments_in(one, held_by(person(request)))


def _materials_page(
    request: HttpRequest,
    one: Round,
    departments: list[Department],
    *,
    form: HandInForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """form: what was refused, shown at the kind and department that it was for."""
    refused = (form.data.get("department"), form.data.get("kind")) if form else None
    rows = [
        (row, form.errors if form and refused == (str(row.department.pk), row.kind) else None)
        for row in materials_of(one, departments)
    ]
    return render(
        request,
        "indicators/materials.html",
        {"round": one, "rows": rows, "departments": departments, "now": timezone.now()},
        status=status,
    )
