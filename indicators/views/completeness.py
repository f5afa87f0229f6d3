"""The completeness board, who owes what, and the letters that remind departments."""

import hashlib
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.enums import CellState
from indicators.exports.dunning import TooManyRows, dunning_workbook
from indicators.forms.rounds import PageForm, ScopeForm
from indicators.models import Round
from indicators.queries.completeness import (
    asked_of,
    board,
    owed_below,
)
from indicators.queries.owed import OwedRow, asked_rows, letters_of, missing_rows, state_word
from indicators.queries.sight import (
    areas_followed,
    departments_of,
    sight_of,
    with_parents,
)
from indicators.views.completeness_choice import Asked, asked_by
from indicators.views.shared import found, person
from targets_site.accounts.access import with_predecessors
from targets_site.audit.actions import record
from targets_site.places.models import Area, Department
from targets_site.sheets import XLSX_TYPE

ROWS_A_PAGE = 50


@require_safe
def completeness(request: HttpRequest) -> HttpResponse:
    asked = asked_by(request)
    if asked is None:
        return render(request, "indicators/completeness.html", {"asked": None})
    shown = board(asked.scope, asked.sight, number=PageForm(request.GET).number)
    years = {"year": list(asked.scope.years)}
    return render(
        request,
        "indicators/completeness.html",
        {
            "asked": asked,
            "above": asked.above,
            "board": shown,
            "page": shown.page,
            "states": [(state.value, state_word(state)) for state in CellState],
            "departments": [
                (line, _owed_address(asked, department=line.subject.pk, all=1))
                for line in shown.departments
                if isinstance(line.subject, Department)
            ],
            "areas": [
                (line, f"{reverse('indicators:completeness')}?{urlencode(place, doseq=True)}")
                for line in shown.areas
                if isinstance(line.subject, Area)
                for place in [{"area": line.subject.code, "round": "", **years}]
            ],
            "years": [(line, "") for line in shown.years] if len(shown.years) > 1 else [],
            "owed_address": _owed_address(asked),
        },
    )


@require_safe
def owed(request: HttpRequest) -> HttpResponse:
    """Who owes what, or with `?all=1` all that is asked for."""
    asked = asked_by(request)
    if asked is None or asked.area is None:
        return redirect("indicators:completeness")
    rows = _chosen_rows(asked)
    page = Paginator(rows, ROWS_A_PAGE).get_page(PageForm(request.GET).number)
    return render(
        request,
        "indicators/completeness_owed.html",
        {
            "asked": asked,
            "page": page,
            "late": sum(row.is_late for row in rows),
            "missing": sum(row.is_missing for row in rows),
            "letters": _letter_addresses(asked, missing_rows(rows)),
            "sheet_address": _address("owed_sheet", asked, _filters(asked)),
            "sheet_below_address": _address("owed_sheet", asked, {"below": 1}),
            "board_address": _address("completeness", asked, {}),
            "enters": asked.sight.departments,
        },
    )


@require_safe
def owed_sheet(request: HttpRequest) -> HttpResponse:
    """The same as a workbook; with `?below=1` of the area and all areas below it."""
    asked = asked_by(request)
    if asked is None or asked.area is None:
        return redirect("indicators:completeness")
    below = asked.sees_all and request.GET.get("below") == "1"
    batches: Iterable[list[OwedRow]]
    batches = owed_below(asked.scope) if below else [_chosen_rows(asked)]
    try:
        content, rows = dunning_workbook(batches, about=_about(request, asked, below=below))
    except TooManyRows:
        messages.error(request, _("That is more than a sheet holds; choose an area below."))
        return redirect(_owed_address(asked))
    with transaction.atomic():
        record(
            "export",
            "export:owed",
            by=person(request).username,
            after={
                "area": asked.area.code,
                "years": list(asked.scope.years),
                "below": below,
                "rows": rows,
                "sha256": hashlib.sha256(content).hexdigest(),
            },
        )
    name = f"owed-{asked.area.code}-{timezone.localdate().isoformat()}.xlsx"
    return HttpResponse(
        content,
        content_type=XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def letters(request: HttpRequest, round_id: int) -> HttpResponse:
    """A letter for each department that owes the round something, or for `?department=`."""
    sight = sight_of(person(request))
    now = timezone.now()
    rounds = Round.objects.filter(area__in=areas_followed(sight), opens_at__lte=now)
    one = found(
        request,
        with_parents(rounds, path="area").prefetch_related("year_rows"),
        pk=round_id,
    )
    seen = sight.departments_in(one.area)
    form = ScopeForm(
        request.GET, rounds=rounds, years=one.years, departments=departments_of(one.area, seen)
    )
    form.is_valid()
    wanted = form.cleaned_data.get("department")
    departments = with_predecessors([wanted.pk]) if wanted else seen
    asked_years = [(one, year) for year in one.years]
    rows = missing_rows(asked_rows(asked_years, moment=now, departments=departments))
    return render(
        request,
        "indicators/reminder_letters.html",
        {
            "round": one,
            "letters": letters_of(rows),
            "printed_at": now,
        },
    )


def _chosen_rows(asked: Asked) -> list[OwedRow]:
    cleaned = asked.form.cleaned_data
    wanted = with_predecessors([asked.department.pk]) if asked.department else None
    rows = asked_of(asked.scope, departments=wanted)
    if not cleaned.get("all"):
        rows = missing_rows(rows)
    return [row for row in rows if row.is_late] if cleaned.get("late") else rows


def _filters(asked: Asked) -> dict[str, object]:
    cleaned = asked.form.cleaned_data
    return {
        "department": asked.department.pk if asked.department else None,
        "late": 1 if cleaned.get("late") else None,
        "all": 1 if cleaned.get("all") else None,
    }


def _address(name: str, asked: Asked, more: Mapping[str, object]) -> str:
    return reverse(f"indicators:{name}") + asked.query(**more)


def _owed_address(asked: Asked, **more: object) -> str:
    return _address("owed", asked, more)


def _letter_addresses(asked: Asked, rows: list[OwedRow]) -> list[tuple[Round, str]]:
    chosen = f"?{urlencode({'department': asked.department.pk})}" if asked.department else ""
    rounds = dict.fromkeys(row.round for row in rows)
    return [(one, reverse("indicators:letters", args=[one.pk]) + chosen) for one in rounds]


def _about(request: HttpRequest, asked: Asked, *, below: bool) -> list[tuple[str, str]]:
    assert asked.area is not None
    years = ", ".join(str(year) for year in asked.scope.years)
    made = timezone.localtime(asked.scope.moment).strftime("%Y-%m-%d %H:%M")
    area = asked.area.name
    return [
        (_("Area"), _("%(area)s and all areas below it") % {"area": area} if below else area),
        (_("Round"), asked.scope.round.name if asked.scope.round else _("The newest of each year")),
        (_("Years"), years),
        (_("Made on"), made),
        (_("Made by"), str(person(request))),
    ]
