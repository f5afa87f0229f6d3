"""Conflicts, wrong states, closed rounds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.models import ObservationVersion
from tests.factories import (
    make_round,
)
from tests.indicators.cell_pages.world import (
    address_of,
    both,
    denials,
    newest,
    send,
    stored_meanwhile,
    typed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@both
def test_the_second_of_two_gets_both_values_and_a_way_to_decide(
    client, official, colleague, series, one, fetched
):
    stored_meanwhile(client, series, one, colleague, official)

    response = send(client, address_of(series, one=one), fetched, value="98.8")

    assert response.status_code == 409
    page = response.content.decode()
    assert "97.7 %" in page
    assert "98.8 %" in page
    assert "colleague" in page
    assert f"{timezone.localtime():%H:}" in page
    assert ObservationVersion.objects.count() == 1
    assert denials() == [(f"observation:{series.code}:2020", "conflict")]


def test_a_conflict_is_solved_by_saving_ones_own_knowingly(
    client, official, colleague, series, one
):
    stored_meanwhile(client, series, one, colleague, official)
    conflict = send(client, address_of(series, one=one), True, value="98.8").content.decode()
    assert 'name="read_version" value="1"' in conflict

    response = send(client, address_of(series, one=one), True, value="98.8", read_version="1")

    assert response.status_code == 200
    assert [each.value_as_stated for each in ObservationVersion.objects.order_by("number")] == [
        "97.7", "98.8",
    ]  # fmt: skip


def test_the_page_of_a_conflict_carries_the_version_that_was_shown(
    client, official, colleague, series, one
):
    stored_meanwhile(client, series, one, colleague, official)

    response = send(client, address_of(series, one=one), False, value="98.8")

    assert response.context["form"]["read_version"].value() == "1"
    assert response.context["form"]["value"].value() == "98.8"


@both
def test_what_was_handed_in_is_not_changed(signed_in, series, one, fetched):
    send(signed_in, address_of(series, one=one), True)
    signed_in.post(address_of(series, one=one, step="submit/"), {"version": newest().pk})

    response = send(signed_in, address_of(series, one=one), fetched, value="97", read_version="1")

    assert response.status_code == 409
    page = response.content.decode()
    assert "Nothing was stored: the figure is now “Submitted”." in page
    assert ObservationVersion.objects.count() == 1
    assert denials() == [(f"observation:{series.code}:2020", "state")]


@both
@pytest.mark.parametrize("within", [True, False], ids=["in-the-round", "outside"])
def test_after_the_round_closed_nothing_new_is_stored(
    signed_in, series, department, fetched, within
):
    now = timezone.now()
    closed = make_round(department.area, 2020, due_at=now - timedelta(days=2), closes_at=now)

    response = send(signed_in, address_of(series, one=closed if within else None), fetched)

    assert response.status_code == 409
    assert "No round asks for this year now, so nothing was stored." in response.content.decode()
    assert not ObservationVersion.objects.exists()
    assert denials() == [(f"observation:{series.code}:2020", "closed")]


def test_somebody_else_signed_in_since_the_page_was_opened(signed_in, official, series, one):
    opened_by = {"X-Requested-With": "fetch", "X-Person": str(official.pk + 1)}

    response = signed_in.post(address_of(series, one=one), typed(), headers=opened_by)

    assert response.status_code == 403
    assert "You are signed in as official now" in response.content.decode()
    assert not ObservationVersion.objects.exists()
