"""An indicator in its areas."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.charts_ranked import ranked_json
from reports.forms.goals import ScopeForm
from reports.forms.indicators import IndicatorForm
from reports.queries import indicators as queries
from reports.queries.scopes import Scope
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(ScopeForm, IndicatorForm)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    areas = ScopeForm(request.GET)
    scope = areas.chosen("area") or Scope()
    found = get_object_or_404(queries.with_levels(scope), code=code)
    offer = queries.offer_of(found, scope, level=request.GET.get("level", ""))
    form = IndicatorForm(request.GET, offer=offer)
    shown = queries.indicator_page(found, scope, offer.level, form.asked)
    rows = shown.ranking.rows if shown.ranking else None
    context = {
        "shown": shown,
        "scope": scope,
        "form": form,
        "controls": form.controls(is_compared=bool(shown.group)),
        "reaches_below": offer.reaches_below,
        "figure_json": ranked_json(rows) if rows else "",
        "problems": [*areas.problems(), *form.problems()],
    }
    return render(request, "reports/indicator.html", context)
