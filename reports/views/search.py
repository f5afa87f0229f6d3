"""One box over everything that has a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from reports.forms.search import SearchForm
from reports.queries.search.jump import address_of_code
from reports.queries.search.results import search as find
from targets_site.accounts.access import reading_page
from targets_site.reading.back import unkept_page


@reading_page
@require_safe
@unkept_page
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.words
    address = address_of_code(words[0]) if len(words) == 1 else None
    if address is not None:
        return redirect(address)
    context = {"form": form, "words": words, "found": find(words) if words else None}
    return render(request, "reports/search.html", context)
