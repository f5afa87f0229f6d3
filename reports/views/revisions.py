"""The register of revisions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.reference import RevisionForm
from reports.queries.revisions.page import revisions_page
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(RevisionForm)
def revisions(request: HttpRequest) -> HttpResponse:
    form = RevisionForm(request.GET)
    area, document = form.chosen_area, form.chosen("document")
    page, shown = revisions_page(area=area, document=document, number=form.chosen("page") or 1)
    context = {
        "page": page,
        "revisions": shown,
        "area": area,
        "document": document,
        "problems": form.problems(),
    }
    return render(request, "reports/revisions.html", context)
