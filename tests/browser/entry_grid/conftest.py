"""Four rates of two years, and the grid as their official sees it."""

import pytest

from tests.browser.entry_grid.grid import open_grid
from tests.factories import make_department, make_indicator, make_official, make_round, make_series

NAMES = ["apples", "bread", "cheese", "dates"]


@pytest.fixture
def own_site(live_server, settings, tmp_path):
    settings.ALLOWED_HOSTS = ["*"]
    settings.MEDIA_ROOT = tmp_path
    return live_server.url


@pytest.fixture
def department(transactional_db):
    return make_department()


@pytest.fixture
def round_(department):
    """Four rates of two years, the second held to a target."""
    for name in NAMES:
        indicator = make_indicator(name, name_en=name.capitalize(), name_zh=name)
        make_series(indicator=indicator, department=department)
    return make_round(department.area, 2019, 2020, name="Figures of 2019 and 2020")


@pytest.fixture
def official(department):
    return make_official("official", department)


@pytest.fixture
def grid(page, own_site, official, round_):
    """The grid as the official sees it, in English."""
    return open_grid(page, own_site, "official", round_)
