"""Which pages open for whom, and in which language."""

import pytest
from django.urls import reverse

from tests.factories import make_area, make_document, make_target, make_user

READING = ["overview", "area", "target", "document", "method", "exports"]
BEHIND_LOGIN = ["/entry/", "/entry/990000.x.all/", "/review/"]


@pytest.fixture
def addresses(db):
    target = make_target()
    return {
        "overview": "/",
        "area": make_area().get_absolute_url(),
        "target": target.get_absolute_url(),
        "document": make_document().get_absolute_url(),
        "method": "/method/",
        "exports": "/exports/",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("page", READING)
def test_a_reading_page_needs_login_unless_reading_is_open(client, settings, addresses, page):
    settings.OPEN_READING = False
    closed = client.get(addresses[page])
    settings.OPEN_READING = True
    opened = client.get(addresses[page])

    assert closed.headers["Location"].startswith("/accounts/login/?next=")
    assert opened.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("page", READING)
def test_every_signed_in_person_reads(client, settings, addresses, page):
    settings.OPEN_READING = False
    client.force_login(make_user())

    assert client.get(addresses[page]).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", BEHIND_LOGIN)
def test_entry_and_review_need_login_also_in_the_tryout(client, settings, address):
    settings.OPEN_READING = True

    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "key"), [("/healthz", "alive"), ("/readyz", "ready")])
def test_health_answers_anybody(client, address, key):
    response = client.get(address)

    assert response.json() == {key: True}


@pytest.mark.django_db
def test_chinese_unless_the_person_chose_english(client):
    by_browser = client.get("/accounts/login/", headers={"Accept-Language": "en-US,en"})
    client.post(reverse("set_language"), {"language": "en", "next": "/accounts/login/"})
    by_choice = client.get("/accounts/login/")

    assert by_browser.headers["Content-Language"] == "zh-hans"
    assert "登录" in by_browser.content.decode()
    assert by_choice.headers["Content-Language"] == "en"
    assert "Sign in" in by_choice.content.decode()


@pytest.mark.django_db
def test_the_language_switch_never_leaves_the_host(client):
    response = client.post(
        reverse("set_language"), {"language": "en", "next": "https://example.org/"}
    )

    assert response.headers["Location"] == "/"
