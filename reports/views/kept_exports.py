"""Large exports: asked for, and fetched once a job has written them; the manifests of all."""

from __future__ import annotations

import base64

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.actions.jobs import about
from indicators.tasks import nudge_jobs
from indicators.views.shared import denied, found, person, record_denial
from reports.actions.trail import note_reading
from reports.exports import TABLES
from reports.exports.kept.asking import MOST_AT_ONCE, DoesNotFit, TooMany, ask_for_export
from reports.exports.kept.fetching import fetchable_by, open_file
from reports.exports.kept.files import Gone
from reports.forms.exports import ExportForm
from reports.queries.exported import Exported, exports_in_trail
from reports.views.exports import page
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.identity import needs_fresh_login
from targets_site.accounts.rights import reads_trail, role_for_trail
from targets_site.audit.actions import record
from targets_site.moments import to_the_microsecond


@require_POST
@needs_fresh_login
def ask(request: HttpRequest) -> HttpResponse:
    """Have a large file written, and show the job that does it."""
    # The job asks for the right; one that is refused must stand in the trail.
    form = ExportForm(request.POST.dict(), tables=TABLES, strict=True)
    if not form.is_valid():
        return page(request, form, status=400)
    try:
        job = ask_for_export(asked=form.asked, by=person(request))
    except NotAllowed:
        return denied(request, about=f"export:{form.asked.table}")
    except TooMany:
        record_denial(request, about=f"export:{form.asked.table}", why="too many")
        said = _("%(most)s exports of yours are under way; wait until one of them is done.")
        return page(request, form, status=409, problem=said % {"most": MOST_AT_ONCE})
    except DoesNotFit:
        said = _("An Excel sheet does not hold so many rows: choose CSV, or fewer rows.")
        return page(request, form, status=409, problem=said)
    transaction.on_commit(nudge_jobs)
    return redirect(job)


@require_safe
@needs_fresh_login
def fetch(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The file that a job wrote, whole and as it was written; 410 once it was kept long enough."""
    by = person(request)
    job = found(request, fetchable_by(by), pk=job_id)
    try:
        file, said = open_file(job, by=by)
    except NotAllowed:
        return denied(request, about=about(job))
    except Gone:
        return render(request, "reports/export_gone.html", {"job": job}, status=410)
    with transaction.atomic():
        after = {"name": said["name"], "sha256": said["sha256"]}
        record("export", about(job), role=role_for_trail(by), after=after)
    digest = base64.b64encode(bytes.fromhex(said["sha256"])).decode()
    return FileResponse(
        file,
        as_attachment=True,
        filename=said["name"],
        content_type=said["type"],
        headers={"Cache-Control": "no-store", "Repr-Digest": f"sha-256=:{digest}:"},
    )


@require_safe
def manifest(request: HttpRequest, seq: int) -> JsonResponse:
    """What the trail says of one export: to whoever made it, and to whoever reads the trail."""
    by = person(request)
    entry = exports_in_trail().filter(seq=seq).first()
    if entry is None or (entry.actor != by.username and not reads_trail(by)):
        record_denial(request, about=f"manifest:{seq}")
        raise Http404(seq)
    if entry.actor != by.username:
        note_reading(entry.seq, by=by)
    one = Exported(entry)
    said = {
        "seq": entry.seq,
        "made_at": to_the_microsecond(entry.at),
        "made_by": entry.actor,
        "table": one.table,
        **one.said,
    }
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="manifest-{entry.seq}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
