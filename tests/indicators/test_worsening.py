"""When a verdict has got worse, and when it has stood so for long enough."""

from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.enums import LIGHT_OF
from indicators.models import Verdict
from indicators.worsening import Standing, course_of

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def verdict(status, *, at=START, until=None, breached_years=""):
    return Verdict(
        as_of=2020, status=status, light=LIGHT_OF[status], breached_years=breached_years,
        recorded_at=at, superseded_at=until,
    )  # fmt: skip


def chain(*steps):
    """Verdicts that follow each other: (status, hours that it stood)."""
    found, at = [], START
    for status, hours in steps:
        found.append(verdict(status, at=at, until=at + hours * HOUR))
        at += hours * HOUR
    found[-1].superseded_at = None
    return found, at


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("on_track", "on_track", None),
        ("on_track", "holding_gaps", "worse_light"),
        ("on_track", "behind", "worse_light"),
        ("on_track", "far_behind", "worse_light"),
        ("holding_gaps", "thin_margin", "worse_light"),
        ("kept_gaps", "moving_away", "worse_light"),
        ("behind", "far_behind", "worse_light"),
        ("behind", "near", None),
        ("far_behind", "behind", None),
        ("behind", "on_track", None),
        ("thin_margin", "holding_gaps", None),
        ("holding", "breached", "new_breach"),
        ("far_behind", "missed", "new_breach"),
        ("not_collected", "missed", "new_breach"),
        ("not_due", "breached", "new_breach"),
        ("missed", "achieved", None),
        ("on_track", "no_data", None),
        ("far_behind", "undetermined", None),
        ("no_data", "far_behind", None),
        ("not_measurable", "judged_not", None),
        ("judged_done", "judged_partly", "worse_light"),
        ("judged_not", "not_measurable", None),
    ],
)
def test_which_step_is_for_the_worse(before, now, kind):
    found = Standing.of(verdict(now)).worse_than(Standing.of(verdict(before)))

    assert found == kind


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (("recovered", "2013"), ("recovered", "2013;2014"), "worse_light"),
        (("recovered", "2013;2014"), ("recovered", "2013"), None),
        (("recovered", "2013"), ("recovered", "2013"), None),
        (("kept_gaps", ""), ("recovered", "2012"), "worse_light"),
        (("recovered", "2012"), ("not_collected", "2012;2013"), "worse_light"),
        (("breached", "2012"), ("breached", "2012;2013"), "new_breach"),
        (("recovered", "2012"), ("breached", "2012;2013"), "new_breach"),
        (("recovered", "2012"), ("missed", "2012"), "new_breach"),
        (("breached", "2012"), ("recovered", "2012"), None),
        (("breached", "2012"), ("recovered", "2012;2013"), "worse_light"),
    ],
)
def test_a_further_year_below_the_level_is_a_breach_where_it_is_short_now(before, now, kind):
    before, now = (
        Standing.of(verdict(status, breached_years=years)) for status, years in (before, now)
    )

    assert now.worse_than(before) == kind


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        pytest.param([("on_track", 100), ("behind", 23)], None, id="not-settled"),
        pytest.param([("on_track", 100), ("behind", 24)], (0, 1, 100), id="settled"),
        pytest.param([("on_track", 100), ("behind", 9), ("near", 15)], (0, 2, 100), id="as-bad"),
        pytest.param([("on_track", 9), ("behind", 99)], None, id="nothing-settled-before"),
        pytest.param([("behind", 99)], None, id="first-verdict"),
        pytest.param([("on_track", 50), ("behind", 3), ("on_track", 50)], None, id="mended"),
        pytest.param([("behind", 50), ("on_track", 3), ("behind", 50)], None, id="slip-upwards"),
        pytest.param(
            [("on_track", 50), ("far_behind", 3), ("behind", 30)], (0, 2, 53), id="looked-through"
        ),
        pytest.param([("on_track", 50), ("no_data", 3), ("behind", 30)], (0, 2, 53), id="brief"),
        pytest.param([("on_track", 50), ("no_data", 30), ("behind", 30)], None, id="long-grey"),
        pytest.param(
            [("on_track", 50), ("behind", 30), ("far_behind", 30)], (1, 2, 80), id="step-by-step"
        ),
        pytest.param([("no_data", 1), ("missed", 99)], None, id="first-load"),
    ],
)  # fmt: skip
def test_what_settles_is_told(steps, told):
    """told: which verdict stood before, which one is told, and after how many hours it came."""
    verdicts, now = chain(*steps)

    change = course_of(verdicts, moment=now, settle=DAY).change

    before, after, hours = told or (None, None, None)
    found = change and (change.before, change.after, change.since)
    assert found == (told and (verdicts[before], verdicts[after], START + hours * HOUR))


def test_where_no_verdict_is_in_force_there_is_no_course():
    verdicts, now = chain(("on_track", 50), ("behind", 30))
    verdicts[-1].superseded_at = now - HOUR

    assert course_of(verdicts, moment=now, settle=DAY) is None
    assert course_of([], moment=now, settle=DAY) is None
    assert course_of(verdicts, moment=START - HOUR, settle=DAY) is None


def test_what_came_after_the_moment_does_not_count():
    verdicts, _now = chain(("on_track", 50), ("behind", 30), ("on_track", 50))

    seen_then = course_of(verdicts, moment=START + 75 * HOUR, settle=DAY)

    assert seen_then.change.after == verdicts[1]


def told_hour_by_hour(hours, settle):
    """The slow second version: the light of each hour; what stood before is the last stretch of
    at least `settle` hours before the stretch that lasts until now."""
    stretches = [(status, len(list(some))) for status, some in groupby(hours)]
    *earlier, (now, lasted) = stretches
    settled = [status for status, length in earlier if length >= settle]
    if lasted < settle or not settled:
        return None
    order = ["on_track", "holding_gaps", "behind", "far_behind"]
    if now == "no_data" or settled[-1] == "no_data":
        return None
    return (settled[-1], now) if order.index(now) > order.index(settled[-1]) else None


STATUSES = ["on_track", "holding_gaps", "behind", "far_behind", "no_data"]


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.integers(1, 6)), min_size=1, max_size=9))
def test_the_same_as_looking_at_every_hour(steps):
    verdicts, now = chain(*steps)

    change = course_of(verdicts, moment=now, settle=3 * HOUR).change

    hours = [status for status, length in steps for _hour in range(length)]
    assert (change and (change.before.status, change.after.status)) == told_hour_by_hour(hours, 3)
