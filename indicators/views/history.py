"""What was said of a figure or a judgement from the first version on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.models import Series
from indicators.queries import history as queries
from indicators.views.shared import person, record_denial
from plans.models import Target


@require_safe
def figure_history(request: HttpRequest, code: str, year: int) -> HttpResponse:
    series = Series.objects.select_related("area", "indicator").filter(code=code).first()
    past = queries.figure_history(series, year, user=person(request)) if series else []
    if not past:
        return _not_there(request, about=f"observation:{code}:{year}")
    return render(
        request,
        "indicators/figure_history.html",
        {"series": series, "indicator": series and series.indicator, "year": year, "past": past},
    )


@require_safe
def judgement_history(request: HttpRequest, code: str, year: int) -> HttpResponse:
    target = Target.objects.in_force().select_related("area", "document").filter(code=code).first()
    past = queries.judgement_history(target, year, user=person(request)) if target else []
    if not past:
        return _not_there(request, about=f"judgement:{code}:{year}")
    return render(
        request,
        "indicators/figure_history_judgement.html",
        {"target": target, "year": year, "past": past},
    )


def _not_there(request: HttpRequest, *, about: str) -> HttpResponse:
    """Whether nobody has said anything or it is not for the reader: the same answer."""
    record_denial(request, about=about)
    raise Http404
