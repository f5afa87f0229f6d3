"""The way of a version. Figures and judgements go the same way, so tests run for both."""

import pytest

from tests.factories import (
    make_department,
)
from tests.indicators.steps import (
    KINDS,
    make_hands,
    open_round,
)


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def hands(department):
    return make_hands(department)


@pytest.fixture(params=KINDS, ids=["figure", "judgement"])
def kind(request):
    return request.param


@pytest.fixture
def thing(kind, department):
    open_round(department)
    return kind(department)
