"""The page of notices, the number in the header, and marking as read."""

import re

import pytest
from django.utils import timezone

from indicators.actions.notices import give_notices
from indicators.models import Notice
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_figure,
    make_indicator,
    make_official,
    make_post,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_target,
    make_user,
    make_verdict,
)
from tests.indicators.notices_world import DAY, NOW, go_on, make_worse
from tests.indicators.rounds_world import make_owed_series

pytestmark = pytest.mark.django_db
ADDRESS = "/notices/"


@pytest.fixture
def reviewer(client):
    user = make_reviewer()
    client.force_login(user)
    return user


def text_of(response):
    """The page as it is read, without what wraps it."""
    body = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub("<[^>]+>", " ", body.split(">", 1)[1]).split())


@pytest.fixture
def behind(reviewer):
    """At least 98 % by 2020, seen from 2018, whose round has closed and 2019's is running."""
    target, series = make_target(), make_series()
    reading = make_reading(target, series)
    for year, value in ((2015, "97"), (2018, "97.3")):
        make_figure(series, year, value)
    before = make_verdict(
        target, 2018, "on_track", reading=reading, actual_year=2015, actual_value="97",
        recorded_at=NOW - 30 * DAY,
    )  # fmt: skip
    after = go_on(
        target, "behind", at=NOW - 2 * DAY, as_of=2018, reading=reading, actual_year=2018,
        actual_value="97.3", gap="0.7", required_pace="0.35", last_pace="0.1",
    )  # fmt: skip
    make_round(target.area, 2019, opens_at=NOW - DAY, due_at=NOW + DAY, closes_at=NOW + 2 * DAY)
    give_notices(NOW)
    return before, after


def test_a_verdict_that_got_worse_in_chinese(client, behind):
    assert text_of(client.get(ADDRESS)) == (
        "提醒 与您岗位有关的事项：填报任务开始、临近截止、逾期未报，进度判定变差，数据疑问，"
        "以及核验发现的问题。"
        "每件事只提醒一次。 未读 1 条 全部标为已读 "
        "未读 进度判定变差 某省990000 · 2026-03-20 08:00 抽检合格率达到98%以上 "
        "● 达到预期进度 (绿) → 现在 ▲ 进度滞后 (黄) 截至2018年 · plan-2011-001 "
        "2018年：97.3 % 目标：≥ 98 %（2020年） 低于目标0.7个百分点 新增2018年数据。 "
        "今后每年需提高0.35个百分点；最近3年平均每年提高0.10个百分点。 "
        "标为已读 : 抽检合格率达到98%以上"
    )


@pytest.mark.usefixtures("in_english")
def test_a_verdict_that_got_worse_in_english(client, behind):
    assert text_of(client.get(ADDRESS)) == (
        "Notices What concerns your posts: rounds that opened, are due soon or overdue, verdicts "
        "that got worse, questions about figures, and what checks found. Each is told once. "
        "Unread: 1 Mark all as read Unread "
        "Verdict worse 990000 · 2026-03-20 08:00 Pass rate of at least 98% "
        "● On track (Green) → now ▲ Behind (Yellow) as of 2018 · plan-2011-001 "
        "2018: 97.3 % target: ≥ 98 % by 2020 0.7 percentage points short "
        "The figure of 2018 came in. The target needs +0.35 percentage points a year; "
        "the last 3 years gave +0.10 percentage points a year. "
        "Mark as read : Pass rate of at least 98%"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {"method_version": "9"}, "判定方法已更新版本。"),
        ({"actual_year": 2014}, {"actual_year": 2015}, "新增2015年数据。"),
        ({}, {"actual_year": 2015}, "新增2015年数据。"),
        (
            {"actual_year": 2015, "actual_value": "98"},
            {"actual_year": 2015, "actual_value": "97"},
            "2015年数据已更正。",
        ),
        ({}, {"breached_years": "2012;2013"}, "2012、2013年数据有变化。"),
        ({}, {}, "以前年份的数据或阶段目标有变化。"),
        ({"status": "judged_done"}, {"status": "judged_not"}, "人工评价已更新。"),
    ],
)  # fmt: skip
def test_what_changed_is_said(client, reviewer, before, after, said):
    target = make_target()
    one = {"status": "on_track", **before}
    two = {"status": "behind", **after}
    if "actual_year" in two:
        two.setdefault("actual_value", "97")
    make_verdict(target, 2020, recorded_at=NOW - 30 * DAY, **one)
    go_on(target, at=NOW - 2 * DAY, **two)
    give_notices(NOW)

    assert said in text_of(client.get(ADDRESS))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh-hans",
            "进度判定变差 某省990000 · 2026-03-20 08:00 抽检合格率达到98%以上 "
            "◐ 目标年达到（期间缺数） (浅绿) → 现在 ▲ 恢复达到目标 (黄) 截至2020年 · plan-2011-001 "
            "目标：≥ 98 %（2020年） 低于目标值的年份：2012、2018 "
            "新增低于目标值的年份：2018 2018年数据有变化。",
        ),
        (
            "en",
            "Verdict worse 990000 · 2026-03-20 08:00 Pass rate of at least 98% "
            "◐ Met in the target year, years missing (Pale green) → now ▲ Recovered (Yellow) "
            "as of 2020 · plan-2011-001 "
            "target: ≥ 98 % by 2020 Below the level in: 2012, 2018 Below the level, newly in: 2018 "
            "The figure of 2018 was changed.",
        ),
    ],
)
def test_a_further_year_below_the_level_is_said_in_the_words_of_the_verdict(
    client, reviewer, language, said
):
    target = make_target()
    make_verdict(target, 2020, "kept_gaps", recorded_at=NOW - 9 * DAY, breached_years="2012")
    go_on(target, "recovered", at=NOW - 2 * DAY, breached_years="2012;2018")
    give_notices(NOW)
    client.cookies["django_language"] = language

    assert said in text_of(client.get(ADDRESS))


def test_where_less_is_better_the_words_turn_round(client, reviewer):
    target = make_target(comparator="le", value=2)
    steps = {"actual_year": 2020, "actual_value": "2.5", "gap": "0.5", "breached_years": "2020"}
    make_verdict(target, 2020, "holding", recorded_at=NOW - 9 * DAY)
    go_on(target, "breached", at=NOW - 2 * DAY, **steps)
    give_notices(NOW)

    page = text_of(client.get(ADDRESS))

    assert "高于目标0.5个百分点 新增高于目标值的年份：2020" in page


def test_a_notice_leads_to_the_target_as_it_speaks_of_it(client, behind):
    page = client.get(ADDRESS).content.decode()
    target = client.get("/targets/plan-2011-001/?as_of=2018")

    assert '<a href="/targets/plan-2011-001/?as_of=2018">' in page
    assert (target.status_code, "进度滞后" in target.content.decode()) == (200, True)


def test_a_reading_or_target_that_changed_is_said(client, reviewer):
    target, anew = make_target(superseded_at=NOW - 2 * DAY), make_target()
    series = make_series(), make_series(indicator=make_indicator("other"))
    readings = [
        make_reading(target, series[0], superseded_at=NOW), make_reading(anew, series[0]),
    ]  # fmt: skip
    make_verdict(
        target, 2020, "achieved", reading=readings[0], recorded_at=NOW - 30 * DAY,
        superseded_at=NOW - 2 * DAY,
    )  # fmt: skip
    make_verdict(anew, 2020, "missed", reading=readings[1], recorded_at=NOW - 2 * DAY)
    other = make_target("plan-2011-002")
    readings = [
        make_reading(other, series[0], superseded_at=NOW), make_reading(other, series[1]),
    ]  # fmt: skip
    make_verdict(other, 2020, "achieved", reading=readings[0], recorded_at=NOW - 30 * DAY)
    go_on(other, "missed", at=NOW - 2 * DAY, reading=readings[1])
    give_notices(NOW)

    page = text_of(client.get(ADDRESS))

    assert ("目标表述已更正。" in page, "口径认定已更正。" in page) == (True, True)
    assert page.count("新增未达标") == 2


def tell_of_rounds(client, role):
    """One notice of each kind that the role gets, newest first, as the page says them."""
    department = make_department()
    make_owed_series(department)
    user = make_user()
    make_post(user, role, department=department if role == Role.OFFICIAL else None)
    make_round(
        department.area, 2020, name="2020年度数据",
        opens_at=NOW - 20 * DAY, due_at=NOW, closes_at=NOW + 20 * DAY,
    )  # fmt: skip
    for days in (-20, -3, 0):
        give_notices(NOW + days * DAY)
        Notice.objects.filter(read_at=None).update(read_at=NOW)
    client.force_login(user)
    return client.get(ADDRESS)


def test_rounds_for_an_official(client):
    page = tell_of_rounds(client, Role.OFFICIAL)

    assert text_of(page).split("只提醒一次。 ")[1] == (
        "逾期未报 某省990000 · 2026-03-20 08:00 2020年度数据 报送截止时间已过，请尽快补报。 "
        "报送截止时间：2026-03-20 08:00 "
        "临近报送截止时间 某省990000 · 2026-03-17 08:00 2020年度数据 请本部门按时报送数据或材料。 "
        "报送截止时间：2026-03-20 08:00 "
        "填报任务已开始 某省990000 · 2026-02-28 08:00 2020年度数据 请本部门按时报送数据或材料。 "
        "报送截止时间：2026-03-20 08:00"
    )
    assert page.content.decode().count('<a href="/entry/">2020年度数据</a>') == 3


def test_rounds_for_a_reviewer(client):
    page = tell_of_rounds(client, Role.REVIEWER)

    assert text_of(page).split("只提醒一次。 ")[1] == (
        "本地区逾期未报 某省990000 · 2026-03-20 08:00 2020年度数据 本地区有部门逾期未报。 "
        "报送截止时间：2026-03-20 08:00"
    )
    address = f"/review/completeness/owed/?area=990000&round={Notice.objects.get().round_id}"
    assert f'<a href="{address.replace("&", "&amp;")}">2020年度数据</a>' in page.content.decode()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "目前没有给您的提醒。 填报任务开始、临近截止或逾期未报"),
        ("en", "There is no notice for you. Here you are told when a round opens"),
    ],
)
def test_an_empty_page_says_what_would_stand_there(client, reviewer, language, said):
    client.cookies["django_language"] = language

    assert said in text_of(client.get(ADDRESS))


def in_header(client, address="/method/"):
    """What the link of the header says, read aloud."""
    page = client.get(address).content.decode()
    if 'class="notices-link"' not in page:
        return None
    link = page.split('class="notices-link"', 1)[1].split("</a>", 1)[0]
    return " ".join(re.sub("<[^>]+>", "", link.split(">", 1)[1]).split())


def test_the_header_counts_what_is_unread(client, reviewer):
    nothing = in_header(client)
    make_worse("plan-2011-001")
    make_worse("plan-2011-002")
    give_notices(NOW)
    two = in_header(client)
    Notice.objects.filter(target_code="plan-2011-001").update(withdrawn_at=NOW)
    one = in_header(client)
    Notice.objects.update(read_at=NOW)

    assert (nothing, two, one, in_header(client)) == (
        "提醒", "提醒 2 条未读", "提醒 1 条未读", "提醒",
    )  # fmt: skip


def test_somebody_with_several_posts_counts_each_notice_once(client, reviewer):
    make_post(reviewer, Role.OFFICIAL, department=make_department())
    make_worse()
    give_notices(NOW)

    assert in_header(client) == "提醒 1 条未读"


def test_without_login_or_own_password_there_is_no_link(client, settings):
    settings.OPEN_READING = True
    without_login = in_header(client)
    client.force_login(make_user(must_change_password=True))

    assert (without_login, in_header(client, "/accounts/password/")) == (None, None)


def test_the_number_costs_no_query_more(client, reviewer, django_assert_num_queries):
    """The session, the person, and the posts with the number."""
    with django_assert_num_queries(3):
        client.get("/method/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_at_any_length(client, reviewer, number, django_assert_num_queries):
    for each in range(number):
        make_worse(f"plan-2011-00{each}")
    give_notices(NOW)

    with django_assert_num_queries(6):
        client.get(ADDRESS)


def unread():
    return sorted(Notice.objects.unread().values_list("target_code", flat=True))


@pytest.fixture
def three(reviewer):
    for each in range(3):
        make_worse(f"plan-2011-00{each}")
    give_notices(NOW)
    return list(Notice.objects.order_by("target_code"))


def test_one_is_marked_as_read(client, three):
    response = client.post(f"/notices/{three[1].pk}/read/", {"page": "2"})
    again = client.post(f"/notices/{three[1].pk}/read/")

    assert (response.headers["Location"], again.headers["Location"]) == (
        "/notices/?page=2", "/notices/",
    )  # fmt: skip
    assert unread() == ["plan-2011-000", "plan-2011-002"]
    entry = Entry.objects.get(action="read_notices")
    assert (entry.actor, entry.object, entry.after) == (
        "reviewer", "user:reviewer", {"notices": 1},
    )  # fmt: skip


def test_all_are_marked_that_one_has_seen(client, three):
    newest = max(each.pk for each in three)
    make_worse("plan-2011-009", since=NOW)
    give_notices(NOW + DAY)

    page = client.post("/notices/read/", {"up_to": newest}, follow=True)

    assert "已将 3 条提醒标为已读。" in page.content.decode()
    assert unread() == ["plan-2011-009"]


def test_the_page_knows_the_newest_of_all_pages(client, three, monkeypatch):
    monkeypatch.setattr("indicators.queries.notices.NOTICES_A_PAGE", 1)
    newest = max(each.pk for each in three)

    page = client.get(f"{ADDRESS}?page=3").content.decode()

    assert f'name="up_to" value="{newest}"' in page
    assert "第 3 页" in page or "3" in page.split('class="pagination"')[1]


@pytest.mark.parametrize("up_to", ["", "x", "0", "-1", "9" * 30, "9" * 5000])
def test_a_wrong_number_marks_nothing(client, three, up_to):
    assert client.post("/notices/read/", {"up_to": up_to}).status_code == 302
    assert len(unread()) == 3


def test_nobody_reads_or_marks_what_was_told_to_somebody_else(client, three):
    client.force_login(make_official())

    one = client.post(f"/notices/{three[0].pk}/read/")
    every = client.post("/notices/read/", {"up_to": three[2].pk})

    assert (one.status_code, every.status_code) == (404, 302)
    assert len(unread()) == 3
    assert "抽检合格率" not in text_of(client.get(ADDRESS))
    assert Entry.objects.get(action="denied").object == f"notice:{three[0].pk}"


def test_what_was_withdrawn_is_not_there(client, three):
    Notice.objects.filter(pk=three[0].pk).update(withdrawn_at=timezone.now())

    assert "plan-2011-000" not in text_of(client.get(ADDRESS))
    assert client.post(f"/notices/{three[0].pk}/read/").status_code == 404


def test_marking_is_no_link(client, three):
    addresses = ["/notices/read/", f"/notices/{three[0].pk}/read/"]

    assert [client.get(each).status_code for each in addresses] == [405, 405]
    assert client.post(ADDRESS).status_code == 405
