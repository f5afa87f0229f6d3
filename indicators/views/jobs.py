"""The pages of long tasks, and of whether the work that waits is being done."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators import schedule
from indicators.actions import jobs as actions
from indicators.actions.recompute import AlreadyUnderWay, start_full_recompute
from indicators.actions.stale import retry_given_up
from indicators.forms.imports import LinesForm
from indicators.models import Job
from indicators.queries import jobs as queries
from indicators.tasks import nudge, nudge_jobs
from indicators.views.shared import denied, found, person, record_denial
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.accounts.rights import holds
from targets_site.accounts.sessions import asked_by_scripts
from targets_site.accounts.views.shared import for_holders_of
from targets_site.alarms import Facts, alarms

JOBS_A_PAGE = 20
system_administrator = for_holders_of(Role.SYSTEM_ADMIN)


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Everybody's own jobs; for system administrators all, and the health of the queue."""
    rows = Paginator(queries.jobs_of(person(request)), JOBS_A_PAGE)
    page = rows.get_page(LinesForm(request.GET).number)
    is_administrator = holds(person(request), Role.SYSTEM_ADMIN)
    context = {"page": page, "rows": queries.shown(page), "is_administrator": is_administrator}
    if is_administrator:
        context |= _health()
    return render(request, "indicators/jobs.html", context)


def _health() -> dict[str, Any]:
    facts = Facts()
    now, said = timezone.now(), facts.of(queries.health)
    with_runs = [(each, said.runs.get(each.name)) for each in schedule.ENTRIES]
    entries = [(each, run, bool(run and each.is_late(run, now))) for each, run in with_runs]
    return {
        "health": said,
        "alarms": alarms(facts),
        "entries": entries,
        "failing": sum(is_late or bool(run and run.error) for _each, run, is_late in entries),
        "embedded": settings.EMBEDDED,
    }


@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    return _job_page(request, _readable(request, job_id))


@require_safe
@asked_by_scripts
def job_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far the job is, for the page that waits for it."""
    return render(
        request,
        "indicators/_job_now.html",
        _shown(request, _readable(request, job_id)),
    )


@require_POST
def cancel_job(request: HttpRequest, job_id: int) -> HttpResponse:
    return _decide(request, job_id, actions.cancel_job, _("Cancelled; what was stored stays."))


@require_POST
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    said = _("It is tried again.")
    return _decide(request, job_id, actions.retry_job, said, then=nudge_jobs)


@require_POST
@system_administrator
def recompute_all(request: HttpRequest) -> HttpResponse:
    try:
        started = start_full_recompute(by=person(request))
    except AlreadyUnderWay as other:
        messages.warning(request, _("All verdicts are being recomputed already."))
        return redirect(other.job)
    transaction.on_commit(nudge_jobs)
    return redirect(started)


@require_POST
@system_administrator
def retry_stale(request: HttpRequest) -> HttpResponse:
    """Have the stale rows that were given up tried again."""
    retry_given_up(by=person(request))
    transaction.on_commit(nudge)
    messages.success(request, _("They are tried again."))
    return redirect("indicators:jobs")


def _decide(
    request: HttpRequest,
    job_id: int,
    step: Callable[..., Job],
    said: str,
    *,
    then: Callable[[], None] | None = None,
) -> HttpResponse:
    """then: called once what was decided is stored."""
    one = _readable(request, job_id)
    try:
        step(job=one, by=person(request))
    except NotAllowed:
        return denied(request, about=actions.about(one))
    except actions.NotAtThisStep:
        record_denial(request, about=actions.about(one), why="state")
        one.refresh_from_db()
        message = _("Nothing was done: the job has gone on since you read its page.")
        return _job_page(request, one, errors=[message], status=409)
    if then:
        transaction.on_commit(then)
    messages.success(request, said)
    return redirect(one)


def _readable(request: HttpRequest, job_id: int) -> Job:
    """404 for what is somebody else's, unless the person is a system administrator; whoever reads
    it may decide on it too."""
    return found(request, queries.jobs_of(person(request)), pk=job_id)


def _job_page(
    request: HttpRequest, one: Job, *, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """errors: why what was asked for was not done."""
    return render(
        request,
        "indicators/job.html",
        {
            **_shown(request, one),
            "errors": errors or [],
            "given_up": queries.given_up_parts(one),
            "about": actions.about(one),
        },
        status=status,
    )


def _shown(request: HttpRequest, one: Job) -> dict[str, Any]:
    [row] = queries.shown([one])
    return {
        "job": row.job,
        "imported": row.imported,
        "is_administrator": holds(person(request), Role.SYSTEM_ADMIN),
        "now": timezone.now(),
    }
