"""Nobody comes into a new installation but by name: no default account, no superuser, and none of
the try-out."""

import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client

from targets_site.accounts.actions.tokens import make_token
from targets_site.accounts.models import ADMINISTRATOR_ROLES, Post, User, exclude_each_other
from targets_site.management.commands import tryout
from tests.factories import make_area, make_department, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def test_migrations_make_no_account():
    assert not User.objects.exists()


def test_the_author_of_the_reference_data_signs_in_nowhere(client):
    reference = User.objects.create(username=User.REFERENCE, is_active=False, password="!")

    response = client.post(LOGIN, {"username": reference.username, "password": "!"})

    assert response.status_code == 200
    assert not reference.has_usable_password()


@pytest.mark.parametrize("options", [[], ["--noinput", "--username=root", "--email=r@x.cn"]])
def test_no_command_makes_a_superuser(options, tmp_path):
    ended = subprocess.run(
        [sys.executable, "manage.py", "createsuperuser", *options],
        env={"PATH": "", "VAR_DIR": str(tmp_path)}, cwd=settings.BASE_DIR,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert ended.returncode == 1
    assert "There are no superusers here." in ended.stderr


def test_each_two_administrators_exclude_each_other():
    pairs = [(one, other) for one in ADMINISTRATOR_ROLES for other in ADMINISTRATOR_ROLES]

    assert len(pairs) == 9
    assert all(exclude_each_other(one, other) for one, other in pairs)


@pytest.mark.parametrize("option", ["--host=0.0.0.0", "--bind=0.0.0.0:80", "--port=0.0.0.0:80"])
def test_the_tryout_listens_on_this_machine_only(option):
    with pytest.raises((CommandError, TypeError)):
        call_command("tryout", option)

    assert tryout.LOCAL == "127.0.0.1"


@pytest.fixture
def demo(settings, tmp_path):
    """The database of a try-out, with its password."""
    hainan = make_area("460000")
    make_department(hainan, "省生态环境厅", code="460000-sthjt")
    make_department(hainan, "省农业农村厅", code="460000-nynct")
    settings.OPEN_READING, settings.EMBEDDED, settings.VAR_DIR = True, True, tmp_path
    call_command("demo_accounts", stdout=StringIO())
    return (tmp_path / "demo_password").read_text()


ELSEWHERE = pytest.mark.parametrize(
    ("open_reading", "embedded"), [(False, False), (True, False), (False, True)]
)


@ELSEWHERE
def test_demo_accounts_sign_in_nowhere_else(demo, settings, open_reading, embedded):
    signed_in = Client()
    typed = {"username": "sysadmin", "password": demo}
    inside = signed_in.post(LOGIN, typed).status_code
    secret = make_token(user=User.objects.get(username="sysadmin"), name="x").secret

    settings.OPEN_READING, settings.EMBEDDED = open_reading, embedded

    refused = Client().post(LOGIN, typed)
    assert (inside, refused.status_code) == (302, 200)
    assert signed_in.get("/accounts/people/").status_code == 302
    token = {"Authorization": f"Token {secret}"}
    assert Client().get("/api/v1/areas/", headers=token).status_code == 401


def test_somebody_of_the_same_user_name_is_no_demo_account(settings):
    settings.OPEN_READING = False
    make_user("reviewer", full_name="李审核")

    answer = Client().post(LOGIN, {"username": "reviewer", "password": "Passw0rd-2026"})

    assert answer.status_code == 302


def found():
    return [each.id for each in run_checks(tags=["security"], include_deployment_checks=True)
            if str(each.id).startswith("accounts.")]  # fmt: skip


@ELSEWHERE
def test_the_check_before_a_deployment_reports_them(demo, settings, open_reading, embedded):
    inside = found()
    settings.OPEN_READING, settings.EMBEDDED = open_reading, embedded

    assert (inside, found()) == ([], ["accounts.E001"])


def test_the_check_is_content_once_they_are_disabled(demo, settings):
    settings.OPEN_READING = False
    User.objects.update(is_active=False)

    assert found() == []


def test_the_check_reports_a_superuser():
    make_user("root", is_superuser=True)

    assert found() == ["accounts.E002"]
    assert not Post.objects.exists()
