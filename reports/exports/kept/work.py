"""What jobs do with exports; tables and formats are loaded by the first of them."""

from indicators.actions.jobs import Claimed, Work
from indicators.models import Job


def do(claimed: Claimed) -> None:
    from reports.exports.kept.working import do as write

    write(claimed)


def given_up(job: Job) -> None:
    from reports.exports.kept.working import refused

    refused(job)


WORK = Work(do=do, given_up=given_up)
