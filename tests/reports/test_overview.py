from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from indicators.actions.tallies import tally
from plans.models import Target
from reports.enums import Coverage
from reports.queries import overview as queries
from reports.queries import rows
from reports.queries.scopes import Scope
from reports.queries.standings import counted
from reports.queries.standpoints import Standpoint
from reports.queries.tallies import InWords
from reports.queries.worst_first import target_list
from targets_site.pictures import sparkline
from tests.factories import (
    make_area,
    make_document,
    make_domain,
    make_target,
    make_text_target,
    make_user,
)
from tests.reports.pages import in_words, judge, judged, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]
SEEN = Standpoint(Scope(), 2020, 2020)


def test_overview_without_targets_says_what_is_missing(client):
    response = client.get("/")

    assert response.status_code == 200
    assert "No document with targets has been loaded." in text_of(response)


def test_overview_shows_the_latest_goal_year_in_the_past(client):
    document = make_document()
    for number, year in enumerate([2015, 2020, 2090, None], start=1):
        make_target(f"plan-2011-{number:03d}", document, target_year=year)
    tally([document.pk])

    response = client.get("/")

    assert response.context["assessment"].goal == 2020
    assert list(response.context["goals"].counts.items()) == [(2015, 1), (2020, 1), (2090, 1)]
    assert "1 target gives no target year" in text_of(response)


def test_assess_counts_each_part_once_and_averages_nothing():
    judged(1, "missed", actual_year=2020, actual_value=Decimal("97.1"))
    judged(2, "achieved", actual_year=2020, actual_value=Decimal("99"))
    judged(3, "undetermined", actual_year=2020, actual_value=Decimal("95"))
    judged(4, side_year=2018, side_value=Decimal("97.10"), side_state="short")
    judged(5, side_year=2018, side_value=Decimal("99"), side_state="met")
    judged(6)
    judged(7, "not_due")
    judge(make_text_target(), "not_measurable")
    in_words(8, "judged_not")

    assessment = queries.assess(SEEN, counted(SEEN), promised=11)

    assert {part.coverage: part.count for part in assessment.parts} == {
        Coverage.DECIDED: 2,
        Coverage.UNDETERMINED: 1,
        Coverage.UNFOUNDED: 0,
        Coverage.NOT_DUE: 1,
        Coverage.SIDE: 2,
        Coverage.NOT_COLLECTED: 1,
        Coverage.IN_WORDS: 2,
    }
    assert assessment.lights == [
        rows.LightCount("red", 1),
        rows.LightCount("green", 1),
        rows.LightCount("grey", 4),
        rows.LightCount("none", 1),
    ]
    assert assessment.in_words == InWords(2, [rows.LightCount("red", 1)])
    assert (assessment.total, assessment.not_begun, assessment.side_short) == (7, 2, 1)


def test_targets_in_words_are_no_part_of_what_can_be_decided(client):
    judged(1, "missed", actual_year=2020, actual_value=Decimal("97.1"))
    judged(2, "not_collected")
    in_words(3, "judged_not")
    in_words(4)

    shown = text_of(client.get("/"))

    assert (
        "Of 2 quantitative targets for 2020, 1 can be decided; 1 of these red. 1 without a figure "
        "of the year and without side evidence. 2 targets are in words; people have assessed 1."
        in shown
    )
    assert "2 In words ■ Red 1" in shown


def test_a_year_with_targets_in_words_only_is_not_opened_first(client):
    judged(1, target_year=2015)
    in_words(2, target_year=2018)

    opened = client.get("/")
    chosen = text_of(client.get("/?goal=2018"))

    assert opened.context["assessment"].goal == 2015
    assert "Goal 2015 Goal 2018, in words" in text_of(opened)
    assert "No target for 2018 promises a figure. 1 target is in words" in chosen
    assert "No figure" not in chosen.split("Areas and domains")[0]


def test_decided_lights_list_what_they_count(client):
    judged(1, "missed")
    in_words(2, "judged_not")

    page = client.get("/").content.decode()
    listed = client.get("/?goal=2020&coverage=decided&light=red").context["listed"]

    assert 'href="?goal=2020&amp;coverage=decided&amp;light=red#targets"' in page
    assert [line.target.code[-3:] for line in listed.lines] == ["001"]


def test_each_part_lists_as_many_targets_as_it_counts(client):
    judged(1, "missed")
    judged(2, "no_baseline")
    judged(3, side_year=2018, side_value=Decimal("97.10"), side_state="short")
    judged(4)
    judge(make_text_target(), "not_measurable")

    for part in {*Coverage} - {Coverage.UNDETERMINED, Coverage.NOT_DUE}:
        listed = client.get("/", {"goal": "2020", "coverage": part}).context["listed"]
        assert listed.page.paginator.count == 1


def test_list_is_ordered_by_urgency():
    judged(1, "achieved")
    judged(2)
    judged(3, side_year=2018, side_value=Decimal("99"), side_state="met")
    judged(4, side_year=2018, side_value=Decimal("97.10"), side_state="short")
    judged(5, "recovered")
    judged(6, "missed")

    listed = target_list(SEEN, {}, counted(SEEN), number=1)

    assert [line.target.code[-3:] for line in listed.lines] == [
        "006", "005", "004", "003", "002", "001",
    ]  # fmt: skip


def test_side_evidence_is_shown_as_published_and_as_no_verdict(client):
    judged(1, side_year=2018, side_value=Decimal("97.10"), side_state="short")

    shown = text_of(client.get("/"))

    assert "No figure for 2020; 97.10 % in 2018 would fall short" in shown
    assert "Side evidence, not a verdict" in shown
    assert "(side evidence), by which 1 would not be met." in shown


def test_filters_combine(client):
    brand = make_domain("brand", name_en="Brands", position=2)
    judged(1, "missed", domain=brand)
    judged(2, "missed")
    judged(3, domain=brand)

    response = client.get("/", {"light": "red", "domain": "brand", "area": "990000"})

    assert [line.target.code for line in response.context["listed"].lines] == ["plan-990000-001"]
    assert "1 target found" in text_of(response)


def test_filter_without_result_offers_the_whole_list(client):
    judged(1)

    assert "No target answers to all of these." in text_of(client.get("/?light=red"))


@pytest.mark.parametrize(
    "query",
    [
        "goal=abc", "goal=99999999999999999999", "coverage=everything", "light=blue", "area=%00",
        "area=' OR 1=1", "domain=%F0%9F%98%80", "key=maybe", "page=-1", "page=" + "9" * 5000,
        "areas=x",
    ],
)  # fmt: skip
def test_unknown_query_value_gives_a_message(client, query):
    judged(1)

    response = client.get(f"/?{query}")

    assert response.status_code == 200
    assert "it was ignored" in text_of(response)
    assert len(response.context["listed"].lines) == 1


def test_page_beyond_the_last_shows_the_last(client):
    judged(1)

    assert client.get("/?page=7").context["listed"].page.number == 1


def test_matrix_shows_the_worst_light_first():
    area = make_area()
    judged(1, "achieved", area=area)
    judged(2, "missed", area=area)
    judged(3, area=area)

    matrix = queries.matrix(Scope(), counted(SEEN), [area], [make_domain()], number=1)

    lights = [rows.LightCount(light, 1) for light in ("red", "green", "grey")]
    assert matrix.rows == [queries.MatrixRow(area, [queries.Cell("product", "产品质量", lights)])]


def test_matrix_counts_targets_in_words_beside_the_lights():
    area = make_area()
    judged(1, "achieved", area=area)
    in_words(2, "judged_not")
    in_words(3)

    matrix = queries.matrix(Scope(), counted(SEEN), [area], [make_domain()], number=1)

    assert matrix.rows[0].cells == [
        queries.Cell("product", "产品质量", [rows.LightCount("green", 1)], 2)
    ]


def test_target_corrected_since_is_counted_once(client):
    verdict = judged(1, "missed")
    type(verdict.target).objects.update(superseded_at=timezone.now())
    tally([verdict.target.document_id])
    judged(1 + 1, "achieved")

    assert client.get("/").context["assessment"].lights == [rows.LightCount("green", 1)]


@pytest.mark.parametrize("areas", [4, 400])
def test_query_count_does_not_grow(client, django_assert_num_queries, areas):
    for number in range(areas):
        area = make_area(f"{100000 + number}")
        judged(
            number + 1, side_year=2018, side_value=Decimal("97.10"), side_state="short", area=area
        )

    with django_assert_num_queries(7):
        response = client.get("/")

    assert response.status_code == 200


@pytest.mark.parametrize("areas", [4, 400])
def test_query_count_with_all_filters(client, django_assert_num_queries, areas):
    for number in range(areas):
        judged(number + 1, side_year=2018, area=make_area(f"{100000 + number}"))

    with django_assert_num_queries(6):
        client.get("/", {"coverage": "side", "light": "grey", "area": "100000", "areas": "2"})


def test_area_pages_of_the_matrix(client):
    for number in range(40):
        judged(number + 1, area=make_area(f"{100000 + number}"))

    response = client.get("/?areas=2")

    assert len(response.context["matrix"].rows) == 15
    assert "Page 2 of 2" in text_of(response)


def test_page_needs_login_where_reading_is_not_open(client, settings):
    settings.OPEN_READING = False

    assert client.get("/").status_code == 302


def test_only_reading(client):
    assert client.post("/").status_code == 405


@pytest.mark.parametrize(
    ("fields", "printed"),
    [
        pytest.param({}, "≥ 98 %", id="at-least"),
        pytest.param({"value": "63.10"}, "≥ 63.10 %", id="as-stated"),
        pytest.param({"comparator": "le", "unit": "index"}, "≤ 98", id="index"),
        pytest.param(
            {"comparator": "between", "value": "2", "value_upper": Decimal(3), "unit": "个"},
            "2–3 个", id="range",
        ),
        pytest.param(
            {"kind": "relative", "value": "15", "unit": "项"}, "15 % above the baseline",
            id="relative",
        ),
        pytest.param(
            {"kind": "monotone", "comparator": "le", "value": None}, "Falling every year",
            id="monotone",
        ),
        pytest.param({"kind": "text", "comparator": "", "value": None}, "Qualitative", id="text"),
    ],
)  # fmt: skip
def test_target_level(fields, printed):
    target = make_target(**fields)

    with translation.override("en"):
        shown = Template("{{ target|target_level }}").render(Context({"target": target}))

    assert shown == printed.replace(" 个", "")


def test_unit_beside_a_figure_follows_the_language():
    template = Template("{{ value|with_unit:'个' }} {{ none|with_unit:'%' }}")

    with translation.override("zh-hans"):
        shown = template.render(Context({"value": Decimal("500.000"), "none": None}))
    with translation.override("en"):
        assert template.render(Context({"value": Decimal(500), "none": None})) == "500 —"

    assert shown == "500 个 —"


def test_sparkline_leaves_gaps_and_marks_breaks():
    figures = [
        rows.YearFigure(year, Decimal(value), value, "exact", "official", is_break, False)
        for year, value, is_break in [("2011", "90", 0), ("2012", "91", 0), ("2014", "92", 1)]
        for year in [int(year)]
    ]

    picture = sparkline(figures, target=Decimal(95), start=2010, end=2020)

    assert picture.count("sparkline__dot") == 3
    assert picture.count("sparkline__line") == 1
    assert picture.count("sparkline__break") == 1
    assert "2011: 90; 2012: 91; 2014: 92" in picture


def test_sparkline_without_figures_is_a_dash():
    assert sparkline([]) == '<span class="missing">—</span>'


@pytest.mark.parametrize(
    ("status", "comparator", "word"),
    [
        ("breached", "ge", "Below the level"),
        ("breached", "le", "Above the level"),
        ("moving_away", "le", "Moving away, rising"),
    ],
)
def test_badge_turns_round_where_less_is_better(status, comparator, word):
    verdict = judge(make_target(comparator=comparator), status)

    with translation.override("en"):
        badge = Template("{% status_badge verdict %}").render(Context({"verdict": verdict}))

    assert f">{word}<" in badge
    assert "■" in badge


def test_a_relative_target_without_figures_counts_as_one_without_a_baseline(client):
    judged(1, "no_baseline")
    judged(2, "undetermined", actual_year=2020, actual_value=Decimal("97.10"))
    judged(3, "not_collected")

    assessment = client.get("/").context["assessment"]

    assert assessment.count(Coverage.UNDETERMINED) == 1
    assert assessment.count(Coverage.UNFOUNDED) == 1


def test_what_nobody_has_confirmed_is_said(client):
    judged(1, "missed", actual_year=2020, actual_value=Decimal("97.1"), key=True)
    judged(2, "achieved", actual_year=2020, actual_value=Decimal("99"))
    judged(3)
    confirmed = Target.objects.get(code="plan-990000-002").readings.get()
    confirmed.confirmed_by = make_user("second")
    confirmed.save()

    said = "1 of 2 decided rests on a reading that no second person has confirmed yet."
    assert said in text_of(client.get("/"))
    assert said in text_of(client.get("/areas/990000/"))
    assert "no second person" not in text_of(client.get("/?coverage=decided"))
