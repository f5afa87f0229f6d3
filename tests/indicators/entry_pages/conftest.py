"""What the tests of this folder stand on."""

import pytest

from tests.factories import (
    make_department,
)


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def signed_in(client, official):
    client.force_login(official)
    return client
