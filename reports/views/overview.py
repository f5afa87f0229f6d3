"""The front page: how the targets of a goal year ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm, ScopeForm, TargetFilter
from reports.queries import overview as queries
from reports.queries.scopes import Scope, areas_at_hand
from reports.queries.standings import counted, domains_of, reaches_below
from reports.queries.worst_first import target_list
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(ScopeForm, GoalForm, TargetFilter)
def overview(request: HttpRequest) -> HttpResponse:
    scope = Scope(ScopeForm(request.GET).chosen("area"))
    goals = queries.goal_years(scope)
    form = GoalForm(request.GET, years=goals.years)
    goal = form.chosen("goal") or goals.default
    if goal is None:
        is_uncounted = not goals.without_year and scope.has_targets()
        context = {"goals": goals, "scope": scope, "is_uncounted": is_uncounted}
        return render(request, "reports/overview_empty.html", context)
    counts = counted(scope, goal)
    is_with_below = reaches_below(scope, counts)
    domains = domains_of(counts)
    areas = areas_at_hand(scope, [each.area_id for each in counts], goal=goal)
    filters = TargetFilter(
        request.GET,
        areas=areas,
        domains=domains,
        with_below=scope.area if is_with_below else None,
    )
    narrowed = filters.narrowed()
    context = {
        "scope": scope,
        "reaches_below": is_with_below,
        "goals": goals,
        "assessment": queries.assess(
            goal, counts, total=goals.counts[goal], in_words=goals.in_words[goal]
        ),
        "domains": domains,
        "matrix": queries.matrix(
            scope, counts, areas, domains, number=filters.chosen("areas") or 1
        ),
        "listed": target_list(scope, goal, narrowed, counts, number=filters.chosen("page") or 1),
        "filters": filters,
        "narrowed": narrowed,
        "all_address": f"?goal={goal}{scope.query}#targets",
        "problems": [*form.problems(), *filters.problems()],
    }
    return render(request, "reports/overview.html", context)
