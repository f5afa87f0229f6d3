"""What the target page weighs as it is deployed: hashed, compressed files that a browser keeps."""

import subprocess
import sys

import pytest
from django.conf import settings as project_settings
from django.urls import reverse

from tests.benchmarks.first_chart import KB_AT_MOST, REQUESTS_AT_MOST, weighed_views
from tests.benchmarks.servers import servers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def deployed(site, tmp_path, monkeypatch):
    """Address of gunicorn on the database of the test."""
    for name, value in {"VAR_DIR": str(tmp_path), "OPEN_READING": "1", "DEBUG": "0"}.items():
        monkeypatch.setenv(name, value)
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=project_settings.BASE_DIR, check=True)
    with servers(tmp_path) as running:
        yield running.url


def test_a_second_page_brings_nothing_but_itself(browser, deployed):
    one, other = (reverse("reports:target", args=[f"hainan-2013-{n}"]) for n in ("032", "031"))
    first, second = weighed_views(browser, deployed, one, other)

    print(f"first view {first.said()}, second {second.said()}")  # noqa: T201
    assert first.kilobytes <= KB_AT_MOST
    assert 3 <= len(first.came) <= REQUESTS_AT_MOST
    assert list(second.came) == [deployed + other]
