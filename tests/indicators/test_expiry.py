"""What is kept for a while only."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone, translation

from indicators.actions import imports, jobs
from indicators.actions.expiry import KEPT, forget_old
from indicators.models import Attachment, Import, ImportLine, Job, JobPart
from targets_site.audit.models import Entry
from tests.indicators.importing import changed_line, csv_file, hand_in, make_world, read, store

pytestmark = pytest.mark.django_db
NOTHING = {
    "previews": 0,
    "files": 0,
    "stray_files": 0,
    "parts": 0,
    "sessions": 0,
    "failed_logins": 0,
    "exports": 0,
}
GOOD, BAD = csv_file(changed_line()), csv_file(changed_line(数值="x"))


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path
    settings.VAR_DIR = tmp_path_factory.mktemp("var")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def world(db):
    return make_world()


def later(minutes=1):
    return timezone.now() + KEPT + timedelta(minutes=minutes)


def test_old_previews_and_old_lines_are_dropped(world):
    preview = read(GOOD, by=world.official)
    stored = store(read(csv_file(changed_line(年份="2025")), by=world.official))
    fresh = read(csv_file(changed_line(数值="97")), by=world.official)
    old = timezone.now() - timedelta(minutes=2)
    Import.objects.filter(pk=preview.pk).update(read_at=old)
    Import.objects.filter(pk=stored.pk).update(stored_at=old, read_at=old)

    forget_old(moment=later(-1))

    states = dict(Import.objects.values_list("pk", "state"))
    assert states == {preview.pk: "discarded", stored.pk: "stored", fresh.pk: "previewed"}
    assert list(ImportLine.objects.values_list("imported", flat=True)) == [fresh.pk]
    assert Entry.objects.get(action="discard").object == f"import:{preview.pk}"


def test_files_of_what_is_not_stored_go_after_a_day(world, client):
    refused = read(BAD, by=world.official)
    discarded = imports.discard(imported=read(GOOD, by=world.official))
    stored = store(read(GOOD, by=world.official))
    waiting = hand_in(GOOD, by=world.official)
    names = {each.pk: each.attachment.file.name for each in (refused, discarded, stored, waiting)}

    assert forget_old(moment=later(-2)) == NOTHING
    assert forget_old(moment=later())["files"] == 2

    kept = {pk for pk, name in names.items() if default_storage.exists(name)}
    assert kept == {stored.pk, waiting.pk}
    attachment = Attachment.objects.get(import_of=refused)
    assert (attachment.file.name, attachment.name, len(attachment.sha256)) == ("", "数据.csv", 64)
    client.force_login(world.official)
    assert client.get(attachment.get_absolute_url()).status_code == 404
    page = client.get(reverse("indicators:import", args=[refused.pk]))
    assert attachment.get_absolute_url() not in page.content.decode()
    assert forget_old(moment=later())["files"] == 0


def test_an_import_whose_file_is_gone_is_not_read_again(world, monkeypatch):
    def fail(self):
        raise ZeroDivisionError

    monkeypatch.setattr(imports.reading._Reading, "run", fail)
    imported = read(GOOD, by=world.official)
    assert (imported.state, imported.job.state) == ("refused", "failed")
    forget_old(moment=later())

    with pytest.raises(jobs.NotAtThisStep):
        jobs.retry_job(job=imported.job, by=world.official)

    assert Job.objects.get().state == "failed"


def test_files_without_a_row_go_after_a_day_and_no_others(world):
    kept = hand_in(GOOD, by=world.official).attachment.file.name
    stray, fresh = (
        default_storage.save(f"attachments/2026/{name}", ContentFile(b"x"))
        for name in ("stray", "fresh")
    )
    elsewhere = default_storage.save("reports/one", ContentFile(b"x"))
    for name in (kept, stray, elsewhere):
        os.utime(default_storage.path(name), (0, 0))

    found = forget_old(moment=timezone.now())

    assert found == NOTHING | {"stray_files": 1}
    assert not default_storage.exists(stray)
    assert all(map(default_storage.exists, (kept, fresh, elsewhere)))


def test_parts_of_a_cancelled_job_whose_worker_was_killed_go_after_a_day(world):
    cancelled, other = hand_in(GOOD, by=world.official).job, hand_in(GOOD, by=world.official).job
    JobPart.objects.update(leased_until=timezone.now())
    Job.objects.filter(pk=cancelled.pk).update(state="cancelled", finished_at=timezone.now())

    assert [forget_old(moment=later(minutes))["parts"] for minutes in (-2, 1, 1)] == [0, 1, 0]
    assert JobPart.objects.get().job == other


def test_nothing_is_there_to_forget(db):
    assert forget_old(moment=later()) == NOTHING
