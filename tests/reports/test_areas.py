from decimal import Decimal

import pytest

from reports.queries import rows
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_domain,
    make_target,
    name_department,
)
from tests.reports.pages import judge, judged, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(settings, client):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"


def shown_at(client, address):
    return client.get(address).context["shown"]


def test_unknown_area_is_not_found(client):
    assert client.get("/areas/999999/").status_code == 404


def test_area_without_documents_says_so(client):
    make_area()

    response = client.get("/areas/990000/")

    assert "No document of this area has been loaded." in text_of(response)


def test_area_counts_each_goal_year(client):
    judged(1, "missed")
    judged(2, "not_collected", side_year=2018, side_value=Decimal("97.10"), side_state="short")
    judged(3, "achieved", target_year=2015)

    goals = shown_at(client, "/areas/990000/").goals

    assert [(each.goal, each.total, each.decided, each.with_side_evidence) for each in goals] == [
        (2020, 2, 1, 1),
        (2015, 1, 1, 0),
    ]
    assert goals[0].lights == [rows.LightCount("red", 1), rows.LightCount("grey", 1)]


def test_area_shows_one_goal_year_with_the_headline_targets_apart(client):
    judged(1, "achieved", key=True)
    judged(2, "missed", domain=make_domain("brand", name_en="Brands", position=2))
    judged(3, "missed", target_year=2015)

    shown = shown_at(client, "/areas/990000/?goal=2020")

    assert [line.target.code for line in shown.headline] == ["plan-990000-001"]
    assert [(each.domain.code, len(each.lines)) for each in shown.domains] == [("brand", 1)]


def test_area_shows_targets_without_a_year(client):
    document = make_document()
    judge(make_target(document=document, target_year=None), "undetermined", as_of=2020)

    shown = shown_at(client, "/areas/990000/?goal=0")

    assert shown.goal is None
    assert [line.verdict.status for line in shown.domains[0].lines] == ["undetermined"]


def test_target_before_its_first_verdict_is_listed(client):
    make_target()

    assert "Not computed yet" in text_of(client.get("/areas/990000/"))


def test_departments_that_lead_most_come_first(client):
    one, other = make_department(name_zh="省质监局"), make_department(name_zh="省农业厅")
    for number, department in enumerate([other, one, one], start=1):
        name_department(judged(number).target, department)
    judged(4)

    shown = shown_at(client, "/areas/990000/")

    assert [(each.department, len(each.lines)) for each in shown.departments] == [
        (one, 2),
        (other, 1),
    ]
    assert shown.without_lead == 1


@pytest.mark.parametrize("query", ["goal=abc", "goal=2033", "goal=-1"])
def test_unknown_goal_year_gives_a_message(client, query):
    judged(1)

    response = client.get(f"/areas/990000/?{query}")

    assert response.context["shown"].goal == 2020
    assert "it was ignored" in text_of(response)


@pytest.mark.parametrize("targets", [1, 3])
def test_query_count_does_not_grow(client, django_assert_num_queries, targets):
    for number in range(targets):
        name_department(judged(number + 1).target, make_department(name_zh=f"厅{number}"))

    with django_assert_num_queries(6):
        client.get("/areas/990000/")
