"""Whose post asks for a second factor reaches nothing before he has one, in pages and API."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.test import Client

from targets_site.accounts.actions.accounts import WantedAccount, create_account
from targets_site.accounts.actions.second_factor import set_up as set_up_action
from targets_site.accounts.models import AccessToken, Role, User
from targets_site.accounts.new_key import NewKey
from targets_site.middleware import SecondFactorFirstMiddleware
from tests.accounts.conftest import make_holder
from tests.accounts.second_factor_steps import LOGIN, PAGE, give_password, is_signed_in, set_up
from tests.accounts.totp import shown_by_app
from tests.factories import make_post, make_user
from tests.test_access import every_address

REQUIRED = ["system_admin", "security_admin", "audit_admin", "reviewer", "steward"]
OTHERS = sorted(set(Role.values) - set(REQUIRED))
OPEN = SecondFactorFirstMiddleware.OPEN
FIGURES = "/api/v1/observations/"


@pytest.fixture(autouse=True)
def _asked_for(settings):
    settings.SECOND_FACTOR_ROLES = REQUIRED


def signed_in(role, username="wang"):
    """By the password alone, as the login does where there is no factor yet."""
    return give_password(make_holder(Role(role), username))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", REQUIRED)
@pytest.mark.parametrize("reading", [False, True])
def test_nothing_else_opens_before(settings, role, method, reading):
    settings.OPEN_READING = reading
    client = signed_in(role)
    addresses = dict(every_address())

    opened = {}
    for name in addresses.keys() - OPEN:
        response = getattr(client, method)(addresses[name])
        if addresses[name].startswith("/api/"):
            is_refused = response.status_code == 403 and PAGE in response.json()["errors"][""][0]
        else:
            is_refused = (response.status_code, response.headers.get("Location")) == (302, PAGE)
        if not is_refused:
            opened[name] = response.status_code

    assert opened == {}
    assert addresses.keys() >= OPEN
    assert len(addresses) > 100


@pytest.mark.django_db
def test_what_still_works_before():
    client = signed_in("reviewer")

    switched = client.post("/language/setlang/", {"language": "zh-hans", "next": PAGE})
    page = client.get(PAGE)
    health = [client.get(address).status_code for address in ("/healthz", "/readyz")]
    out = client.post("/accounts/logout/")

    assert (switched.url, page.status_code, health) == (PAGE, 200, [200, 200])
    assert "您的岗位要求启用双因素认证" in page.text
    assert "/review/rounds/" not in page.text
    assert out.status_code == 302
    assert not is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("role", REQUIRED)
def test_everything_opens_afterwards(role):
    client = signed_in(role)

    set_up(client)

    assert client.get("/method/").status_code == 200
    assert client.get(FIGURES).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("role", OTHERS)
def test_for_others_it_is_a_choice(role):
    client = signed_in(role)

    assert client.get("/method/").status_code == 200
    assert "With a second factor nobody" in client.get(PAGE).text


@pytest.mark.django_db
def test_nobody_is_asked_where_no_role_is_named(settings):
    settings.SECOND_FACTOR_ROLES = []

    assert signed_in("system_admin").get("/accounts/people/").status_code == 200


@pytest.mark.django_db
def test_a_post_asks_from_the_next_request_on():
    wang = make_user("wang")
    client = give_password(wang)
    before = client.get("/method/").status_code

    make_post(wang, Role.REVIEWER)

    assert before == 200
    assert client.get("/method/").url == PAGE


@pytest.mark.django_db
def test_the_own_password_comes_before(system_admin):
    issued = create_account(wanted=WantedAccount("zhang", "张三"), by=system_admin)
    make_post(issued.user, Role.REVIEWER)
    client = give_password(issued.user, password=issued.password)

    first = client.get("/review/").url
    factor_page = client.get(PAGE).url
    own = {"new_password1": "Hainan-2026", "new_password2": "Hainan-2026"}
    chosen = client.post("/accounts/password/", own)

    assert (first, factor_page) == ("/accounts/password/", "/accounts/password/")
    assert chosen.status_code == 302
    assert client.get("/review/").url == PAGE


# Access tokens


def token_of(client):
    return client.post("/accounts/tokens/", {"name": "report"}).context["made"].secret


def read_with(secret):
    return Client().get(FIGURES, headers={"Authorization": f"Token {secret}"}).status_code


@pytest.mark.django_db
def test_a_token_made_before_the_post_opens_nothing_without_a_factor():
    wang = make_user("wang")
    secret = token_of(give_password(wang))
    before = read_with(secret)

    make_post(wang, Role.REVIEWER)

    assert (before, read_with(secret)) == (200, 401)


@pytest.mark.django_db
def test_a_token_is_made_after_the_factor_and_ends_with_it():
    client = signed_in("reviewer")
    refused = client.post("/accounts/tokens/", {"name": "report"})
    set_up(client)
    secret = token_of(client)
    before = read_with(secret)

    # Whatever takes the factor off: the token stands on it, even where its row stays.
    User.objects.update(second_factor_since=None)

    assert (refused.url, before, read_with(secret)) == (PAGE, 200, 401)
    assert AccessToken.objects.count() == 1


@pytest.mark.django_db
def test_a_token_of_an_optional_factor_ends_with_it_too():
    client = signed_in("leader")
    set_up(client)
    secret = token_of(client)

    User.objects.update(second_factor_since=None)

    assert read_with(secret) == 401


# What it costs


@pytest.mark.django_db
def test_who_has_one_costs_no_query_and_who_has_none_one(django_assert_num_queries, settings):
    """On a page that asks for nothing else of its own: what a session costs is session, user."""
    reviewer = signed_in("reviewer")
    set_up(reviewer)
    leader = signed_in("leader", "li")

    for client, more in ((reviewer, 0), (leader, 1)):
        with django_assert_num_queries(2 + more):
            client.get("/accounts/logout/")


# The setting


def started(**environment):
    """What a process says to be its roles."""
    asked = "from django.conf import settings; print(','.join(settings.SECOND_FACTOR_ROLES))"
    others = {key: value for key, value in os.environ.items() if key != "SECOND_FACTOR_ROLES"}
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", asked],
        cwd=project.BASE_DIR,
        env={**others, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "roles"),
    [
        pytest.param({}, ",".join(REQUIRED), id="default"),
        pytest.param({"SECOND_FACTOR_ROLES": ""}, "", id="nobody"),
        pytest.param({"SECOND_FACTOR_ROLES": "leader,official"}, "leader,official", id="others"),
    ],
)
def test_the_setting_names_the_roles(environment, roles):
    assert started(**environment).stdout.strip() == roles


def test_a_role_that_there_is_none_of_stops_the_start():
    process = started(SECOND_FACTOR_ROLES="reviewer,admin")

    assert process.returncode != 0
    assert "SECOND_FACTOR_ROLES names no role: admin." in process.stderr
    assert "system_admin, security_admin, audit_admin" in process.stderr


@pytest.mark.django_db
def test_a_factor_that_was_set_up_is_asked_for_whatever_the_setting_says(settings):
    settings.SECOND_FACTOR_ROLES = []
    wang = make_holder(Role.REVIEWER, "wang")
    key = NewKey.drawn(wang)
    set_up_action(user=wang, key=key.key, code=shown_by_app(key.groups))

    client = give_password(wang)

    assert not is_signed_in(client)
    assert client.get("/review/").url.startswith(LOGIN)
