from decimal import Decimal

import pytest

from reports.queries import rows
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_domain,
    make_target,
    make_text_target,
    name_department,
)
from tests.reports.pages import in_words, judge, judged, text_of

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

    counts = [(each.goal, each.tally) for each in shown_at(client, "/areas/990000/").goals]

    assert [(goal, found.total, found.decided, found.with_side_evidence)
            for goal, found in counts] == [(2020, 2, 1, 1), (2015, 1, 1, 0)]  # fmt: skip
    assert counts[0][1].lights == [rows.LightCount("red", 1), rows.LightCount("grey", 1)]


def test_targets_in_words_are_counted_apart(client):
    judged(1, "missed")
    judged(2)
    in_words(3, "judged_not")
    in_words(4, "judged_done")
    in_words(5)

    response = client.get("/areas/990000/")

    found = response.context["shown"].tally
    assert (found.total, found.decided) == (2, 1)
    assert found.lights == [rows.LightCount("red", 1), rows.LightCount("grey", 1)]
    assert (found.in_words.total, found.in_words.assessed) == (3, 2)
    assert found.in_words.lights == [rows.LightCount("red", 1), rows.LightCount("green", 1)]
    assert "1 of 2 decided ■ Red 1 ○ Grey 1 3 in words, 2 assessed" in text_of(response)


def test_a_target_in_words_without_a_verdict_counts_as_not_assessed(client):
    make_text_target("plan-2011-900")

    found = shown_at(client, "/areas/990000/").tally

    assert (found.total, found.in_words.total, found.in_words.assessed) == (0, 1, 0)


def test_a_year_with_targets_in_words_only_does_not_lead(client):
    in_words(1, target_year=2018)
    in_words(2, target_year=2090)
    judged(3, target_year=2015)

    shown = shown_at(client, "/areas/990000/")

    assert [each.goal for each in shown.goals] == [2015, 2090, 2018]
    assert shown.goal == 2015


def test_an_area_with_targets_in_words_only_shows_them_unfolded(client):
    in_words(1, "judged_done", key=True, statement_en="Quality is a matter for all")

    response = client.get("/areas/990000/")

    assert response.context["shown"].goal == 2020
    assert '<details class="provenance" open>' in response.content.decode()
    assert (
        "1 in words, 1 assessed ● Green 1 Quality is a matter for all · Headline target "
        "● Judged: done (Green) by people" in text_of(response)
    )


def test_targets_in_words_are_one_short_line_each(client):
    """A province states a hundred of them beside fifty with figures."""
    judged(1, key=True)
    few = len(client.get("/areas/990000/").content)
    for number in range(100):
        in_words(number + 2)

    response = client.get("/areas/990000/")

    shown = response.context["shown"]
    assert [line.target.code for line in shown.headline] == ["plan-990000-001"]
    assert (shown.domains, [len(each.lines) for each in shown.in_words]) == ([], [100])
    assert len(response.content) - few < 100 * 150


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


def test_what_a_department_leads_is_shown_by_itself(client):
    one, other = make_department(name_zh="省质监局"), make_department(name_zh="省农业厅")
    for target in (judged(1).target, judged(2, target_year=2015).target, in_words(3).target):
        name_department(target, one)
    name_department(judged(4).target, other)

    response = client.get("/areas/990000/", {"department": one.code})

    led = response.context["shown"].led
    assert [line.target.code[-3:] for line in led.computed] == ["002", "001"]
    assert [line.target.code[-3:] for line in led.in_words] == ["003"]
    assert f"What {one.name_en} leads, all goal years" in text_of(response)
    assert "plan-990000-004" not in response.content.decode()


def test_unknown_department_gives_a_message(client):
    judged(1)

    response = client.get("/areas/990000/?department=nobody")

    assert response.context["shown"].led is None
    assert "“nobody” is not a choice for Department; it was ignored." in text_of(response)


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

    with django_assert_num_queries(7):
        client.get("/areas/990000/")
