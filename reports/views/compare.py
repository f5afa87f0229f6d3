"""Two documents side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.enums import Change
from reports.forms.documents import CompareForm, NamedDocuments
from reports.queries.compare.page import compare_page, documents_to_choose
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(CompareForm)
def compare(request: HttpRequest) -> HttpResponse:
    named = NamedDocuments(request.GET)
    documents = documents_to_choose(named.chosen("a"), named.chosen("b"))
    form = CompareForm(request.GET, documents=documents)
    by_slug = {each.slug: each for each in documents}
    first, second = by_slug.get(form.chosen("a")), by_slug.get(form.chosen("b"))
    shown = None
    if first and second:
        chosen = form.chosen("change")
        shown = compare_page(
            first, second, chosen=chosen and Change(chosen), as_of=form.chosen("as_of")
        )
    context = {"form": form, "shown": shown, "problems": form.problems()}
    return render(request, "reports/compare.html", context)
