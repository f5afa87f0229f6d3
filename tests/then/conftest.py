"""The real data, loaded and judged on a day in spring."""

import pytest
from django.core.cache import caches

from indicators.actions.verdicts import recompute
from indicators.reference.load import load_reference
from plans.models import Target
from targets_site.freshness import data_stamp
from tests.filled import FIXTURES
from tests.then.clock import done_at, here

LOADED, JUDGED = here(2026, 2, 1, 9), here(2026, 2, 1, 9, 30)


def load_in_february():
    with done_at(LOADED):
        load_reference(FIXTURES)
    with done_at(JUDGED):
        recompute(Target.objects.in_force())


@pytest.fixture
def real_data(db, filled_once):
    filled_once(load_in_february)


@pytest.fixture
def pages_are_kept(settings, monkeypatch, _pages_are_built_each_time):
    """As in the product; nothing is kept yet."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    settings.CACHES = {**settings.CACHES, "pages": memory}
    monkeypatch.setattr("targets_site.reading.kept.data_stamp", data_stamp)
    caches["pages"].clear()
    return caches["pages"]
