"""The verdict in one Chinese sentence to be read aloud, for every status; and who leads."""

from decimal import Decimal

import pytest
from django.utils import translation

from indicators.enums import Status
from reports.sentences import (
    Level,
    Owner,
    RestatedFacts,
    VerdictFacts,
    held_years_sentence,
    restated_sentence,
    spoken_sentence,
    verdict_sentence,
)

AT_LEAST = Level("reach", "ge", Decimal(85), "85", unit="%")
AT_MOST = Level("reach", "le", Decimal(2), "2", unit="%")
ABOUT = Level("reach", "about", Decimal(82), "82", unit="%")
HOLD = Level("hold", "ge", Decimal(98), "98", unit="%")
FALLING = Level("monotone", "le", None, "")
IN_WORDS = Level("text", "", None, "")


def facts(status, level=AT_LEAST, gap=None, **fields):
    base = {"as_of": 2015, "unit": "%", "target_year": 2015, "start_year": 2011}
    exact = None if gap is None else Decimal(gap)
    return VerdictFacts(status=status, level=level, gap=exact, **{**base, **fields})


def due(status, actual, gap, level=AT_LEAST, **fields):
    return facts(status, level, gap, actual_year=2015, actual=actual, **fields)


def rated(status, actual="82.4%", gap="2.6", **fields):
    base = {
        "as_of": 2013, "actual_year": 2013, "actual": actual, "baseline_year": 2010,
        "baseline": "80%", "expected": "83%", "ratio": Decimal("0.8"),
    }  # fmt: skip
    return facts(status, gap=gap, **{**base, **fields})


def held(status, actual="98.6%", gap="-0.6", *, last=2019, **fields):
    base = {
        "as_of": last, "target_year": 2020, "actual_year": last, "actual": actual,
        "hold_first": 2017, "hold_years": tuple(range(2017, last + 1)),
    }  # fmt: skip
    return facts(status, HOLD, gap, **{**base, **fields})


SAID = [
    (
        due("achieved", "94.2%", "-9.2"),
        "2015年目标为85%以上，当年达到94.2%，高于目标9.2个百分点，已完成。",
    ),
    (
        due("achieved", "1.5%", "-0.5", AT_MOST),
        "2015年目标为2%以下，当年达到1.5%，低于目标0.5个百分点，已完成。",
    ),
    (
        due("achieved", "81.6%", "-0.1", ABOUT),
        "2015年目标为82%左右，当年达到81.6%，已完成。",
    ),
    (
        due("achieved", "94.2%", "-9.2", is_bounded=True),
        "2015年目标为85%以上，当年达到94.2%，已完成。",
    ),
    (
        due("missed", "80%", "5"),
        "2015年目标为85%以上，当年为80%，低于目标5个百分点，未完成。",
    ),
    (
        due("missed", "70%", "11.5", ABOUT),
        "2015年目标为82%左右，当年为70%，差11.5个百分点，未完成。",
    ),
    (
        due("missed", "85%", "0", Level("reach", "gt", Decimal(85), "85", unit="%")),
        "2015年目标为超过85%，当年为85%，恰为应当越过的界限，未完成。",
    ),
    (
        held("missed", "97.5%", "0.5", last=2020, breached_years=(2020,)),
        "到2020年目标为保持98%以上，2020年为97.5%，低于目标0.5个百分点，未完成；4年中3年达到，2020年未达到。",
    ),
    (
        held("kept", last=2020),
        "到2020年目标为保持98%以上，自2017年起4年全部达到，2020年为98.6%，高于目标0.6个百分点，保持达到目标。",
    ),
    (
        held("kept_gaps", last=2020, missing_years=(2018,)),
        "到2020年目标为保持98%以上，2020年达到98.6%，高于目标0.6个百分点；4年中3年达到，2018年缺数。",
    ),
    (
        rated("met_early", "86%", "-1"),
        "2015年目标为85%以上，2013年已达到86%，高于目标1个百分点，提前完成。",
    ),
    (
        rated("slipping", "85.2%", "-0.2", drop=Decimal("0.7")),
        "2015年目标为85%以上，2013年为85.2%，高于目标0.2个百分点，但比上次回落0.7个百分点，再落一次即跌破目标。",
    ),
    (
        held("holding"),
        "到2020年目标为保持98%以上，自2017年起3年全部达到，2019年为98.6%，高于目标0.6个百分点，保持达到目标。",
    ),
    (
        held("holding_gaps", missing_years=(2018,)),
        "到2020年目标为保持98%以上，3年中有数据的2年均达到，最近2019年为98.6%，高于目标0.6个百分点；2018年缺数。",
    ),
    (
        held("thin_margin", "98.2%", "-0.2"),
        "到2020年目标为保持98%以上，2019年为98.2%，已达到，但余量仅0.2个百分点。",
    ),
    (
        held("breached", "97.5%", "0.5", breached_years=(2017, 2019)),
        "到2020年目标为保持98%以上，2019年为97.5%，低于目标0.5个百分点；3年中1年达到，2017、2019年未达到。",
    ),
    (
        held("recovered", last=2020, breached_years=(2018,)),
        "到2020年目标为保持98%以上，2018年未达到，2020年为98.6%，高于目标0.6个百分点，恢复达到目标。",
    ),
    (
        rated("on_track"),
        "2015年目标为85%以上，2013年为82.4%，低于目标2.6个百分点；自2010年80%起序时应达83%，完成应有进度的80%，达到预期进度。",
    ),
    (
        rated("behind"),
        "2015年目标为85%以上，2013年为82.4%，低于目标2.6个百分点；自2010年80%起序时应达83%，完成应有进度的80%，进度滞后。",
    ),
    (
        rated("far_behind"),
        "2015年目标为85%以上，2013年为82.4%，低于目标2.6个百分点；自2010年80%起序时应达83%，完成应有进度的80%，严重滞后。",
    ),
    (
        rated("moving_away", "79%", "6"),
        "2015年目标为85%以上，2013年为79%，低于目标6个百分点，也低于基期（2010年80%），较基期下降。",
    ),
    (
        rated("fell_back", baseline="86%"),
        "2015年目标为85%以上，基期（2010年86%）已达到，2013年为82.4%，低于目标2.6个百分点，由达到转为未达到。",
    ),
    (
        rated("near", "84.8%", "0.2"),
        "2015年目标为85%以上，2013年为84.8%，仅低于目标0.2个百分点，接近目标。",
    ),
    (
        rated("short", "84.6%", "0.4"),
        "2015年目标为85%以上，2013年为84.6%，低于目标0.4个百分点，仍有差距。",
    ),
    (
        facts("no_data"),
        "2015年目标为85%以上，截至2015年，2011年以来没有公布数据。",
    ),
    (
        facts("not_collected"),
        "2015年目标为85%以上，当年没有数据。",
    ),
    (
        facts("not_collected", side_year=2014, side="86%", side_word="met"),
        "2015年（目标为85%以上）没有数据；最接近的公布数据是2014年86%，按此可达到目标（旁证，不作判定）。",
    ),
    (
        held("not_collected", "", None, last=2020, actual_year=None, missing_years=(2018, 2020)),
        "到2020年目标为保持98%以上，2020年没有数据；4年中已知2年达到。",
    ),
    (
        rated("outdated", as_of=2015, target_year=2020, actual_year=2011),
        "2020年目标为85%以上，最近的数据是2011年82.4%，过旧，不能说明2015年的情况。",
    ),
    (
        rated("no_baseline"),
        "2015年目标为85%以上，2013年为82.4%，低于目标2.6个百分点；缺基期值，无法评定进度。",
    ),
    (
        facts("too_early", baseline_year=2011, baseline="80%", actual_year=2011, actual="80%"),
        "2015年目标为85%以上，目前只有基期数据（2011年80%），尚无后续数据。",
    ),
    (
        due("undetermined", "81%", "0.5", ABOUT, is_about_open=True),
        "2015年目标为82%左右，2015年数据81%，“左右”的幅度尚未认定，待认定。",
    ),
    (
        facts("undetermined", target_year=None),
        "文件提出85%以上但未写明年份，待认定。",
    ),
    (
        facts("not_measurable", IN_WORDS),
        "定性目标，待人工评价。",
    ),
    (
        facts("judged_done", IN_WORDS),
        "定性目标，人工评价：完成。",
    ),
    (
        facts("judged_partly", IN_WORDS),
        "定性目标，人工评价：部分完成。",
    ),
    (
        facts("judged_not", IN_WORDS),
        "定性目标，人工评价：未完成。",
    ),
    (
        facts("not_due", HOLD, hold_first=2017),
        "目标为自2017年起保持98%以上，2015年尚未到期。",
    ),
    (
        due("kept", "97.5%", None, FALLING),
        "到2015年目标为逐年下降，历次数据均做到，保持达到目标。",
    ),
    (
        due("breached", "97.5%", None, FALLING),
        "到2015年目标为逐年下降，最近的数据2015年97.5%与此相反。",
    ),
]


@pytest.mark.parametrize(("given", "expected"), SAID)
def test_every_status_is_said_in_one_sentence(given, expected):
    with translation.override("zh-hans"):
        assert verdict_sentence(given) == expected


def test_no_status_is_left_out():
    assert {given.status for given, _expected in SAID} == set(Status.values)


ACHIEVED = due("achieved", "94.2%", "-9.2")


def spoken(language, *, measure, **owner):
    with translation.override(language):
        return spoken_sentence(verdict_sentence(ACHIEVED), measure=measure, owner=Owner(**owner))


def test_the_department_that_the_document_names_as_leading_ends_the_sentence():
    assert spoken(
        "zh-hans", measure="河流水质比例", leads=["省生态环境厅"], reports=["省水务厅"]
    ) == (
        "河流水质比例，2015年目标为85%以上，当年达到94.2%，高于目标9.2个百分点，已完成，"
        "由省生态环境厅牵头。"
    )
    assert spoken("en", measure="Share of rivers", leads=["Ecology Department"]) == (
        "Share of rivers: The target for 2015 is 85% or more; the figure of that year is 94.2%, "
        "9.2 percentage points above the target: achieved; led by Ecology Department."
    )


def test_a_department_that_only_reports_is_said_as_such():
    assert spoken("zh-hans", measure="", reports=["省水务厅"]) == (
        "2015年目标为85%以上，当年达到94.2%，高于目标9.2个百分点，已完成；数据由省水务厅负责报送。"
    )


def test_nobody_is_named_where_nobody_is_known():
    assert spoken("zh-hans", measure="") == (
        "2015年目标为85%以上，当年达到94.2%，高于目标9.2个百分点，已完成。"
    )


def test_many_departments_are_counted():
    assert spoken("zh-hans", measure="", leads=["甲厅", "乙厅", "丙厅", "丁厅", "戊厅"]).endswith(
        "由甲厅、乙厅、丙厅等，另有2个部门牵头。"
    )


def test_the_years_of_a_level_to_be_held_are_told_apart():
    facts_held = held("recovered", last=2020, breached_years=(2018,), missing_years=(2019,))

    with translation.override("zh-hans"):
        chinese = held_years_sentence(facts_held)
    with translation.override("en"):
        english = held_years_sentence(facts_held)

    assert chinese == "2017–2020年应保持：2017、2020年达到；2018年未达到；2019年缺数。"
    assert english == (
        "To be held in 2017–2020: met in 2017, 2020; not met in 2018; no figure for 2019."
    )


def test_nothing_is_said_of_years_that_need_not_be_held():
    assert held_years_sentence(ACHIEVED) == ""


@pytest.mark.parametrize(
    ("relation", "later_level", "expected"),
    [
        ("stronger", "98%以上", "《甲》原定2020年95%以上，《乙》调整为2020年98%以上，要求提高。"),
        ("weaker", "90%以上", "《甲》原定2020年95%以上，《乙》调整为2020年90%以上，要求降低。"),
        ("same", "95%以上", "《甲》提出2020年95%以上，《乙》提出2020年95%以上，要求不变。"),
        (
            "mixed",
            "98%以上",
            "《甲》原定2020年95%以上，《乙》调整为2020年98%以上，有提高也有降低。",
        ),
        (
            "redefined",
            "98%以上",
            "《甲》原定2020年95%以上，《乙》重新定义为2020年98%以上；两者指标或口径不同，"
            "目标值不能直接比较。",
        ),
    ],
)
def test_what_became_of_a_target_is_said_with_both_levels(relation, later_level, expected):
    with translation.override("zh-hans"):
        sentence = restated_sentence(
            RestatedFacts("甲", "95%以上", 2020, "乙", later_level, 2020, relation)
        )

    assert sentence == expected
