"""Somebody with an app, and a clock."""

import time

import pytest

from tests.accounts.second_factor_steps import give_password, set_up
from tests.factories import make_user


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Held in the middle of a half minute, so that no test runs over its end."""
    held = [time.time() // 30 * 30 + 15]
    monkeypatch.setattr("time.time", lambda: held[0])
    return held


@pytest.fixture
def wang(db):
    return make_user("wang")


@pytest.fixture
def app(wang, clock):
    """Wang's, set up a minute ago."""
    held = set_up(give_password(wang))
    clock[0] += 60
    wang.refresh_from_db()
    return held
