import pytest
from django.core.cache import caches

from targets_site.freshness import data_stamp


@pytest.fixture
def pages_are_kept(settings, monkeypatch, _pages_are_built_each_time):
    """As in the product; nothing is kept yet."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    settings.CACHES = {**settings.CACHES, "pages": memory}
    monkeypatch.setattr("targets_site.reading.kept.data_stamp", data_stamp)
    caches["pages"].clear()
    return caches["pages"]
