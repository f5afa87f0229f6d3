"""What the tests of this folder stand on."""

import pytest

from tests.factories import (
    make_department,
    make_official,
    make_round,
    make_series,
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def series(department):
    return make_series(department=department)


@pytest.fixture
def signed_in(client, official):
    client.force_login(official)
    return client


@pytest.fixture
def one(department):
    return make_round(department.area, 2020)


@pytest.fixture
def colleague(department):
    return make_official("colleague", department)
