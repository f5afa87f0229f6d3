"""What the tests of this folder stand on."""

import pytest
from django.utils import translation

from tests.indicators.importing import make_world


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def world(db):
    return make_world()
