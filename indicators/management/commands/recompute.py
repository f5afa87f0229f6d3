"""Compute verdicts anew from what is in force."""

import multiprocessing
import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, connection, connections

from indicators.actions.jobs import work_off_job
from indicators.actions.recompute import start_recompute, years_of_verdicts
from indicators.actions.verdicts import work_off_stale
from indicators.enums import JobState
from indicators.models import Job
from indicators.tasks import nudge_jobs
from targets_site.localized import in_each_language
from targets_site.management.migrated import MigratedCommand
from targets_site.places.models import Area


class Command(MigratedCommand):
    help = (
        "Compute the verdicts of all targets, or of one area's, for every year from the start "
        "of their document to their target year. Only verdicts that changed are stored. Works as "
        "a job, in a process a core, that running workers share. Exit code 1 where verdicts of an "
        "area cannot be computed, the job was cancelled or the database failed; 2: wrong arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", metavar="CODE", default="", help="six-digit area code")
        parser.add_argument(
            "--as-of",
            metavar="YEAR",
            type=int,
            help="only verdicts seen from this year",
        )
        parser.add_argument(
            "--processes",
            metavar="N",
            type=_processes,
            default=os.cpu_count() or 1,
            help="how many at most (default: one a core; with SQLite, which has one writer, one)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        area, as_of = options["area"], options["as_of"]
        if area and not Area.objects.filter(code=area).exists():
            raise CommandError(f"没有这个地区。/ No such area: {area}")
        _check_year(as_of, area=area)
        job = start_recompute(by=None, area=area, as_of=as_of)
        nudge_jobs()
        try:
            with _helpers(job, min(options["processes"], job.parts.count()) - 1):
                job = work_off_job(job, seen=self._show)
        except (OperationalError, InterfaceError) as error:
            raise CommandError(
                f"数据库出错，任务{job.pk}尚未完成，由运行中的工作进程继续。/ The database failed; "
                f"job {job.pk} has not ended, and running workers go on with it. ({error})"
            ) from error
        if self.stderr.isatty():
            self.stderr.write("")
        if job.state != JobState.DONE:
            raise CommandError(_why(job))
        if not area and as_of is None:
            while work_off_stale():
                continue
        changed = job.result.get("verdicts", 0)
        self.stdout.write(f"更新的进度判定 / verdicts changed: {changed}")

    def _show(self, job: Job) -> None:
        """One line that is written over, where somebody looks at it."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{job.done} / {job.total}", ending="")
            self.stderr.flush()


def _check_year(as_of: int | None, *, area: str) -> None:
    """Raises CommandError for a year that no verdict is seen from."""
    years = years_of_verdicts(area=area)
    if as_of is None or years is None or as_of in years:
        return
    span = f"{years[0]}-{years[-1]}"
    raise CommandError(
        f"年份须在{span}之间。/ years lie in {span}: {as_of}",
        returncode=2,
    )


def _processes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"须为1或更多。/ 1 or more: {text}")
    return int(text)


@contextmanager
def _helpers(job: Job, number: int) -> Iterator[None]:
    """So many further processes that work on the job until it has ended."""
    if number < 1 or connection.vendor == "sqlite" or connection.in_atomic_block:
        yield
        return
    # Each opens connections of its own; a shared one would garble both.
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    helpers = [forked.Process(target=work_off_job, args=(job,)) for _ in range(number)]
    for helper in helpers:
        helper.start()
    try:
        yield
    finally:
        for helper in helpers:
            helper.join()


def _why(job: Job) -> str:
    state = in_each_language(lambda: str(job.get_state_display()))
    return f"{state}: {in_each_language(lambda: job.reason)}" if job.error else state
