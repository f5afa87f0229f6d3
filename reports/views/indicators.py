"""An indicator in every area."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from indicators.models import Indicator
from reports.queries import indicators as queries
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page()
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Indicator, code=code)
    return render(request, "reports/indicator.html", {"shown": queries.indicator_page(found)})
