"""The reviewers' queue: what it shows, of whom, and what it costs."""

from decimal import Decimal

import pytest

from indicators.actions import entry
from indicators.actions.entry import EnteredFigure
from targets_site.accounts.models import Role
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_figure,
    make_indicator,
    make_official,
    make_post,
    make_reading,
    make_round,
    make_series,
    make_target,
    make_text_target,
    make_user,
    name_department,
)
from tests.indicators.review_pages.world import (
    QUEUE,
    attach,
    key,
    queries_of,
    rows_of,
    submit,
    submit_judgement,
    text_of,
)

pytestmark = pytest.mark.usefixtures("in_english")


def test_queue_shows_what_a_reviewer_compares_with(signed_in, series, official, round_2020):
    make_figure(series, 2019, "97.25")
    make_reading(make_target(value="98"), series)
    elsewhere = make_area("340000", name_en="Anhui")
    make_figure(make_series(area=elsewhere), 2020, "99.10")
    file = attach("证明.pdf", by=official)
    version = submit(
        series, 2020, "97.50", by=official, numerator=Decimal(195), denominator=Decimal(200),
        obs_status="P", remark="快报数", shortfall_reason="批次少", next_steps="加大抽检",
        source_url="https://example.gov.cn/1", evidence=frozenset({file.pk}),
    )  # fmt: skip

    response = signed_in.get(QUEUE)

    [row] = rows_of(response)
    page = text_of(response)
    assert (row.version, row.hand) == (version, None)
    assert (row.year_before.value_as_stated, row.change) == ("97.25", Decimal("0.25"))
    assert [(line.target.code, line.status) for line in row.targets] == [
        ("plan-2011-001", "missed")
    ]
    assert [each.series.area.code for each in row.others] == ["340000"]
    for shown in (
        "97.50 %", "97.25 %", "+0.25 points", "≥ 98 %", "Missed", "Anhui", "99.10 %",
        "Numerator 195, denominator 200", "Provisional", "快报数", "批次少", "加大抽检", "统计公报",
        'href="https://example.gov.cn/1"', f'href="/entry/attachments/{file.pk}/"', "证明.pdf",
        "Not comparable: each area samples other products.", "2020 report",
        f'value="{key(version)}"',
    ):  # fmt: skip
        assert shown in page


def test_queue_names_areas_side_by_side_without_a_warning_where_they_compare(
    signed_in, department, official, round_2020
):
    covered = make_indicator("forest-cover", name_zh="森林覆盖率")
    submit(make_series(indicator=covered, department=department), 2020, "62", by=official)
    make_figure(make_series(area=make_area("340000"), indicator=covered), 2020, "28")

    page = text_of(signed_in.get(QUEUE))

    assert "28 %" in page
    assert "Not comparable" not in page


def test_other_areas_are_a_few_of_the_same_level_and_year(signed_in, submitted):
    for number in range(8):
        area = make_area(f"10000{number}")
        make_figure(make_series(area=area), 2020, "90")
    make_figure(make_series(area=make_area("110101", level="county")), 2020, "90")
    make_figure(make_series(area=make_area("200000")), 2019, "90")

    [row] = rows_of(signed_in.get(QUEUE))

    assert [each.series.area.code for each in row.others] == [
        "100000", "100001", "100002", "100003", "100004",
    ]  # fmt: skip


def test_targets_are_those_whose_period_holds_the_year(signed_in, series, official, round_2020):
    later = make_document("plan-2021", start_year=2021, end_year=2025)
    for target in (
        make_target("plan-2021-001", later, target_year=2025),
        make_target("plan-2011-001", target_year=2015),
        make_target("plan-2011-002"),
    ):
        make_reading(target, series)
    submit(series, 2020, "99", by=official)

    [row] = rows_of(signed_in.get(QUEUE))

    assert [(line.target.code, line.status) for line in row.targets] == [
        ("plan-2011-002", "achieved")
    ]


def test_a_figure_that_is_missing_has_its_reason_and_no_verdict(signed_in, series, official):
    make_round(None, 2020)
    make_reading(make_target(), series)
    version = entry.save(
        series=series, year=2020, read_version=None, by=official,
        figure=EnteredFigure(None, missing_reason="当年未抽检", source_title="说明"),
    )  # fmt: skip
    entry.submit(version=version, by=official)

    response = signed_in.get(QUEUE)

    [row] = rows_of(response)
    assert [(line.target.code, line.status) for line in row.targets] == [("plan-2011-001", "")]
    assert "当年未抽检" in text_of(response)


def test_queue_holds_judgements_beside_figures(signed_in, submitted, department, official):
    target = make_text_target()
    name_department(target, department)
    judged = submit_judgement(target, by=official)

    response = signed_in.get(QUEUE)

    assert [row.version for row in rows_of(response)] == [submitted, judged]
    for shown in ("Done", "已建成", "plan-2011-900", "Judgement"):
        assert shown in text_of(response)


def test_queue_is_of_the_reviewers_areas_and_what_left_the_department(
    signed_in, submitted, department, official
):
    other = make_department(make_area("340000"))
    make_round(other.area, 2020)
    submit(make_series(area=other.area, department=other), 2020, "98", by=make_official("o", other))
    draft = make_series(scope="draft", department=department)
    entry.save(
        series=draft, year=2020, figure=EnteredFigure(Decimal(97)), read_version=None, by=official
    )

    assert [row.version for row in rows_of(signed_in.get(QUEUE))] == [submitted]


def test_queue_is_grouped_by_the_department_of_today(signed_in, series, official, round_2020):
    new = make_department(name_zh="省农业农村厅", name_en="Rural affairs")
    old = series.department_links.get().department
    old.successor = new
    old.save()
    submit(series, 2020, "98", by=official)
    judged = make_text_target()
    submit_judgement(judged, by=official)

    groups = signed_in.get(QUEUE).context["groups"]

    assert [(department, len(rows)) for department, rows in groups] == [(new, 1), (None, 1)]


def test_queue_is_honest_when_empty(signed_in):
    assert "No figure waits for a decision." in text_of(signed_in.get(QUEUE))


@pytest.mark.parametrize("role", [each for each in Role.values if each != Role.REVIEWER])
def test_queue_is_honest_for_somebody_without_the_post(client, submitted, department, role):
    user = make_user("other")
    make_post(user, role, department=department)
    client.force_login(user)

    response = client.get(QUEUE)

    assert response.status_code == 200
    assert "There is nothing for you to review." in text_of(response)
    assert "98.50" not in text_of(response)


def test_queue_costs_the_same_for_one_and_thirty_figures(
    signed_in, official, department, round_2020
):
    costs = []
    for each in range(30):
        series = make_series(scope=f"s{each}", department=department)
        target = make_text_target(f"plan-2012-{each:03}")
        name_department(target, department)
        make_reading(make_target(f"plan-2011-{each:03}"), series)
        make_figure(series, 2018, "96")
        make_figure(series, 2019, "97")
        make_figure(make_series(area=make_area("340000"), scope=f"s{each}"), 2020, "98")
        submit(series, 2018, "97", by=official, read_version=1, correction_reason="笔误")
        submit(series, 2020, "98", by=official)
        submit_judgement(target, by=official)
        if each in {0, 29}:
            costs.append(queries_of(signed_in, QUEUE))

    assert costs[0] == costs[1]
    assert costs[1] <= 25


@pytest.fixture
def more_than_a_page(series, official):
    """27 figures."""
    make_round(None, *range(1990, 2017))
    return [submit(series, year, "98", by=official) for year in range(1990, 2017)]


def test_queue_comes_in_pages(signed_in, more_than_a_page):
    first, second = signed_in.get(QUEUE), signed_in.get(QUEUE, {"page": "2"})

    shown = [[row.version for row in rows_of(page)] for page in (first, second)]
    assert shown == [more_than_a_page[:25], more_than_a_page[25:]]
    assert "27 wait for a decision" in text_of(first)
    assert 'href="/review/?page=2"' in text_of(first)


def test_queue_opens_whatever_page_is_asked_for(signed_in, more_than_a_page):
    for number in ("0", "-1", "abc", "99999999999999999999", "\x00"):
        assert signed_in.get(QUEUE, {"page": number}).status_code == 200
