"""What weighs much asks for the password again where it was typed long ago."""

import datetime
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from indicators.models import Job, ObservationVersion
from targets_site.accounts.models import PasswordReset, Post, ResetAction, Role
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_official,
    make_post,
    make_reviewer,
    make_series,
    make_user,
)

pytestmark = pytest.mark.django_db

PASSWORD, FIELD = "Passw0rd-2026", "confirm_password"


@pytest.fixture
def later(monkeypatch, settings):
    """Some minutes pass after which the login is no longer fresh, and the session not yet idle."""
    settings.FRESH_LOGIN_MINUTES = 10
    moment = timezone.now() + datetime.timedelta(minutes=11)

    def pass_by():
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return pass_by


@dataclass(frozen=True)
class Weighty:
    """Somebody's action: what is sent where, and how one sees that it is done."""

    role: str
    address: str
    data: dict[str, Any]
    is_done: Any


def requested(user):
    return make_post(user, Role.LEADER, granted_at=None)


def submitted():
    department = make_department()
    version = make_figure(
        make_series(department=department), 2020, "98.50", state="submitted",
        entered_by=make_official(department=department), source_grade="reported",
        entered_at=timezone.now(), submitted_at=timezone.now(),
    )  # fmt: skip
    version.observation.in_force = None
    version.observation.save()
    return version


def granting():
    user = make_user("zhang")
    typed = {"role": "leader", "area_code": make_area().code, "from_date": "2026-01-01"}
    return Weighty(
        Role.SECURITY_ADMIN,
        f"/accounts/posts/people/{user.pk}/grant/",
        typed,
        lambda: Post.objects.of_user(user).granted().exists(),
    )


def granting_what_was_asked_for():
    post = requested(make_user("zhang"))
    return Weighty(
        Role.SECURITY_ADMIN,
        "/accounts/posts/decide/",
        {"decision": "grant", "post": [str(post.pk)]},
        lambda: Post.objects.get(pk=post.pk).granted_at is not None,
    )


def ending():
    post = make_post(make_user("zhang"), Role.LEADER)
    return Weighty(
        Role.SECURITY_ADMIN,
        f"/accounts/posts/{post.pk}/end/",
        {"last_day": ""},
        lambda: Post.objects.get(pk=post.pk).ended_at is not None,
    )


def confirming(role, of):
    reset = PasswordReset.objects.create(
        user=make_holder(of, "zhang"),
        action=ResetAction.RESET,
        reason="忘记",
        requested_by=make_user("asker"),
    )
    return Weighty(
        role,
        f"/accounts/resets/{reset.pk}/decide/",
        {"decision": "confirm"},
        lambda: PasswordReset.objects.get(pk=reset.pk).state == "confirmed",
    )


def approving():
    version = submitted()
    return Weighty(
        Role.REVIEWER,
        "/review/approve/",
        {"version": [f"figure:{version.pk}"]},
        lambda: ObservationVersion.objects.get(pk=version.pk).state == "approved",
    )


def exporting():
    make_figure(make_series(), 2020, "98.50")
    asked = {"table": "observations", "format": "jsonl"}
    return Weighty(Role.LEADER, "/exports/large/", asked, Job.objects.exists)


WEIGHTY = {
    "grant_post": granting,
    "decide_requests": granting_what_was_asked_for,
    "end_post": ending,
    "decide_reset": lambda: confirming(Role.SECURITY_ADMIN, Role.LEADER),
    "decide_reset of a security administrator": lambda: confirming(
        Role.AUDIT_ADMIN, Role.SECURITY_ADMIN
    ),
    "approve": approving,
    "export_large": exporting,
}


@pytest.fixture(params=WEIGHTY)
def weighty(request, db):
    return WEIGHTY[request.param]()


@pytest.fixture
def theirs(weighty):
    """Of who may do it, with a fresh login."""
    return signed_in(make_holder(weighty.role, "by"))


def signed_in(user):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def hidden(response):
    """What the page carries on, as a browser sends it."""
    form = response.text.split('<form class="form card login"')[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    carried: dict[str, list[str]] = {}
    for name, value in found:
        if name != "csrfmiddlewaretoken":
            carried.setdefault(name, []).append(unescape(value))
    return carried


def trail(*actions):
    entries = Entry.objects.filter(action__in=actions).order_by("seq")
    return [(entry.action, entry.object, entry.actor) for entry in entries]


def test_with_a_fresh_login_it_is_done_at_once(weighty, theirs):
    theirs.post(weighty.address, weighty.data)

    assert weighty.is_done()
    assert trail("confirm_identity") == []


def test_after_a_while_the_password_is_asked_for_and_what_was_sent_goes_on(weighty, theirs, later):
    later()
    asked = theirs.post(weighty.address, weighty.data)
    before = weighty.is_done()
    done = theirs.post(weighty.address, {**hidden(asked), FIELD: PASSWORD})

    assert (asked.status_code, before) == (403, False)
    assert "Confirm that it is you" in asked.text
    assert f'action="{weighty.address}"' in asked.text
    assert (done.status_code, weighty.is_done()) == (302, True)
    assert trail("confirm_identity") == [("confirm_identity", "user:by", "by")]


def test_a_wrong_password_does_nothing_and_counts_as_a_failed_login(weighty, theirs, later):
    later()
    asked = theirs.post(weighty.address, {**weighty.data, FIELD: "wrong"})
    again = theirs.post(weighty.address, {**hidden(asked), FIELD: ""})

    assert (asked.status_code, again.status_code) == (403, 403)
    assert "The password is wrong." in asked.text
    assert hidden(again) == hidden(asked)
    assert not weighty.is_done()
    assert trail("confirm_identity", "login_failed") == [("login_failed", "user:by", "by")] * 2


def test_a_lock_is_named_and_the_right_password_opens_nothing(db, later, settings):
    settings.LOGIN_FAILURES = 2
    weighty = granting()
    theirs = signed_in(make_holder(weighty.role, "by"))
    later()

    typed = ("wrong", "wrong", PASSWORD)
    first, second, right = (
        theirs.post(weighty.address, {**weighty.data, FIELD: each}) for each in typed
    )
    on_the_way = theirs.post("/accounts/confirm/", {"next": "/", FIELD: PASSWORD})

    assert "The password is wrong." in first.text
    for answer in (second, right, on_the_way):
        assert answer.status_code == 403
        assert "Signing in failed too often. Try again in 30 minutes" in answer.text
        assert "The password is wrong." not in answer.text
    assert not weighty.is_done()


def test_so_is_the_lock_of_the_address(db, later, settings):
    settings.LOGIN_FAILURES_BY_ADDRESS = settings.LOGIN_FAILURES
    weighty = granting()
    theirs = signed_in(make_holder(weighty.role, "by"))
    later()
    for _time in range(settings.LOGIN_FAILURES):
        Client().post("/accounts/login/", {"username": "somebody", "password": "wrong"})

    answer = theirs.post(weighty.address, {**weighty.data, FIELD: PASSWORD})

    assert "Signing in failed too often." in answer.text
    assert not weighty.is_done()


def test_who_may_not_do_it_is_refused_before_or_after(weighty, later):
    """The password opens nothing that the posts do not."""
    other = signed_in(make_holder(Role.STEWARD, "other"))
    later()
    before = weighty.is_done()
    other.post(weighty.address, {**weighty.data, FIELD: PASSWORD})

    if weighty.role != Role.LEADER:  # everybody exports what he reads
        assert (before, weighty.is_done()) == (False, False)


def test_nought_minutes_never_ask(weighty, theirs, later, settings):
    later()
    settings.FRESH_LOGIN_MINUTES = 0
    theirs.post(weighty.address, weighty.data)

    assert weighty.is_done()


def test_once_confirmed_the_session_is_fresh_for_the_next(theirs, weighty, later):
    later()
    theirs.post(weighty.address, {**weighty.data, FIELD: PASSWORD})

    assert theirs.post(weighty.address, weighty.data).text.count("Confirm that it is you") == 0


def test_no_password_reaches_the_page_or_the_trail(weighty, theirs, later):
    later()
    asked = theirs.post(weighty.address, {**weighty.data, FIELD: "Wrong-Passw0rd"})

    assert "Wrong-Passw0rd" not in asked.text
    assert "Passw0rd" not in repr(list(Entry.objects.values()))


def all_views(resolver=None, namespace=""):
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from all_views(each, f"{each.namespace}:" if each.namespace else namespace)
        else:
            yield f"{namespace}{each.name}", each.callback


def test_these_and_no_others_ask():
    asking = {name for name, view in all_views() if getattr(view, "needs_fresh_login", False)}

    assert asking == {
        "accounts:grant_post", "accounts:decide_requests", "accounts:end_post",
        "accounts:decide_reset", "indicators:approve", "reports:export_large",
        "reports:export_file",
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["/exports/audit.csv?area=460000", "/exports/bundle.zip", "/exports/versions.csv?area=460000"],
)
def test_what_posts_show_and_the_trail_are_given_after_the_password(db, later, address):
    theirs = signed_in(make_holder(Role.AUDITOR, "by"))
    later()

    asked = theirs.get(address)
    wrong = theirs.post("/accounts/confirm/", {**hidden(asked), FIELD: "wrong"})
    right = theirs.post("/accounts/confirm/", {**hidden(wrong), FIELD: PASSWORD})

    assert (asked.status_code, wrong.status_code) == (403, 403)
    assert hidden(asked) == hidden(wrong) == {"next": [address]}
    assert (right.status_code, right.url) == (302, address)
    assert theirs.get(address).status_code in {200, 400}


def test_what_everybody_may_read_asks_for_nothing(db, later, settings):
    theirs = signed_in(make_user("by"))
    later()
    settings.OPEN_READING = True

    assert theirs.get("/exports/observations.csv").status_code == 200
    assert Client().get("/exports/bundle.zip").status_code == 200


@pytest.mark.parametrize("wanted", ["//evil.cn/", "https://evil.cn", "javascript:alert(1)", ""])
def test_confirming_never_leads_away(db, wanted):
    theirs = signed_in(make_user("by"))

    response = theirs.post("/accounts/confirm/", {"next": wanted, FIELD: PASSWORD})

    assert response.url == "/"


def test_the_api_says_to_sign_in_again(db, later):
    version = submitted()
    theirs = signed_in(make_reviewer("by"))
    later()
    address = f"/api/v1/figures/{version.observation.series.code}/2020/approve/"

    response = theirs.post(address, {"version": 1}, content_type="application/json")

    assert response.status_code == 403
    assert "sign in again" in response.json()["errors"][""][0]
    version.refresh_from_db()
    assert version.state == "submitted"
