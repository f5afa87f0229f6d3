"""The pages on which reviewers open reporting rounds, change them and give more time."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.actions import rounds as actions
from indicators.forms.rounds import (
    ChangeRoundForm,
    ExceptionForm,
    NewRoundForm,
    PageForm,
    add_refusals,
)
from indicators.models import Round
from indicators.queries.completeness import round_state
from indicators.queries.materials import materials_of
from indicators.queries.owed import asked_rows
from indicators.queries.sight import departments_of
from indicators.views.shared import denied, found, person, record_denial
from targets_site.accounts.access import NotAllowed, held_by
from targets_site.places.models import Area

ROUNDS_A_PAGE = 25


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds of the areas that the person reviews, newest first."""
    reviewed = held_by(person(request)).reviewed
    page = Paginator(_rounds(reviewed), ROUNDS_A_PAGE).get_page(PageForm(request.GET).number)
    now = timezone.now()
    return render(
        request,
        "indicators/rounds.html",
        {
            "page": page,
            "rows": [(one, round_state(one, moment=now)) for one in page],
            "reviews": bool(reviewed),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: HttpRequest) -> HttpResponse:
    reviewed = held_by(person(request)).reviewed
    if not reviewed:
        return denied(request, about="round:new")
    areas = Area.objects.filter(pk__in=reviewed).order_by("code")
    if request.method != "POST":
        return _new_round_page(request, NewRoundForm(areas=areas), status=200)
    form = NewRoundForm(request.POST, areas=areas)
    if not form.is_valid():
        return _new_round_page(request, form, status=422)
    try:
        one = actions.open_round(
            **{name: form.cleaned_data[name] for name in form.field_order or ()},
            materials=form.materials,
            by=person(request),
        )
    except NotAllowed:
        return denied(request, about="round:new")
    except ValidationError as refused:
        add_refusals(form, refused)
        return _new_round_page(request, form, status=422)
    messages.success(request, _("The round “%(name)s” stands.") % {"name": one.name})
    return redirect("indicators:round", one.pk)


@require_safe
def round_detail(request: HttpRequest, round_id: int) -> HttpResponse:
    return _round_page(request, _round(request, round_id))


@require_POST
def change_round(request: HttpRequest, round_id: int) -> HttpResponse:
    one = _round(request, round_id)
    form = ChangeRoundForm(request.POST)
    if not form.is_valid():
        return _round_page(request, one, change=form, status=422)
    try:
        changed = actions.change_round(round=one, by=person(request), **form.cleaned_data)
    except NotAllowed:
        return denied(request, about=actions.about(one))
    except (actions.RoundClosed, actions.StaleRound) as refused:
        record_denial(request, about=actions.about(one), why=type(refused).__name__)
        messages.error(
            request, _("Nothing was changed: the round has closed or was changed meanwhile.")
        )
        return _round_page(request, _round(request, round_id), status=409)
    except ValidationError as refused:
        add_refusals(form, refused)
        return _round_page(request, one, change=form, status=422)
    messages.success(request, _("The round “%(name)s” was changed.") % {"name": changed.name})
    return redirect("indicators:round", one.pk)


@require_POST
def grant_exception(request: HttpRequest, round_id: int) -> HttpResponse:
    one = _round(request, round_id)
    form = ExceptionForm(request.POST, departments=departments_of(one.area, None))
    if not form.is_valid():
        return _round_page(request, one, exception=form, status=422)
    try:
        granted = actions.grant_exception(round=one, by=person(request), **form.cleaned_data)
    except NotAllowed:
        return denied(request, about=actions.about(one))
    except ValidationError as refused:
        add_refusals(form, refused)
        return _round_page(request, one, exception=form, status=422)
    until = timezone.localtime(granted.until).strftime("%Y-%m-%d %H:%M")
    given = {"department": granted.department.name, "until": until}
    messages.success(request, _("%(department)s has time until %(until)s.") % given)
    return redirect("indicators:round", one.pk)


def _rounds(areas: frozenset[int]) -> "QuerySet[Round]":
    rounds = Round.objects.filter(area__in=areas).order_by("-opens_at", "-pk")
    return rounds.select_related("area", "created_by").prefetch_related("year_rows")


def _round(request: HttpRequest, round_id: int) -> Round:
    """A round of an area that the person reviews; else 404."""
    return found(request, _rounds(held_by(person(request)).reviewed), pk=round_id)


def _new_round_page(request: HttpRequest, form: NewRoundForm, *, status: int) -> HttpResponse:
    return render(request, "indicators/round_new.html", {"form": form}, status=status)


def _round_page(
    request: HttpRequest,
    one: Round,
    *,
    change: ChangeRoundForm | None = None,
    exception: ExceptionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    rows = asked_rows([(one, year) for year in one.years], moment=now)
    asked = list(dict.fromkeys(row.department for row in rows if row.is_owed))
    late = {(row.department.pk, row.code) for row in rows if row.is_late}
    by_department = groupby(materials_of(one, asked), key=lambda row: row.department)
    materials = [
        (department, [(row, (department.pk, row.kind) in late) for row in some])
        for department, some in by_department
    ]
    return render(
        request,
        "indicators/round.html",
        {
            "round": one,
            "state": round_state(one, moment=now),
            "change": change or ChangeRoundForm.of(one),
            "can_change": now < one.closes_at,
            "exception": exception
            or ExceptionForm(departments=departments_of(one.area, None), auto_id="exception-%s"),
            "exceptions": one.exceptions.select_related("department", "granted_by"),
            "kinds": [
                (row.kind, row.due_at) for _one, some in materials[:1] for row, _late in some
            ],
            "materials": materials,
            "departments": len(asked),
        },
        status=status,
    )
