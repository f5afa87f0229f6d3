"""Documents: the list, one with its targets, and its scan."""

from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.forms.documents import DocumentForm, LookBackForm
from reports.forms.reference import ListForm
from reports.queries import documents as queries
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(ListForm)
def documents(request: HttpRequest) -> HttpResponse:
    form = ListForm(request.GET)
    area = form.chosen_area
    page = queries.documents_page(area, number=form.chosen("page") or 1)
    context = {"page": page, "area": area, "problems": form.problems()}
    return render(request, "reports/documents.html", context)


@reading_page
@require_safe
@kept_page(LookBackForm, DocumentForm)
def document(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(queries.documents(), slug=slug)
    as_of = LookBackForm(request.GET, documents=[found]).chosen("as_of")
    lines = queries.lines_of_document(found, as_of=as_of)
    form = DocumentForm(request.GET, document=found, lines=lines)
    narrowed = form.narrowed()
    context = {
        "shown": queries.document_page(found, lines, narrowed=narrowed),
        "form": form,
        "narrowed": narrowed,
        "as_of": as_of,
        "stay": f"&as_of={as_of}" if as_of else "",
        "problems": form.problems(),
    }
    return render(request, "reports/document.html", context)


@reading_page
@require_safe
def scan(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The scan as it was attached, always as a download, never shown in the site's pages."""
    found = get_object_or_404(queries.documents().exclude(scan=""), slug=slug)
    try:
        file = found.scan.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True, filename=PurePath(found.scan.path).name)
