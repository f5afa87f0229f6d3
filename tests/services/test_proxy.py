"""What people meet at the door: the proxy of the compose file, with its own file."""

import shutil
import signal
import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from urllib.request import BaseHandler

import pytest
from django.conf import settings as project_settings

from targets_site.audit.models import Entry
from targets_site.operations import make_secrets
from tests.services.oracle import World
from tests.services.people import Person, told
from tests.services.proxies import WEB
from tests.services.servers import LOCAL, tls, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the embedded mode has no proxy"),
]
MEGABYTE = 1024 * 1024


class ClaimsAnAddress(BaseHandler):
    """Whoever asks says that he passes on what somebody else asked."""

    def https_request(self, request):
        request.add_header("X-Forwarded-For", "203.0.113.9")
        return request


@pytest.mark.parametrize(
    ("host", "told"),
    [("localhost", (301, "https://localhost/targets/x/?a=1")), ("evil", (400, None))],
)
def test_by_http_people_are_sent_to_https_under_our_own_names(site, proxy, host, told):
    site.web(WEB)

    with closing(HTTPConnection(LOCAL, proxy.plain_port, timeout=10)) as asked:
        asked.request("GET", "/targets/x/?a=1", headers={"Host": host})
        answer = asked.getresponse()

    assert (answer.status, answer.headers["Location"]) == told


def test_the_proxy_says_that_it_lives_though_no_web_does(proxy):
    with closing(HTTPConnection(LOCAL, proxy.alive_port, timeout=10)) as asked:
        asked.request("GET", "/")
        assert asked.getresponse().status == 204


def test_another_certificate_is_taken_up_as_the_guide_says(proxy, tmp_path):
    renewed = tmp_path / "renewed"
    make_secrets.make(renewed)
    for name in (make_secrets.CERTIFICATE, make_secrets.KEY):
        (proxy.secrets / name).chmod(0o644)
        shutil.copyfile(renewed / name, proxy.secrets / name)

    proxy.nginx.process.send_signal(signal.SIGHUP)

    wanted = (renewed / make_secrets.CERTIFICATE).read_text(encoding="utf-8")
    wait_until(lambda: ssl.get_server_certificate((LOCAL, proxy.port)) == wanted, seconds=20)


def test_where_no_web_is_up_people_are_told_to_look(site, proxy):
    page = Person(site.url).get("/")

    assert (page.status, told(page, "98.10")) == (503, ("unknown", "是否已保存"))
    assert "look whether it was saved" in page.text


def test_what_is_larger_than_anything_the_site_takes_is_refused_unread(proxy):
    with closing(HTTPSConnection(LOCAL, proxy.port, timeout=10, context=tls(proxy.url))) as asked:
        asked.putrequest("POST", "/imports/")
        asked.putheader("Content-Length", str(65 * MEGABYTE))
        asked.endheaders()
        answer = asked.getresponse()
        said = answer.read().decode()

    assert answer.status == 413
    assert "未作任何保存" in said
    assert "nothing was stored" in said
    assert answer.headers["Strict-Transport-Security"]


def test_an_address_that_somebody_claims_is_not_in_the_trail(site, proxy):
    World(1)
    site.web(WEB)
    official = Person(site.url)
    official.handle(ClaimsAnAddress())
    official.get("/accounts/login/")

    official.post("/accounts/login/", username="official", password="wrong")

    assert set(Entry.objects.filter(ip__isnull=False).values_list("ip", flat=True)) == {LOCAL}


def test_pages_bind_the_browser_to_https_and_cookies_to_the_name(site, proxy):
    World(1)
    site.web(WEB)
    official = Person.signed_in(site.url, "official")

    page = official.get("/entry/")

    assert page.status == 200
    assert {each.name for each in official.cookies if each.secure} >= {
        "__Host-session",
        "__Host-csrf",
    }
