"""Asking for a draft of a report, which a job writes."""

from __future__ import annotations

from django.db import transaction

from indicators.actions.jobs import Part, start_job
from indicators.enums import JobKind
from indicators.models import Job
from reports.actions.shared import check_reviews
from reports.queries.reports import draft_jobs
from targets_site.accounts.models import Role, User
from targets_site.places.models import Area, Department


@transaction.atomic
def ask_for_draft(*, area: Area, year: int, department: Department | None, by: User) -> Job:
    """A job that drafts the report anew from the figures as they stand when it runs; the one that
    waits already where there is one. Whoever calls wakes the job.

    Raises NotAllowed unless the person reviews the area.
    """
    check_reviews(by, area_id=area.pk)
    # The other half of a doubled form waits here until the first job can be seen.
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    waiting = draft_jobs(area, year=year, department=department).open().first()
    if waiting is not None:
        return waiting
    asked = {
        "area": area.code,
        "year": year,
        "department": department.code if department else "",
    }
    parts = [Part({})]
    return start_job(kind=JobKind.REPORT, by=by, parts=parts, parameters=asked, role=Role.REVIEWER)
