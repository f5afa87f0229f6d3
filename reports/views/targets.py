from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports import charts
from reports.drawings.sizes import sized_drawings
from reports.forms.targets import AsOfForm
from reports.queries.targets import target_in_force, target_page
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(AsOfForm)
def target(request: HttpRequest, code: str) -> HttpResponse:
    """The row in force of a code: its verdict, working, figures and where they come from."""
    found = target_in_force(code)
    if found is None:
        raise Http404
    form = AsOfForm(request.GET, target=found)
    page = target_page(found, as_of=form.year)
    shown = {"page": page, "form": form}
    if page.chart:
        shown["figure_json"] = charts.chart_json(page.chart.rows)
        shown["drawings"] = sized_drawings(page.chart.rows, label=page.chart.finding)
    return render(request, "reports/target.html", shown)
