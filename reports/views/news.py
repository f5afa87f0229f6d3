"""All figures that were approved lately."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import PageForm, ScopeForm
from reports.queries.news import new_versions, shown
from reports.queries.scopes import Scope
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page
from targets_site.reading.shared import page_of

FIGURES_A_PAGE = 25


@reading_page
@require_safe
@kept_page(ScopeForm, PageForm)
def new_figures(request: HttpRequest) -> HttpResponse:
    about, turned = ScopeForm(request.GET), PageForm(request.GET)
    scope = about.chosen("area") or Scope()
    pages = Paginator(new_versions(scope), FIGURES_A_PAGE)
    page: Page[tuple[Any, ...]] = page_of(pages, turned.chosen("page") or 1)
    context = {
        "scope": scope,
        "page": page,
        "figures": shown(page),
        "problems": [*about.problems(), *turned.problems()],
    }
    return render(request, "reports/news.html", context)
