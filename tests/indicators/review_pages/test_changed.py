"""What was changed since it was approved."""

from decimal import Decimal

import pytest

from indicators.actions import entry, workflow
from indicators.actions.entry import EnteredFigure
from indicators.enums import Step
from tests.factories import (
    make_area,
    make_figure,
    make_reviewer,
    make_series,
    make_user,
)
from tests.indicators.review_pages.world import queries_of, submit, text_of

pytestmark = pytest.mark.usefixtures("in_english")


def test_changed_since_approval_shows_old_new_reason_and_people(client, correction, reviewer):
    workflow.approve(version=correction, by=reviewer)
    client.force_login(make_user("anybody"))

    response = client.get("/registers/changed/")

    [row] = response.context["rows"]
    assert (row.before.value_as_stated, row.version, row.change) == (
        "98.50", correction, Decimal("-1.40"),
    )  # fmt: skip
    assert row.also == "Source, Rests on"
    assert [(each.step, each.who.username) for each in row.steps] == [
        (Step.SAVE, "official"),
        (Step.SUBMIT, "official"),
        (Step.APPROVE, "reviewer"),
    ]
    for shown in ("98.50 %", "97.10 %", "−1.4 points", "原数有误", "official", "reviewer"):
        assert shown in text_of(response)


def test_a_correction_under_way_is_shown_to_those_it_concerns(client, correction, official):
    shown = {}
    people = [
        official,
        make_reviewer("near"),
        make_reviewer("far", make_area("340000")),
        make_user("nobody"),
    ]
    for user in people:
        client.force_login(user)
        page = client.get("/registers/changed/")
        shown[user.username] = [row.version for row in page.context["rows"]]
        assert ("97.10" in text_of(page)) == bool(shown[user.username])

    assert shown == {"official": [correction], "near": [correction], "far": [], "nobody": []}


def test_a_drafted_correction_is_the_departments_alone(client, series, official, reviewer):
    make_figure(series, 2020, "98.50")
    draft = entry.save(
        series=series, year=2020, figure=EnteredFigure(Decimal("55.5"), 1), read_version=1,
        by=official, correction_reason="原数有误",
    )  # fmt: skip
    client.force_login(official)
    own = client.get("/registers/changed/")
    client.force_login(reviewer)
    other = client.get("/registers/changed/")

    assert [row.version for row in own.context["rows"]] == [draft]
    assert other.context["rows"] == []
    assert "No approved figure has been changed." in text_of(other)


def test_what_was_never_approved_or_never_changed_is_not_listed(
    signed_in, submitted, series, official, reviewer
):
    make_figure(series, 2019, "97")
    workflow.return_to_official(version=submitted, by=reviewer, reason="口径不符")
    submit(series, 2020, "98.6", by=official, read_version=1)

    assert signed_in.get("/registers/changed/").context["rows"] == []


@pytest.fixture
def changed(series):
    """By area and year, each replaced once."""
    far = make_series(area=make_area("340000"))
    cells = [(series, 2019), (series, 2020), (far, 2020)]
    found = {}
    for one, year in cells:
        make_figure(one, year, "97")
        found[one.area.code, year] = make_figure(one, year, "98", correction_reason="笔误")
    return found


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"area": "340000"}, [("340000", 2020)]),
        ({"year": "2019"}, [("990000", 2019)]),
        ({"area": "340000", "year": "2019"}, []),
        ({"area": "x"}, [("340000", 2020), ("990000", 2020), ("990000", 2019)]),
        ({"year": "1" * 30}, [("340000", 2020), ("990000", 2020), ("990000", 2019)]),
    ],
)
def test_changed_is_narrowed_by_area_and_year(signed_in, changed, query, wanted):
    response = signed_in.get("/registers/changed/", query)

    assert response.status_code == 200
    assert [row.version for row in response.context["rows"]] == [changed[each] for each in wanted]
    assert ("it was ignored" in text_of(response)) == (len(wanted) == 3)


def test_changed_costs_the_same_for_one_and_thirty(signed_in, series):
    costs = []
    for each in range(30):
        make_figure(series, 1990 + each, "97")
        make_figure(series, 1990 + each, "98", correction_reason="笔误")
        if each in {0, 29}:
            costs.append(queries_of(signed_in, "/registers/changed/"))

    assert costs[0] == costs[1]
    assert costs[1] <= 14
