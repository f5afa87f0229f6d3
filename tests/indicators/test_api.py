"""The API: the same parser, rights, versions and steps as the pages."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import Observation, ObservationVersion
from indicators.typed_figures import FIELDS
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_figure,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def series(department):
    return make_series(department=department)


@pytest.fixture
def official(client, department):
    make_round(None, 2020)
    official = make_official(department=department)
    client.force_login(official)
    return official


def address(series, year=2020, step=""):
    return f"/api/v1/figures/{series.code}/{year}/" + (f"{step}/" if step else "")


def put(client, series, body, *, year=2020):
    text = body if isinstance(body, str) else json.dumps(body)
    return client.put(address(series, year), text, content_type="application/json")


def step(client, series, name, **body):
    body = {"version": 1, **body}
    return client.post(address(series, step=name), body, content_type="application/json")


def test_a_figure_is_stored_as_a_draft_with_every_digit(client, series, official):
    response = put(client, series, {"value": "98.50", "source_title": "质量公报"})

    said = response.json()
    assert response.status_code == 200
    assert (said["value"], said["number"], said["state"]) == ("98.50", 1, "draft")
    assert (said["entered_by"], said["source_grade"]) == ("official", "reported")
    assert Entry.objects.get(action="save").after["value"] == "98.50"


@pytest.mark.parametrize("body", ['{"value": 98.50}', '{"value": "98.50"}'])
def test_a_number_and_its_text_are_the_same(client, series, official, body):
    assert put(client, series, body).json()["value"] == "98.50"


def test_a_figure_goes_its_way_to_approval(client, series, official, department):
    put(client, series, {"value": "98.5", "source_title": "质量公报"})
    make_signer(department=department)
    assert step(client, series, "submit").json()["state"] == "to_sign"

    client.force_login(official.__class__.objects.get(username="signer"))
    assert step(client, series, "sign").json()["state"] == "submitted"
    client.force_login(make_reviewer())
    assert step(client, series, "return").status_code == 422
    assert step(client, series, "approve").json()["state"] == "approved"
    assert step(client, series, "approve").status_code == 409

    assert Observation.objects.get().in_force.number == 1
    actions = Entry.objects.order_by("seq").values_list("action", "actor")
    assert [each for each in actions if each[0] not in {"login", "logout"}] == [
        ("save", "official"),
        ("submit", "official"),
        ("sign", "signer"),
        ("approve", "reviewer"),
        ("denied", "reviewer"),
    ]


def test_after_the_round_has_closed_nothing_is_recalled(client, in_english, series, official):
    put(client, series, {"value": "98.5", "source_title": "质量公报"})
    step(client, series, "submit")
    now = timezone.now()
    series.area.rounds.update(due_at=now - timedelta(1), closes_at=now)

    response = step(client, series, "recall")

    assert response.status_code == 409
    said = "Nothing was recalled: the round has closed. The reviewers can still return it to you."
    assert response.json()["errors"] == {"": [said]}
    assert ObservationVersion.objects.get().state == "submitted"
    assert Entry.objects.filter(action="denied", reason="closed").count() == 1


def test_a_stale_version_is_refused_with_what_is_stored(client, series, official, department):
    put(client, series, {"value": "98.5"})
    client.force_login(make_official("colleague", department))

    response = put(client, series, {"value": "97.5"})

    assert response.status_code == 409
    assert response.json()["stored"]["value"] == "98.5"
    assert response.json()["stored"]["entered_by"] == "official"
    assert ObservationVersion.objects.count() == 1
    assert put(client, series, {"value": "97.5", "read_version": 1}).status_code == 200


def test_a_question_is_asked_until_the_same_value_is_confirmed(client, series, official):
    asked = put(client, series, {"value": "0.98"})
    other = put(client, series, {"value": "0.98", "confirmed": "0.97"})
    taken = put(client, series, {"value": "0.98", "confirmed": "0.98"})

    assert (asked.status_code, other.status_code, taken.status_code) == (422, 422, 200)
    assert len(asked.json()["questions"]) == 1
    assert ObservationVersion.objects.count() == 1


@pytest.mark.parametrize("blank", ["", "  ", "\u200b"], ids=["empty", "spaces", "invisible"])
def test_a_computed_value_is_asked_about_too(client, series, official, blank):
    make_figure(series, 2018, "98.20")
    body = {"value": blank, "numerator": "1", "denominator": "200"}

    asked = put(client, series, body)
    nothing_said = put(client, series, {**body, "confirmed": blank})
    other = put(client, series, {**body, "confirmed": "1"})

    for response in (asked, nothing_said, other):
        assert response.status_code == 422
        assert len(response.json()["questions"]) == 1
        assert response.json()["confirm"] == "0.50"
    assert not ObservationVersion.objects.filter(observation__year=2020).exists()
    taken = put(client, series, {**body, "confirmed": "0.50"})
    assert (taken.status_code, taken.json()["value"]) == (200, "0.50")


def test_an_unusual_change_is_asked_about_with_its_figures(client, series, official):
    make_figure(series, 2018, "98.20")

    response = put(client, series, {"value": "85.0"})

    question = response.json()["questions"][0]
    assert response.status_code == 422
    for said in ["2018", "98.20", "85.0", "10"]:
        assert said in question


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"value": "98.5", "state": "approved"}, id="state"),
        pytest.param({"value": "98.5", "entered_by": "boss"}, id="author"),
        pytest.param({"value": "98.5", "source_grade": "official"}, id="grade"),
    ],
)
def test_nobody_sets_what_is_not_his_to_set(client, series, official, body):
    response = put(client, series, body)

    assert response.status_code == 422
    assert not ObservationVersion.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param("[" * 100_000 + "]" * 100_000, 400, id="deep"),
        pytest.param('{"value": "98.5"', 400, id="cut"),
        pytest.param('{"value": "98.5", "value": "89.5"}', 400, id="doubled-key"),
        pytest.param('{"value": NaN}', 400, id="nan"),
        pytest.param('{"value": 1e400}', 400, id="infinite"),
        pytest.param('{"value": "\\ud800"}', 400, id="half-character"),
        pytest.param('{"value": true}', 422, id="boolean"),
        pytest.param('{"value": [98.5]}', 422, id="list"),
        pytest.param('{"value": {"$gt": 0}}', 422, id="object"),
        pytest.param('{"value": "98.5", "read_version": "x"}', 422, id="version-is-no-number"),
        pytest.param('{"value": "98.5", "read_version": -1}', 422, id="negative-version"),
        pytest.param('{"value": "98.5", "evidence": "1"}', 422, id="evidence-is-no-list"),
    ],
)
def test_a_body_that_is_no_figure_is_refused(client, series, official, body, status):
    response = put(client, series, body)

    assert response.status_code == status
    assert response.json()["errors"]
    assert not ObservationVersion.objects.exists()


@pytest.mark.parametrize("who", ["official", "leader"])
def test_a_long_list_of_files_is_refused_before_it_is_read(client, series, official, who):
    """In a body of the largest size each entry would be looked at and answered to."""
    if who == "leader":
        leader = make_user("leader")
        make_post(leader, Role.LEADER, area=series.area)
        client.force_login(leader)
    body = '{"value": "95", "evidence": [' + ",".join(["{}"] * 300_000) + "]}"

    response = put(client, series, body)

    assert response.status_code == {"official": 422, "leader": 403}[who]
    assert len(response.content) < 1000
    assert not ObservationVersion.objects.exists()


def test_as_many_files_as_a_figure_may_have_are_taken(client, series, official):
    most = {"value": "95", "evidence": [999_999_999] * 100}
    too_many = {"value": "95", "evidence": [999_999_999] * 101}

    assert put(client, series, too_many).status_code == 422
    assert put(client, series, most).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({f"key-{number}": "" for number in range(50_000)}, id="many-keys"),
        pytest.param({"k" * 900_000: ""}, id="long-key"),
        *(
            pytest.param({"value": "95", name: "1e9" * 300_000}, id=name)
            for name in [*FIELDS, "read_version", "correction_reason"]
        ),
    ],
)
def test_a_refusal_does_not_send_back_what_it_got(client, series, official, body):
    response = put(client, series, body)

    assert response.status_code == 422
    assert len(response.content) < 5000


def test_who_has_no_right_is_told_so_whatever_he_sent(client, series, official):
    client.force_login(make_official("foreign", make_department(name_zh="省林业厅")))

    response = put(client, series, {"value": "abc", "state": "approved"})

    assert response.status_code == 403
    assert Entry.objects.filter(action="denied", actor="foreign").count() == 1


# Zero-width space, right-to-left override, soft hyphen.
INVISIBLE = "\u200b\u202e\xad \n"


@pytest.mark.parametrize(
    "reason", [INVISIBLE, "口径\x07不符", "\x1b[31m", "长" * 2001], ids=lambda text: ascii(text)[:9]
)
def test_a_reason_is_the_same_text_as_in_the_form(client, series, official, reason):
    make_figure(series, 2020, "95.0")
    corrected = {"value": "96.0", "source_title": "公报", "read_version": 1}

    refused = put(client, series, {**corrected, "correction_reason": reason})
    assert put(client, series, {**corrected, "correction_reason": "笔误"}).status_code == 200
    assert step(client, series, "submit", version=2).status_code == 200
    client.force_login(make_reviewer())
    kept = step(client, series, "return", version=2, reason=reason)

    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["correction_reason"])
    assert (kept.status_code, list(kept.json()["errors"])) == (422, ["reason"])
    assert ObservationVersion.objects.get(number=2).state == "submitted"


def test_what_cannot_be_seen_of_a_reason_is_not_kept(client, series, official):
    put(client, series, {"value": "95.0", "source_title": "公报"})
    step(client, series, "submit")
    client.force_login(make_reviewer())

    said = step(client, series, "return", reason=" \u202e口径不符\r\n请核对\u200b").json()

    assert said["return_reason"] == "口径不符\n请核对"


def test_anonymous_people_get_nothing(client, series):
    for response in [
        client.get("/api/v1/rounds/"),
        client.get("/api/v1/versions/"),
        client.get(address(series)),
        put(client, series, {"value": "98.5"}),
        step(client, series, "approve"),
    ]:
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Token"
        assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.STEWARD, Role.REVIEWER])
def test_who_holds_no_official_post_stores_nothing(client, series, role):
    make_round(None, 2020)
    user = make_user("somebody")
    make_post(user, role, area=series.area)
    client.force_login(user)

    response = put(client, series, {"value": "98.5", "source_title": "公报"})

    assert response.status_code == 403
    assert not ObservationVersion.objects.exists()
    assert Entry.objects.filter(action="denied", actor="somebody").count() == 1


def test_drafts_of_others_are_not_there(client, series, official):
    put(client, series, {"value": "98.5", "source_title": "公报"})
    foreign = [
        make_official("foreign", make_department(name_zh="省林业厅")),
        make_reviewer("elsewhere", make_area("980000")),
        make_auditor("auditor-elsewhere", make_area("980000")),
    ]

    for user in foreign:
        client.force_login(user)
        assert client.get(address(series)).status_code == 404
        assert client.get("/api/v1/versions/").json()["results"] == []
        for name in ["submit", "sign", "recall", "return", "approve"]:
            assert step(client, series, name, reason="x").status_code == 404
    assert Entry.objects.filter(action="denied").count() == 18


def test_a_draft_of_others_answers_as_if_there_were_none(client, series, official):
    put(client, series, {"value": "98.5", "source_title": "公报"})
    client.force_login(make_official("foreign", make_department(name_zh="省林业厅")))

    answers = [client.get(address(series, year)) for year in (2019, 2020)]

    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    denied = Entry.objects.filter(action="denied", actor="foreign").order_by("seq")
    assert [each.object for each in denied] == [
        f"observation:{series.code}:2019",
        f"observation:{series.code}:2020",
    ]


def test_what_is_in_force_is_there_for_everybody_beside_a_draft_of_others(client, series, official):
    make_figure(series, 2020, "98.5")
    body = {"value": "97.5", "read_version": 1, "correction_reason": "统计口径错误"}
    assert put(client, series, body).status_code == 200
    client.force_login(make_official("foreign", make_department(name_zh="省林业厅")))

    said = client.get(address(series)).json()

    assert (said["series"], said["year"], said["unit"]) == (series.code, 2020, "%")
    assert (said["in_force"], [each["number"] for each in said["versions"]]) == (1, [1])


def test_the_list_filters_and_pages(client, series, official):
    for year in range(2011, 2021):
        make_figure(series, year, "98.5")

    everything = client.get("/api/v1/versions/").json()
    first = client.get("/api/v1/versions/?page_size=3").json()
    second = client.get(first["next"]).json()
    year = client.get(f"/api/v1/versions/?series={series.code}&year=2015").json()

    assert (everything["next"], len(everything["results"])) == (None, 10)
    assert [each["year"] for each in second["results"]] == [2014, 2015, 2016]
    assert [each["value"] for each in year["results"]] == ["98.5"]


def test_an_empty_list_has_one_empty_page(client, series, official):
    assert client.get("/api/v1/versions/").json() == {"next": None, "results": []}


@pytest.mark.parametrize(
    "query",
    [
        "name=%00", "year=abc", "page_size=1000000000", "year=2015&year=2016", "area=1",
        "series=%00", "state=secret", "page_number=1", "cursor=1", "year=99999999999999999999",
    ],
)  # fmt: skip
def test_a_strange_question_is_refused(client, official, query):
    response = client.get(f"/api/v1/versions/?{query}")

    assert response.status_code == 400
    assert response.json()["errors"]


@pytest.mark.parametrize("year", ["99999999999999999999", "0001", "-1", "20205"])
def test_a_year_that_is_none_is_no_address(client, series, official, year):
    assert client.get(f"/api/v1/figures/{series.code}/{year}/").status_code == 404


def test_the_list_costs_the_same_queries_at_any_length(
    client, series, official, django_assert_num_queries
):
    make_figure(series, 2011, "98.5")
    client.get("/api/v1/versions/")
    with django_assert_num_queries(6) as one:
        client.get("/api/v1/versions/")
    for year in range(2012, 2021):
        make_figure(series, year, "98.5")

    with django_assert_num_queries(len(one)):
        client.get("/api/v1/versions/")


def test_open_rounds_are_told_to_those_who_enter(client, series, official):
    said = client.get("/api/v1/rounds/").json()

    assert [(each["area"], each["years"]) for each in said] == [("990000", [2020])]
    client.force_login(make_reviewer())
    assert client.get("/api/v1/rounds/").json() == []


def test_a_closed_round_is_a_conflict_that_stands_in_the_trail(client, series, official):
    response = put(client, series, {"value": "98.5"}, year=2019)

    assert response.status_code == 409
    assert Entry.objects.get(action="denied").reason == "closed"
    assert not ObservationVersion.objects.exists()


def test_what_is_approved_changes_only_with_a_reason(client, series, official):
    make_figure(series, 2020, "98.5")

    refused = put(client, series, {"value": "97.5", "read_version": 1})
    body = {"value": "97.5", "read_version": 1, "correction_reason": "统计口径错误"}
    taken = put(client, series, body)

    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["correction_reason"])
    assert (taken.status_code, taken.json()["number"]) == (200, 2)
    assert Observation.objects.get().in_force.number == 1


def test_writing_needs_the_token_of_the_form(series, official):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(official)

    assert put(strict, series, {"value": "98.5"}).status_code == 403
    assert not ObservationVersion.objects.exists()
