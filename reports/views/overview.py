"""The front page: how the targets of a goal year stand."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm, ScopeForm, SeenFromForm, TargetFilter
from reports.queries import overview as queries
from reports.queries.news import news
from reports.queries.scopes import Scope, areas_at_hand, home_of
from reports.queries.standings import counted, domains_of, reaches_below
from reports.queries.standpoints import Standpoint, last_as_of
from reports.queries.worst_first import target_list
from targets_site.accounts.access import reading_page


@reading_page
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    asked = with_home(request)
    about = ScopeForm(asked)
    scope = about.chosen("area") or Scope(is_named="area" in asked)
    goals = queries.goal_years(scope)
    form = GoalForm(asked, years=goals.years)
    goal = form.chosen("goal") or goals.default
    if goal is None:
        is_uncounted = not goals.without_year and scope.has_targets()
        context = {"goals": goals, "scope": scope, "is_uncounted": is_uncounted}
        return render(request, "reports/overview_empty.html", context)
    from_year = SeenFromForm(asked, years=goals.as_of_years(goal))
    as_of = from_year.chosen("as_of") or last_as_of(goal)
    seen = Standpoint(scope, goal, as_of, goals.as_of_years(goal))
    counts = counted(seen)
    is_with_below = reaches_below(scope, counts)
    domains = domains_of(counts)
    areas = areas_at_hand(scope, [each.area_id for each in counts])
    filters = TargetFilter(
        asked, areas=areas, domains=domains, with_below=scope.area if is_with_below else None
    )
    narrowed = filters.narrowed()
    listed = target_list(seen, narrowed, counts, number=filters.chosen("page") or 1)
    is_opened = bool(narrowed) or listed.page.number > 1
    context = {
        "scope": scope,
        "seen": seen,
        "reaches_below": is_with_below,
        "goals": goals,
        "assessment": queries.assess(seen, counts, promised=goals.promised(goal)),
        "domains": domains,
        "matrix": queries.matrix(
            scope, counts, areas, domains, number=filters.chosen("areas") or 1
        ),
        "listed": listed,
        "news": None if is_opened else news(scope),
        "filters": filters,
        "narrowed": narrowed,
        "all_address": f"?{seen.query}#targets",
        "problems": [problem for each in (form, from_year, filters) for problem in each.problems()],
    }
    return render(request, "reports/overview.html", context)


def with_home(request: HttpRequest) -> QueryDict:
    """What the address asks for; where it names no area, the person's own one. An empty `area`
    asks for the nation."""
    if "area" in request.GET or not request.user.is_authenticated:
        return request.GET
    home = home_of(request.user)
    if not home:
        return request.GET
    asked = request.GET.copy()
    asked["area"] = home
    return asked
