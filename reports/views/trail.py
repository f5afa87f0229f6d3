"""The trail, for those who audit: what was done, by whom, to what, and its place in the chain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from reports.actions.trail import note_reading, note_search
from reports.forms.trail import TrailForm
from reports.queries.trail.lines import lines_of
from reports.queries.trail.proof import proof_of
from reports.queries.trail.state import trail_state
from targets_site.accounts.rights import TRAIL_READERS
from targets_site.accounts.views.shared import for_holders_of, person
from targets_site.audit.models import Entry
from targets_site.audit.queries.search import COUNTED_UP_TO, counted, cut, found

for_trail_readers = for_holders_of(*TRAIL_READERS)


@require_GET
@for_trail_readers
def trail(request: HttpRequest) -> HttpResponse:
    """Writes the search itself into the trail, as exports are."""
    form = TrailForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "state": trail_state()}
        return render(request, "reports/trail.html", context, status=400)
    entries = found(form.search)
    page = cut(entries, form.cursor)
    number = counted(entries) if form.criteria else None
    context = {
        "form": form,
        "state": trail_state(),
        "lines": lines_of(page.entries),
        "page": page,
        "number": number,
        "counted_up_to": COUNTED_UP_TO,
    }
    note_search(form.criteria, by=person(request))
    return render(request, "reports/trail.html", context)


@require_GET
@for_trail_readers
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    one = get_object_or_404(Entry.objects.select_related("link"), seq=seq)
    (line,) = lines_of([one], hide_personal=False)
    context = {"line": line, "proof": proof_of(one)}
    note_reading(one.seq, by=person(request))
    return render(request, "reports/trail_entry.html", context)
