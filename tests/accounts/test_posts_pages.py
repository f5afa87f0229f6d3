"""The security administrator's pages."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from targets_site.accounts.models import Post, Role, User
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_department, make_post, make_user

pytestmark = pytest.mark.usefixtures("in_english")

POSTS, DECIDE = "/accounts/posts/", "/accounts/posts/decide/"


@pytest.fixture
def signed_in(client, security_admin):
    client.force_login(security_admin)
    return client


def ask(username, role=Role.REVIEWER):
    user = User.objects.filter(username=username).first() or make_user(username)
    return make_post(
        user,
        role,
        department=make_department() if role == Role.OFFICIAL else None,
        granted_at=None,
    )


def decide(client, decision, *posts, **more):
    return client.post(DECIDE, {"decision": decision, "post": [each.pk for each in posts], **more})


def roles_of(username):
    return [post.role for post in Post.objects.today().filter(user__username=username)]


def test_page_shows_what_is_asked_for_and_what_people_hold(signed_in, system_admin):
    zhang = make_user("zhang", full_name="张三")
    make_post(zhang, Role.OFFICIAL, department=make_department())
    asked = make_post(
        zhang,
        Role.SIGNER,
        department=make_department(),
        granted_at=None,
        requested_by=system_admin,
        requested_at=timezone.now(),
    )

    response = signed_in.get(POSTS)

    [request] = response.context["requests"]
    assert request == asked
    assert [post.role for post in request.user.current_posts] == ["official"]
    for text in ("张三", "Signer", "Official", "sysadmin", "1 post waits"):
        assert text in response.content.decode()


def test_page_is_honest_where_nothing_waits(signed_in):
    assert "No post waits for a decision." in signed_in.get(POSTS).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_page_costs_the_same_for_one_and_thirty_people(
    signed_in, number, django_assert_num_queries
):
    for each in range(number):
        ask(f"zhang{each}", Role.OFFICIAL)
        make_post(User.objects.get(username=f"zhang{each}"), Role.REVIEWER)

    with django_assert_num_queries(12):
        signed_in.get(POSTS, {"q": "zhang"})


def test_requests_come_in_pages(signed_in):
    asked = [ask(f"zhang{each:02}") for each in range(51)]

    second = signed_in.get(POSTS, {"requests": "2"})

    assert list(second.context["requests"]) == asked[50:]
    assert 'href="/accounts/posts/?requests=1#requests-heading"' in second.content.decode()


def test_grant_one_of_several(signed_in):
    asked, other = ask("zhang"), ask("li")

    response = decide(signed_in, "grant", asked)

    assert (response.status_code, response.url) == (302, POSTS)
    assert (roles_of("zhang"), roles_of("li")) == (["reviewer"], [])
    assert list(Post.objects.requested()) == [other]


def test_grant_many(signed_in):
    asked = [ask("zhang"), ask("li"), ask("wang")]

    response = signed_in.post(
        DECIDE, {"decision": "grant", "post": [each.pk for each in asked[:2]]}, follow=True
    )

    assert "2 posts granted." in response.content.decode()
    assert list(Post.objects.requested()) == asked[2:]


def test_grant_all_grants_what_the_page_showed(signed_in):
    asked = [ask(f"zhang{each}") for each in range(60)]
    newest = signed_in.get(POSTS).context["newest"]
    later = ask("li")

    decide(signed_in, "grant_all", newest=newest)

    assert newest == asked[-1].pk
    assert list(Post.objects.requested()) == [later]
    assert Post.objects.granted().filter(granted_by__username="secadmin").count() == 60


def test_refuse_with_a_reason(signed_in):
    asked = ask("zhang")

    without = decide(signed_in, "refuse", asked)
    still = list(Post.objects.requested())
    decide(signed_in, "refuse", asked, reason="岗位已有人担任")

    asked.refresh_from_db()
    assert without.status_code == 422
    assert "“Reason” is missing: say why." in without.content.decode()
    assert "checked" in without.content.decode()
    assert still == [asked]
    assert (asked.refused_reason, asked.granted_at) == ("岗位已有人担任", None)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"decision": "grant"}, id="nothing-chosen"),
        pytest.param({"decision": "refuse", "reason": "x"}, id="nothing-chosen-to-refuse"),
        pytest.param({"decision": "grant", "post": ["x", "-1", "1.5", "٣", "9" * 30]}, id="no-id"),
        pytest.param({"decision": "grant", "post": ["9" * 5000]}, id="long-id"),
        pytest.param({"decision": "grant_all", "newest": "9" * 5000}, id="long-number"),
        pytest.param({"decision": "delete", "post": ["1"]}, id="no-decision"),
        pytest.param({}, id="nothing"),
        pytest.param({"decision": "grant_all", "newest": "x"}, id="no-number"),
    ],
)
def test_a_decision_that_is_none_changes_nothing(signed_in, sent):
    asked = ask("zhang")

    response = signed_in.post(DECIDE, sent)

    assert response.status_code == 422
    assert list(Post.objects.requested()) == [asked]


def test_a_decision_that_comes_too_late_says_so(signed_in):
    asked, other = ask("zhang"), ask("li")
    decide(signed_in, "refuse", asked, reason="重复")

    response = decide(signed_in, "grant", asked, other)

    assert response.status_code == 409
    assert "somebody has decided" in response.content.decode()
    assert list(Post.objects.requested()) == [other]


def test_posts_that_exclude_each_other_are_refused_with_the_reason(signed_in):
    make_holder(Role.LEADER, "zhang")
    asked = ask("zhang", Role.OFFICIAL)

    response = decide(signed_in, "grant", asked)

    assert response.status_code == 422
    assert (
        "zhang: nobody is Leader (from 2011-01-01) and Official at the same time."
        in response.content.decode()
    )
    assert roles_of("zhang") == ["leader"]


def test_a_granted_or_own_post_is_not_decided_by_its_id(signed_in, security_admin):
    """Ids of others' posts sent by hand reach nothing but what waits."""
    granted = make_holder(Role.LEADER, "zhang").posts.get()
    own = make_post(security_admin, Role.REVIEWER, granted_at=None)

    refused = decide(signed_in, "refuse", granted, reason="x")
    own_one = decide(signed_in, "grant", own)
    own_all = decide(signed_in, "grant_all", newest=own.pk)

    assert [refused.status_code, own_one.status_code, own_all.status_code] == [409, 403, 403]
    assert roles_of("zhang") == ["leader"]
    assert roles_of("secadmin") == ["security_admin"]


def person_page(user):
    return reverse("accounts:posts_of_person", args=[user.pk])


def grant(client, who, /, **typed):
    return client.post(reverse("accounts:grant_post", args=[who.pk]), typed)


def end(client, post, **typed):
    return client.post(reverse("accounts:end_post", args=[post.pk]), typed)


def test_grant_directly(signed_in, hainan, farming):
    zhang = make_user("zhang")

    response = grant(
        signed_in,
        zhang,
        role="official",
        area_code="460000",
        department="省农业农村厅",
        from_date="2026-01-01",
        to_date="2090-12-31",
    )

    post = zhang.posts.get()
    assert (response.status_code, response.url) == (302, person_page(zhang))
    assert (post.role, post.department, post.to_date) == ("official", farming, date(2090, 12, 31))
    assert post.granted_by.username == "secadmin"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "“Post” is missing."),
        ({"role": "official", "area_code": "460000"}, "An official or signer needs a department."),
        ({"role": "leader", "area_code": "46"}, "There is no area with the code “46”."),
        ({"role": "leader", "area_code": "460000", "to_date": "x"}, "“Last day” is no day"),
        ({"role": "auditor", "area_code": "460000"}, "holds this post already"),
        ({"role": "official", "area_code": "460000", "department": "省农业农村厅"}, "nobody is"),
    ],
)
def test_grant_directly_says_what_stands_in_the_way(signed_in, hainan, typed, message):
    zhang = make_user("zhang")
    make_post(zhang, Role.AUDITOR, area=hainan)

    response = grant(signed_in, zhang, **typed)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert roles_of("zhang") == ["auditor"]


def test_grant_takes_nothing_that_the_form_does_not_have(signed_in, hainan):
    zhang, other = make_user("zhang"), make_user("other")

    more = {"user": other.pk, "granted_by": zhang.pk, "granted_at": "2001-01-01"}
    grant(signed_in, zhang, role="leader", area_code="460000", user_id=other.pk, **more)

    post = Post.objects.get(role="leader")
    assert (post.user, post.granted_by.username) == (zhang, "secadmin")
    assert post.granted_at.date() >= date(2026, 1, 1)


def test_end_at_once_takes_the_right_from_the_next_request_on(signed_in, client):
    zhang = make_holder(Role.SYSTEM_ADMIN, "zhang")
    client.force_login(zhang)
    before = client.get("/accounts/people/").status_code
    client.force_login(User.objects.get(username="secadmin"))
    ended = end(client, zhang.posts.get())
    client.force_login(zhang)

    assert (before, ended.status_code) == (200, 302)
    assert client.get("/accounts/people/").status_code == 403


def test_end_after_a_last_day(signed_in):
    post = make_holder(Role.LEADER, "zhang").posts.get()
    last = timezone.localdate() + timedelta(days=30)

    end(signed_in, post, last_day=last.isoformat())

    post.refresh_from_db()
    assert post.to_date == last
    assert roles_of("zhang") == ["leader"]


@pytest.mark.parametrize(
    ("last_day", "message"),
    [("2020-01-01", "This day has passed."), ("x", "This is no day."), ("\x00", "This is no day.")],
)
def test_end_says_what_is_wrong_with_the_day(signed_in, last_day, message):
    post = make_holder(Role.LEADER, "zhang").posts.get()

    response = end(signed_in, post, last_day=last_day)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert roles_of("zhang") == ["leader"]


def test_end_twice_says_so(signed_in):
    post = make_holder(Role.LEADER, "zhang").posts.get()
    end(signed_in, post)

    again = end(signed_in, post)

    assert again.status_code == 409
    assert "the post has ended already" in again.content.decode()
    assert Entry.objects.filter(action="end_post").count() == 1


def test_end_only_what_was_granted(signed_in):
    assert end(signed_in, ask("zhang")).status_code == 404
    assert end(signed_in, Post(pk=999)).status_code == 404


def test_nobody_decides_on_his_own_posts(signed_in, security_admin, hainan):
    page = signed_in.get(person_page(security_admin)).content.decode()
    granted = grant(signed_in, security_admin, role="leader", area_code="460000")
    ended = end(signed_in, security_admin.posts.get())

    assert "somebody else decides on them" in page
    assert "End the post" not in page
    assert (granted.status_code, ended.status_code) == (403, 403)
    assert roles_of("secadmin") == ["security_admin"]
    assert Entry.objects.filter(action="denied").count() == 2


def test_person_page_shows_every_post_with_its_state(signed_in, security_admin):
    zhang = make_user("zhang")
    make_post(zhang, Role.REVIEWER, granted_by=security_admin)
    make_post(zhang, Role.LEADER, to_date=date(2010, 12, 31), from_date=date(2010, 1, 1))
    make_post(zhang, Role.SIGNER, department=make_department(), granted_at=None)

    page = signed_in.get(person_page(zhang)).content.decode()

    for text in ("Held today", "Has ended", "Asked for", "granted by secadmin", "set up"):
        assert text in page
    assert page.count("End the post") == 1


@pytest.mark.parametrize("number", [1, 30])
def test_person_page_costs_the_same_for_one_and_thirty_posts(
    signed_in, number, django_assert_num_queries
):
    zhang = make_user("zhang")
    for each in range(number):
        department = make_department(name_zh=f"省厅{each}")
        make_post(zhang, Role.OFFICIAL, department=department)

    with django_assert_num_queries(6):
        signed_in.get(person_page(zhang))


def test_posts_of_nobody_are_not_found(signed_in):
    reference = make_user(User.REFERENCE)

    assert signed_in.get(person_page(reference)).status_code == 404
    assert grant(signed_in, reference, role="leader").status_code == 404
    assert signed_in.get("/accounts/posts/people/999/").status_code == 404
