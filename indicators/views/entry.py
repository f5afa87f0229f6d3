"""The pages on which officials enter figures."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.actions.entry import StaleVersion, enter
from indicators.forms import ChosenYearForm, EntryForm
from indicators.models import ObservationVersion, Series
from indicators.queries import entry as queries
from indicators.views.shared import denied, person, record_denial
from targets_site.accounts.access import NotAllowed
from targets_site.templatetags.shown import with_unit


@require_safe
def series_list(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/entry.html", {"rows": queries.series_of(person(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def enter_figure(request: HttpRequest, code: str) -> HttpResponse:
    series = get_object_or_404(Series.objects.select_related("area", "indicator"), code=code)
    if not queries.reports_series(user=person(request), series=series):
        return denied(request, about=f"series:{series.code}", template="indicators/not_yours.html")
    if request.method == "POST":
        return _store(request, series)
    chosen = ChosenYearForm(request.GET)
    year = chosen.cleaned_data["year"] if chosen.is_valid() else None
    year = year or queries.next_year_to_enter(series)
    form = EntryForm.starting_from(
        queries.newest_version(series, year), year=year, indicator=series.indicator
    )
    return _form_page(request, series, form, chosen=chosen)


def _store(request: HttpRequest, series: Series) -> HttpResponse:
    form = EntryForm(request.POST, indicator=series.indicator)
    if not form.is_valid():
        return _form_page(request, series, form, status=422)
    year = form.cleaned_data["year"]
    try:
        version = enter(
            series=series,
            year=year,
            figure=form.figure(),
            read_version=form.read_version_of_year(),
            by=person(request),
        )
    except StaleVersion as stale:
        return _conflict_page(request, series, form, stale.newer)
    except NotAllowed as refused:
        record_denial(request, about=f"observation:{series.code}:{year}")
        form.add_error("year", str(refused))
        return _form_page(request, series, form, status=403)
    _say_stored(request, version, series=series, understood=form.understood)
    return _same_page(series, year)


def _same_page(series: Series, year: int) -> HttpResponseRedirect:
    address = reverse("indicators:enter_figure", args=[series.code])
    return redirect(f"{address}?year={year}")


def _say_stored(
    request: HttpRequest, version: ObservationVersion, *, series: Series, understood: str
) -> None:
    figure = with_unit(version.value_as_stated, series.indicator.unit)
    stored = _("Submitted: %(year)s, %(figure)s.") % {
        "year": version.observation.year,
        "figure": figure if version.value is not None else version.missing_reason,
    }
    messages.success(request, f"{stored} {understood}".strip())


def _conflict_page(
    request: HttpRequest, series: Series, form: EntryForm, newer: ObservationVersion
) -> HttpResponse:
    """Both values, who and when; sending the same form again goes on knowingly."""
    seen = form.having_read(newer)
    seen.is_valid()
    return _form_page(request, series, seen, conflict=newer, status=409)


def _form_page(
    request: HttpRequest,
    series: Series,
    form: EntryForm,
    *,
    chosen: ChosenYearForm | None = None,
    conflict: ObservationVersion | None = None,
    status: int = 200,
) -> HttpResponse:
    year = form.cleaned_data.get("year") if form.is_bound else form.initial["year"]
    return render(
        request,
        "indicators/enter_figure.html",
        {
            "series": series,
            "indicator": series.indicator,
            "form": form,
            "chosen": chosen,
            "conflict": conflict,
            "stored": queries.newest_version(series, year) if year else None,
            "recent": queries.recent_figures(series),
            "targets": queries.targets_measured_by([series]).get(series.pk, ()),
        },
        status=status,
    )
