"""What is done for each kind of job. Apps register it when they are ready, so that `reports` can
have jobs of its own while imports point one way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.enums import JobKind
from indicators.models import Job

if TYPE_CHECKING:
    from indicators.actions.jobs.claims import Claimed


def _nothing_else(job: Job) -> None:
    """The job's own row says all."""


@dataclass(frozen=True)
class Work:
    """How jobs of a kind are worked.

    do: works one part and ends with `claimed.finishing()`. cancelled, given_up, retried: what else
    changes then, in the same transaction, while the job's row is locked; retried may change what
    the job and its parts say they do, and the job is saved after it.
    """

    do: Callable[[Claimed], None]
    cancelled: Callable[[Job], None] = _nothing_else
    given_up: Callable[[Job], None] = _nothing_else
    retried: Callable[[Job], None] = _nothing_else


_works: dict[str, Work] = {}


def register(kind: JobKind, work: Work) -> None:
    """Say how jobs of the kind are worked; the last word counts."""
    _works[kind] = work


def registered() -> list[str]:
    """The kinds that this process can work."""
    return list(_works)


def work_of(job: Job) -> Work:
    """Raises KeyError for a kind that nobody registered."""
    return _works[job.kind]
