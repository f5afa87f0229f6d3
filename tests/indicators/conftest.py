"""What the tests of the pages for officials and reviewers share."""

import pytest

from tests.factories import make_official


@pytest.fixture
def in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def official(db):
    return make_official("official")
