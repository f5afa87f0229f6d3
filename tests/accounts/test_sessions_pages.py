"""Where people are signed in: the system administrator sees and ends it, everybody his own."""

import pytest
from django.test import Client

from targets_site.accounts.browsers import browser_words
from targets_site.accounts.models import Session
from targets_site.audit.models import Entry
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

ALL, OWN = "/accounts/sessions/", "/accounts/sessions/own/"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0"


@pytest.fixture
def wang(db):
    return make_user("wang", full_name="王丽")


def browser_of(user, *, agent=EDGE, ip="10.1.2.3", forwarded=""):
    """A browser in which the person signs in. forwarded: what a proxy adds to its requests."""
    headers = {"User-Agent": agent, "X-Forwarded-For": forwarded}
    browser = Client(headers=headers, REMOTE_ADDR=ip)
    browser.cookies["django_language"] = "en"
    typed = {"username": user.username, "password": "Passw0rd-2026"}
    assert browser.post("/accounts/login/", typed).status_code == 302
    return browser


def session_of(browser):
    return Session.objects.get(session_key=browser.cookies["sessionid"].value)


def is_signed_in(browser):
    return browser.get("/accounts/password/").status_code == 200


def trail():
    ended = Entry.objects.filter(action="end_session").order_by("seq")
    return [(entry.object, entry.actor, entry.role) for entry in ended]


def test_the_administrator_sees_who_is_signed_in_since_when_and_where(wang, system_admin):
    browser_of(wang)

    page = browser_of(system_admin, ip="10.9.9.9").get(ALL).text

    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    mine, his = rows[0], rows[1]
    assert all(said in his for said in ["王丽", "Edge 120, Windows", "10.1.2.3", "End it"])
    assert "10.9.9.9" in mine
    assert "This session" in mine
    assert not any(session.session_key in page for session in Session.objects.all())


@pytest.mark.parametrize(("proxies", "expected"), [(0, "10.1.2.3"), (1, "198.51.100.7")])
def test_the_address_is_the_one_that_our_proxy_saw(wang, settings, proxies, expected):
    settings.PROXIES = proxies
    browser = browser_of(wang, forwarded="10.9.9.9, 198.51.100.7")

    page = browser.get(OWN).text

    assert [ip for ip in ("10.1.2.3", "10.9.9.9", "198.51.100.7") if ip in page] == [expected]


def test_he_looks_for_a_person(wang, system_admin):
    browser_of(wang)
    admin = browser_of(system_admin)

    for typed in ("王丽", "wan"):
        page = admin.get(ALL, {"q": typed}).text
        assert "王丽" in page
        assert "This session" not in page
    assert "Nobody who is called so" in admin.get(ALL, {"q": "nobody"}).text


def test_he_ends_one(wang, system_admin):
    home, office = browser_of(wang), browser_of(wang)
    admin = browser_of(system_admin)

    response = admin.post(ALL + "end/", {"session": str(session_of(home).handle)}, follow=True)

    assert "The session of 王丽 is ended." in response.text
    assert (is_signed_in(home), is_signed_in(office)) == (False, True)
    assert trail() == [("session:wang", "sysadmin", "system_admin")]
    assert Entry.objects.get(action="end_session").before["ip"] == "10.1.2.3"


def test_he_ends_all_of_a_person_from_the_account(wang, system_admin):
    browsers = [browser_of(wang), browser_of(wang)]
    admin = browser_of(system_admin)

    before = admin.get(f"/accounts/people/{wang.pk}/").text
    page = admin.post(f"/accounts/people/{wang.pk}/sessions/end/", follow=True).text

    assert "2 sessions" in before
    assert "Not signed in now." in page
    assert [is_signed_in(browser) for browser in browsers] == [False, False]
    assert trail() == [("session:wang", "sysadmin", "system_admin")] * 2
    assert is_signed_in(admin)


@pytest.mark.parametrize("handle", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_what_is_no_session_any_more_is_said(system_admin, handle):
    page = browser_of(system_admin).post(ALL + "end/", {"session": handle}, follow=True).text

    assert "That session had ended already." in page
    assert trail() == []


def test_a_person_sees_and_ends_his_own(wang, system_admin):
    here, elsewhere, third = (
        browser_of(wang, ip=ip) for ip in ("10.0.0.1", "10.0.0.2", "10.0.0.3")
    )
    other = browser_of(system_admin, ip="10.9.9.9")

    page = here.get(OWN).text
    here.post(OWN + "end/", {"session": str(session_of(elsewhere).handle)})
    after_one = [is_signed_in(each) for each in (here, elsewhere, third)]
    here.post(OWN + "end/")

    assert all(ip in page for ip in ("10.0.0.1", "10.0.0.2", "10.0.0.3"))
    assert "10.9.9.9" not in page
    assert after_one == [True, False, True]
    assert [is_signed_in(each) for each in (here, third, other)] == [True, False, True]
    assert trail() == [("session:wang", "wang", "")] * 2


def test_nobody_ends_another_s_by_the_page_of_his_own(wang, system_admin):
    other = browser_of(system_admin)

    browser_of(wang).post(OWN + "end/", {"session": str(session_of(other).handle)})

    assert is_signed_in(other)
    assert trail() == []


def test_lists_ask_as_much_for_many_as_for_few(wang, system_admin, django_assert_num_queries):
    admin = browser_of(system_admin)
    # Session, person, posts, right; the number and the sessions; posts and failed jobs of the menu.
    with django_assert_num_queries(7):
        admin.get(ALL)
    for _each in range(3):
        browser_of(wang)
    with django_assert_num_queries(7):
        admin.get(ALL)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Edge 120, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Firefox/121.0", "Firefox 121, Linux"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari 17, iOS"),
        ("Mozilla/5.0 (Windows NT 6.1; rv:11.0; Trident/7.0)", "Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/108.0 Safari/537.36 QIHU 360SE", "360, Windows"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/112.0 Mobile", "Chrome 112, Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_in_short_words(agent, words):
    assert browser_words(agent) == words
