"""What the tests of notices build: verdicts that followed each other."""

from datetime import timedelta

from tests.factories import make_target, make_verdict
from tests.indicators.rounds_world import shanghai

NOW = shanghai("2026-03-20T08:00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_history(target, *steps, as_of=2020):
    """Verdicts of a target: (status, since when, more fields or none), the last one in force."""
    found = []
    for number, (status, since, *more) in enumerate(steps):
        until = steps[number + 1][1] if number + 1 < len(steps) else None
        fields = more[0] if more else {}
        found.append(
            make_verdict(target, as_of, status, recorded_at=since, superseded_at=until, **fields)
        )
    return found


def go_on(target, status, *, at, as_of=2020, **fields):
    """The next verdict, in force from then on."""
    target.verdicts.filter(as_of=as_of, superseded_at=None).update(superseded_at=at)
    return make_verdict(target, as_of, status, recorded_at=at, **fields)


def make_worse(code="plan-2011-001", *, status="behind", since=NOW - DAY, **fields):
    """A target that was on track and is not any more."""
    target = make_target(code, **fields)
    make_history(target, ("on_track", since - 30 * DAY), (status, since))
    return target
