"""The reference as pages for readers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.reference import IndicatorListForm, ListForm
from reports.queries import reference as queries
from reports.queries.scopes import Scope
from targets_site.accounts.access import reading_page
from targets_site.reading.back import unkept_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@unkept_page
def reference(request: HttpRequest) -> HttpResponse:
    context = {"numbers": queries.numbers(), "domains": queries.domains()}
    return render(request, "reports/reference.html", context)


@reading_page
@require_safe
@kept_page(ListForm)
def areas(request: HttpRequest) -> HttpResponse:
    """`area`: the one whose parts are listed."""
    form = ListForm(request.GET)
    scope = form.chosen("area") or Scope()
    page = queries.areas_page(scope.area, number=form.chosen("page") or 1)
    context = {"page": page, "scope": scope, "problems": form.problems()}
    return render(request, "reports/reference_areas.html", context)


@reading_page
@require_safe
@kept_page(ListForm)
def departments(request: HttpRequest) -> HttpResponse:
    form = ListForm(request.GET)
    area = form.chosen_area
    page = queries.departments_page(area, number=form.chosen("page") or 1)
    context = {"page": page, "area": area, "problems": form.problems()}
    return render(request, "reports/reference_departments.html", context)


@reading_page
@require_safe
@kept_page(IndicatorListForm)
def indicators(request: HttpRequest) -> HttpResponse:
    form = IndicatorListForm(request.GET)
    domain = form.chosen("domain")
    page = queries.indicators_page(domain, number=form.chosen("page") or 1)
    context = {"page": page, "form": form, "domain": domain, "problems": form.problems()}
    return render(request, "reports/reference_indicators.html", context)
