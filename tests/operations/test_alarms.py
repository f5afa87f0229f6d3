"""Each part that stops is an alarm, and where nothing is wrong there is none."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from indicators import schedule
from indicators.models import ScheduledRun, StaleRow
from targets_site import alarms as registry
from targets_site.accounts.models import Role
from targets_site.alarms import alarms
from targets_site.audit.actions import record
from targets_site.audit.models import Entry
from targets_site.audit.protection import install
from targets_site.audit.sealing import seal
from targets_site.operations import alarms_of_machine
from tests.audit.tampering import as_owner
from tests.factories import make_job, make_post, make_series, make_user
from tests.operations.status import backed_up
from tests.services.servers import free_port

pytestmark = pytest.mark.django_db


def names():
    return [each.name for each in alarms()]


@pytest.fixture(autouse=True)
def well(settings, tmp_path):
    """The schedule ticks, a backup was taken and the trail is protected; Redis is not used."""
    settings.BACKUPS_DIR = tmp_path / "backups"
    settings.EMBEDDED = True
    backed_up(settings.BACKUPS_DIR)
    install()
    schedule.tick()
    schedule.tick(moment=timezone.now() + schedule.TICK)


def test_all_is_well(capsys):
    assert names() == []

    call_command("alarms")

    assert "All is well" in capsys.readouterr().out


def test_beat_that_stopped(settings):
    ScheduledRun.objects.update(claimed_at=timezone.now() - datetime.timedelta(minutes=6))

    assert names() == ["beat"]


def test_a_nightly_entry_that_is_late_or_failed():
    runs = ScheduledRun.objects
    runs.filter(name="checks").update(slot=timezone.now() - datetime.timedelta(hours=31))
    runs.filter(name="recompute").update(error="broken")

    assert names() == ["schedule", "schedule"]


def test_work_that_waits_for_too_long():
    long_ago = timezone.now() - datetime.timedelta(minutes=11)
    StaleRow.objects.create(series=make_series(), appended_at=long_ago)
    make_job(asked_at=long_ago)

    assert names() == ["stale", "jobs"]


def test_work_that_was_given_up():
    now = timezone.now()
    StaleRow.objects.create(series=make_series(), attempts=StaleRow.MAX_ATTEMPTS)
    make_job(state="failed", started_at=now, finished_at=now, error="broken")

    assert [str(each) for each in alarms()] == ["多次失败、已停止重试的任务与判定：2 项。"]


def test_a_sealer_that_stopped():
    record("save", "observation:x:2020")
    assert names() == []

    Entry.objects.create(
        action="save", object="x", at=timezone.now() - datetime.timedelta(minutes=2)
    )
    assert names() == ["sealer"]
    seal()
    assert names() == []


def test_a_trail_whose_protection_is_switched_off():
    with as_owner():
        pass

    assert [str(each) for each in alarms()] == ["审计日志未受防篡改保护。"]


def test_a_nightly_check_that_found_something():
    record("run_checks", "checks", after={"trail": 2, "issued": 0})
    assert names() == ["check"]

    record("run_checks", "checks", after={"trail": 0, "issued": 0})
    assert names() == []


@pytest.mark.parametrize(
    "said", [{"hours_ago": 27}, {"verified": False}, {"finished_at": "yesterday"}]
)
def test_a_backup_that_cannot_be_relied_on(settings, said):
    backed_up(settings.BACKUPS_DIR, **said)

    assert names() == ["backup"]


def test_no_backup_at_all(settings):
    (settings.BACKUPS_DIR / "status.json").unlink()

    assert names() == ["backup"]


def test_a_disk_that_is_nearly_full(monkeypatch):
    """No disk is filled here: all of this one would have to be free."""
    monkeypatch.setattr(alarms_of_machine, "LEAST_FREE_SHARE", 1)

    assert set(names()) == {"disk"}


def test_a_redis_that_does_not_answer(settings):
    settings.EMBEDDED = False
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    assert names() == ["redis"]


def test_a_database_that_does_not_answer_hides_no_other_alarm(settings, monkeypatch):
    def fail(_facts):
        raise OperationalError("away")

    (settings.BACKUPS_DIR / "status.json").unlink()
    sources = [fail, fail, alarms_of_machine.backup_is_old]
    monkeypatch.setattr(registry, "_sources", sources)
    monkeypatch.setattr(registry.connection, "close", lambda: None)

    assert names() == ["database", "backup"]


def test_the_command_tells_each_in_both_languages_and_fails(settings, capsys):
    (settings.BACKUPS_DIR / "status.json").unlink()

    with pytest.raises(CommandError) as raised:
        call_command("alarms")

    assert raised.value.returncode == 1
    assert (
        capsys.readouterr().out == "backup: 没有经过验证的备份。 / There is no verified backup.\n"
    )


def test_the_system_administrator_sees_them_and_nobody_else(settings, client):
    (settings.BACKUPS_DIR / "status.json").unlink()
    sysadmin = make_user("sysadmin")
    make_post(sysadmin, Role.SYSTEM_ADMIN)

    seen = {}
    for person in (sysadmin, make_user("wang")):
        client.force_login(person)
        seen[person.username] = "没有经过验证的备份" in client.get("/jobs/").content.decode()

    assert seen == {"sysadmin": True, "wang": False}
