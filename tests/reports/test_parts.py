"""What the pieces of the pages are given."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.html import escape
from django.utils.translation import override

from reports.enums import Coverage
from reports.queries.rows import LightCount
from reports.queries.tallies import CoverageCount, coverage_segments
from reports.templatetags.parts import as_of_switch, coverage_tiles, goal_switch, whole_years
from targets_site.pieces import Choice, LinkedCount

PARTS = [
    CoverageCount(Coverage.DECIDED, 3, [LightCount("red", 1), LightCount("green", 2)]),
    CoverageCount(Coverage.SIDE, 4, [LightCount("grey", 4)]),
    CoverageCount(Coverage.NOT_COLLECTED, 0, []),
    CoverageCount(Coverage.IN_WORDS, 5, []),
]


# A goal year that has passed, as the words of the parts ask for it.
OVER = SimpleNamespace(goal_year=2020, as_of=2020, is_over=True)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def test_each_part_of_the_roll_up_opens_its_targets_and_each_light_its_own():
    decided, side, none, said = coverage_tiles(PARTS, "?goal=2020", OVER)

    assert (decided.count, decided.is_main, decided.part) == (3, True, "decided")
    assert decided.address == "?goal=2020&coverage=decided#targets"
    assert decided.lights == [
        LinkedCount("red", 1, "?goal=2020&coverage=decided&light=red#targets"),
        LinkedCount("green", 2, "?goal=2020&coverage=decided&light=green#targets"),
    ]
    assert [side.is_main, none.address, none.note] == [False, "", ""]
    assert (said.count, said.note) == (5, "none assessed by people yet")


def test_the_bar_is_made_of_the_lights_of_what_is_decided_and_of_the_other_parts():
    assert coverage_segments(PARTS, total=9) == [
        ("red", 1), ("green", 2), ("side", 4), ("not_computed", 2),
    ]  # fmt: skip
    assert coverage_segments([], total=0) == []


def test_goal_years_say_what_they_hold():
    assert goal_switch({2015: 3, 2030: 0, 0: 1}, 2015, "&area=460000") == {
        "label": "Goal year",
        "choices": [
            Choice("Goal 2015", "?goal=2015&area=460000", True),
            Choice("Goal 2030, in words", "?goal=2030&area=460000"),
            Choice("Without a year", "?goal=0&area=460000"),
        ],
    }


@pytest.mark.parametrize(("years", "offered"), [([2015], 0), ([2014, 2015], 2)])
def test_one_year_is_no_choice(years, offered):
    assert len(as_of_switch(years, 2015, 2015)["choices"]) == offered


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("到2020年的目标", '到<span class="nowrap">2020年</span>的目标'),
        ("<b> for 2020", escape("<b> for 2020")),
        ("12345年 2020 年", '1<span class="nowrap">2345年</span> 2020 年'),
    ],
)
def test_a_year_stays_whole(words, shown):
    assert whole_years(words) == shown


@pytest.mark.parametrize(
    ("written", "read"),
    [("  One.\n  Two.  ", "One. Two."), ("一。\n 二。\n", "一。二。"), ("{{ x }}", "&lt;b&gt;")],
)
def test_sentences_stand_as_their_language_sets_them(written, read):
    form = "{% load parts %}{% sentences %}" + written + "{% endsentences %}"

    assert Template(form).render(Context({"x": "<b>"})) == read
