"""From which year a verdict is seen while rounds collect figures."""

from datetime import timedelta

import pytest

from indicators.queries.counted_years import RoundYears, round_years
from tests.factories import make_area, make_round
from tests.indicators.rounds_world import shanghai

NOW = shanghai("2026-03-20T08:00:00")
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("running", "closed", "known", "last", "counted"),
    [
        pytest.param([], [], [], 2020, 2020, id="no-rounds"),
        pytest.param([], [2020], [], 2020, 2020, id="closed"),
        pytest.param([2020], [], [], 2020, 2019, id="running"),
        pytest.param([2019, 2020], [], [], 2020, 2018, id="two-years-running"),
        pytest.param([2019], [], [], 2020, 2018, id="after-what-is-collected"),
        pytest.param([2025], [2024], [], 2026, 2024, id="this-year-shows-the-same"),
        pytest.param([2025], [2024], [], 2020, 2020, id="due-long-before"),
        pytest.param([2015], [2025], [], 2026, 2026, id="collected-late"),
        pytest.param([2015], [2025], [], 2015, 2014, id="collected-late-and-due-then"),
        pytest.param([2011], [], [], 2020, None, id="nothing-counts"),
        pytest.param([2019, 2020], [], [2018, 2025], 2026, 2026, id="late-round-newer-figure"),
        pytest.param([2019, 2020], [], [2018, 2022], 2021, 2018, id="newer-than-the-year-itself"),
        pytest.param([2019, 2020], [], [2018, 2020], 2026, 2018, id="late-round-no-newer-figure"),
        pytest.param([2019, 2020], [], [2025], 2020, 2018, id="of-its-own-years-none"),
        pytest.param([2019, 2020], [2021], [], 2026, 2026, id="late-round-newer-closed"),
        pytest.param([2019, 2025], [2024], [2021], 2026, 2024, id="late-and-regular"),
        pytest.param([2009], [], [2012], 2026, 2026, id="before-the-document"),
        pytest.param([2009], [], [], 2026, None, id="nothing-newer-than-before-the-document"),
    ],
)
def test_the_latest_year_that_counts(running, closed, known, last, counted):
    years = RoundYears(frozenset(running), frozenset(closed))

    assert years.latest_counted(2011, last, known=known) == counted


@pytest.mark.django_db
def test_the_round_that_opened_last_says_whether_a_year_is_running():
    area, other = make_area(), make_area("340000")
    past = {"opens_at": NOW - 90 * DAY, "due_at": NOW - 60 * DAY, "closes_at": NOW - 30 * DAY}
    now = {"opens_at": NOW - 10 * DAY, "due_at": NOW + 10 * DAY, "closes_at": NOW + 20 * DAY}
    planned = {"opens_at": NOW + DAY, "due_at": NOW + 10 * DAY, "closes_at": NOW + 20 * DAY}
    make_round(area, 2018, 2019, **past)
    make_round(area, 2019, 2020, **now)
    make_round(area, 2021, **planned)
    make_round(other, 2020, **past)

    found = round_years({area.pk, other.pk}, moment=NOW)

    assert found[area.pk] == RoundYears(frozenset([2019, 2020]), frozenset([2018]))
    assert found[other.pk] == RoundYears(frozenset(), frozenset([2020]))
    assert found[0] == RoundYears()
