"""Who may."""

import pytest

from indicators.enums import State
from indicators.models import ObservationVersion
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_signer,
    make_user,
)
from tests.indicators.cell_pages.world import address_of, both, denials, newest, send, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture(params=["get", "post", "submit", "recall"])
def ask(request, series, one):
    """Opens the cell, saves it, submits it or recalls it."""

    def open_or_send(client, fetched=False, **headers):
        headers |= {"X-Requested-With": "fetch"} if fetched else {}
        if request.param == "get":
            return client.get(address_of(series, one=one), headers=headers)
        step = "" if request.param == "post" else f"{request.param}/"
        fields = typed(version=newest().pk)
        return client.post(address_of(series, one=one, step=step), fields, headers=headers)

    return open_or_send


@pytest.fixture
def _drafted(client, official, series, one):
    client.force_login(official)
    send(client, address_of(series, one=one), True, value="91.7")
    client.logout()


@pytest.mark.usefixtures("_drafted")
@both
def test_a_cell_of_another_department_is_not_found_and_it_is_recorded(client, series, ask, fetched):
    client.force_login(make_official("forester", make_department(name_zh="省林业厅")))

    response = ask(client, fetched)

    assert response.status_code == 404
    assert "91.7" not in response.content.decode()
    assert denials()[-1][0] == f"observation:{series.code}:2020"
    assert (ObservationVersion.objects.count(), newest().state) == (1, State.DRAFT)


def make_leader(name, department):
    user = make_user(name)
    make_post(user, Role.LEADER, area=department.area)
    return user


@pytest.mark.usefixtures("_drafted")
@pytest.mark.parametrize(
    "make",
    [
        lambda department: make_leader("leader", department),
        lambda department: make_reviewer("reviewer"),
        lambda department: make_auditor("auditor"),
        lambda department: make_signer("signer", department),
        lambda department: make_user("nobody"),
    ],
    ids=["leader", "reviewer", "auditor", "signer", "nobody"],
)
def test_those_who_enter_nothing_are_refused_and_it_is_recorded(
    client, series, department, ask, make
):
    somebody = make(department)
    client.force_login(somebody)

    response = ask(client)

    assert response.status_code == 403
    assert "91.7" not in response.content.decode()
    entry = Entry.objects.filter(action="denied").latest("seq")
    assert (entry.actor, entry.object) == (
        somebody.username, f"observation:{series.code}:2020",
    )  # fmt: skip
    assert (ObservationVersion.objects.count(), newest().state) == (1, State.DRAFT)


@pytest.mark.usefixtures("_drafted")
@both
def test_a_page_of_somebody_else_shows_nothing_to_those_who_may_not_see_it(
    client, series, department, ask, fetched
):
    client.force_login(make_leader("leader", department))

    response = ask(client, fetched, **{"X-Person": "0"})

    assert response.status_code == 403
    assert "91.7" not in response.content.decode()


def test_wrong_input_says_nothing_to_another_department(client, series, one):
    client.force_login(make_official("forester", make_department(name_zh="省林业厅")))

    response = send(client, address_of(series, one=one), True, value="abc")

    assert response.status_code == 404


@pytest.mark.parametrize("year", ["1999", "2100", "abc", "20200", "２０２０"])
def test_a_year_that_nobody_reports_is_not_found(signed_in, series, one, year):
    assert signed_in.get(f"/entry/series/{series.code}/{year}/").status_code == 404


def test_a_year_outside_of_the_round_and_a_round_of_another_area_are_not_found(
    signed_in, series, one
):
    other = make_round(make_area("980000"), 2020)

    assert signed_in.get(address_of(series, 2019, one)).status_code == 404
    assert signed_in.get(address_of(series, 2020, other)).status_code == 404
    assert signed_in.get("/entry/series/990000.unknown.all/2020/").status_code == 404
