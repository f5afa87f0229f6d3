"""A round of one area, and a clock."""

import pytest
from django.utils import translation

from indicators.actions.rounds import open_round
from tests.factories import make_area, make_reviewer
from tests.indicators.rounds.world import DAY, NOW


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def clock(monkeypatch):
    """Set the clock; at NOW until told otherwise."""

    def set_to(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_to(NOW)
    return set_to


@pytest.fixture
def area(db):
    return make_area()


@pytest.fixture
def reviewer(area):
    return make_reviewer("reviewer", area=area)


@pytest.fixture
def opened(clock, area, reviewer):
    """Builds a round of 2025, open from today, due in 30 days and closed in 60."""

    def build(**fields):
        usual = {
            "area": area,
            "name": "2025年度数据",
            "years": [2025],
            "opens_at": NOW,
            "due_at": NOW + 30 * DAY,
            "closes_at": NOW + 60 * DAY,
            "by": reviewer,
        }
        return open_round(**usual | fields)

    return build
