"""From which address a request comes: what the client writes itself is no answer."""

import subprocess
import sys

import pytest
from django.test import RequestFactory

from targets_site.audit.models import Entry
from targets_site.client_address import client_address
from tests.factories import make_user


def address(*, connected="203.0.113.9", **headers):
    return client_address(RequestFactory().get("/", REMOTE_ADDR=connected, headers=headers))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        pytest.param(0, "198.51.100.7", "203.0.113.9", id="no-proxy-of-ours"),
        pytest.param(1, "198.51.100.7", "198.51.100.7", id="one"),
        pytest.param(1, "10.0.0.1, 198.51.100.7", "198.51.100.7", id="written-by-the-client"),
        pytest.param(2, "10.0.0.1, 198.51.100.7, 192.0.2.1", "198.51.100.7", id="two"),
        pytest.param(2, "198.51.100.7", "203.0.113.9", id="fewer-than-proxies"),
        pytest.param(1, "", "203.0.113.9", id="empty"),
        pytest.param(1, "unknown", "203.0.113.9", id="no-address"),
        pytest.param(1, "198.51.100.7:80", "203.0.113.9", id="with-port"),
        pytest.param(1, "1.2.3.4, ' OR 1=1", "203.0.113.9", id="sql"),
        pytest.param(1, "2001:DB8::1", "2001:db8::1", id="ipv6"),
        pytest.param(1, "::ffff:198.51.100.7", "198.51.100.7", id="ipv4-in-ipv6"),
        pytest.param(1, "fe80::1%eth0", "fe80::1", id="scope"),
    ],
)
def test_the_address_is_the_one_that_our_outermost_proxy_saw(
    settings, proxies, forwarded, expected
):
    settings.PROXIES = proxies

    assert address(**{"X-Forwarded-For": forwarded}) == expected


def test_without_the_header_it_is_who_connected(settings):
    settings.PROXIES = 1

    assert address() == "203.0.113.9"


@pytest.mark.parametrize("name", ["X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP"])
def test_other_headers_say_nothing(settings, name):
    settings.PROXIES = 1

    assert address(**{name: "198.51.100.7"}) == "203.0.113.9"


def test_a_socket_of_the_machine_has_no_address():
    assert address(connected="") == ""


@pytest.mark.parametrize(("proxies", "expected"), [(0, "203.0.113.9"), (1, "198.51.100.7")])
def test_the_trail_has_the_address(client, db, settings, proxies, expected):
    settings.PROXIES = proxies
    make_user("wang")

    client.post(
        "/accounts/login/",
        {"username": "wang", "password": "Passw0rd-2026"},
        REMOTE_ADDR="203.0.113.9",
        headers={"X-Forwarded-For": "198.51.100.7"},
    )

    assert Entry.objects.get(action="login").ip == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXIES", "-1"),
        ("PROXIES", "all"),
        ("LOGIN_FAILURES", "0"),
        ("LOGIN_FAILURES_BY_ADDRESS", "4"),
        ("LOGIN_LOCK_MINUTES", "0"),
        ("PASSWORD_LENGTH", "7"),
        ("PASSWORD_CLASSES", "5"),
        ("PASSWORD_DAYS", "-1"),
        ("PASSWORD_HISTORY", "-1"),
        ("ACCOUNT_UNUSED_DAYS", "-1"),
    ],
)
def test_settings_that_make_no_sense_are_refused_at_the_start(tmp_path, name, value):
    environment = {"PATH": "", "VAR_DIR": str(tmp_path), name: value}

    started = subprocess.run(
        [sys.executable, "-c", "import targets_site.settings"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert started.returncode == 1
    assert f"ImproperlyConfigured: {name} is" in started.stderr.replace(
        "django.core.exceptions.", ""
    )
