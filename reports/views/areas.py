"""An area at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.forms.goals import AreaForm
from reports.queries import areas as queries
from targets_site.accounts.access import reading_page
from targets_site.places.models import Area


@reading_page
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Area, code=code)
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
    return render(request, "reports/area.html", {"shown": shown, "problems": form.problems()})
