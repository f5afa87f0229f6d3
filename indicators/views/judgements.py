"""The page on which a target in words is judged (评价)."""

from contextlib import AbstractContextManager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators.actions import judgements as actions
from indicators.actions import workflow
from indicators.forms.judgements import JudgementForm
from indicators.models import JudgementVersion, Worked
from indicators.queries import judgements as queries
from indicators.views.evidence import ask_for_file_again, handed_in
from indicators.views.shared import denied, not_entered, person, record_denial
from plans.enums import Kind
from plans.models import Target
from targets_site.accounts.access import NotAllowed, held_by
from targets_site.places.models import Department


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Save, submit or recall the judgement of a target for a year."""
    target = _target(code)
    if not queries.may_judge(target, held_by(person(request))):
        return not_entered(request, about=f"judgement:{code}:{year}")
    newest = queries.newest_version(code, year)
    if request.method != "POST":
        form = JudgementForm.starting_from(newest, by=person(request))
        return _page(request, target, year, form, newest=newest)
    if request.POST.get("step") == "recall" and newest is not None:
        return _recalled(request, target, year, newest)
    form = JudgementForm(request.POST, request.FILES, newest=newest, by=person(request))
    if not form.is_valid():
        return _not_stored(request, target, year, form, newest=newest, status=422)
    return _stored(request, target, year, form, newest)


def _target(code: str) -> Target:
    rows = Target.objects.in_force().filter(kind=Kind.TEXT)
    target = rows.select_related("document", "area", "domain").filter(code=code).first()
    if target is None:
        raise Http404
    return target


def _stored(
    request: HttpRequest,
    target: Target,
    year: int,
    form: JudgementForm,
    newest: JudgementVersion | None,
) -> HttpResponse:
    about = f"judgement:{target.code}:{year}"
    try:
        with _file_of(request, target, form) as added, transaction.atomic():
            version = _save(request, target, year, form, added)
            if request.POST.get("step") == "submit":
                version = actions.submit(version=version, by=person(request))
    except ValidationError as error:
        _add_errors(form, error)
        return _not_stored(request, target, year, form, newest=newest, status=422)
    except workflow.StaleVersion as stale:
        record_denial(request, about=about, why="stale")
        return _not_stored(
            request, target, year, form, newest=newest, conflict=stale.newer, status=409
        )
    except workflow.WrongState:
        record_denial(request, about=about, why="state")
        form.add_error(None, _("It waits for a decision; recall it before you change it."))
        return _not_stored(request, target, year, form, newest=newest, status=409)
    except workflow.Locked as locked:
        record_denial(request, about=about, why="closed")
        form.add_error(None, locked.words)
        return _not_stored(request, target, year, form, newest=newest, status=409)
    except NotAllowed:
        return denied(request, about=about)
    messages.success(request, str(version.get_state_display()))
    return redirect("indicators:judge", target.code, year)


def _save(
    request: HttpRequest, target: Target, year: int, form: JudgementForm, added: frozenset[int]
) -> JudgementVersion:
    """added: the id of the file that came with it."""
    return actions.save(
        target=target,
        year=year,
        outcome=form.cleaned_data["outcome"],
        narrative=form.cleaned_data["narrative"],
        read_version=form.cleaned_data["read_version"],
        by=person(request),
        evidence=form.kept_evidence | added,
        correction_reason=form.cleaned_data.get("correction_reason", ""),
    )


def _file_of(
    request: HttpRequest, target: Target, form: JudgementForm
) -> AbstractContextManager[frozenset[int]]:
    return handed_in(
        form.cleaned_data["file"],
        field="file",
        department=lambda: _department(request, target),
        by=person(request),
    )


def _department(request: HttpRequest, target: Target) -> Department | None:
    """In whose name the person judges: a department that the document names, or one of the area
    where it names none; None where it is not the person's to judge."""
    own = Department.objects.filter(pk__in=held_by(person(request)).entered)
    named = own.filter(target_links__target=target).first()
    return named or own.filter(area=target.area_id).first()


def _add_errors(form: JudgementForm, error: ValidationError) -> None:
    fields = getattr(error, "error_dict", {"": [error]})
    for name, errors in fields.items():
        form.add_error(name if name in form.fields else None, errors)


def _recalled(
    request: HttpRequest, target: Target, year: int, newest: JudgementVersion
) -> HttpResponse:
    about = f"judgement:{target.code}:{year}"
    try:
        workflow.recall(version=newest, by=person(request))
    except NotAllowed:
        return denied(request, about=about)
    except (workflow.WrongState, workflow.StaleVersion):
        record_denial(request, about=about, why="state")
        form = JudgementForm.starting_from(newest, by=person(request))
        messages.error(request, _("Nothing was recalled: somebody has decided on it."))
        return _page(request, target, year, form, newest=newest, status=409)
    except workflow.TooLateToRecall as late:
        record_denial(request, about=about, why="closed")
        form = JudgementForm.starting_from(newest, by=person(request))
        messages.error(request, late.words)
        return _page(request, target, year, form, newest=newest, status=409)
    messages.success(request, _("Recalled; it is a draft again."))
    return redirect("indicators:judge", target.code, year)


def _not_stored(
    request: HttpRequest,
    target: Target,
    year: int,
    form: JudgementForm,
    *,
    newest: JudgementVersion | None,
    conflict: Worked | None = None,
    status: int,
) -> HttpResponse:
    """The page with what was typed."""
    ask_for_file_again(request, form, field="file")
    return _page(request, target, year, form, newest=newest, conflict=conflict, status=status)


def _page(
    request: HttpRequest,
    target: Target,
    year: int,
    form: JudgementForm,
    *,
    newest: JudgementVersion | None,
    conflict: Worked | None = None,
    status: int = 200,
) -> HttpResponse:
    """conflict: what somebody else stored meanwhile; sending the form again goes on knowingly."""
    read = conflict or newest
    return render(
        request,
        "indicators/judge.html",
        {
            "target": target,
            "year": year,
            "form": form,
            "newest": newest,
            "conflict": conflict,
            "read_version": read.number if read else "",
            "is_recallable": newest is not None
            and queries.is_recallable(newest, held_by(person(request))),
            "versions": queries.versions_readable(target.code, year, user=person(request)),
        },
        status=status,
    )
