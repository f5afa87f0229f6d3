"""A session ended while somebody typed: nothing of it is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from targets_site.accounts.models import Role, Session, User
from tests.browser.conftest import sign_in
from tests.browser.looker import violations
from tests.factories import make_area, make_post, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def zhang(db):
    return make_user("zhang")


@pytest.fixture
def at_work(page, live_server, settings, zhang):
    """The page on which a security administrator is about to grant a post."""
    settings.ALLOWED_HOSTS = ["*"]
    make_post(make_user("secadmin"), Role.SECURITY_ADMIN, area=make_area("460000"))
    sign_in(page, live_server.url, "secadmin")
    page.goto(f"{live_server.url}/accounts/posts/people/{zhang.pk}/")
    page.locator("[name=role]").select_option("leader")
    page.locator("[name=area_code]").fill("460000")
    return page


def grant(page):
    page.locator("form:has([name=role])").evaluate("form => form.requestSubmit()")


def posts_of(user):
    return User.objects.get(pk=user.pk).posts.count()


def test_what_was_sent_too_late_is_sent_again_after_the_login(at_work, heard, live_server, zhang):
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Session.objects.update(last_seen_at=an_hour_ago)
    grant(at_work)
    expect(at_work.locator("h1")).to_have_text("尚未保存：请先登录")
    expect(at_work.locator("main")).to_contain_text("30 分钟内无操作")
    assert violations(at_work) == []
    before = posts_of(zhang)

    with at_work.expect_popup() as opened:
        at_work.get_by_role("link", name="在新窗口中登录").click()
    sign_in(opened.value, live_server.url, "secadmin")
    at_work.get_by_role("button", name="重新提交").click()

    expect(at_work.locator("h1")).to_contain_text("zhang")
    assert (before, posts_of(zhang)) == (0, 1)


def test_the_next_person_at_the_browser_does_not_send_it(at_work, live_server, zhang):
    Session.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    grant(at_work)
    make_post(make_user("other"), Role.SECURITY_ADMIN, area=make_area("460000"))
    with at_work.expect_popup() as opened:
        at_work.get_by_role("link", name="在新窗口中登录").click()
    sign_in(opened.value, live_server.url, "other")

    at_work.get_by_role("button", name="重新提交").click()

    expect(at_work.locator("h1")).to_have_text("尚未保存：内容由他人填写")
    expect(at_work.locator("main")).to_contain_text("当前登录用户为 other")
    assert violations(at_work) == []
    assert posts_of(zhang) == 0


def test_the_password_is_asked_for_and_one_press_does_it(at_work, heard, zhang):
    hours_ago = timezone.now() - timedelta(hours=3)
    Session.objects.update(begun_at=hours_ago, confirmed_at=hours_ago)
    grant(at_work)
    expect(at_work.locator("h1")).to_have_text("请验证身份")
    assert violations(at_work) == []
    before = posts_of(zhang)

    at_work.keyboard.type("Passw0rd-2026")
    at_work.keyboard.press("Enter")

    expect(at_work.locator("h1")).to_contain_text("zhang")
    assert (before, posts_of(zhang)) == (0, 1)
