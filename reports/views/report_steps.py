"""What reviewers do with a yearly report on its page: draft it, hand in its Word file, move it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.tasks import nudge_jobs
from indicators.views.shared import denied, person, record_denial
from reports.actions import asking, shared, stages
from reports.actions.uploads import take_word
from reports.forms.reports import MoveForm, ReturnForm, StepForm, UploadForm, WhichForm
from reports.models import Report
from reports.paper.errors import PaperUnavailable
from reports.paper.problems import RefusedPaper
from reports.views.paper_files import why_not
from reports.views.reports import Said, not_seen, report_response
from targets_site.accounts.access import NotAllowed
from targets_site.places.models import Area


@require_POST
def draft(request: HttpRequest, code: str, year: int) -> HttpResponse:
    area = get_object_or_404(Area, code=code)
    form = WhichForm(request.POST, area=area, year=year)
    if not form.is_valid():
        return report_response(
            request, code, year, said=Said(problems=tuple(form.problems())), status=422
        )
    department = form.chosen_department
    try:
        asking.ask_for_draft(area=area, year=year, department=department, by=person(request))
    except NotAllowed:
        return denied(request, about=f"report:{code}:{year}")
    transaction.on_commit(nudge_jobs)
    messages.success(request, _("The report is being drafted; this takes a few seconds."))
    asked = f"?department={department.code}" if department else ""
    return redirect(f"{request.path.removesuffix('draft/')}{asked}")


@require_POST
def upload(request: HttpRequest, code: str, year: int) -> HttpResponse:
    report = _named(request, code, year)
    form = UploadForm(request.POST, request.FILES, label_suffix="")
    if not form.is_valid():
        return report_response(request, code, year, said=Said(upload=form), status=422)
    file = form.cleaned_data["file"]
    try:
        take_word(
            report=report,
            version=form.cleaned_data["version"],
            upload=file,
            name=file.name,
            by=person(request),
        )
    except RefusedPaper as refused:
        intro = _("The file was not taken. What stands in it differently than in the report:")
        said = Said(problems=(intro, *refused.problems), upload=form)
        return report_response(request, code, year, said=said, status=422)
    except ValidationError as error:
        form.add_error("file", error)
        return report_response(request, code, year, said=Said(upload=form), status=422)
    except (NotAllowed, shared.Overtaken) as error:
        return _not_done(request, report, error)
    messages.success(request, _("The text of your file is the text of the report now."))
    return redirect(report)


@require_POST
def move(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """To the next stage; before it is issued, the person is asked."""
    report = _named(request, code, year)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _not_done(request, report, shared.Overtaken())
    try:
        moved = stages.move_on(
            report=report,
            version=form.cleaned_data["version"],
            confirmed=form.cleaned_data["confirmed"],
            by=person(request),
        )
    except ValidationError as error:
        if error.code == "same_person":
            said = Said(problems=tuple(error.messages))
            return report_response(request, code, year, said=said, status=422)
        return render(request, "reports/report_issue.html", {"report": report, "form": form})
    except PaperUnavailable as error:
        said = Said(problems=(_("The report was not issued."), why_not(error)))
        return report_response(request, code, year, said=said, status=503)
    except (NotAllowed, shared.Overtaken) as error:
        return _not_done(request, report, error)
    stage = moved.get_stage_display()
    messages.success(request, _("The report is now: %(stage)s.") % {"stage": stage})
    return redirect(moved)


@require_POST
def give_back(request: HttpRequest, code: str, year: int) -> HttpResponse:
    report = _named(request, code, year)
    form = ReturnForm(request.POST, label_suffix="")
    if not form.is_valid():
        return report_response(request, code, year, said=Said(give_back=form), status=422)
    try:
        returned = stages.give_back(
            report=report,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            by=person(request),
        )
    except (NotAllowed, shared.Overtaken) as error:
        return _not_done(request, report, error)
    messages.success(request, _("The report is a draft again."))
    return redirect(returned)


def _named(request: HttpRequest, code: str, year: int) -> Report:
    """The report that the form names, where the person may see it. Raises Http404."""
    form = StepForm(request.POST)
    pk = form.cleaned_data["report"] if form.is_valid() else 0
    rows = Report.objects.readable_by(person(request)).select_related("area", "department")
    found = rows.filter(area__code=code, year=year, pk=pk).first()
    if found is None:
        raise not_seen(request, get_object_or_404(Area, code=code), year)
    return found


def _not_done(request: HttpRequest, report: Report, error: Exception) -> HttpResponse:
    """403 without the right; 409 where somebody else was first."""
    if isinstance(error, NotAllowed):
        return denied(request, about=report.in_trail)
    record_denial(request, about=report.in_trail, why="stale")
    sentence = _("Nothing was done: the report has changed since you read its page.")
    said = Said(problems=(sentence,))
    return report_response(request, report.area.code, report.year, said=said, status=409)
