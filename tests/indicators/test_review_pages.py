"""The pages on which reviewers approve or return figures."""

import pytest
from django.urls import reverse

from indicators.enums import State
from indicators.models import Observation, StaleRow
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_post,
    make_reading,
    make_reviewer,
    make_series,
    make_target,
    make_user,
)

pytestmark = pytest.mark.usefixtures("in_english")

QUEUE = "/review/"


@pytest.fixture
def reviewer(db):
    return make_reviewer("reviewer")


@pytest.fixture
def signed_in(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def submitted(official):
    return submit(make_series(), 2020, "98.50", by=official)


def submit(series, year, value, *, by):
    """The next version of a figure, on its way; what was in force stays so."""
    in_force = Observation.objects.filter(series=series, year=year).values("in_force")
    before = in_force[0]["in_force"] if in_force else None
    version = make_figure(series, year, value, entered_by=by, state=State.SUBMITTED)
    Observation.objects.filter(pk=version.observation_id).update(in_force=before)
    return version


def approve_address(version):
    return reverse("indicators:approve", args=[version.pk])


def return_address(version):
    return reverse("indicators:return_figure", args=[version.pk])


def test_queue_shows_what_a_reviewer_compares_with(signed_in, submitted):
    series = submitted.observation.series
    make_figure(series, 2019, "97.25")
    make_reading(make_target(value="98"), series)

    response = signed_in.get(QUEUE)

    page = response.content.decode()
    [(row, _form)] = response.context["rows"]
    assert (row.version, row.year_before.value_as_stated) == (submitted, "97.25")
    for shown in ("98.50 %", "97.25 %", "≥ 98 %", "统计公报", approve_address(submitted)):
        assert shown in page


def test_queue_is_of_the_reviewers_areas_and_the_working_versions(signed_in, submitted, official):
    elsewhere = make_series(area=make_area("340000"))
    submit(elsewhere, 2020, "98", by=official)
    newer = submit(submitted.observation.series, 2020, "98.6", by=official)

    rows = signed_in.get(QUEUE).context["rows"]

    assert [row.version for row, _form in rows] == [newer]


def test_queue_is_honest_when_empty(signed_in):
    assert "No figure waits for a decision." in signed_in.get(QUEUE).content.decode()


def test_queue_is_honest_for_somebody_without_a_post(client, db):
    client.force_login(make_user("nobody"))

    assert "There is nothing for you to review." in client.get(QUEUE).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_queue_costs_the_same_for_one_and_three_figures(
    signed_in, official, number, django_assert_num_queries
):
    for each in range(number):
        series = make_series(scope=f"s{each}")
        make_reading(make_target(f"plan-2011-00{each}"), series)
        submit(series, 2020, "98", by=official)

    with django_assert_num_queries(8):
        signed_in.get(QUEUE)


@pytest.fixture
def more_than_a_page(official):
    series = make_series()
    return [submit(series, year, "98", by=official) for year in range(1990, 2017)]


def test_queue_comes_in_pages(signed_in, more_than_a_page):
    first, second = signed_in.get(QUEUE), signed_in.get(QUEUE, {"page": "2"})

    shown = [[row.version for row, _form in page.context["rows"]] for page in (first, second)]
    assert shown == [more_than_a_page[:25], more_than_a_page[25:]]
    assert "27 figures wait for a decision" in first.content.decode()
    assert 'href="/review/?page=2"' in first.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", "\x00"])
def test_queue_opens_whatever_page_is_asked_for(signed_in, more_than_a_page, page):
    assert signed_in.get(QUEUE, {"page": page}).status_code == 200


def test_a_decision_leads_back_to_its_page(signed_in, more_than_a_page):
    action = f"{approve_address(more_than_a_page[25])}?page=2"
    returned = f"{return_address(more_than_a_page[26])}?page=2"
    page = signed_in.get(QUEUE, {"page": "2"}).content.decode()

    refused = signed_in.post(returned, {"reason": ""})
    approved = signed_in.post(action)

    assert action in page
    assert returned in page
    assert "“Reason” is missing" in refused.content.decode()
    assert 'href="/review/?page=1"' in refused.content.decode()
    assert approved.url == "/review/?page=2"


def test_queue_reads_no_year_but_those_before(signed_in, submitted, django_assert_num_queries):
    for year in range(2000, 2019):
        make_figure(submitted.observation.series, year, "97")

    with django_assert_num_queries(8) as queries:
        signed_in.get(QUEUE)

    [of_before] = [
        query["sql"] for query in queries if 'FROM "indicators_observation"' in query["sql"]
    ]
    assert '"year" IN (2019)' in of_before


def test_nobody_sees_an_approve_button_for_what_he_entered(client, submitted, official):
    make_post(official, Role.REVIEWER)
    client.force_login(official)

    page = client.get(QUEUE).content.decode()

    assert "somebody else decides on it" in page
    assert approve_address(submitted) not in page
    assert client.post(approve_address(submitted)).status_code == 403


def test_approve_puts_in_force_and_nudges(
    signed_in, submitted, monkeypatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr("indicators.views.review.nudge", lambda: nudged.append(1))

    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in.post(approve_address(submitted), follow=True)

    assert response.redirect_chain == [(QUEUE, 302)]
    assert Observation.objects.get().in_force == submitted
    assert StaleRow.objects.count() == 1
    assert nudged == [1]
    assert "Approved: Pass rate 2020." in response.content.decode()


def test_return_needs_a_reason_under_the_field(signed_in, submitted):
    response = signed_in.post(return_address(submitted), {"reason": " "})

    submitted.refresh_from_db()
    assert response.status_code == 422
    assert "“Reason” is missing" in response.content.decode()
    assert submitted.state == State.SUBMITTED


def test_return_stores_the_reason(signed_in, submitted):
    response = signed_in.post(return_address(submitted), {"reason": "口径不符"})

    submitted.refresh_from_db()
    assert response.status_code == 302
    assert (submitted.state, submitted.return_reason) == (State.RETURNED, "口径不符")


@pytest.mark.parametrize("address", [approve_address, return_address])
def test_decisions_are_no_get(signed_in, submitted, address):
    assert signed_in.get(address(submitted)).status_code == 405


@pytest.mark.parametrize("address", [approve_address, return_address])
def test_decisions_need_login(client, submitted, address):
    assert client.post(address(submitted)).status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


@pytest.mark.parametrize("address", [approve_address, return_address])
@pytest.mark.parametrize("reason", ["口径不符", ""])
@pytest.mark.parametrize("role", [each for each in Role.values if each != Role.REVIEWER])
def test_decisions_are_refused_to_every_other_role(client, submitted, role, address, reason):
    user = make_user("other")
    make_post(user, role, department=make_department())
    client.force_login(user)

    response = client.post(address(submitted), {"reason": reason})

    submitted.refresh_from_db()
    assert response.status_code == 403
    assert submitted.state == State.SUBMITTED
    assert Entry.objects.get(action="denied").object == f"version:{submitted}"


@pytest.mark.parametrize("address", [approve_address, return_address])
def test_a_decision_that_comes_too_late_says_so(signed_in, submitted, official, address):
    submit(submitted.observation.series, 2020, "98.6", by=official)

    response = signed_in.post(address(submitted), {"reason": "口径不符"})

    assert response.status_code == 409
    assert "Nothing was decided" in response.content.decode()
    assert Observation.objects.get().in_force is None


def test_an_unknown_version_is_not_found(signed_in):
    assert signed_in.post("/review/999/approve/").status_code == 404
