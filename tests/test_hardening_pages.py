"""What is answered where something is wrong: in both languages, with nothing of the inside."""

import gzip
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as project

from tests.factories import make_user

pytestmark = pytest.mark.django_db
SAID = {
    400: ("无法处理该请求", "This request cannot be handled"),
    403: ("无权访问", "Not allowed"),
    404: ("页面不存在", "Page not found"),
    500: ("系统出错", "Something went wrong"),
}
INSIDE = (
    "Traceback",
    "Error at",
    "django",
    "psycopg",
    "sqlite",
    str(project.BASE_DIR),
    "settings",
    "DEBUG",
)


def by(client, status, monkeypatch):
    if status == 400:
        return client.get("/method/", headers={"Host": "evil.example"})
    if status == 403:
        return client.get("/trail/")
    if status == 404:
        return client.get("/targets/<script>/")
    monkeypatch.setattr("reports.views.method.render", lambda *_args, **_named: 1 / 0)
    return client.get("/method/")


@pytest.mark.parametrize("status", SAID)
def test_a_wrong_request_gets_a_page_of_ours(client, settings, monkeypatch, status):
    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    client.raise_request_exception = False
    client.force_login(make_user())
    pages = {}

    for language in ("zh-hans", "en"):
        client.cookies[project.LANGUAGE_COOKIE_NAME] = language
        answer = by(client, status, monkeypatch)
        assert answer.status_code == status
        pages[language] = answer.content.decode()

    chinese, english = SAID[status]
    assert chinese in pages["zh-hans"]
    assert english in pages["en"]
    assert [word for page in pages.values() for word in INSIDE if word in page] == []


@pytest.mark.parametrize("address", ["/accounts/login/", "/entry/1/submit/"])
def test_a_page_gives_no_nul_back(client, address):
    """Of a form that refuses it, and of what is carried to the login."""
    headers = {"Origin": "http://testserver"}

    answer = client.post(address, {"username": "one\0two", "remark": "one\0two"}, headers=headers)

    assert "one\ufffdtwo" in answer.content.decode()
    assert b"\0" not in answer.content


def test_a_page_that_comes_compressed_is_left_as_it_is(client, settings):
    settings.OPEN_READING = True

    for _built_then_kept in range(2):
        answer = client.get("/method/", headers={"Accept-Encoding": "gzip"})

        assert answer.headers["Content-Encoding"] == "gzip"
        assert "</html>" in gzip.decompress(answer.content).decode()


AWAY = """
import json
import django
from django.conf import settings

plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
django.setup()
from django.test import Client
from targets_site import health

health.JsonResponse = lambda _said: 1 / 0
browser = Client(raise_request_exception=False)
broken = browser.get("/healthz")
browser.cookies["sessionid"] = "a" * 32
waiting = browser.get("/method/")
print(json.dumps([(each.status_code, each.content.decode()) for each in (broken, waiting)]))
"""


def test_what_is_broken_is_answered_while_the_database_is_away(tmp_path):
    """By a process whose database does not answer: nothing listens there."""
    environment = {
        **os.environ,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "targets_site.settings",
        "ALLOWED_HOSTS": "testserver",
        "VAR_DIR": str(tmp_path),
    }

    ended = subprocess.run(
        [sys.executable, "-c", AWAY],
        env=environment,
        cwd=project.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    (status, broken), (status_away, away) = json.loads(ended.stdout.splitlines()[-1])
    assert (status, status_away) == (500, 503)
    assert SAID[500][0] in broken
    assert SAID[500][1] in broken
    assert "是否已保存" in away
    assert [word for word in INSIDE if word in broken + away] == []
