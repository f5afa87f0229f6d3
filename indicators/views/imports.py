"""The pages on which officials import files of figures."""

import hashlib

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.actions import imports as actions
from indicators.actions import jobs
from indicators.enums import ImportState
from indicators.exports.template import template_workbook
from indicators.forms.imports import DepartmentForm, LinesForm, StoreForm, UploadForm
from indicators.models import Import, Round
from indicators.queries import imports as queries
from indicators.queries.asked import asked_figures
from indicators.tasks import nudge_jobs
from indicators.views.shared import found, not_entered, person, record_denial
from targets_site.accounts.access import NotAllowed, held_by, with_predecessors
from targets_site.accounts.sessions import asked_by_scripts
from targets_site.audit.actions import record
from targets_site.places.models import Department
from targets_site.sheets import XLSX_TYPE

IMPORTS_A_PAGE = 20


@require_safe
def own_imports(request: HttpRequest) -> HttpResponse:
    if not held_by(person(request)).entered:
        return not_entered(request, about="imports")
    rows = Paginator(queries.imports_of(person(request)), IMPORTS_A_PAGE)
    page = rows.get_page(LinesForm(request.GET).number)
    return render(request, "indicators/imports.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: HttpRequest) -> HttpResponse:
    if not held_by(person(request)).entered:
        return not_entered(request, about="imports")
    if request.method != "POST":
        return _upload_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        started = actions.start(
            upload=file,
            name=file.name,
            correction_reason=form.cleaned_data["correction_reason"],
            by=person(request),
        )
    except ValidationError as error:
        form.add_error("file", error)
        return _upload_page(request, form, status=422)
    except NotAllowed:
        return not_entered(request, about="imports")
    transaction.on_commit(nudge_jobs)
    return redirect("indicators:import", started.pk)


@require_safe
def import_detail(request: HttpRequest, import_id: int) -> HttpResponse:
    return _import_page(request, _own(request, import_id))


@require_safe
@asked_by_scripts
def import_progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far the job is, for the page that waits for it."""
    imported = _own(request, import_id)
    return render(request, "indicators/_import_now.html", {"imported": imported})


@require_POST
def store_import(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = _own(request, import_id)
    form = StoreForm(request.POST)
    try:
        actions.ask_to_store(imported=imported, seen=form.seen_at, confirmed=form.is_confirmed)
    except actions.NotAtThisStep:
        return _not_at_this_step(request, imported)
    except ValidationError as error:
        return _import_page(request, imported, errors=error.messages, status=422)
    transaction.on_commit(nudge_jobs)
    return redirect("indicators:import", imported.pk)


@require_POST
def discard_import(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = _own(request, import_id)
    try:
        actions.discard(imported=imported)
    except actions.NotAtThisStep:
        return _not_at_this_step(request, imported)
    messages.success(request, _("Discarded; nothing was stored."))
    return redirect("indicators:imports")


@require_POST
def cancel_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Of a file that is still to be read, nothing is kept; a preview that is still to be stored is
    a preview again."""
    imported = _own(request, import_id)
    try:
        jobs.cancel_job(job=imported.job, by=person(request))
    except jobs.NotAtThisStep:
        return _not_at_this_step(request, imported)
    messages.success(request, _("Cancelled; nothing was stored."))
    return redirect("indicators:import", imported.pk)


@require_safe
def template(request: HttpRequest, round_id: int) -> HttpResponse:
    """The workbook of a department for a round, with what is stored of it already."""
    entered = held_by(person(request)).entered
    rounds = Round.objects.filter(area__departments__in=entered).distinct()
    one = found(request, rounds.prefetch_related("year_rows"), pk=round_id)
    own = Department.objects.filter(pk__in=entered, area=one.area_id)
    department = found(request, own, pk=DepartmentForm(request.GET).number)
    figures = asked_figures([one], departments=with_predecessors([department.pk]))
    content = template_workbook(round=one, department=department, figures=figures)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        record(
            "export",
            f"round:{one.pk}",
            by=person(request).username,
            after={"template": department.code, "rows": len(figures), "sha256": digest},
        )
    name = f"{one.name}-{department.name}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(
        content, content_type=XLSX_TYPE, headers={"Content-Disposition": disposition}
    )


def _own(request: HttpRequest, import_id: int) -> Import:
    return found(request, queries.imports_of(person(request)), pk=import_id)


def _not_at_this_step(request: HttpRequest, imported: Import) -> HttpResponse:
    record_denial(request, about=actions.about(imported), why="state")
    imported = _own(request, imported.pk)
    message = _("Nothing was done: the import has changed since you read its page.")
    return _import_page(request, imported, errors=[message], status=409)


def _upload_page(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    entered = held_by(person(request)).entered
    return render(
        request,
        "indicators/import_new.html",
        {"form": form, "templates": queries.templates_for(entered)},
        status=status,
    )


def _import_page(
    request: HttpRequest,
    imported: Import,
    *,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """errors: why what was asked for was not done."""
    form = LinesForm(request.GET)
    lines = None
    if imported.state in {ImportState.PREVIEWED, ImportState.STORED}:
        lines = queries.lines_page(imported, outcome=form.chosen, number=form.number)
    return render(
        request,
        "indicators/import.html",
        {
            "imported": imported,
            "is_text": imported.attachment.media_type != XLSX_TYPE,
            "to_store": actions.to_store(imported),
            "outcomes": queries.outcome_counts(imported, chosen=form.chosen),
            "page": lines,
            "rows": [queries.shown(line) for line in lines] if lines else [],
            "errors": errors or [],
            "more_problems": imported.counts.get("problems_found", 0) - len(imported.problems),
        },
        status=status,
    )
