"""The partials that take a piece's values, each by what a reader finds in it."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from reports.queries.rows import LightCount
from targets_site.pieces import Choice, LinkedCount, Provenance, ShownFigure, Tile, YearLight


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def html(partial, **values):
    return " ".join(render_to_string(f"targets_site/{partial}.html", values).split())


def text(partial, **values):
    return " ".join(re.sub(r"<[^>]+>", " ", html(partial, **values)).split())


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        pytest.param(ShownFigure(), "—", id="nothing"),
        pytest.param(ShownFigure(why_missing="not asked"), "— not asked", id="missing"),
        pytest.param(ShownFigure(value="0", unit="%", year=2015), "0 % in 2015", id="zero"),
        pytest.param(
            ShownFigure(value="63.10", sign="≥", unit="%", year=2014, grade="press", note="short"),
            "≥ 63.10 % in 2014 · Press short", id="all",
        ),
        pytest.param(ShownFigure(value="102.35", unit="index"), "102.35", id="index"),
    ],
)  # fmt: skip
def test_figure(figure, expected):
    assert text("_figure", figure=figure) == expected


def test_figure_leads_on_only_where_it_has_an_address():
    assert "<a" not in html("_figure", figure=ShownFigure(value="1"))
    assert '<a href="/x/">' in html("_figure", figure=ShownFigure(value="1", address="/x/"))


def test_tile_opens_what_it_counts():
    tile = Tile(
        count=3, label="missed", address="?light=red", light="red", note="since 2015",
        lights=(LightCount("red", 3),), is_main=True,
    )  # fmt: skip

    shown = html("_tile", tile=tile)

    assert shown.startswith('<div class="tile tile--main tile--red"> <a class="tile__open"')
    assert re.findall('href="([^"]+)"', shown) == ["?light=red"]
    assert text("_tile", tile=tile) == "■ 3 missed (Red) ■ Red 3 since 2015"


def test_lights_of_a_tile_open_their_own():
    lights = (LinkedCount("red", 2, "?light=red"), LinkedCount("grey", 1, "?light=grey"))

    shown = html("_tile", tile=Tile(count=3, label="all", address="?", part="side", lights=lights))

    assert shown.startswith('<div class="tile tile--side">')
    assert re.findall('href="([^"]+)"', shown) == ["?", "?light=red", "?light=grey"]
    assert "aria-current" not in shown


def test_tile_that_is_shown_is_marked():
    shown = html("_tile", tile=Tile(count=3, label="weaker", address="?", is_current=True))

    assert '<a class="tile__open" href="?" aria-current="true">' in shown


def test_switch_marks_what_is_shown_and_says_what_is_chosen():
    choices = [Choice("2014", "?as_of=2014"), Choice("2015", "?as_of=2015", is_current=True)]

    assert text("_switch", choices=choices, label="As of", is_quiet=True) == "As of 2014 2015"
    loud = html("_switch", choices=choices, label="Goal year")
    assert '<nav class="goal-switch no-print" aria-label="Goal year">' in loud
    assert loud.count("aria-current") == 1
    assert '<a href="?as_of=2015" aria-current="true">2015</a>' in loud


@pytest.mark.parametrize("tag", ["p", "h2"])
def test_what_is_missing_may_head_a_part_of_the_page(tag):
    shown = html("_empty", what="No figure", is_heading=tag == "h2")

    assert f'<{tag} class="empty__what">No figure</{tag}>' in shown


def test_provenance_of_what_people_judge_has_no_figure():
    line = Provenance(document="Outline", stated="clearly better", is_judged=True)

    assert text("_provenance", provenance=line) == (
        "Outline clearly better → Judged by people"
        " Document Outline Stated phrase clearly better Reading Judged by people"
    )


def test_tile_of_nothing_opens_nothing():
    shown = html("_tile", tile=Tile(count=0, label="missed"))

    assert "<a" not in shown
    assert shown.startswith('<div class="tile"> <span class="tile__open">')


def test_lights_by_year_mark_the_year_that_is_shown():
    years = [
        YearLight(year=2014, light="green", word="Kept", address="?as_of=2014"),
        YearLight(year=2015, light="red", word="Missed", shown="3/12", is_current=True),
    ]

    shown = html("_year_lights", years=years, label="As of")

    assert text("_year_lights", years=years, label="As of") == (
        "As of 2014 ● Green Kept 2015 ■ Red 3/12 Missed"
    )
    assert shown.count("aria-current") == 1
    assert '<span class="year-light" title="Missed" aria-current="true">' in shown
    assert '<a class="year-light" href="?as_of=2014" title="Kept">' in shown


def test_provenance_without_reading_and_figure_says_so():
    line = Provenance(document="Outline", stated="at least 40 %")

    assert text("_provenance", provenance=line) == (
        "Outline at least 40 % → measured by no series yet → no figure"
        " Document Outline Stated phrase at least 40 %"
        " Reading measured by no series yet Figure — no figure"
    )


def test_provenance_leads_from_the_phrase_to_the_source():
    line = Provenance(
        document="Outline", document_address="/documents/x/", number="No. 82", locator="II / 1",
        stated="at least 40 %", reading="Rate", reading_address="/indicators/rate/",
        reading_note="Same words.", figure="41.20 %", year=2014, source="Bulletin",
        source_url="https://example.org/", grade="official",
    )  # fmt: skip

    assert text("_provenance", provenance=line) == (
        "Outline · No. 82 · II / 1 at least 40 % → Rate → in 2014 41.20 % Original"
        " Document Outline · No. 82 Place in the document II / 1 Stated phrase at least 40 %"
        " Reading Rate Same words. Figure 41.20 % in 2014 Source Bulletin Original"
    )
    assert re.findall('href="([^"]+)"', html("_provenance", provenance=line)) == [
        "/documents/x/", "/indicators/rate/", "https://example.org/",
    ]  # fmt: skip


def test_chart_frame_holds_the_finding_and_the_table():
    shown = html(
        "_chart_frame", chart_id="c", finding="It fell", subtitle="Rate, %", source="",
        drawing_template="targets_site/_messages.html", messages=[], folds=True, kind="ranked",
        table_template="targets_site/_light_counts.html", lights=[LightCount("red", 3)],
    )  # fmt: skip

    assert '<figure class="chart chart--ranked card" aria-labelledby="c-finding">' in shown
    assert re.sub(r"<[^>]+>", " ", shown).split() == (
        "It fell Rate, % The same figures as a table ■ Red 3".split()
    )
