"""What the check of each night finds is told once, and the trail's head goes out by mail."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends import locmem

from indicators.actions.notices import mail_trail_head, run_checks, send_digests
from indicators.models import Notice
from indicators.schedule import MailServerAway, _mail_head
from targets_site import checks
from targets_site.accounts.models import Role
from targets_site.audit.chain import head
from targets_site.audit.models import Entry
from targets_site.audit.sealer import Sealer
from targets_site.checks import Check, Finding, registered_checks
from tests.audit.tampering import as_owner
from tests.audit.trails import entries
from tests.factories import make_auditor, make_post, make_reviewer, make_user
from tests.indicators.rounds_world import shanghai

pytestmark = pytest.mark.django_db
NIGHT = shanghai("2026-11-29T04:00:00")


@pytest.fixture
def people():
    """Told are the first two."""
    admin = make_user("audit-admin", email="audit@example.org")
    make_post(admin, Role.AUDIT_ADMIN)
    return [make_auditor(), admin, make_reviewer()]


@pytest.fixture
def found(monkeypatch):
    """What a check finds, to be changed by the test."""
    findings = [Finding("edited", "5:7", {"seq": 7})]
    check = Check(
        "made-up", "虚构核验", lambda: list(findings),
        lambda finding: f"第{finding.facts['seq']}条", lambda finding: "/trail/",
    )  # fmt: skip
    monkeypatch.setattr(checks, "_checks", {check.name: check})
    return findings


def test_the_trail_and_the_issued_reports_are_checked():
    assert [check.name for check in registered_checks()] == ["trail", "reports"]


def test_auditors_and_audit_administrators_are_told_once(people, found):
    for _night in range(2):
        assert run_checks(moment=NIGHT) == {"made-up": 1}
    found.append(Finding("cut", "9:9", {"seq": 9}))
    run_checks(moment=NIGHT)

    told = Notice.objects.order_by("pk").values_list("person__username", "kind", "finding")
    assert sorted(told) == [
        ("audit-admin", "check_failed", "cut:9:9"),
        ("audit-admin", "check_failed", "edited:5:7"),
        ("auditor", "check_failed", "cut:9:9"),
        ("auditor", "check_failed", "edited:5:7"),
    ]


def test_each_run_stands_in_the_trail(people, found):
    run_checks(moment=NIGHT)
    found.clear()
    run_checks(moment=NIGHT)

    runs = Entry.objects.filter(action="run_checks").order_by("seq")
    assert [each.after for each in runs] == [{"made-up": 1}, {"made-up": 0}]


def test_a_notice_says_what_was_found(client, people, found):
    run_checks(moment=NIGHT)
    client.force_login(people[0])

    page = client.get("/notices/").content.decode()

    assert "核验发现问题" in page
    assert '<a href="/trail/">虚构核验</a>' in page
    assert "<p>第7条</p>" in page


def test_a_notice_of_a_check_that_is_gone_still_shows(client, people, found, monkeypatch):
    run_checks(moment=NIGHT)
    monkeypatch.setattr(checks, "_checks", {})
    client.force_login(people[0])

    assert "该项核验已不存在" in client.get("/notices/").content.decode()


def test_a_mail_says_it_first(people, found, settings):
    settings.EMAIL_HOST = "mail.example.org"
    run_checks(moment=NIGHT)

    send_digests(moment=NIGHT)

    [message] = [each for each in mail.outbox if each.to == ["audit@example.org"]]
    assert message.subject == "核验发现问题：虚构核验"
    assert "- 第7条" in message.body


@pytest.mark.django_db(transaction=True)
def test_a_trail_that_was_tampered_with_is_told_of(people, monkeypatch):
    made = entries(3)
    Sealer().look()
    with as_owner():
        Entry.objects.filter(pk=made[1].pk).update(actor="li")
    trail = [check for check in registered_checks() if check.name == "trail"]
    monkeypatch.setattr(checks, "_checks", {"trail": trail[0]})

    assert run_checks(moment=NIGHT) == {"trail": 1}

    told = Notice.objects.order_by("pk").first()
    assert told.finding.startswith("edited:2:")
    assert told.facts["object"] == "observation:x:2001"


# The head of the trail by mail


@pytest.fixture
def chained():
    entries(2)
    Sealer().look()
    return head()


def test_the_head_is_mailed_to_audit_administrators(people, chained, settings):
    settings.EMAIL_HOST = "mail.example.org"

    assert mail_trail_head(moment=NIGHT)

    [message] = mail.outbox
    assert message.to == ["audit@example.org"]
    assert message.subject == f"审计日志链尾（2026-11-29）：第{chained.position}位"
    assert chained.hash in message.body
    assert Entry.objects.get(action="mail_trail_head").after == {
        "position": chained.position, "seq": chained.seq, "hash": chained.hash, "people": 1,
    }  # fmt: skip


def test_a_mail_server_that_is_away_is_tried_again(people, chained, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example.org"
    with monkeypatch.context() as away:
        away.setattr(locmem.EmailBackend, "send_messages", lost)
        with pytest.raises(MailServerAway):
            _mail_head(NIGHT)
        assert not Entry.objects.filter(action="mail_trail_head").exists()

    _mail_head(NIGHT)

    assert len(mail.outbox) == 1


def lost(self, messages):
    raise SMTPServerDisconnected("away")


@pytest.mark.parametrize("missing", ["host", "people", "chain"])
def test_where_there_is_nothing_to_mail_nothing_is_owed(settings, missing, request):
    settings.EMAIL_HOST = "" if missing == "host" else "mail.example.org"
    if missing != "people":
        request.getfixturevalue("people")
    if missing != "chain":
        request.getfixturevalue("chained")

    assert mail_trail_head(moment=NIGHT)

    assert mail.outbox == []
