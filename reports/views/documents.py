"""A document with its targets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.queries import documents as queries
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page()
def document(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(queries.documents(), slug=slug)
    return render(request, "reports/document.html", {"shown": queries.document_page(found)})
