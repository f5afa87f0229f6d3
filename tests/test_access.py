"""Which pages open for whom, and in which language."""

import pytest
from django.urls import URLResolver, get_resolver, reverse

from tests.factories import make_area, make_document, make_target, make_user

READING = ["overview", "area", "target", "document", "method", "manual", "exports"]
OPEN_TO_ALL = {
    "accounts:login", "accounts:second_step", "accounts:logout", "set_language", "healthz",
    "readyz",
}  # fmt: skip
# One value for each kind of argument in an address.
ARGUMENTS = {
    "AreaCodeConverter": "990000",
    "SeriesCodeConverter": "990000.pass-rate.all",
    "SlugConverter": "targets",
    "IntConverter": "1",
    "IdConverter": "1",
    "YearConverter": "2020",
    "StepConverter": "submit",
}
BEHIND_LOGIN = [
    "/entry/", "/entry/1/", "/entry/1/990000.x.all/2020/", "/review/", "/review/sign/",
    "/registers/changed/", "/registers/late/", "/review/figure/990000.x.all/2020/", "/trail/",
]  # fmt: skip


@pytest.fixture
def addresses(db):
    target = make_target()
    return {
        "overview": "/",
        "area": make_area().get_absolute_url(),
        "target": target.get_absolute_url(),
        "document": make_document().get_absolute_url(),
        "method": "/method/",
        "manual": "/method/manual/",
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


def every_address(resolver=None, namespace=""):
    """Name and address of every page there is."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from every_address(entry, inner)
            continue
        name = f"{namespace}{entry.name}"
        arguments = {
            key: ARGUMENTS[type(converter).__name__]
            for key, converter in entry.pattern.converters.items()
        }
        yield name, reverse(name, kwargs=arguments)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_opens_without_login_that_nobody_thought_of(client, settings, method):
    settings.OPEN_READING = False
    addresses = dict(every_address())

    opened = {}
    for name in addresses.keys() - OPEN_TO_ALL:
        response = getattr(client, method)(addresses[name])
        to_login = response.headers.get("Location", "").startswith("/accounts/login/?next=")
        if not to_login and response.status_code not in {401, 403, 405}:
            opened[name] = response.status_code

    assert opened == {}
    assert addresses.keys() >= OPEN_TO_ALL | {"reports:target", "indicators:approve"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/areas/%00/",
        "/areas/99000/",
        "/areas/9900000/",
        "/areas/٩٩٠٠٠٠/",
        "/entry/%00/",
        "/entry/A/",
        "/targets/%00/",
        "/indicators/%00/",
        "/documents/%00/",
        "/exports/%00.csv",
    ],
)
def test_a_code_that_is_none_is_not_found(client, settings, address):
    settings.OPEN_READING = True
    client.force_login(make_user())

    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/method/", "/entry/", "/targets/unknown/"])
def test_what_a_signed_in_person_sees_is_kept_nowhere(client, address):
    client.force_login(make_user())

    assert "no-store" in client.get(address).headers["Cache-Control"]


@pytest.mark.django_db
def test_what_everybody_may_read_may_be_kept(client, settings):
    settings.OPEN_READING = True

    assert "no-store" not in client.get("/method/").headers.get("Cache-Control", "")


@pytest.mark.django_db
def test_a_static_file_may_be_kept_by_a_signed_in_person(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("body {}", encoding="utf-8")
    client.force_login(make_user())

    response = client.get("/static/site.css")

    assert b"".join(response.streaming_content) == b"body {}"
    assert "no-store" not in response.headers["Cache-Control"]
    response.close()
