"""How progress is judged, in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.queries.method import status_rows
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page()
def method(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/method.html", {"statuses": status_rows()})
