"""The front page: how the targets of a goal year ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm, TargetFilter
from reports.queries import overview as queries
from targets_site.accounts.access import reading_page


@reading_page
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    goals = queries.goal_years()
    form = GoalForm(request.GET, years=goals.years)
    goal = form.chosen("goal") or goals.default
    if goal is None:
        return render(request, "reports/overview_empty.html", {"goals": goals})
    assessment = queries.assess(goal, total=goals.counts[goal], in_words=goals.in_words[goal])
    areas = queries.areas_with_targets(goal)
    filters = TargetFilter(
        request.GET,
        areas=[(area.code, area.name) for area in areas],
        domains=assessment.domains,
    )
    narrowed = filters.narrowed()
    context = {
        "goals": goals,
        "assessment": assessment,
        "matrix": queries.matrix(
            goal, areas, assessment.domains, number=filters.chosen("areas") or 1
        ),
        "listed": queries.target_list(
            goal,
            narrowed,
            number=filters.chosen("page") or 1,
            total=assessment.listed,
        ),
        "filters": filters,
        "narrowed": narrowed,
        "all_address": f"?goal={goal}#targets",
        "problems": [*form.problems(), *filters.problems()],
    }
    return render(request, "reports/overview.html", context)
