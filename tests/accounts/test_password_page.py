"""A one-time password opens an account once, and nothing but the page to choose one's own."""

import pytest
from django.test import Client
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from targets_site.accounts.actions.accounts import (
    WantedAccount,
    create_account,
    reset_password,
)
from targets_site.accounts.models import User
from targets_site.audit.models import Entry
from targets_site.urls import urlpatterns as pages
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("in_english")

PASSWORD, LOGIN = "/accounts/password/", "/accounts/login/"
OWN = "Hainan-2026"


class Figures(APIView):
    """A stand-in for any address of the API."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, _request):
        return Response({"figures": []})

    post = get


urlpatterns = [path("api/v1/figures/", Figures.as_view()), *pages]


@pytest.fixture
def issued(system_admin):
    return create_account(wanted=WantedAccount("zhang", "张三"), by=system_admin)


def sign_in(client, password, username="zhang"):
    return client.post(LOGIN, {"username": username, "password": password})


@pytest.fixture
def newcomer(client, issued):
    sign_in(client, issued.password)
    return client


def choose(client, password=OWN, again=None, **more):
    typed = {"new_password1": password, "new_password2": again or password, **more}
    return client.post(PASSWORD, typed)


def test_a_one_time_password_leads_to_the_page_of_ones_own(client, issued):
    response = client.post(LOGIN, {"username": "zhang", "password": issued.password}, follow=True)

    assert response.redirect_chain == [("/", 302), (PASSWORD, 302)]
    assert "You signed in with a one-time password" in response.content.decode()
    assert 'name="old_password"' not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_a_one_time_password_opens_once(client, issued):
    first = sign_in(client, issued.password)
    second = sign_in(Client(), issued.password)

    assert first.status_code == 302
    assert second.status_code == 200
    assert second.context["form"].non_field_errors()
    assert [entry.action for entry in Entry.objects.filter(object="user:zhang")] == [
        "create_account", "login", "login_failed"
    ]  # fmt: skip


def test_of_two_logins_at_once_one_spends_the_password(client, issued, monkeypatch):
    """Both have checked the password before either has spent it."""
    late = Client()
    late.force_login(User.objects.get(username="zhang"))
    stale = User.objects.get(username="zhang")
    stale.password = issued.user.password
    other = Client()
    other.force_login(stale)

    assert late.get(PASSWORD).status_code == 200
    assert "/accounts/login/" in other.get(PASSWORD).url


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "address", ["/", "/entry/", "/review/", "/method/", "/exports/", "/accounts/people/"]
)
def test_nothing_else_opens_before(newcomer, settings, address, method):
    settings.OPEN_READING = True

    response = getattr(newcomer, method)(address)

    assert (response.status_code, response.url) == (302, PASSWORD)


def test_what_still_works_before(newcomer):
    switched = newcomer.post("/language/setlang/", {"language": "zh-hans", "next": PASSWORD})
    page = newcomer.get(PASSWORD)
    health = [newcomer.get(address).status_code for address in ("/healthz", "/readyz")]
    out = newcomer.post("/accounts/logout/")

    assert (switched.url, health, out.status_code) == (PASSWORD, [200, 200], 302)
    assert 'lang="zh-Hans"' in page.content.decode()
    assert "_auth_user_id" not in newcomer.session


def test_static_files_are_there_before(settings, tmp_path, issued):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("body {}", encoding="utf-8")
    client = Client()
    client.force_login(issued.user)

    response = client.get("/static/site.css")

    assert b"".join(response.streaming_content) == b"body {}"
    response.close()


@pytest.mark.urls("tests.accounts.test_password_page")
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_api_says_so_in_json(newcomer, method):
    response = getattr(newcomer, method)("/api/v1/figures/")

    assert response.status_code == 403
    said = "Choose your own password first, on the page /accounts/password/."
    assert response.json() == {"errors": {"": [said]}}


@pytest.mark.urls("tests.accounts.test_password_page")
def test_the_api_opens_afterwards(newcomer):
    choose(newcomer)

    assert newcomer.get("/api/v1/figures/").json() == {"figures": []}


def test_choosing_a_password_opens_everything(newcomer):
    response = choose(newcomer)

    zhang = User.objects.get(username="zhang")
    assert (response.status_code, response.url) == (302, "/")
    assert (zhang.must_change_password, zhang.check_password(OWN)) == (False, True)
    assert newcomer.get("/entry/").status_code == 200
    assert sign_in(Client(), OWN).url == "/"
    entry = Entry.objects.get(action="change_password")
    assert (entry.object, entry.actor, entry.before, entry.after) == (
        "user:zhang", "zhang", None, None
    )  # fmt: skip
    assert OWN not in repr(list(Entry.objects.values()))


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        pytest.param("Hn-20261", None, "This password is too short.", id="short"),
        pytest.param("hainan20261", None, "The password has at least 3 of these", id="plain"),
        pytest.param(OWN, "Hainan-2027", "The two password fields", id="not-the-same"),
        pytest.param("", None, "This field is required.", id="empty"),
        pytest.param("Hainan\x002026", None, "Null characters are not allowed.", id="nul"),
    ],
)
def test_a_bad_choice_is_said_and_changes_nothing(newcomer, password, again, message):
    before = User.objects.get(username="zhang").password

    response = choose(newcomer, password, again)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert User.objects.get(username="zhang").password == before
    assert newcomer.get("/entry/").url == PASSWORD


def test_the_one_time_password_is_no_password_of_ones_own(newcomer, issued):
    response = choose(newcomer, issued.password)

    assert response.status_code == 422
    assert "This is the password you had; choose another." in response.content.decode()


def test_a_lost_session_needs_a_new_one_time_password(newcomer, issued, system_admin):
    newcomer.cookies.clear()
    lost = sign_in(Client(), issued.password).status_code

    again = reset_password(user=issued.user, by=system_admin)
    client = Client()
    sign_in(client, again.password)

    assert lost == 200
    assert choose(client).status_code == 302


def test_who_has_a_password_types_it_to_change_it(client, db):
    client.force_login(make_user("wang"))

    page = client.get(PASSWORD).content.decode()
    wrong = choose(client, old_password="Passw0rd-2027")
    missing = choose(client)
    right = choose(client, old_password="Passw0rd-2026")

    assert 'name="old_password"' in page
    assert (wrong.status_code, missing.status_code, right.status_code) == (422, 422, 302)
    assert User.objects.get(username="wang").check_password(OWN)


def test_the_same_password_again_is_no_change(client, db):
    client.force_login(make_user("wang"))

    response = choose(client, "Passw0rd-2026", old_password="Passw0rd-2026")

    assert response.status_code == 422


def test_changing_it_ends_sessions_elsewhere_and_keeps_this_one(client, db):
    wang, elsewhere = make_user("wang"), Client()
    elsewhere.force_login(wang)
    client.force_login(wang)

    choose(client, old_password="Passw0rd-2026")

    assert client.get("/entry/").status_code == 200
    assert "/accounts/login/" in elsewhere.get("/entry/").url


def test_the_page_needs_login(client, db):
    assert LOGIN in client.get(PASSWORD).url


def test_nobody_changes_the_password_of_another(client, db):
    wang, li = make_user("wang"), make_user("li")
    client.force_login(wang)

    choose(client, old_password="Passw0rd-2026", user=li.pk, username="li", user_id=li.pk)

    li.refresh_from_db()
    wang.refresh_from_db()
    assert (li.check_password(OWN), wang.check_password(OWN)) == (False, True)


def test_the_page_fails_where_the_trail_cannot_be_written(client, db, monkeypatch):
    client.force_login(make_user("wang"))

    def fail(*_args, **_options):
        raise OSError("no space left")

    monkeypatch.setattr("targets_site.accounts.actions.accounts.record", fail)

    with pytest.raises(OSError, match="no space left"):
        choose(client, old_password="Passw0rd-2026")
    assert User.objects.get(username="wang").check_password("Passw0rd-2026")


def test_the_page_addresses_people_politely(client, db):
    client.cookies["django_language"] = "zh-hans"
    client.force_login(make_user("wang"))

    page = client.post(PASSWORD, {"old_password": "x", "new_password1": "a", "new_password2": "a"})

    said = page.content.decode()
    assert "您的旧密码不正确" in said
    assert "密码太短，至少 10 个字符。" in said
    assert "你" not in said
