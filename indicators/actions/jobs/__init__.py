"""Long tasks that people can see: started, cut into parts, shared by workers, cancelled, retried.

kinds.py   what is done for each kind of job; each app registers its own
steps.py   what people do with a job
claims.py  a part in the hands of one worker
queue.py   which part is worked next; the rows are the queue
"""

from indicators.actions.jobs.claims import LEASE, Claimed, TakenOver
from indicators.actions.jobs.kinds import Work, register
from indicators.actions.jobs.queue import work_off_job, work_off_one
from indicators.actions.jobs.steps import (
    NotAtThisStep,
    Part,
    about,
    cancel_job,
    retry_job,
    start_job,
)

__all__ = [
    "LEASE",
    "Claimed",
    "NotAtThisStep",
    "Part",
    "TakenOver",
    "Work",
    "about",
    "cancel_job",
    "register",
    "retry_job",
    "start_job",
    "work_off_job",
    "work_off_one",
]
