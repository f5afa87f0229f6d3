"""The real data, loaded and judged on a day in spring."""

from pathlib import Path

import pytest

from indicators.actions.verdicts import recompute
from indicators.reference.load import load_reference
from plans.models import Target
from tests.then.clock import done_at, here

FIXTURES = Path(__file__).parents[2] / "fixtures"
LOADED, JUDGED = here(2026, 2, 1, 9), here(2026, 2, 1, 9, 30)


def load_real_data():
    with done_at(LOADED):
        load_reference(FIXTURES)
    with done_at(JUDGED):
        recompute(Target.objects.in_force())


@pytest.fixture
def real_data(db):
    load_real_data()
