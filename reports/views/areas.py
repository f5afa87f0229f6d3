"""An area at a glance."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.areas import AreaForm, DepartmentForm
from reports.queries.areas.counted import counted_of
from reports.queries.areas.goals import goals_of, opening
from reports.queries.areas.page import area_page
from reports.queries.scopes import Scope, area_of_code
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(AreaForm, DepartmentForm)
def area(request: HttpRequest, code: str) -> HttpResponse:
    scope = Scope(area_of_code(code))
    if scope.area is None:
        raise Http404
    counted = counted_of(scope.area)
    goals = goals_of(counted)
    opens_on = opening(goals)
    if opens_on is None:
        context = {"scope": scope, "is_uncounted": scope.has_targets()}
        return render(request, "reports/area_empty.html", context)
    form = AreaForm(request.GET, goals=goals, opening=opens_on)
    goal = form.shown_goal()
    as_of = form.chosen("as_of") or goal.last
    shown = area_page(scope, counted, goal, as_of)
    departments = DepartmentForm(request.GET, departments=shown.departments)
    led = shown.led_by(departments.chosen("department"))
    context = {
        "scope": scope,
        "goals": goals,
        "goal_counts": {each.year: each.total for each in goals},
        "shown": shown,
        "led": led,
        "department_query": f"&department={led.department.code}" if led else "",
        "problems": [*form.problems(), *departments.problems()],
    }
    return render(request, "reports/area.html", context)
