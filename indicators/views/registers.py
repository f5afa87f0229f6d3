"""The registers of figures: what was changed after its approval, and what came late."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.forms.registers import LateFilter, RegisterFilter
from indicators.queries.registers.changed import changed_versions, changes_page
from indicators.queries.registers.choices import choices_of
from indicators.queries.registers.late import late_page, late_versions
from indicators.views.shared import person


@require_safe
def changed(request: HttpRequest) -> HttpResponse:
    user = person(request)
    versions = changed_versions(user)
    choices = choices_of(versions)
    filters = RegisterFilter(request.GET, choices=choices)
    changes = changes_page(filters.narrow(versions), user=user, number=filters.number)
    context = {"filters": filters, "page": changes.page, "rows": changes.rows}
    return render(request, "indicators/changed.html", {**context, "any": bool(choices.years)})


@require_safe
def changed_elsewhere(request: HttpRequest) -> HttpResponse:
    """Where the register stood before; links that were sent on still lead to it."""
    query = request.GET.urlencode()
    address = reverse("indicators:changed")
    return redirect(f"{address}?{query}" if query else address, permanent=True)


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    versions = late_versions(person(request))
    choices = choices_of(versions)
    filters = LateFilter(request.GET, choices=choices)
    found = late_page(filters.narrow(versions), number=filters.number)
    context = {"filters": filters, "page": found.page, "rows": found.rows}
    return render(request, "indicators/late.html", {**context, "any": bool(choices.years)})
