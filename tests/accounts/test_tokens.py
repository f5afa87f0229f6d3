"""Access tokens: made and ended by their owner, hashed, over on their day and with the password,
and good for reading alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import ObservationVersion
from targets_site.accounts.actions.accounts import (
    change_own_password,
    disable_account,
    issue_anew,
)
from targets_site.accounts.actions.tokens import TooManyTokens, make_token
from targets_site.accounts.models import AccessToken, Post, ResetAction, Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_official,
    make_post,
    make_round,
    make_series,
    make_user,
)

pytestmark = pytest.mark.django_db

PAGE = "/accounts/tokens/"


@pytest.fixture
def owner():
    return make_user("owner")


@pytest.fixture
def system_admin():
    admin = make_user("sysadmin")
    make_post(admin, Role.SYSTEM_ADMIN, area=make_area())
    return admin


def read(secret, address="/api/v1/areas/", **extra):
    return Client().get(address, headers={"Authorization": f"Token {secret}"}, **extra)


def test_a_program_reads_as_the_person(owner):
    secret = make_token(user=owner, name="统计程序").secret

    response = read(secret, "/api/v1/versions/")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_the_secret_is_shown_once_and_kept_nowhere(client, owner):
    client.force_login(owner)

    made = client.post(PAGE, {"name": "统计程序"})
    secret = made.context["made"].secret
    later = client.get(PAGE)

    assert secret in made.content.decode()
    assert secret not in later.content.decode()
    assert "统计程序" in later.content.decode()
    assert "no-store" in made["Cache-Control"]
    [stored] = AccessToken.objects.values()
    assert secret not in str(stored)
    assert read(secret).status_code == 200


def test_making_and_ending_stand_in_the_trail(client, owner):
    client.force_login(owner)
    client.post(PAGE, {"name": "统计程序"})
    token = AccessToken.objects.get()

    ended = client.post(f"{PAGE}end/", {"token": token.token_key})

    assert ended["Location"] == PAGE
    made, gone = Entry.objects.filter(object__startswith="token:").order_by("seq")
    said = {"name": "统计程序", "made_at": str(token.created), "ends_at": str(token.expiry)}
    assert (made.action, made.actor, made.before, made.after) == (
        "make_token",
        "owner",
        None,
        said,
    )
    assert (gone.action, gone.actor, gone.before, gone.after) == ("end_token", "owner", said, None)
    assert not AccessToken.objects.exists()


def test_nobody_ends_the_token_of_another(client, owner):
    token = make_token(user=owner, name="x").token
    client.force_login(make_user("other"))

    assert client.post(f"{PAGE}end/", {"token": token.token_key}).status_code == 404
    assert AccessToken.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "a\0b", "长" * 61])
def test_a_token_has_a_name_that_can_be_read(client, owner, name):
    client.force_login(owner)

    assert client.post(PAGE, {"name": name}).status_code == 422
    assert not AccessToken.objects.exists()


def test_a_person_has_so_many(client, owner, settings):
    settings.API_TOKENS_EACH = 2
    client.force_login(owner)
    for _each in range(2):
        client.post(PAGE, {"name": "x"})

    refused = client.post(PAGE, {"name": "x"})

    assert refused.status_code == 422
    with pytest.raises(TooManyTokens):
        make_token(user=owner, name="x")
    AccessToken.objects.filter(token_key=AccessToken.objects.first().token_key).update(
        expiry=timezone.now()
    )
    assert make_token(user=owner, name="y").token.name == "y"
    assert Entry.objects.get(action="end_token").reason == "expired"


def test_a_token_ends_on_its_day(owner, settings):
    settings.API_TOKEN_DAYS = 7
    made = make_token(user=owner, name="x")
    assert made.token.expiry - timezone.now() > timedelta(days=6, hours=23)

    AccessToken.objects.update(expiry=timezone.now())

    assert read(made.secret).status_code == 401
    assert AccessToken.objects.count() == 1  # reading writes nothing


def by_change(user, _admin):
    change_own_password(user=user, password="another-Pass-1")


def by_reset(user, admin):
    issue_anew(ResetAction.RESET, user, by=admin)


def by_disabling(user, admin):
    disable_account(user=user, by=admin)


@pytest.mark.parametrize("end", [by_change, by_reset, by_disabling])
def test_a_token_ends_with_the_password(owner, system_admin, end):
    secret = make_token(user=owner, name="x").secret

    end(owner, system_admin)

    assert read(secret).status_code == 401
    assert not AccessToken.objects.exists()
    assert Entry.objects.filter(action="end_token", object__startswith="token:owner:").count() == 1


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"must_change_password": True}, {"password": "md5$x$y"}]
)
def test_a_token_opens_nothing_whichever_way_the_account_changed(owner, change):
    secret = make_token(user=owner, name="x").secret
    for name, value in change.items():
        setattr(owner, name, value)
    owner.save()

    assert read(secret).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Token", "Token ", "Token x", "Token " + "0" * 64, "Token \0", "Token é", "Bearer x",
        "Token a b", "Token " + "0" * 9000, "Basic b3duZXI6eA==",
    ],
)  # fmt: skip
def test_what_is_no_token_opens_nothing(owner, header):
    make_token(user=owner, name="x")

    response = Client().get("/api/v1/areas/", headers={"Authorization": header})

    assert response.status_code == 401
    assert response.json()["errors"]


def test_a_token_reads_and_changes_nothing():
    department = make_department()
    series = make_series(department=department)
    make_round(None, 2020)
    official = make_official(department=department)
    secret = make_token(user=official, name="x").secret
    by_token = {"Authorization": f"Token {secret}"}
    address = f"/api/v1/figures/{series.code}/2020/"

    for method in ("put", "post", "delete", "patch"):
        for at in (address, f"{address}submit/", "/api/v1/areas/"):
            response = getattr(Client(), method)(
                at, '{"value": "98.5"}', content_type="application/json", headers=by_token
            )
            assert response.status_code in {403, 405}
    in_his_browser = Client()
    in_his_browser.force_login(official)
    both = in_his_browser.put(
        address, '{"value": "98.5"}', content_type="application/json", headers=by_token
    )

    assert both.status_code == 403
    assert not ObservationVersion.objects.exists()
    denied = Entry.objects.filter(action="denied", actor="official", reason="token")
    assert denied.filter(object=f"page:{address}").count() == 5


def test_a_token_opens_no_page(owner):
    secret = make_token(user=owner, name="x").secret

    assert read(secret, PAGE)["Location"].startswith("/accounts/login/")


def test_rights_are_asked_at_each_request():
    department = make_department()
    series = make_series(department=department)
    make_figure(series, 2019, "98.5", state="draft")
    official = make_official(department=department)
    secret = make_token(user=official, name="x").secret
    assert len(read(secret, "/api/v1/versions/").json()["results"]) == 1

    Post.objects.update(to_date=timezone.localdate() - timedelta(days=1))

    assert read(secret, "/api/v1/versions/").json()["results"] == []


def test_reading_by_token_writes_nothing(owner):
    secret = make_token(user=owner, name="x").secret
    before = Entry.objects.count()

    for name in ("areas", "targets", "versions", "rounds"):
        assert read(secret, f"/api/v1/{name}/").status_code == 200

    assert Entry.objects.count() == before


def test_knox_lets_nobody_in(client):
    for name in ("login", "logout", "logoutall"):
        assert client.post(f"/api/v1/{name}/").status_code == 401
