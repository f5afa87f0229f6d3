"""Jobs of a kind that only counts, for tests of the queue itself."""

from itertools import takewhile

from indicators.actions.jobs import Part, Work, register, start_job, work_off_one
from indicators.actions.jobs.kinds import _works
from indicators.enums import JobKind
from indicators.models import StaleRow
from tests.factories import make_series

KIND = JobKind.REPORT


class Counting:
    """Does parts: appends a stale row for each, so that what was done stands in the database too.

    poison: numbers of parts that fail. meanwhile: called with the part before its work.
    """

    def __init__(self):
        self.series = make_series(scope="counted")
        self.poison, self.done, self.said = set(), [], []
        self.meanwhile = lambda claimed: None

    def do(self, claimed):
        self.meanwhile(claimed)
        number = claimed.part.number
        with claimed.finishing() as counts:
            StaleRow.objects.append_series([self.series.pk])
            if number in self.poison:
                raise ValueError(f"part {number} is poison")
            counts["rows"] = 1
        self.done.append(number)

    def hears(self, name):
        return lambda job: self.said.append((name, job.state))

    def work(self):
        return Work(
            do=self.do,
            cancelled=self.hears("cancelled"),
            given_up=self.hears("given up"),
            retried=self.hears("retried"),
        )

    def registered(self):
        """As a fixture yields it; afterwards the kind does again what its app registered."""
        before = _works[KIND]
        register(KIND, self.work())
        yield self
        register(KIND, before)


def start(parts=3, *, by=None, size=1):
    contents = [Part({}, size=size) for _part in range(parts)]
    return start_job(kind=KIND, by=by, parts=contents)


def stored():
    return StaleRow.objects.count()


def work_off_all():
    """How many parts were claimed until nothing was left to claim."""
    return sum(takewhile(bool, (work_off_one() for _ in range(100))))
