"""The front page: how the targets of a goal year stand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm, ScopeForm, SeenFromForm, TargetFilter
from reports.queries import overview as queries
from reports.queries.news import news
from reports.queries.scopes import Scope, home_of
from reports.queries.standings import areas_at_hand, counted, domains_of, reaches_below
from reports.queries.standpoints import Standpoint, last_as_of
from reports.queries.worst_first import target_list
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page

NATION = "all"


def home(request: HttpRequest) -> dict[str, str]:
    """What the page depends on beside its address: the area of the person's posts where the address
    names none, NATION where an empty `area` asks for all, else nothing."""
    if not request.user.is_authenticated:
        return {"home": ""}
    if "area" in request.GET:
        return {"home": "" if request.GET["area"] else NATION}
    return {"home": home_of(request.user)}


@reading_page
@require_safe
@kept_page(ScopeForm, GoalForm, SeenFromForm, TargetFilter, of_reader=home)
def overview(request: HttpRequest, home: str) -> HttpResponse:
    asked = request.GET.copy()
    if home and home != NATION:
        asked["area"] = home
    about = ScopeForm(asked)
    scope = about.chosen("area") or Scope(is_named=home == NATION)
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
    areas = areas_at_hand(scope, counts)
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
        "list_address": f"?{seen.query}",
        "all_address": f"?{seen.query}#targets",
        "problems": [problem for each in (form, from_year, filters) for problem in each.problems()],
    }
    return render(request, "reports/overview.html", context)
