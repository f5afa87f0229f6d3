"""Who may decide, and who is told that there is nothing."""

import pytest
from django.test import Client

from indicators.enums import State
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_post,
    make_reviewer,
    make_user,
)
from tests.indicators.review_pages.world import (
    APPROVE,
    QUEUE,
    RETURN,
    SIGN,
    SIGN_RETURN,
    key,
    keys,
    state_of,
    text_of,
)

pytestmark = pytest.mark.usefixtures("in_english")


def test_nobody_decides_on_what_went_through_his_hands(client, submitted, official):
    make_post(official, Role.REVIEWER)
    client.force_login(official)

    page = text_of(client.get(QUEUE))
    response = client.post(APPROVE, keys(submitted))

    assert "You entered this; somebody else decides on it." in page
    assert f'value="{key(submitted)}"' not in page
    assert response.status_code == 403
    assert "Nobody approves what he entered." in text_of(response)
    assert state_of(submitted) == State.SUBMITTED


@pytest.mark.parametrize("address", [APPROVE, RETURN])
@pytest.mark.parametrize("reason", ["口径不符", ""])
@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.AUDITOR])
def test_who_reads_but_does_not_review_is_refused(
    client, submitted, department, address, reason, role
):
    user = make_user("other")
    make_post(user, role, department=department)
    client.force_login(user)

    response = client.post(address, {**keys(submitted), "reason": reason})

    assert response.status_code == 403
    assert "You do not review the figures of this area." in text_of(response)
    assert state_of(submitted) == State.SUBMITTED
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == ("other", "observation:990000.pass-rate.all:2020")


@pytest.mark.parametrize("address", [APPROVE, RETURN, SIGN, SIGN_RETURN])
@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.STEWARD, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]
)
def test_for_those_who_cannot_read_it_there_is_none(client, submitted, address, role):
    user = make_user("other")
    make_post(user, role)
    client.force_login(user)

    response = client.post(address, {**keys(submitted), "reason": "口径不符"})

    assert response.status_code == 404
    assert "98.50" not in text_of(response)
    assert "Pass rate" not in text_of(response)
    assert state_of(submitted) == State.SUBMITTED
    assert Entry.objects.get(action="denied").object == key(submitted)


@pytest.mark.parametrize("address", [APPROVE, RETURN])
def test_for_a_reviewer_of_another_area_there_is_none(client, submitted, address):
    client.force_login(make_reviewer("far", make_area("340000")))

    response = client.post(address, {**keys(submitted), "reason": "口径不符"})

    assert response.status_code == 404
    assert "Pass rate" not in text_of(response)
    assert state_of(submitted) == State.SUBMITTED


@pytest.mark.parametrize("what", ["figure:999", "judgement:999", f"figure:{10**18 - 1}"])
def test_an_unknown_version_is_not_found(signed_in, what):
    assert signed_in.post(APPROVE, {"version": what}).status_code == 404
    assert Entry.objects.get(action="denied").object == what


@pytest.mark.parametrize("address", [APPROVE, RETURN, SIGN, SIGN_RETURN])
def test_decisions_are_no_get(signed_in, submitted, address):
    assert signed_in.get(address, keys(submitted)).status_code == 405


@pytest.mark.parametrize("address", [APPROVE, RETURN, SIGN, SIGN_RETURN])
def test_decisions_need_login(client, submitted, address):
    assert client.post(address, {**keys(submitted), "reason": "x"}).status_code == 401
    assert state_of(submitted) == State.SUBMITTED


@pytest.mark.parametrize("address", [APPROVE, RETURN])
def test_decisions_need_the_token_of_the_page(submitted, reviewer, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)

    refused = client.post(address, {**keys(submitted), "reason": "x"})
    client.get(QUEUE)
    token = client.cookies["csrftoken"].value
    taken = client.post(address, {**keys(submitted), "reason": "x", "csrfmiddlewaretoken": token})

    assert (refused.status_code, taken.status_code) == (403, 302)
