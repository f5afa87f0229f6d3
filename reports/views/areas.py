"""An area at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm
from reports.queries import areas as queries
from targets_site.accounts.access import reading_page
from targets_site.places.models import Area


@reading_page
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Area, code=code)
    lines = queries.lines_of_area(found)
    goals = queries.goals_of(lines)
    form = GoalForm(request.GET, years=[each.goal or 0 for each in goals])
    shown = queries.area_page(found, lines, goals, goal=form.chosen("goal"))
    return render(request, "reports/area.html", {"shown": shown, "problems": form.problems()})
