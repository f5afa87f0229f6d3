import re
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from indicators.actions.tallies import tally
from indicators.models import TargetReading, Verdict
from reports.queries.areas.domains import LINES_A_DOMAIN, PANELS_A_DOMAIN
from reports.queries.rows import LightCount
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_domain,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    make_verdict,
    name_department,
)
from tests.reports.pages import in_words, judge, judged, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]


def shown_at(client, address):
    return client.get(address).context["shown"]


def test_unknown_area_is_not_found(client):
    assert client.get("/areas/999999/").status_code == 404


def test_area_without_documents_says_so(client):
    make_area()

    response = client.get("/areas/990000/")

    assert "No document of this area has been loaded." in text_of(response)


def test_area_whose_targets_nobody_has_counted_yet_says_so(client):
    make_target()

    response = client.get("/areas/990000/")

    assert "The targets of this area are being counted." in text_of(response)


def test_area_offers_each_goal_year(client):
    judged(1, "missed")
    judged(2, target_year=2015)
    in_words(3, target_year=2090)
    judge(make_target("plan-990000-004", make_document("plan-990000"), target_year=None),
          "no_data", as_of=2020)  # fmt: skip

    response = client.get("/areas/990000/")

    goals = response.context["goals"]
    assert [(each.year, each.total) for each in goals] == [(2015, 1), (2020, 1), (2090, 0), (0, 1)]
    assert response.context["shown"].goal.year == 2020
    assert "Goal 2015 Goal 2020 Goal 2090, in words Without a year" in text_of(response)


def test_the_whole_is_said_in_one_sentence_and_counted_by_coverage(client):
    judged(1, "missed")
    judged(2, "not_collected", side_year=2018, side_value=Decimal("97.10"), side_state="short")
    judged(3)

    response = client.get("/areas/990000/")

    assert (
        "Of 3 quantitative targets for 2020, 1 can be decided; 1 of these red. 1 without a figure "
        "of the year and without side evidence. 1 with a figure of another year alone (side "
        "evidence), by which 1 would not be met."
    ) in text_of(response)
    assert [(each.coverage, each.count) for each in response.context["shown"].parts] == [
        ("decided", 1), ("side", 1), ("not_collected", 1), ("in_words", 0),
    ]  # fmt: skip


def test_each_part_of_the_whole_leads_to_its_targets(client):
    judged(1, "missed")

    page = client.get("/areas/990000/").content.decode()
    address = "/?goal=2020&as_of=2020&area=990000&coverage=decided"

    assert f'href="{address.replace("&", "&amp;")}#targets"' in page
    assert client.get(address).context["listed"].page.paginator.count == 1


def test_targets_in_words_are_counted_apart(client):
    judged(1, "missed")
    judged(2)
    in_words(3, "judged_not")
    in_words(4, "judged_done")
    in_words(5)

    response = client.get("/areas/990000/")

    found = response.context["shown"].tally
    assert (found.total, found.decided) == (2, 1)
    assert found.lights == [LightCount("red", 1), LightCount("grey", 1)]
    assert (found.in_words.total, found.in_words.assessed) == (3, 2)
    assert found.in_words.lights == [LightCount("red", 1), LightCount("green", 1)]
    assert "3 in words, 2 assessed ■ Red 1 ● Green 1" in text_of(response)


def test_a_target_without_a_verdict_is_counted_and_said_to_be_computed_soon(client):
    make_text_target("plan-2011-900")
    target = make_target("plan-2011-901")
    tally([target.document_id])

    response = client.get("/areas/990000/")

    found = response.context["shown"].tally
    assert (found.total, found.lights, found.in_words.total, found.in_words.assessed) == (
        1, [], 1, 0,
    )  # fmt: skip
    assert "2 targets have no verdict yet; they are computed within minutes." in text_of(response)


def test_a_year_with_targets_in_words_only_does_not_lead(client):
    in_words(1, target_year=2018)
    in_words(2, target_year=2090)
    judged(3, target_year=2015)

    assert shown_at(client, "/areas/990000/").goal.year == 2015


def test_an_area_with_targets_in_words_only_shows_them_unfolded(client):
    in_words(1, "judged_done", key=True, statement_en="Quality is a matter for all")

    response = client.get("/areas/990000/")

    assert response.context["shown"].goal.year == 2020
    assert '<details class="provenance" open>' in response.content.decode()
    assert (
        "1 in words, 1 assessed ● Green 1 Quality is a matter for all · Headline target "
        "● Judged: done (Green) by people" in text_of(response)
    )


def test_targets_in_words_are_a_few_short_lines_and_a_link_to_all(client):
    """A province states a hundred of them beside fifty with figures."""
    judged(1, key=True)
    few = len(client.get("/areas/990000/").content)
    for number in range(100):
        in_words(number + 2)

    response = client.get("/areas/990000/")

    part = response.context["shown"].domains[0]
    assert (len(part.words), part.tally.in_words.total) == (LINES_A_DOMAIN, 100)
    assert "Show all 100" in text_of(response)
    assert len(response.content) - few < 3000


def test_headline_targets_with_a_figure_stand_first(client):
    judged(1, "achieved", key=True, actual_year=2018, actual_value=Decimal("97.10"), gap=0)
    judged(2, "missed", domain=make_domain("brand", name_en="Brands", position=2))
    without = make_target("plan-990000-003", make_document("plan-990000"), key=True)
    judge(without, "not_collected")

    response = client.get("/areas/990000/?goal=2020")

    shown = response.context["shown"]
    assert [line.target.code for line in shown.headline.lines] == ["plan-990000-001"]
    assert (shown.headline.total, shown.headline.without_figures) == (2, 1)
    assert "For 1 of 2 there is no figure that could be shown" in text_of(response)
    assert [(each.domain.code, each.tally.total) for each in shown.domains] == [
        ("product", 2), ("brand", 1),
    ]  # fmt: skip


def test_area_shows_targets_without_a_year(client):
    document = make_document()
    judge(make_target(document=document, target_year=None), "undetermined", as_of=2020)

    response = client.get("/areas/990000/?goal=0")

    shown = response.context["shown"]
    assert (shown.goal.year, shown.as_of) == (0, 2020)
    assert [line.verdict.status for line in shown.domains[0].missing] == ["undetermined"]
    assert "Targets without a year, as of 2020" in text_of(response)


def test_a_document_that_has_ended_stands_as_at_its_end(client):
    """Targets without a year are looked at until the end of their document."""
    ended = make_document("plan-2006", start_year=2011, end_year=2015)
    judge(make_target("plan-2006-001", ended, target_year=None), "missed", as_of=2015)
    judge(make_target("plan-2011-001", make_document(), target_year=None), "no_data", as_of=2020)

    shown = shown_at(client, "/areas/990000/?goal=0")

    assert shown.as_of == 2020
    assert shown.tally.lights == [LightCount("red", 1), LightCount("grey", 1)]
    codes = [line.target.code for part in shown.domains for line in part.missing]
    assert codes == ["plan-2006-001", "plan-2011-001"]


# As of an earlier year.


@pytest.fixture
def of_two_years():
    """A target that was behind as of 2018 and missed by 2020, with a figure of each."""
    target = judged(1, "missed", actual_year=2020, actual_value=Decimal("97.50")).target
    series = Verdict.objects.get(target=target).reading.series
    make_figure(series, 2020, "97.50")
    make_verdict(target, 2018, "behind", light="yellow", actual_year=2018,
                 actual_value=Decimal("97.10"), reading=TargetReading.objects.get())  # fmt: skip
    tally([target.document_id])
    return target


def test_area_as_of_an_earlier_year_shows_its_verdicts_and_figures_up_to_it(client, of_two_years):
    response = client.get("/areas/990000/?goal=2020&as_of=2018")

    shown = response.context["shown"]
    [panel] = shown.domains[0].panels
    assert shown.tally.lights == [LightCount("yellow", 1)]
    assert panel.line.verdict.status == "behind"
    assert [(each.year, each.stated) for each in panel.multiple.points] == [(2018, "97.10")]
    assert "Targets for 2020, as of 2018" in text_of(response)


def test_area_opens_as_of_the_goal_year(client, of_two_years):
    shown = shown_at(client, "/areas/990000/")

    assert (shown.as_of, shown.tally.lights) == (2020, [LightCount("red", 1)])


@pytest.mark.parametrize("as_of", ["abc", "2010", "2021"])
def test_a_year_that_the_goal_is_not_looked_at_from_gives_a_message(client, of_two_years, as_of):
    response = client.get("/areas/990000/", {"as_of": as_of})

    assert response.context["shown"].as_of == 2020
    assert f"“{as_of}” is not a choice for As of; it was ignored." in text_of(response)


# The story.


def test_the_story_counts_each_year_by_light(client, of_two_years):
    response = client.get("/areas/990000/")

    story = response.context["shown"].story
    assert [each.year for each in story.years] == list(range(2011, 2021))
    assert {each.year: each.tally.lights for each in story.years if each.tally.lights} == {
        2018: [LightCount("yellow", 1)],
        2020: [LightCount("red", 1)],
    }
    page = response.content.decode()
    assert 'href="?goal=2020&amp;as_of=2018"' in page
    assert (
        '<th scope="row" class="num">2018</th><td class="num">0</td><td class="num">1</td>' in page
    )


def test_the_story_says_when_a_document_adds_its_targets(client):
    judged(1)
    later = make_document("plan-2018", start_year=2018, title_en="Later outline")
    judge(make_target("plan-2018-001", later), "no_data")

    response = client.get("/areas/990000/")

    totals = {each.year: each.tally.total for each in response.context["shown"].story.years}
    assert (totals[2017], totals[2018]) == (1, 2)
    assert "From 2018 with the targets of Later outline" in text_of(response)


def test_the_story_of_the_real_data_is_what_its_verdicts_say(client, real_data):
    """The slow count: each verdict, seen from each year."""
    counted = counted_slowly()

    for code in ("140000", "340000", "360000", "460000"):
        for goal in client.get(f"/areas/{code}/").context["goals"]:
            shown = shown_at(client, f"/areas/{code}/?goal={goal.year}")
            found = {each.year: lights_of(each) for each in shown.story.years}
            assert found == {year: dict(counted[code, goal.year, year]) for year in goal.years}
            assert sum(found[shown.as_of].values()) == shown.tally.total


def lights_of(year):
    return {each.light: each.count for each in year.tally.lights}


def counted_slowly():
    """Lights of targets to compute by area, goal year and the year that they are seen from."""
    counted = defaultdict(Counter)
    for verdict in Verdict.objects.in_force().select_related("target__area", "target__document"):
        target = verdict.target
        last = target.target_year or target.document.end_year
        for year in range(2011, 2027):
            if target.kind != "text" and verdict.as_of == min(last, year):
                goal = target.target_year or 0
                counted[target.area.code, goal, year][verdict.light] += 1
    return counted


# Domains.


def drawn(number, value, *, unit="%", target="98", domain=None):
    """A missed target with one figure, in a domain."""
    document = make_document("plan-990000")
    of = make_target(f"plan-990000-{number:03d}", document, value=target, unit=unit,
                     domain=domain or make_domain())  # fmt: skip
    largest = Decimal(100) if unit == "%" else None
    indicator = make_indicator(f"measure-{number}", unit=unit, largest=largest)
    series = make_series(make_area(), indicator)
    make_figure(series, 2020, value)
    return judge(of, "missed", reading=make_reading(of, series), actual_year=2020,
                 actual_value=Decimal(value))  # fmt: skip


def ranges(response):
    """Low and high end of the values of each small multiple."""
    return re.findall(r'data-low="([^"]+)" data-high="([^"]+)"', response.content.decode())


def test_rates_of_a_domain_share_one_scale(client):
    drawn(1, "97.10")
    drawn(2, "61.5", target="90")

    response = client.get("/areas/990000/")

    one, other = ranges(response)
    assert one == other
    assert float(one[0]) <= 61.5
    assert float(one[1]) == 100
    assert "Rates of this domain share one scale." in text_of(response)
    assert "Counts have each a scale" not in text_of(response)


def test_counts_have_each_a_scale_of_their_own(client):
    drawn(1, "12000", unit="项", target="15000")
    drawn(2, "3", unit="项", target="5")

    response = client.get("/areas/990000/")

    assert ranges(response) == [("0", "15000"), ("0", "5")]
    assert "Counts have each a scale of their own" in text_of(response)
    assert "share one scale" not in text_of(response)


def test_domains_do_not_share_their_scales(client):
    drawn(1, "97.10")
    drawn(2, "40.0", target="50", domain=make_domain("brand", position=2))

    one, other = ranges(client.get("/areas/990000/"))

    assert one != other


def test_a_target_without_any_figure_says_since_when_and_who_owes_it(client):
    target = make_target(document=make_document(start_year=2013))
    judge(target, "no_data", as_of=2020)
    name_department(target, make_department(name_en="Agriculture"))

    response = client.get("/areas/990000/")

    assert [line.target.code for line in response.context["shown"].domains[0].missing] == [
        "plan-2011-001"
    ]
    assert "Pass rate of at least 98% no figure since 2013 · Agriculture" in text_of(response)


def test_a_long_domain_shows_a_few_targets_and_leads_to_all(client):
    for number in range(1, PANELS_A_DOMAIN + 3):
        drawn(number, "97.10")
    for number in range(20, 20 + LINES_A_DOMAIN + 2):
        judge(make_target(f"plan-990000-{number:03d}", make_document("plan-990000")), "no_data")

    response = client.get("/areas/990000/")

    [part] = response.context["shown"].domains
    assert (len(part.panels), part.with_figures) == (PANELS_A_DOMAIN, PANELS_A_DOMAIN + 2)
    assert (len(part.missing), part.without_figures) == (LINES_A_DOMAIN, LINES_A_DOMAIN + 2)
    assert f"Show all {part.tally.total} targets of Products" in text_of(response)
    address = "/?goal=2020&as_of=2020&area=990000&domain=product"
    assert f'href="{address.replace("&", "&amp;")}#targets"' in response.content.decode()
    assert client.get(address).context["listed"].page.paginator.count == part.tally.total


def test_where_many_domains_have_figures_each_shows_fewer_targets(client):
    for number in range(18):
        code = f"domain-{number % 6}"
        drawn(number + 1, "97.10", domain=make_domain(code, name_zh=code, position=number % 6))

    domains = shown_at(client, "/areas/990000/").domains

    # At most 20 on the page: 20 // 6 for each.
    assert [len(part.panels) for part in domains] == [3] * 6
    drawn(19, "97.10", domain=make_domain("domain-6", name_zh="domain-6", position=6))
    domains = shown_at(client, "/areas/990000/").domains
    assert [len(part.panels) for part in domains] == [2] * 6 + [1]


# Departments.


def test_departments_with_most_red_targets_come_first(client):
    one, other = make_department(name_zh="省质监局"), make_department(name_zh="省农业厅")
    for number, department in enumerate([other, one, one], start=1):
        name_department(judged(number).target, department)
    name_department(judged(4, "missed").target, other)
    judged(5)
    name_department(in_words(6, "judged_not").target, one)

    response = client.get("/areas/990000/")

    shown = response.context["shown"]
    assert [
        (each.department, each.tally.lights, each.without_figure, each.tally.in_words.total)
        for each in shown.departments
    ] == [
        (other, [LightCount("red", 1), LightCount("grey", 1)], 2, 0),
        (one, [LightCount("grey", 2)], 2, 1),
    ]
    assert [line.target.code for line in shown.departments[0].worst] == ["plan-990000-004"]
    assert shown.without_lead == 1


def test_who_is_responsible_answers_where_the_document_names_no_lead(client):
    lead, responsible = make_department(name_zh="省质监局"), make_department(name_zh="省农业厅")
    both = judged(1).target
    name_department(both, responsible, "responsible")
    name_department(both, lead)
    name_department(judged(2).target, responsible, "responsible")

    shown = shown_at(client, "/areas/990000/")

    assert {each.department: len(each.lines) for each in shown.departments} == {
        lead: 1, responsible: 1,
    }  # fmt: skip


def test_an_area_whose_documents_name_no_department_says_so(client):
    judged(1)

    response = client.get("/areas/990000/")

    assert response.context["shown"].departments == []
    assert "For 1 target the document names no department." in text_of(response)


def test_what_a_department_leads_is_shown_by_itself(client):
    one, other = make_department(name_zh="省质监局"), make_department(name_zh="省农业厅")
    for target in (judged(1).target, judged(2, target_year=2015).target, in_words(3).target):
        name_department(target, one)
    name_department(judged(4).target, other)

    response = client.get("/areas/990000/", {"goal": 2020, "department": one.code})

    led = response.context["led"]
    assert [line.target.code[-3:] for line in led.lines] == ["001"]
    assert [each.code[-3:] for each in led.said] == ["003"]
    assert f"What {one.name_en} leads" in text_of(response)
    assert "plan-990000-004" not in response.content.decode()


def test_unknown_department_gives_a_message(client):
    judged(1)

    response = client.get("/areas/990000/?department=nobody")

    assert response.context["led"] is None
    assert "“nobody” is not a choice for Department; it was ignored." in text_of(response)


@pytest.mark.parametrize("query", ["goal=abc", "goal=2033", "goal=-1"])
def test_unknown_goal_year_gives_a_message(client, query):
    judged(1)

    response = client.get(f"/areas/990000/?{query}")

    assert response.context["shown"].goal.year == 2020
    assert "it was ignored" in text_of(response)


# Areas below.


def test_areas_below_are_counted_with_all_below_them(client):
    province = make_area()
    city = make_area("990100", level="prefecture", parent=province, name_en="City")
    county = make_area("990101", level="county", parent=city, name_en="County")
    judged(1, area=province)
    judged(2, "missed", area=city)
    judged(3, "missed", area=county)

    response = client.get("/areas/990000/")

    shown = response.context["shown"]
    assert [(each.area, each.tally.lights) for each in shown.areas_below] == [
        (city, [LightCount("red", 2)])
    ]
    assert (shown.tally.total, shown.has_more_below) == (1, False)
    assert 'href="/areas/990100/?goal=2020&amp;as_of=2020"' in response.content.decode()
    assert "own=1" in shown.list_address


# Cost.


@pytest.mark.parametrize("targets", [1, 3])
def test_query_count_does_not_grow(client, django_assert_num_queries, targets):
    city = make_area("990100", level="prefecture", parent=make_area())
    for number in range(targets):
        name_department(judged(number + 1).target, make_department(name_zh=f"厅{number}"))
        judged(number + 1, area=city)
        in_words(number + 50)

    with django_assert_num_queries(7):
        client.get("/areas/990000/")
