"""One mail of notices a day: to whom, when, once each, and what a mail server can do to it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from indicators import schedule
from indicators.actions.notices import Run, give_notices, mailing, send_digests
from indicators.enums import MaterialKind, State
from indicators.models import MaterialFile, Notice, RoundException, RoundMaterial, ScheduledRun
from indicators.models.attachments import Attachment
from indicators.queries import digests
from indicators.schedule import LEASE, tick
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_job,
    make_official,
    make_reviewer,
    make_round,
    make_signer,
)
from tests.indicators.rounds_world import make_owed_series, make_words, put, shanghai

OPENS = shanghai("2026-03-01T09:00:00")
DUE = shanghai("2026-03-31T18:00:00")
CLOSES = shanghai("2026-04-30T18:00:00")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _e_mail_exists(settings):
    settings.EMAIL_HOST = "mail.test"
    settings.REMIND_DAYS_BEFORE = 3
    settings.SITE_URL = ""


@pytest.fixture
def department(db):
    return make_department()


@pytest.fixture
def series(department):
    return make_owed_series(department)


@pytest.fixture
def one(series):
    """A round of 2020 that a figure is missing for."""
    return ask(series.area)


def ask(area, **fields):
    times = {"opens_at": OPENS, "due_at": DUE, "closes_at": CLOSES}
    return make_round(area, 2020, **{"name": "2020年度数据", **times, **fields})


def with_address(user):
    user.email = f"{user.username}@test.cn"
    user.save()
    return user


@pytest.fixture
def official(department):
    return with_address(make_official("official", department=department))


def tell(moment):
    give_notices(moment)
    return send_digests(moment)


def mailed():
    return Notice.objects.filter(mailed_at__isnull=False)


def sent(moment):
    """Addresses and subjects of what one run sends."""
    before = len(mail.outbox)
    run = tell(moment)
    found = [(message.to[0], message.subject) for message in mail.outbox[before:]]
    assert run == Run(sent=len(found))
    return found


def test_each_is_sent_once_and_in_its_time(one, official):
    to = official.email
    days = [
        OPENS - timedelta(seconds=1), OPENS, OPENS + DAY,
        DUE - 3 * DAY - timedelta(seconds=1), DUE - 3 * DAY, DUE - timedelta(seconds=1),
        DUE, DUE + DAY, CLOSES - timedelta(seconds=1), CLOSES,
    ]  # fmt: skip

    outcome = [sent(moment) for moment in days]

    assert outcome == [
        [], [(to, "填报任务已开始：2020年度数据")], [],
        [], [(to, "临近报送截止时间：2020年度数据")], [],
        [(to, "逾期未报：2020年度数据")], [], [], [],
    ]  # fmt: skip
    assert list(mailed().order_by("pk").values_list("round", "person", "kind")) == [
        (one.pk, official.pk, "round_opened"),
        (one.pk, official.pk, "due_soon"),
        (one.pk, official.pk, "overdue"),
    ]


def test_of_what_was_missed_the_most_urgent_is_sent(one, official):
    assert sent(DUE + DAY) == [(official.email, "逾期未报：2020年度数据")]
    assert Notice.objects.values_list("kind", flat=True).get() == "overdue"


def test_a_mail_names_all_that_is_outstanding(one, official, department, settings):
    settings.SITE_URL = "https://targets.example.gov.cn"
    official.full_name = "王填报"
    official.save()
    make_words(department)
    RoundMaterial.objects.create(round=one, kind=MaterialKind.SUMMARY, due_at=CLOSES)

    sent(DUE)

    [message] = mail.outbox
    assert message.from_email == settings.DEFAULT_FROM_EMAIL
    assert [line for line in message.body.splitlines() if line.strip()] == [
        "王填报：",
        "某省990000填报任务“2020年度数据”要求省农业厅报送以下事项，目前尚未完成。",
        "报送截止时间 2026-03-31 18:00 已过，请尽快补报。",
        "- 2020 抽检合格率: 未填报",
        "- 2020 抽检合格率达到98%以上: 未填报",
        "- 年度总结: 尚未报送, 截止时间 2026-04-30 18:00",
        "请登录系统填报：https://targets.example.gov.cn/entry/",
        "查看全部提醒：https://targets.example.gov.cn/notices/",
        "本邮件由系统自动发送，请勿回复。",
    ]


def test_a_long_list_is_cut_and_says_how_much_more(one, official, department, monkeypatch):
    monkeypatch.setattr(digests, "LISTED", 1)
    make_owed_series(department)

    sent(DUE)

    assert mail.outbox[0].body.count("- 2020") == 1
    assert "另有 1 项未列出。" in mail.outbox[0].body


def test_whoever_owes_nothing_is_not_reminded(one, official, series, department):
    put(series, 2020, State.SUBMITTED, by=official)
    with_address(make_official("other", department=make_department(name_zh="省林业厅")))
    with_address(make_reviewer("reviewer", area=department.area))
    elsewhere = make_area("340000")
    make_owed_series(make_department(elsewhere))

    assert sent(DUE) == []


def test_what_waits_for_a_signature_reminds_the_signer(one, official, series, department):
    signer = with_address(make_signer("signer", department=department))
    put(series, 2020, State.TO_SIGN, by=official)

    assert [to for to, _subject in sent(DUE)] == [signer.email]


def test_what_came_back_reminds_the_official(one, official, series, department):
    with_address(make_signer("signer", department=department))
    put(series, 2020, State.RETURNED, by=official)

    assert [to for to, _subject in sent(DUE)] == [official.email]


@pytest.mark.parametrize("why", ["no-address", "no-post", "disabled"])
def test_nobody_is_reminded_who_cannot_be(one, official, why):
    if why == "no-address":
        official.email = ""
    if why == "disabled":
        official.is_active = False
    official.save()
    if why == "no-post":
        official.posts.update(to_date=OPENS.date() - 400 * DAY)

    assert sent(DUE) == []
    assert mailed().count() == 0


def test_everybody_with_the_post_is_reminded_once(one, official, department):
    second = with_address(make_official("second", department=department))
    make_owed_series(department)

    assert sorted(to for to, _subject in sent(DUE)) == [official.email, second.email]


def test_a_dissolved_departments_figures_remind_the_successors_people(one, official, department):
    successor = make_department(name_zh="省农业农村厅")
    department.successor = successor
    department.save()
    today = with_address(make_official("today", department=successor))

    assert {to for to, _subject in sent(DUE)} == {official.email, today.email}


def test_more_time_moves_the_reminders_of_its_department(one, official, department):
    other = make_department(name_zh="省林业厅")
    make_owed_series(other)
    other_official = with_address(make_official("other", department=other))
    RoundException.objects.create(
        round=one, department=department, until=CLOSES + 9 * DAY, reason="系统升级",
        granted_by=one.created_by,
    )  # fmt: skip

    assert sorted(sent(DUE)) == [
        (official.email, "填报任务已开始：2020年度数据"),
        (other_official.email, "逾期未报：2020年度数据"),
    ]
    assert sent(CLOSES + 6 * DAY) == [(official.email, "临近报送截止时间：2020年度数据")]
    assert sent(CLOSES + 9 * DAY) == []


def test_a_closed_round_reminds_only_whoever_can_still_enter(one, official, department):
    other = make_department(name_zh="省林业厅")
    make_owed_series(other)
    with_address(make_official("other", department=other))
    RoundException.objects.create(
        round=one, department=department, until=CLOSES + 9 * DAY, reason="系统升级",
        granted_by=one.created_by,
    )  # fmt: skip

    assert sent(CLOSES) == [(official.email, "填报任务已开始：2020年度数据")]


def test_the_figures_deadline_counts_where_both_are_owed(one, official):
    RoundMaterial.objects.create(round=one, kind=MaterialKind.SUMMARY, due_at=OPENS + DAY)

    assert sent(OPENS + 2 * DAY) == [(official.email, "填报任务已开始：2020年度数据")]


def test_material_alone_reminds_by_its_own_deadline(one, official, series, department):
    RoundMaterial.objects.create(round=one, kind=MaterialKind.SUMMARY, due_at=OPENS + DAY)
    put(series, 2020, State.SUBMITTED, by=official)

    first = sent(OPENS + DAY)
    Notice.objects.all().delete()
    file = Attachment.objects.create(
        name="总结.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        department=department, added_by=official,
    )  # fmt: skip
    MaterialFile.objects.create(
        round=one, kind=MaterialKind.SUMMARY, department=department, attachment=file
    )

    assert first == [(official.email, "逾期未报：2020年度数据")]
    assert sent(OPENS + DAY) == []


def test_a_second_run_sends_nothing(one, official):
    assert len(sent(DUE)) == 1
    assert sent(DUE) == []
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_each_once(monkeypatch):
    department = make_department()
    make_owed_series(department)
    people = [
        with_address(make_official(f"official{number}", department=department))
        for number in range(5)
    ]
    ask(department.area)
    barrier = Barrier(3)
    claim = mailing._claim

    def claim_together(digest, moment):
        if digest.person == people[0]:
            barrier.wait(20)
        return claim(digest, moment)

    monkeypatch.setattr(mailing, "_claim", claim_together)

    def run(_number):
        try:
            return tell(DUE)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(run, range(3)))

    assert sum(each.sent for each in runs) == 5
    assert sorted(message.to[0] for message in mail.outbox) == [each.email for each in people]
    assert mailed().count() == Notice.objects.count() == 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_what_a_person_saves_does_not_wait_for_the_mail():
    official = with_address(make_official())
    ask(make_owed_series(make_department()).area)
    give_notices(DUE)
    [digest] = digests.digests(DUE)

    def save():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = 200")
            return make_job(asked_by=official)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        mailing._claim(digest, DUE)
        assert pool.submit(save).result().asked_by == official


class BrokenServer:
    """Fails the messages to some addresses, as long as told so."""

    def __init__(self, error, *addresses):
        self.error, self.addresses, self.asked = error, addresses, []
        self.send = locmem.EmailBackend.send_messages

    def __call__(self, backend, messages):
        [to] = messages[0].to
        self.asked.append(to)
        if to in self.addresses:
            raise self.error
        return self.send(backend, messages)


@pytest.fixture
def broken(monkeypatch):
    def build(error, *addresses):
        server = BrokenServer(error, *addresses)
        monkeypatch.setattr(
            locmem.EmailBackend, "send_messages", lambda self, messages: server(self, messages)
        )
        return server

    return build


def test_a_refused_address_is_tried_again_and_holds_up_nobody(one, official, department, broken):
    second = with_address(make_official("second", department=department))
    server = broken(SMTPRecipientsRefused({}), official.email)

    first_run = tell(DUE)
    claimed = list(mailed().values_list("person", flat=True))
    server.addresses = ()
    second_run = tell(DUE + DAY)

    assert first_run == Run(sent=1, failed=1)
    assert claimed == [second.pk]
    assert second_run == Run(sent=1)
    assert [message.to[0] for message in mail.outbox] == [second.email, official.email]


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), TimeoutError(), OSError()])
def test_a_server_that_is_away_is_asked_once_a_run(one, official, department, broken, error):
    with_address(make_official("second", department=department))
    server = broken(error, official.email, "second@test.cn")

    run = tell(DUE)

    assert run == Run(broke_off=True)
    assert len(server.asked) == 1
    assert mailed().count() == 0


def test_a_server_that_does_not_answer_at_all_claims_nothing(one, official, monkeypatch):
    def refuse(_self):
        raise ConnectionRefusedError

    monkeypatch.setattr(locmem.EmailBackend, "open", refuse)

    assert tell(DUE) == Run(broke_off=True)
    assert mailed().count() == 0
    assert Entry.objects.filter(action="mail_notices").count() == 0


def test_a_run_that_is_stopped_takes_back_what_it_did_not_send(one, official, broken):
    broken(KeyboardInterrupt(), official.email)

    with pytest.raises(KeyboardInterrupt):
        tell(DUE)

    assert mailed().count() == 0


def test_the_trail_keeps_who_was_told_and_what_failed_but_no_address(one, official, broken):
    server = broken(SMTPRecipientsRefused({}), official.email)
    tell(DUE)
    server.addresses = ()
    tell(DUE)

    entries = Entry.objects.filter(object="user:official")

    said = {"notices": 1}
    assert list(entries.values_list("action", "after", "reason")) == [
        ("mail_notices", said, ""),
        ("mail_notices_failed", said, "SMTPRecipientsRefused"),
        ("mail_notices", said, ""),
    ]
    assert official.email not in str(list(entries.values()))


def test_without_e_mail_nothing_is_claimed_and_it_is_said(one, official, settings):
    settings.EMAIL_HOST = ""
    said = StringIO()

    assert tell(DUE) == Run(is_configured=False)
    call_command("send_notices", stdout=said)

    assert "EMAIL_HOST is empty" in said.getvalue()
    assert mailed().count() == 0
    assert mail.outbox == []


@pytest.fixture
def _due_now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: DUE)


@pytest.mark.usefixtures("_due_now")
def test_the_command_says_how_many_were_sent(one, official):
    said = StringIO()

    call_command("send_notices", stdout=said)

    assert "Mails sent: 1." in said.getvalue()


@pytest.mark.usefixtures("_due_now")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SMTPRecipientsRefused({}), "Refused by the mail server: 1"),
        (SMTPServerDisconnected("gone"), "The mail server did not answer"),
    ],
)
def test_the_command_fails_where_a_mail_did(one, official, broken, error, said):
    broken(error, official.email)

    with pytest.raises(CommandError, match=said):
        call_command("send_notices", stdout=StringIO())


@pytest.fixture
def _only_the_mail(monkeypatch):
    """The check of the trail would wait ten seconds for a sealer that does not run."""
    kept = [each for each in schedule.ENTRIES if each.name in {"notice", "mail"}]
    monkeypatch.setattr(schedule, "ENTRIES", kept)


@pytest.mark.usefixtures("_only_the_mail")
def test_the_schedule_sends_them_every_morning_of_shanghai_and_once(one, official):
    at_eight = DUE.replace(hour=8, minute=0)
    moments = [at_eight - DAY, at_eight - timedelta(seconds=1), at_eight, at_eight + DAY]

    sent = []
    for moment in moments:
        tick(moment=moment)
        sent.append(len(mail.outbox))

    # The first only begins; the round is due at 18:00, so the next morning says it is overdue.
    assert sent == [0, 0, 1, 2]


@pytest.mark.usefixtures("_only_the_mail")
def test_a_mail_server_that_is_away_at_eight_is_asked_again_the_same_morning(one, official, broken):
    at_eight = DUE.replace(hour=8, minute=0)
    tick(moment=at_eight - DAY)
    server = broken(SMTPServerDisconnected("away"), official.email)

    tick(moment=at_eight)
    run = ScheduledRun.objects.get(name="mail")
    assert (run.error, run.finished_at) == ("MailServerAway()", None)
    server.addresses = ()
    tick(moment=at_eight + LEASE + timedelta(seconds=1))

    run.refresh_from_db()
    assert (run.error, run.finished_at is not None, run.attempts) == ("", True, 2)
    assert [each.to for each in mail.outbox] == [[official.email]]


def test_a_mail_server_that_hangs_is_left_after_ten_seconds(settings):
    assert settings.EMAIL_TIMEOUT == 10


@pytest.mark.parametrize("number", [1, 3])
def test_a_run_costs_the_same_for_one_and_three_rounds_that_owe_nothing(
    db, number, django_assert_num_queries
):
    for each in range(number):
        ask(make_area(f"99000{each}"))

    with django_assert_num_queries(13):
        tell(DUE)
