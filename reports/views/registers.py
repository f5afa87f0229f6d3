"""The registers: which there are, and what cannot be judged."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm, ScopeForm, SeenFromForm
from reports.forms.registers import UnjudgedForm
from reports.queries.overview import GoalYears, goal_years
from reports.queries.registers.unjudged import register, unjudged, unjudged_page
from reports.queries.scopes import Scope
from reports.queries.standpoints import Standpoint, last_as_of
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page()
def registers(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/registers.html")


@reading_page
@require_safe
@kept_page(ScopeForm, GoalForm, SeenFromForm, UnjudgedForm)
def cannot_be_judged(request: HttpRequest) -> HttpResponse:
    about = ScopeForm(request.GET)
    scope = about.chosen("area") or Scope()
    goals = goal_years(scope)
    counts = {**goals.counts, **({0: goals.without_year} if goals.without_year else {})}
    form = GoalForm(request.GET, years=counts)
    goal = form.chosen("goal")
    goal = (goals.default or 0) if goal is None else goal
    seen, from_year = _standpoint(request, scope, goals, goal)
    filters = UnjudgedForm(request.GET)
    asked_forms = (about, form, from_year, filters)
    problems = [problem for each in asked_forms if each for problem in each.problems()]
    context = {
        "scope": scope,
        "seen": seen,
        "goal_counts": counts,
        "stay": scope.query + filters.query,
        "form": filters,
        "problems": problems,
    }
    return render(request, "reports/unjudged.html", {**context, **_found(seen, filters)})


def _standpoint(
    request: HttpRequest, scope: Scope, goals: GoalYears, goal: int
) -> tuple[Standpoint, SeenFromForm | None]:
    """Targets without a year are seen from the end of their documents, whatever is asked."""
    if goal not in goals.counts:
        return Standpoint(scope, 0, 0), None
    years = goals.as_of_years(goal)
    form = SeenFromForm(request.GET, years=years)
    return Standpoint(scope, goal, form.chosen("as_of") or last_as_of(goal), years), form


def _found(seen: Standpoint, filters: UnjudgedForm) -> dict[str, Any]:
    verdicts = unjudged(seen, filters.chosen("domain"))
    own = seen.scope.area if filters.chosen("own") else None
    return {
        "register": register(seen.scope, verdicts),
        "listed": unjudged_page(
            verdicts,
            reason=filters.chosen("reason"),
            own=own,
            number=filters.chosen("page") or 1,
        ),
        "own": own,
        "reason": filters.chosen("reason"),
    }
