"""A report as its job drafted it, and who drafted it."""

import pytest

from tests.factories import make_reviewer
from tests.reports.drafted import drafted, make_rich_area


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.OPEN_READING = False


@pytest.fixture
def area():
    return make_rich_area()


@pytest.fixture
def reviewer(area):
    return make_reviewer(area=area)


@pytest.fixture
def report(area, reviewer):
    return drafted(area=area, by=reviewer)
