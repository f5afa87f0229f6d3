"""Jobs as people see them, and whether the work that waits is being done."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from indicators.enums import JobState
from indicators.models import Import, Job, JobPart, ScheduledRun, StaleRow
from targets_site.accounts.models import Role, User
from targets_site.accounts.rights import holds
from targets_site.places.models import Area

# Whoever asks whether all is well is told "so many or more", at the same cost.
MOST_COUNTED = 1000
LISTED = 20
# The sweep runs every 30 seconds; where it did not for so long, nobody is at work.
SILENT_AFTER = datetime.timedelta(minutes=5)


def jobs_of(user: User) -> QuerySet[Job]:
    """Newest first: the person's own, and all for system administrators."""
    rows = Job.objects.select_related("asked_by").order_by("-pk")
    return rows if holds(user, Role.SYSTEM_ADMIN) else rows.filter(asked_by=user)


@dataclass(frozen=True)
class ShownJob:
    """A job with the import that it reads or stores."""

    job: Job
    imported: Import | None


def shown(jobs: Iterable[Job]) -> list[ShownJob]:
    """In the same order, whoever may read the jobs."""
    named = [(job, job.parameters.get("attachment")) for job in jobs]
    imports = Import.objects.filter(attachment__in={key for _job, key in named if key})
    found = {each.attachment_id: each for each in imports.select_related("attachment")}
    return [ShownJob(job, found.get(key)) for job, key in named]


def to_see_to() -> int:
    """How many jobs failed and how many stale rows were given up, up to MOST_COUNTED: they wait for
    a system administrator. One statement, for the menu."""
    failed = Job.objects.filter(state=JobState.FAILED).order_by().values("pk")
    given_up = StaleRow.objects.given_up().order_by().values("pk")
    return failed.union(given_up, all=True)[:MOST_COUNTED].count()


def readiness() -> dict[str, Any]:
    """What `/readyz` says of the work that waits: counts up to MOST_COUNTED, ages in seconds,
    `None` where nothing waits. What was given up waits for a person, and is counted apart."""
    now = timezone.now()
    stale = StaleRow.objects.filter(attempts__lt=StaleRow.MAX_ATTEMPTS).order_by("pk")
    waiting = Job.objects.filter(state=JobState.WAITING).order_by("pk")
    return {
        "stale_rows": {
            "count": _counted(stale),
            "oldest_seconds": _age(stale.values_list("appended_at", flat=True).first(), now),
            "given_up": _counted(StaleRow.objects.given_up()),
        },
        "jobs": {
            **{
                state.value: _counted(Job.objects.filter(state=state))
                for state in (JobState.WAITING, JobState.RUNNING, JobState.FAILED)
            },
            "oldest_waiting_seconds": _age(waiting.values_list("asked_at", flat=True).first(), now),
        },
    }


def _counted(rows: "QuerySet[Any]") -> int:
    return rows.order_by()[:MOST_COUNTED].count()


def _age(since: datetime.datetime | None, now: datetime.datetime) -> int | None:
    return None if since is None else max(0, int((now - since).total_seconds()))


@dataclass(frozen=True)
class Health:
    """Whether the work that waits is being done, for the administrator.

    stale, waiting, running: counts up to MOST_COUNTED. oldest_stale, oldest_waiting: ages in
    seconds, None where nothing waits. given_up: stale rows that nobody tries any more. failed: jobs
    likewise; of both the first LISTED, and how many there are (up to MOST_COUNTED). runs: as
    `last_runs` has them. last_tick: when the sweep ran last. silent: nobody is at work.
    """

    stale: int
    oldest_stale: int | None
    waiting: int
    running: int
    oldest_waiting: int | None
    given_up: list[StaleRow]
    given_up_number: int
    failed: list[ShownJob]
    failed_number: int
    runs: dict[str, ScheduledRun]
    last_tick: datetime.datetime | None
    silent: bool

    @property
    def is_well(self) -> bool:
        return not (self.silent or self.failed_number or self.given_up_number)


def health() -> Health:
    said, runs, now = readiness(), last_runs(), timezone.now()
    sweep = runs.get("sweep")
    # The first tick of an installation claims nothing yet, but ticks.
    last = (sweep.claimed_at or sweep.finished_at) if sweep else None
    given_up = StaleRow.objects.given_up().order_by("pk")
    given_up = given_up.select_related("series__indicator", "series__area", "target__area")
    failed = Job.objects.filter(state=JobState.FAILED).select_related("asked_by").order_by("-pk")
    return Health(
        stale=said["stale_rows"]["count"],
        oldest_stale=said["stale_rows"]["oldest_seconds"],
        waiting=said["jobs"]["waiting"],
        running=said["jobs"]["running"],
        oldest_waiting=said["jobs"]["oldest_waiting_seconds"],
        given_up=list(given_up[:LISTED]),
        given_up_number=said["stale_rows"]["given_up"],
        failed=shown(failed[:LISTED]),
        failed_number=said["jobs"]["failed"],
        runs=runs,
        last_tick=last,
        silent=last is None or last < now - SILENT_AFTER,
    )


def last_runs() -> dict[str, ScheduledRun]:
    """By name, what the schedule ran last; `claimed_at` is empty where it only knows when to."""
    return {run.name: run for run in ScheduledRun.objects.all()}


@dataclass(frozen=True)
class GivenUpPart:
    """A part of a recomputation that nobody tries any more. areas: the first LISTED of it; more:
    how many there are beside them. error: why its last attempt failed."""

    areas: list[Area]
    more: int
    error: str


def given_up_parts(job: Job) -> list[GivenUpPart]:
    """The first LISTED, of a job whose parts are areas."""
    rows = JobPart.objects.filter(job=job, content__has_key="areas").given_up()
    parts = list(rows.order_by("number")[:LISTED])
    codes = {code for part in parts for code in part.content["areas"]}
    areas = {area.code: area for area in Area.objects.filter(code__in=codes)}
    return [_given_up_part(part, areas) for part in parts]


def _given_up_part(part: JobPart, areas: dict[str, Area]) -> GivenUpPart:
    found = [areas[code] for code in part.content["areas"] if code in areas]
    return GivenUpPart(found[:LISTED], len(found[LISTED:]), part.error)
