"""Who asks too often is stopped, and nobody else."""

import pytest

from targets_site.rate_limits import BURST_MINUTES, MOST_BUCKETS, Buckets
from tests.factories import make_official, make_user

pytestmark = pytest.mark.django_db
QUICK = "/api/v1/nothing/"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def limited(settings):
    settings.REQUESTS_A_MINUTE, settings.COSTLY_REQUESTS_A_MINUTE = 60, 6
    return settings


def test_a_script_is_stopped_and_others_are_served(client, limited):
    client.force_login(make_user("script"))
    answers = [client.get(QUICK) for _time in range(1000)]
    stopped = [each for each in answers if each.status_code == 429]

    client.force_login(make_user("person"))
    served = client.get("/method/")

    assert {each.status_code for each in answers} == {404, 429}
    assert answers[BURST_MINUTES * 60 - 1].status_code == 404
    assert len(stopped) > 700
    assert stopped[0].headers["Retry-After"] == "1"
    assert "请求过于频繁" in stopped[0].json()["errors"][""][0]
    assert served.status_code == 200


def test_who_is_not_signed_in_is_counted_by_his_address(client, limited):
    for _time in range(BURST_MINUTES * 60 + 20):
        last = client.get("/accounts/login/", REMOTE_ADDR="10.0.0.1")
    other = client.get("/accounts/login/", REMOTE_ADDR="10.0.0.2")
    named = client.get(
        "/accounts/login/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "10.9.9.9"}
    )

    assert [last.status_code, other.status_code, named.status_code] == [429, 200, 429]


def test_two_behind_one_proxy_are_counted_each_for_himself(client, limited):
    limited.PROXIES = 1

    def ask(address):
        return client.get("/accounts/login/", headers={"X-Forwarded-For": address}).status_code

    for _time in range(BURST_MINUTES * 60 + 20):
        last = ask("198.51.100.7")

    assert [last, ask("198.51.100.8"), ask("10.9.9.9, 198.51.100.7")] == [429, 200, 429]


def test_what_is_costly_has_a_limit_of_its_own(client, limited):
    client.force_login(make_user())

    searched = [client.get("/search/?q=a").status_code for _time in range(16)]

    assert searched[:12] == [200] * 12
    assert searched[-1] == 429
    assert client.get("/method/").status_code == 200


def test_health_is_asked_as_often_as_one_likes(client, limited):
    limited.REQUESTS_A_MINUTE = 1

    assert {client.get("/healthz").status_code for _time in range(50)} == {200}


def test_the_page_says_so_in_both_languages_and_keeps_what_was_typed(client, limited):
    limited.REQUESTS_A_MINUTE = 1
    client.force_login(make_official())
    for _time in range(3):
        client.get(QUICK)

    answer = client.post("/entry/1/990000.pass-rate.all/2020/", {"value": "98.10"})

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "请求过于频繁" in page
    assert "Too many requests" in page
    assert '<input type="hidden" name="value" value="98.10"' in page


def test_a_bucket_fills_again():
    clock = Clock()
    buckets = Buckets(clock=clock)

    def taken():
        return [buckets.seconds_to_wait("a", a_minute=30) for _time in range(62)]

    first = taken()
    clock.now += 2
    then = buckets.seconds_to_wait("a", a_minute=30)
    at_once = buckets.seconds_to_wait("a", a_minute=30)
    clock.now += 3600

    assert first == [0] * 60 + [2, 2]
    assert (then, at_once) == (0, 2)
    assert taken() == first


def test_no_more_buckets_are_kept_than_there_is_room_for():
    buckets = Buckets(clock=Clock())

    for number in range(MOST_BUCKETS + 500):
        buckets.seconds_to_wait(f"address {number}", a_minute=1)

    assert len(buckets) == MOST_BUCKETS
