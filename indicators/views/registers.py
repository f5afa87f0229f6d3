"""The registers of figures: what was changed after its approval, and what came late."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.forms.review import ChangedFilter
from indicators.queries.registers import changed as registers
from indicators.views.shared import person


@require_safe
def changed(request: HttpRequest) -> HttpResponse:
    user = person(request)
    versions = registers.changed_versions(user)
    areas, years = registers.areas_and_years(versions)
    filters = ChangedFilter(request.GET, areas=areas, years=years)
    narrowed = versions.filter(**filters.lookups())
    changes = registers.changes_page(narrowed, user=user, number=filters.number)
    return render(
        request,
        "indicators/changed.html",
        {"filters": filters, "page": changes.page, "rows": changes.rows, "any": bool(years)},
    )
