"""An area at a glance."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import AreaForm
from reports.queries import areas as queries
from reports.queries.scopes import Scope, area_of_code
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(AreaForm)
def area(request: HttpRequest, code: str) -> HttpResponse:
    scope = Scope(area_of_code(code))
    if scope.area is None:
        raise Http404
    found = scope.area
    lines = queries.lines_of_area(found)
    goals, departments = queries.goals_of(lines), queries.departments_of(lines)
    form = AreaForm(
        request.GET,
        years=[each.goal or 0 for each in goals],
        departments=[(each.department.code, each.department.name) for each in departments],
    )
    shown = queries.area_page(
        found,
        lines,
        goals,
        departments,
        goal=form.chosen("goal"),
        department=form.chosen("department"),
    )
    context = {
        "shown": shown,
        "scope": scope,
        "has_below": scope.has_targets_below(),
        "problems": form.problems(),
    }
    return render(request, "reports/area.html", context)
