"""Pages as anybody reads them; and the press within the tests' process."""

import functools
import io
import subprocess

import pytest

from reports.paper import pdf, press

ABOUT_THE_PRESS = {"tests.reports.test_pdf", "tests.reports.test_word"}


@pytest.fixture
def open_in_english(settings, client):
    """Nobody signs in to read; `client` reads English."""
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"


@pytest.fixture(autouse=True)
def _press_in_process(monkeypatch, request):
    """Where a test is not about the press itself: a process for each paper would make up most of
    the time that they take."""
    if request.module.__name__ not in ABOUT_THE_PRESS:
        monkeypatch.setattr(pdf, "run_press", _run_here)


# The same charts are drawn for test after test.
@functools.lru_cache(maxsize=100)
def _run_here(tasks: bytes) -> subprocess.CompletedProcess[bytes]:
    out = io.BytesIO()
    press.write_results([press.pressed(task) for task in press.tasks_of(tasks)], to=out)
    return subprocess.CompletedProcess((), 0, out.getvalue(), b"")
