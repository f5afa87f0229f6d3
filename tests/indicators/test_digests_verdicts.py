"""The mail about verdicts that got worse: what it says, one a day, through a real mail server."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection

from indicators.actions.notices import Run, give_notices, send_digests, verdicts
from indicators.models import Notice
from indicators.queries import digests
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_figure,
    make_official,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_target,
    make_verdict,
    name_department,
)
from tests.indicators.mail_server import mail_server
from tests.indicators.notices_world import DAY, HOUR, NOW, go_on, make_worse
from tests.indicators.rounds_world import make_owed_series


@pytest.fixture(autouse=True)
def _e_mail_exists(settings):
    settings.EMAIL_HOST = "mail.test"
    settings.SITE_URL = ""


def with_address(user):
    user.email = f"{user.username}@test.cn"
    user.save()
    return user


@pytest.fixture
def reviewer(db):
    return with_address(make_reviewer())


def tell(moment=NOW):
    give_notices(moment)
    return send_digests(moment)


def lines_of(message):
    return [line for line in message.body.splitlines() if line.strip()]


def make_behind():
    """At least 98 % by 2020, seen from 2018: 97.3 % after 97.0 % in 2015."""
    target, series = make_target(), make_series()
    reading = make_reading(target, series)
    for year, value in ((2015, "97"), (2018, "97.3")):
        make_figure(series, year, value)
    make_verdict(target, 2018, "on_track", reading=reading, recorded_at=NOW - 30 * DAY)
    go_on(
        target, "behind", at=NOW - 2 * DAY, as_of=2018, reading=reading, actual_year=2018,
        actual_value="97.3", gap="0.7", required_pace="0.35", last_pace="0.1",
    )  # fmt: skip
    times = {"opens_at": NOW - DAY, "due_at": NOW + DAY, "closes_at": NOW + 2 * DAY}
    make_round(target.area, 2019, name="2019年度数据", **times)
    return target


SAID = [
    "进度判定变差：抽检合格率达到98%以上",
    "某省990000 · plan-2011-001",
    "● 达到预期进度（绿） → ▲ 进度滞后（黄），截至2018年",
    "- 2018年：97.3 %",
    "- 目标：≥ 98 %（2020年）",
    "- 低于目标0.7个百分点",
    "- 新增2018年数据。",
    "- 今后每年需提高0.35个百分点；最近3年平均每年提高0.10个百分点。",
]
END = "本邮件由系统自动发送，请勿回复。"


def test_a_mail_says_what_got_worse_and_what_is_needed(reviewer):
    make_behind()

    assert tell() == Run(sent=1)
    [message] = mail.outbox
    assert (message.to, message.subject) == ([reviewer.email], SAID[0])
    assert lines_of(message) == [
        "reviewer：", *SAID, "全部提醒见系统“提醒”页面。", END,
    ]  # fmt: skip


def test_a_mail_leads_to_the_site_where_its_address_is_known(reviewer, settings):
    settings.SITE_URL = "https://targets.example.gov.cn"
    make_behind()

    tell()

    assert lines_of(mail.outbox[0])[-3:] == [
        "https://targets.example.gov.cn/targets/plan-2011-001/?as_of=2018",
        "查看全部提醒：https://targets.example.gov.cn/notices/",
        END,
    ]


def test_rounds_and_verdicts_come_in_one_mail(db):
    department = make_department()
    official = with_address(make_official(department=department))
    series = make_owed_series(department)
    target = make_behind()
    name_department(target, department)

    assert tell() == Run(sent=1)
    [message] = mail.outbox
    assert message.to == [official.email]
    assert message.subject == "提醒2条：临近报送截止时间：2019年度数据等"
    assert lines_of(message) == [
        "official：",
        "某省990000填报任务“2019年度数据”要求省农业厅报送以下事项，目前尚未完成。",
        "报送截止时间：2026-03-21 08:00（北京时间）。",
        f"- 2019 {series.indicator.name}: 未填报",
        "请登录系统，在“填报”页查看并报送未完成的事项。",
        *SAID,
        "全部提醒见系统“提醒”页面。",
        END,
    ]


def test_reviewers_are_mailed_who_has_not_reported(reviewer, settings):
    settings.SITE_URL = "https://targets.example.gov.cn"
    department = make_department()
    make_owed_series(department)
    make_owed_series(department)
    one = make_round(
        department.area, 2020, name="2020年度数据",
        opens_at=NOW - 9 * DAY, due_at=NOW, closes_at=NOW + 9 * DAY,
    )  # fmt: skip

    tell()

    [message] = mail.outbox
    assert message.subject == "本地区逾期未报：2020年度数据"
    assert lines_of(message) == [
        "reviewer：",
        "某省990000填报任务“2020年度数据”报送截止时间 2026-03-20 08:00 已过，尚有以下事项未报送。",
        "- 省农业厅：2项",
        "查看催报名单：https://targets.example.gov.cn/review/completeness/owed/"
        f"?area=990000&round={one.pk}",
        "查看全部提醒：https://targets.example.gov.cn/notices/",
        END,
    ]


def test_a_long_list_of_verdicts_is_cut_and_says_so(reviewer, monkeypatch):
    monkeypatch.setattr(digests, "LISTED", 1)
    for each in range(3):
        make_worse(f"plan-2011-00{each}")

    tell()

    [message] = mail.outbox
    assert message.subject == "提醒3条：进度判定变差：抽检合格率达到98%以上等"
    assert message.body.count("plan-2011-") == 1
    assert "另有 2 项进度判定变差，未列出。" in message.body
    assert Notice.objects.filter(mailed_at=None).count() == 0


def test_one_mail_a_day_and_the_rest_the_next_morning(reviewer):
    make_worse("plan-2011-001")
    make_worse("plan-2011-002", since=NOW - 20 * HOUR)

    runs = [tell(NOW), tell(NOW + 6 * HOUR), tell(NOW + DAY), tell(NOW + 2 * DAY)]

    assert runs == [Run(sent=1), Run(), Run(sent=1), Run()]
    assert ["plan-2011-001" in each.body for each in mail.outbox] == [True, False]


@pytest.mark.parametrize(
    "change", [{"read_at": NOW}, {"withdrawn_at": NOW}, {"made_at": NOW - 31 * DAY}]
)
def test_what_was_read_or_withdrawn_or_is_old_is_not_mailed(reviewer, change):
    make_worse()
    give_notices(NOW)
    Notice.objects.update(**change)

    assert send_digests(NOW) == Run()


@pytest.mark.parametrize("why", ["no-address", "no-post", "disabled"])
def test_who_cannot_be_mailed_is_not(reviewer, why):
    make_worse()
    give_notices(NOW)
    if why == "no-address":
        reviewer.email = ""
    if why == "disabled":
        reviewer.is_active = False
    reviewer.save()
    if why == "no-post":
        reviewer.posts.update(to_date=NOW.date() - 400 * DAY)

    assert send_digests(NOW) == Run()
    assert Notice.objects.get().mailed_at is None


def test_what_was_not_owed_any_more_when_the_mail_went_is_not_in_it(db):
    department = make_department()
    official = with_address(make_official(department=department))
    series = make_owed_series(department)
    make_round(department.area, 2020, opens_at=NOW - DAY, due_at=NOW + 9 * DAY)
    give_notices(NOW)
    make_figure(series, 2020, "99")

    assert send_digests(NOW) == Run()
    assert Notice.objects.get().person == official


def test_through_a_real_mail_server(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    people = [with_address(make_reviewer(name)) for name in ("first", "second", "third")]
    make_behind()
    with mail_server(refused=[people[1].email]) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        first = tell(NOW)
        server.refused = ()
        second = tell(NOW + HOUR)
    third = tell(NOW + 2 * HOUR)

    assert (first, second, third) == (Run(sent=2, failed=1), Run(sent=1), Run())
    assert [message["To"] for message in server.messages] == [
        people[0].email, people[2].email, people[1].email,
    ]  # fmt: skip
    # Headers that are long come folded, with a space before.
    assert {message["Subject"].strip() for message in server.messages} == {SAID[0]}
    assert SAID[2] in server.messages[0].get_content()


def test_a_mail_server_that_is_away_costs_a_day(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with_address(make_reviewer())
    make_worse()
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    away = tell(NOW)
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        there = tell(NOW + DAY)

    assert (away, there) == (Run(broke_off=True), Run(sent=1))
    assert len(server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_give_and_mail_each_once():
    people = [with_address(make_reviewer(f"reviewer{number}")) for number in range(4)]
    for each in range(3):
        make_worse(f"plan-2011-00{each}")

    def run(_number):
        try:
            give_notices(NOW)
            return send_digests(NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(run, range(3)))

    assert Notice.objects.count() == 12
    entries = Entry.objects.filter(action="give_notices").values_list("after", flat=True)
    assert sum(after["notices"] for after in entries) == 12
    assert sum(each.sent for each in runs) == 4
    assert sorted(message.to[0] for message in mail.outbox) == [each.email for each in people]
    assert [message.body.count("plan-2011-") for message in mail.outbox] == [3, 3, 3, 3]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_withdraw_once_and_the_trail_says_so(monkeypatch):
    make_reviewer()
    target = make_worse()
    give_notices(NOW)
    go_on(target, "on_track", at=NOW + HOUR)
    both_know = Barrier(2)
    withdraw = verdicts.withdraw

    def withdraw_together(ids, *, moment):
        both_know.wait(20)
        withdraw(ids, moment=moment)

    monkeypatch.setattr(verdicts, "withdraw", withdraw_together)

    def run(_number):
        try:
            return give_notices(NOW + 2 * HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))

    entries = Entry.objects.filter(action="withdraw_notices")
    assert [entry.after for entry in entries] == [{"notices": 1}]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_give_once_and_the_trail_says_so(monkeypatch):
    make_reviewer()
    make_worse()
    both_know = Barrier(2)
    give = verdicts.give

    def give_together(notices):
        both_know.wait(20)
        return give(notices)

    monkeypatch.setattr(verdicts, "give", give_together)

    def run(_number):
        try:
            return give_notices(NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        given = list(pool.map(run, range(2)))

    assert sorted(given) == [0, 1]
    assert [entry.after["notices"] for entry in Entry.objects.filter(action="give_notices")] == [1]


@pytest.mark.parametrize("number", [1, 3])
def test_a_run_costs_the_same_for_one_and_three_verdicts(
    reviewer, number, django_assert_num_queries
):
    for each in range(number):
        make_worse(f"plan-2011-00{each}")
    give_notices(NOW)

    with django_assert_num_queries(8):
        send_digests(NOW)
