"""One object a line, which nobody can forge, with the request's name and nobody's number."""

import io
import json
import logging
import re

import pytest
from django.core.signals import got_request_exception

from targets_site.audit.context import Actor, acting
from targets_site.celery import forget_request_id, send_request_id, take_request_id
from targets_site.logs import (
    JSONFormatter,
    LineFormatter,
    current_request_id,
    new_request_id,
    request_named,
)

CANARY_MOBILE, CANARY_ID = "13912345678", "460100199001011234"
NASTY = "a\r\n2026 ERROR forged\x1b[31m\u2028\u202e中文"


@pytest.fixture
def log():
    """What a logger of ours writes: call it with a formatter, read what came."""
    stream = io.StringIO()
    logger = logging.getLogger("tests.log")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    logger.said = lambda: stream.getvalue()
    logger.format_by = handler.setFormatter
    yield logger
    logger.removeHandler(handler)


def test_an_object_a_line(log):
    log.format_by(JSONFormatter())
    with request_named("abcdef12"), acting(Actor(name="wang")):
        log.warning("保存了 %s", 5)

    said = json.loads(log.said())

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", said.pop("at"))
    assert said == {
        "level": "WARNING",
        "logger": "tests.log",
        "message": "保存了 5",
        "request_id": "abcdef12",
        "user": "wang",
    }
    assert "保存了" in log.said()


@pytest.mark.parametrize("formatter", [JSONFormatter(), LineFormatter()])
def test_a_line_cannot_be_forged(log, formatter):
    log.format_by(formatter)

    log.warning("path %s", NASTY)

    assert len(log.said().splitlines()) == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\u2028\u202e]", log.said())
    assert "中文" in log.said()


def test_an_exception_is_text_of_the_same_object(log):
    log.format_by(JSONFormatter())
    try:
        raise ValueError(NASTY)
    except ValueError:
        log.exception("failed")

    said = json.loads(log.said())

    assert said["exception"].startswith("Traceback")
    assert NASTY in said["exception"]


def test_lines_of_a_traceback_are_set_in(log):
    log.format_by(LineFormatter())
    try:
        raise ValueError("x\n2026 ERROR forged")
    except ValueError:
        log.exception("failed")

    first, *others = log.said().splitlines()

    assert "failed" in first
    assert all(line.startswith("    ") for line in others)


@pytest.mark.parametrize("formatter", [JSONFormatter(), LineFormatter()])
def test_no_telephone_and_no_identity_card_reaches_the_log(log, formatter):
    log.format_by(formatter)
    try:
        raise ValueError(f"电话 {CANARY_MOBILE}")
    except ValueError:
        log.exception("身份证 %s", CANARY_ID)

    assert CANARY_MOBILE not in log.said()
    assert CANARY_ID not in log.said()


def test_the_answer_names_the_request(client):
    named = client.get("/healthz", headers={"X-Request-ID": "proxy-0123456789"})

    assert named.headers["X-Request-ID"] == "proxy-0123456789"


@pytest.mark.parametrize(
    "named", ["", "short", "a" * 65, "x y z 12345", "a\r\nX-Evil: 1", "编号编号编号编号"]
)
def test_a_name_that_is_none_is_not_taken(named):
    assert re.fullmatch("[0-9a-f]{16}", new_request_id(named))


@pytest.mark.django_db
def test_the_error_page_tells_the_number_of_the_log(client, monkeypatch):
    client.raise_request_exception = False
    seen = []
    got_request_exception.connect(lambda **_: seen.append(current_request_id()), weak=False)
    monkeypatch.setattr("targets_site.health.connection", None)

    page = client.get("/readyz")

    assert page.status_code == 500
    assert seen == [page.headers["X-Request-ID"]]
    assert seen[0] in page.content.decode()


def test_a_task_goes_by_the_name_of_the_request_that_set_it_off():
    class Task:
        class request:
            request_id = ""

    headers = {}
    with request_named("abcdef12"):
        send_request_id(headers=headers)
    Task.request.request_id = headers["request_id"]

    take_request_id(task=Task)
    assert current_request_id() == "abcdef12"
    forget_request_id()
    assert current_request_id() == ""


@pytest.mark.django_db
def test_a_line_about_a_path_with_a_line_break_stays_one_and_names_the_request(client, log):
    django = logging.getLogger("django.request")
    log.format_by(JSONFormatter())
    django.addHandler(log.handlers[0])

    page = client.get("/areas/%0d%0a2026%20ERROR%20forged/")
    django.removeHandler(log.handlers[0])

    (line,) = log.said().splitlines()
    assert json.loads(line)["request_id"] == page.headers["X-Request-ID"]
