"""An indicator in its areas."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from indicators.models import Indicator
from reports.charts_ranked import ranked_json
from reports.forms.goals import ScopeForm
from reports.forms.indicators import IndicatorForm
from reports.queries import indicators as queries
from reports.queries.scopes import Scope
from targets_site.accounts.access import reading_page


@reading_page
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Indicator, code=code)
    areas = ScopeForm(request.GET)
    scope = Scope(areas.chosen("area"))
    form = IndicatorForm(request.GET, offer=queries.offer_of(found, scope))
    shown = queries.indicator_page(found, scope, form.shown_level, form.asked)
    rows = shown.ranking.rows if shown.ranking else None
    context = {
        "shown": shown,
        "scope": scope,
        "form": form,
        "reaches_below": form.offer.reaches_below(form.shown_level),
        "figure_json": ranked_json(rows) if rows else "",
        "problems": [*areas.problems(), *form.problems()],
    }
    return render(request, "reports/indicator.html", context)
