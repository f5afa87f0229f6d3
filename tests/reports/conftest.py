"""The press within the tests' process, where a test is not about the press itself: a process for
each paper would make up most of the time that they take."""

import io
import subprocess

import pytest

from reports.paper import pdf, press

ABOUT_THE_PRESS = {"tests.reports.test_pdf", "tests.reports.test_word"}


@pytest.fixture(autouse=True)
def _press_in_process(monkeypatch, request):
    if request.module.__name__ not in ABOUT_THE_PRESS:
        monkeypatch.setattr(pdf, "run_press", _run_here)


def _run_here(tasks: bytes) -> subprocess.CompletedProcess[bytes]:
    out = io.BytesIO()
    press.write_results([press.pressed(task) for task in press.tasks_of(tasks)], to=out)
    return subprocess.CompletedProcess((), 0, out.getvalue(), b"")
