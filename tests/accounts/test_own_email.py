"""Where one's notices are mailed: set by oneself, seen by oneself and the administrators."""

import pytest

from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_post, make_user

pytestmark = pytest.mark.usefixtures("in_english")

EMAIL, PASSWORD = "/accounts/email/", "/accounts/password/"


@pytest.fixture
def wang(client, db):
    user = make_user("wang", email="wang@a.cn")
    client.force_login(user)
    return user


def test_one_sets_and_takes_away_ones_own(client, wang):
    page = client.get(EMAIL)
    changed = client.post(EMAIL, {"email": "wang@B.cn"}, follow=True)
    client.post(EMAIL, {"email": ""})

    wang.refresh_from_db()
    assert 'value="wang@a.cn"' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert changed.redirect_chain == [(EMAIL, 302)]
    assert "Your e-mail address is stored." in changed.content.decode()
    assert wang.email == ""
    entries = Entry.objects.filter(action="change_email").order_by("pk")
    assert [(each.object, each.actor, each.before, each.after) for each in entries] == [
        ("user:wang", "wang", {"email": "wang@a.cn"}, {"email": "wang@b.cn"}),
        ("user:wang", "wang", {"email": "wang@b.cn"}, {"email": ""}),
    ]


@pytest.mark.parametrize("typed", ["wang", "wang@a.cn\x00", "wang@a.cn, li@a.cn", "w" * 300])
def test_what_is_no_address_changes_nothing(client, wang, typed):
    response = client.post(EMAIL, {"email": typed})

    wang.refresh_from_db()
    assert response.status_code == 422
    assert wang.email == "wang@a.cn"
    assert not Entry.objects.filter(action="change_email").exists()


def test_nobody_changes_that_of_another(client, wang):
    li = make_user("li", email="li@a.cn")

    client.post(EMAIL, {"email": "x@a.cn", "user": li.pk, "username": "li", "user_id": li.pk})

    li.refresh_from_db()
    assert li.email == "li@a.cn"


def test_the_page_needs_login_and_a_password_of_ones_own(client, db):
    without = client.get(EMAIL)
    client.force_login(make_user("new", must_change_password=True))
    newcomer = client.post(EMAIL, {"email": "new@a.cn"})

    assert "/accounts/login/" in without.url
    assert newcomer.url == PASSWORD


def test_the_password_page_leads_to_it(client, wang):
    assert f'href="{EMAIL}"' in client.get(PASSWORD).content.decode()


@pytest.mark.parametrize("role", [each for each in Role if each != Role.SYSTEM_ADMIN])
def test_only_administrators_see_it(client, db, role):
    zhang = make_user("zhang", full_name="张三", email="zhang@secret.cn")
    make_post(zhang, Role.REVIEWER)
    client.force_login(make_holder(role))
    addresses = [
        "/", "/accounts/people/", f"/accounts/people/{zhang.pk}/", "/accounts/posts/",
        f"/accounts/posts/people/{zhang.pk}/", "/review/", "/review/completeness/",
    ]  # fmt: skip

    pages = [client.get(each).content.decode() for each in addresses]
    changed = client.post(f"/accounts/people/{zhang.pk}/email/", {"email": "x@a.cn"})

    assert not [each for each in pages if "zhang@secret.cn" in each]
    assert changed.status_code == 403
    zhang.refresh_from_db()
    assert zhang.email == "zhang@secret.cn"


def test_the_system_administrator_sees_it_on_the_page_of_the_account(client, system_admin):
    zhang = make_user("zhang", email="zhang@a.cn")
    client.force_login(system_admin)

    page = client.get(f"/accounts/people/{zhang.pk}/").content.decode()
    own = client.get(f"/accounts/people/{system_admin.pk}/").content.decode()

    assert "<dd>zhang@a.cn</dd>" in page
    assert f'action="/accounts/people/{system_admin.pk}/email/"' not in own
    assert f'href="{EMAIL}"' in own
