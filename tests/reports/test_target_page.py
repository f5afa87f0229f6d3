import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone

from indicators.enums import SourceGrade
from indicators.models import Series
from reports.queries.targets import target_in_force, target_page
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_figure,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    make_user,
    make_verdict,
    name_department,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session", autouse=True)
def _static_root():
    """WhiteNoise warns where nothing has been collected yet; the live server finds the files."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _open_reading(settings):
    settings.OPEN_READING = True


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


def address(target, **query):
    return reverse("reports:target", args=[target.code], query=query)


def text_of(response) -> str:
    """The page's words, without tags and with single spaces."""
    html = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def missed_target():
    target = make_target()
    series = make_series()
    make_reading(target, series)
    make_figure(series, 2010, "96.00", source_grade=SourceGrade.REPRINT)
    make_figure(series, 2020, "97.95", source_url="https://example.org/2020", remark="初步")
    make_verdict(target, 2019, "no_data")
    make_verdict(
        target,
        2020,
        "missed",
        light="red",
        actual_year=2020,
        actual_value=Decimal("97.95"),
        gap=Decimal("0.05"),
        source_grade="official",
    )
    return target


def test_a_target_in_words_says_so_once(english):
    target = make_text_target(target_year=2015)
    for year in (2013, 2014, 2015):
        make_verdict(target, year, "not_measurable", light="none")

    page = english.get(address(target))

    assert 'class="year-lights"' not in page.content.decode()
    assert text_of(page).count("In words") == 1


def test_a_target_in_words_shows_its_years_once_people_judged_it(english):
    target = make_text_target(target_year=2015)
    make_verdict(target, 2014, "not_measurable", light="none")
    make_verdict(target, 2015, "judged_done", light="green")

    page = english.get(address(target))

    assert 'class="year-lights"' in page.content.decode()
    assert "2015 ● Green Judged: done" in text_of(page)


@pytest.mark.parametrize(("target_year", "says_so"), [(2020, False), (2030, True), (None, False)])
def test_a_year_after_the_period_of_the_document_is_said(english, target_year, says_so):
    target = make_target(document=make_document(end_year=2020), target_year=target_year)

    page = text_of(english.get(address(target)))

    assert ("after the planning period 2011–2020" in page) is says_so


def test_page_says_the_verdict_and_its_arithmetic(english):
    page = text_of(english.get(address(missed_target())))

    assert "missed, 0.05 percentage points short." in page
    assert "gap = T − v = 98 − 97.95 = 0.05 &gt; 0: short" in page


def test_page_shows_every_figure_as_stated_with_its_source(english):
    response = english.get(address(missed_target()))
    page = text_of(response)

    assert "96.00%" in page
    assert "Reprint, to be checked" in page
    assert 'href="https://example.org/2020"' in response.content.decode()


def test_page_embeds_the_chart_and_the_same_numbers_as_a_table(english):
    html = english.get(address(missed_target())).content.decode()
    script = re.search(r'<script id="target-chart" type="application/json">(.*?)</script>', html)

    figure = json.loads(json.loads(script.group(1)))
    assert figure["data"][0]["y"] == [96.0, *[None] * 9, 97.95]
    assert html.count('class="trend"') == 3
    assert 'id="plotly.js-style-global" class="no-inline-styles"' in html


def test_page_opens_at_the_target_year_and_turns_to_another(english):
    target = missed_target()

    latest = english.get(address(target)).context["page"]
    earlier = english.get(address(target, as_of=2019)).context["page"]

    assert (latest.verdict.as_of, latest.verdict.status) == (2020, "missed")
    assert (earlier.verdict.as_of, earlier.verdict.status) == (2019, "no_data")
    assert [point.year for point in earlier.chart.rows.points] == [2010]


@pytest.mark.parametrize("year", ["2010", "2021", "abc", "20155555", "-1", "2015.5"])
def test_a_wrong_year_gives_a_message(english, year):
    response = english.get(address(missed_target(), as_of=year))

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert response.context["page"].as_of == 2020


def target_to_come(this_year):
    """Due in nine years, with a verdict of this year and one of the target year."""
    document = make_document(start_year=this_year - 5, end_year=this_year + 9)
    target = make_target(document=document, target_year=this_year + 9)
    make_verdict(target, this_year, "no_data")
    make_verdict(target, this_year + 9, "not_collected")
    return target


def test_a_target_to_come_opens_at_this_year_and_offers_no_later_one(english):
    this_year = timezone.localdate().year
    target = target_to_come(this_year)

    page = english.get(address(target)).context["page"]
    later = english.get(address(target, as_of=this_year + 1))

    assert (page.as_of, page.verdict.status) == (this_year, "no_data")
    assert [verdict.as_of for verdict in page.verdicts] == [this_year]
    assert 'role="alert"' in later.content.decode()
    assert later.context["page"].as_of == this_year


def test_a_target_whose_period_has_not_begun_is_seen_from_its_first_year(english):
    first = timezone.localdate().year + 2
    document = make_document(start_year=first, end_year=first + 5)
    target = make_target(document=document, target_year=first + 5)

    assert english.get(address(target)).context["page"].as_of == first


def test_an_unknown_or_superseded_code_is_not_found(client):
    target = make_target(superseded_at=timezone.now())

    assert client.get(address(target)).status_code == 404


def test_the_row_in_force_is_shown(english):
    make_target(superseded_at=timezone.now(), statement_en="The old wording")
    target = make_target(statement_en="The new wording")

    page = text_of(english.get(address(target)))

    assert "The new wording" in page
    assert "The old wording" not in page


def test_a_target_without_any_figure_says_what_is_missing_and_who_owes_it(english):
    target = make_target()
    name_department(target, make_department(name_en="Agriculture Department"))
    make_reading(target, make_series())
    make_verdict(target, 2020)

    response = english.get(address(target))
    page = text_of(response)

    assert "there is no figure for that year; led by Agriculture Department." in page
    assert "Nothing is published for 2011 to 2020 that measures it." in page
    assert "To be reported by: Agriculture Department" in page
    assert "data-chart" not in response.content.decode()


def test_the_department_of_the_series_owes_the_figure():
    target = make_target()
    name_department(target, make_department(name_zh="省质监局"))
    reporting = make_department(name_zh="省农业厅")
    make_reading(target, make_series(department=reporting))

    page = target_page(target_in_force(target.code), as_of=2020)

    assert page.owes == [reporting]


def test_side_evidence_is_said_as_such(english):
    target = make_target()
    series = make_series()
    make_reading(target, series)
    make_figure(series, 2014, "99.4")
    make_verdict(target, 2020, side_year=2014, side_value=Decimal("99.4"), side_state="met")

    page = text_of(english.get(address(target)))

    assert "99.4% in 2014, which would meet the target (side evidence, no verdict)." in page


def test_a_target_in_words_and_one_without_reading_have_pages(english):
    text = make_text_target()
    make_verdict(text, 2020, "not_measurable", light="none")
    unread = make_target(target_year=None)

    assert "The target is set in words" in text_of(english.get(address(text)))
    assert "No series measures this target yet" in text_of(english.get(address(unread)))


def test_original_and_restated_target_stand_side_by_side(english):
    area = make_area()
    series = make_series(area)
    original = make_target("old-001", make_document("old", area), value="97", target_year=2020)
    restated = make_target("new-001", make_document("new", area), value="98", target_year=2020)
    restated.replaces.add(original)
    for target in (original, restated):
        make_reading(target, series)
        make_verdict(target, 2020, "achieved", light="green")

    from_new = english.get(address(restated)).context["page"].related
    from_old = english.get(address(original)).context["page"].related

    assert [(each.target, each.relation, each.is_original) for each in from_new] == [
        (original, "stronger", True)
    ]
    assert [(each.target, each.relation, each.is_original) for each in from_old] == [
        (restated, "stronger", False)
    ]
    assert from_new[0].verdict.status == "achieved"


def test_the_tie_to_the_original_survives_a_correction_of_it():
    original = make_target("old-001", make_document("old"), superseded_at=timezone.now())
    corrected = make_target("old-001", original.document)
    restated = make_target("new-001", make_document("new"))
    restated.replaces.add(original)

    page = target_page(target_in_force("new-001"), as_of=2020)
    back = target_page(target_in_force("old-001"), as_of=2020)

    assert [(each.target, each.relation) for each in page.related] == [(corrected, "redefined")]
    assert [each.target for each in back.related] == [restated]


def test_milestones_of_the_same_commitment_are_listed():
    series = make_series()
    milestone = make_target("plan-2011-001", value="97", target_year=2015)
    target = make_target("plan-2011-002", target_year=2020)
    other = make_target("plan-2011-003", target_year=2015)
    make_reading(milestone, series)
    make_reading(target, series)
    make_reading(other, make_series(scope="other"))

    page = target_page(target_in_force(target.code), as_of=2020)

    assert [each.target for each in page.milestones] == [milestone]


def test_figures_lead_to_where_they_are_from(client):
    target = missed_target()
    series = Series.objects.get()
    addresses = [f"/provenance/{series.code}/{year}/" for year in (2010, 2020)]

    anonymous = client.get(address(target)).content.decode()
    client.force_login(make_user())
    page = client.get(address(target)).content.decode()

    assert [each in anonymous for each in addresses] == [True, True]
    assert [each in page for each in addresses] == [True, True]
    assert [client.get(each).status_code for each in addresses] == [200, 200]


def test_the_kind_of_a_figure_is_said_in_words(english):
    target = make_target()
    series = make_series()
    make_reading(target, series)
    make_figure(series, 2019, "97", obs_status="BP")
    make_figure(series, 2020, "97.95")

    page = english.get(address(target)).content.decode()

    cells = re.findall(r'<td class="num"[^>]*>.*?</td>\s*<td>(.*?)</td>', page, flags=re.S)
    assert [re.sub(r"\s+", " ", each).strip() for each in cells[-2:]] == [
        "break: not comparable with earlier years<br>provisional",
        "",
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_figures(client, count, django_assert_num_queries):
    document = make_document(start_year=1990, end_year=2020)
    target = make_target(document=document)
    series = make_series()
    make_reading(target, series)
    for year in range(2021 - count, 2021):
        make_figure(series, year, "97")
        make_verdict(target, year, "missed", light="red", actual_year=year)

    with django_assert_num_queries(7):
        response = client.get(address(target))

    assert len(response.context["page"].observations) == count


# A fixture of pytest-base-url itself is declared in a way that pytest 10 drops.
@pytest.mark.filterwarnings("ignore:Session-scoped fixtures:pytest.PytestRemovedIn10Warning")
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_chart_is_drawn_under_the_content_security_policy(live_server, page):
    target = missed_target()
    problems, outside = [], []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda request: (
            outside.append(request.url)
            if not request.url.startswith((live_server.url, "data:", "blob:"))
            else None
        ),
    )

    page.goto(live_server.url + address(target))
    page.wait_for_selector(".chart.is-drawn")

    assert page.locator(".chart__drawing .scatterlayer .trace").count() >= 1
    # No mode bar: neither a cloud button nor any other that Plotly offers by itself.
    assert page.locator(".modebar-btn").count() == 0
    assert page.locator(".chart__tools button").count() == 2
    assert (problems, outside) == ([], [])


def test_the_finding_says_no_distance_to_a_level_that_is_only_named_about(english):
    target = make_target(value="82", comparator="about")
    series = make_series()
    make_reading(target, series)
    make_figure(series, 2020, "81")
    make_verdict(
        target, 2020, "undetermined", actual_year=2020, actual_value=81, gap=Decimal("0.5")
    )

    page = english.get(address(target)).context["page"]

    assert page.chart.finding == "81% in 2020; the target is about 82%"


def test_what_a_verdict_rests_on_is_said_with_its_grade(english):
    target = make_target()
    series = make_series()
    make_reading(target, series)
    make_figure(series, 2020, "97.95", source_grade=SourceGrade.REPRINT, obs_status="P")
    make_verdict(target, 2020, "missed", actual_year=2020, actual_value=Decimal("97.95"))

    page = text_of(english.get(address(target)))

    assert "Figure that counts 2020: 97.95% · provisional" in page
    assert "Read in a reprint and to be checked against the original." in page
    assert "not confirmed by a second person yet" in page


def test_figures_of_other_years_are_not_taken_for_what_decides(english):
    target = make_target()
    series = make_series()
    make_reading(target, series)
    make_figure(series, 2005, "97")
    make_verdict(target, 2020)

    page = text_of(english.get(address(target)))

    assert "The years that decide have no figure; those of the chart are of other years." in page


def test_parts_of_the_page_stand_in_the_order_of_the_questions(english):
    headings = re.findall(
        r"<h2[^>]*>(.*?)</h2>", english.get(address(missed_target())).content.decode()
    )

    assert headings == [
        "97.95% in 2020, 0.05 percentage points below the level of the target",
        "What it rests on",
        "How the verdict comes about",
        "What the document says",
        "How we read it",
        "All figures of the series",
    ]


def test_columns_that_hold_nothing_are_left_out_of_the_table(english):
    target = make_target()
    series = make_series()
    make_reading(target, series)
    make_figure(series, 2020, "98")
    make_verdict(target, 2020, "achieved", actual_year=2020, actual_value=98)

    table = english.get(address(target)).context["page"].chart.table

    assert (table.has_forecast, table.has_path, table.has_notes) == (False, False, False)
    assert table.is_wide is False


def restated_pair(*, value, kind="reach", same_series=True):
    area = make_area()
    series = make_series(area)
    original = make_target("old-001", make_document("old", area), value="97", kind=kind)
    restated = make_target("new-001", make_document("new", area), value=value, kind=kind)
    restated.replaces.add(original)
    make_reading(restated, series)
    make_reading(original, series if same_series else make_series(area, scope="other"))
    make_figure(series, 2019, "97.4")
    for target in (original, restated):
        make_verdict(target, 2020)
    return original, restated


def other_level(target):
    rows = target_page(target_in_force(target.code), as_of=2020).chart.rows
    return rows.other_level and (rows.other_level.value, rows.other_level.label)


@pytest.mark.parametrize(
    ("same_series", "label"),
    [(True, "原目标：≥ 97%，2020"), (False, "原目标（另一指标）：≥ 97%，2020")],
)
def test_the_original_level_stands_in_the_chart_of_the_restated_target(same_series, label):
    _original, restated = restated_pair(value="98", same_series=same_series)

    assert other_level(restated) == (97, label)


def test_the_restated_level_stands_in_the_chart_of_the_original():
    original, _restated = restated_pair(value="98")

    assert other_level(original) == (98, "调整后：≥ 98%，2020")


def test_a_level_that_did_not_change_is_drawn_once():
    _original, restated = restated_pair(value="97")

    assert other_level(restated) is None


def test_the_sentence_names_who_leads_or_else_who_reports():
    target = make_target()
    series = make_series(department=make_department(name_zh="省农业厅"))
    make_reading(target, series)
    make_figure(series, 2020, "98")
    make_verdict(target, 2020, "achieved", actual_year=2020, actual_value=98, gap=0)

    assert target_page(target_in_force(target.code), as_of=2020).sentence == (
        "抽检合格率，2020年目标为98%以上，当年达到98%，已完成；数据由省农业厅负责报送。"
    )
    name_department(target, make_department(name_zh="省质监局"))
    assert target_page(target_in_force(target.code), as_of=2020).sentence == (
        "抽检合格率，2020年目标为98%以上，当年达到98%，已完成，由省质监局牵头。"
    )
