"""Large exports: written whole by a job, kept for a day, handed to who asked and nobody else."""

import hashlib
import multiprocessing
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from indicators.actions import jobs
from indicators.actions.expiry import KEPT, forget_old
from indicators.models import Job, JobPart
from reports.exports.kept import files, progress
from reports.exports.stream import Export
from targets_site.accounts.models import Post, Role
from targets_site.audit.models import Entry
from tests import factories
from tests.reports.exporting import asked_for, content_of, make_small_world, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.EXPORT_DIRECT_ROWS = 5


@pytest.fixture
def world(db):
    make_small_world()


@pytest.fixture
def wang(world):
    return factories.make_user("wang")


@pytest.fixture
def as_wang(client, wang):
    return signed_in(client, wang)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "exports"


def kept(folder):
    return sorted(folder.iterdir()) if folder.exists() else []


def file_of(job):
    return f"/exports/files/{job.pk}/"


# Which are written by a job


@pytest.mark.parametrize("name", ["observations.jsonl", "bundle.zip"])
def test_a_large_file_is_not_sent_at_once(as_wang, name):
    page = as_wang.get(f"/exports/{name}")

    assert page.status_code == 409
    assert "This file is too large to wait for" in text_of(page)
    assert "Have it written" in text_of(page)
    assert not Entry.objects.filter(action="export").exists()


def test_a_workbook_is_large_sooner(as_wang, monkeypatch):
    monkeypatch.setattr("reports.exports.counting.DIRECT_IN_A_SHEET", 5)

    assert as_wang.get("/exports/observations.xlsx").status_code == 409


def test_csv_is_sent_however_long_it_is(as_wang):
    assert len(content_of(as_wang.get("/exports/observations.csv")).splitlines()) == 13
    assert "Have it written" not in text_of(as_wang.get("/exports/?table=observations"))


def test_small_files_are_sent_at_once(as_wang):
    assert as_wang.get("/exports/observations.jsonl?document=plan-1").status_code == 200


def test_without_login_nothing_is_written(client, world, settings):
    settings.OPEN_READING = True

    page = client.get("/exports/observations.jsonl")
    asked = client.post("/exports/large/", {"table": "observations", "format": "jsonl"})

    assert page.status_code == 409
    assert "/exports/large/" not in page.content.decode()
    assert (asked.status_code, Job.objects.count()) == (401, 0)


# The file


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"table": "observations", "format": "jsonl", "area": "360000", "below": "1"},
         "observations-360000-below-{day}.jsonl"),
        ({"table": "observations", "format": "csv", "bom": "0"}, "observations-{day}.csv"),
        ({"table": "bundle", "format": "zip"}, "bundle-{day}.zip"),
    ],
)  # fmt: skip
def test_the_file_of_a_job_is_what_would_have_been_sent(as_wang, folder, settings, asked, name):
    job = asked_for(as_wang, **asked)

    response = as_wang.get(file_of(job))
    content = content_of(response)
    said = job.result["file"]
    day = timezone.localdate().isoformat()
    assert job.state == "done"
    assert (job.done, job.total) == (said["rows"], said["rows"])
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert said["size"] == len(content) == int(response.headers["Content-Length"])
    assert name.format(day=day) in response.headers["Content-Disposition"]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert len(kept(folder)) == 1
    settings.EXPORT_DIRECT_ROWS = 1000
    if asked["table"] != "bundle":
        query = {key: value for key, value in asked.items() if key not in {"table", "format"}}
        direct = as_wang.get(f"/exports/{asked['table']}.{asked['format']}", query)
        assert content == content_of(direct)
    entries = Entry.objects.filter(action="export", object=f"export:{asked['table']}")
    assert {entry.after["sha256"] for entry in entries if entry.actor == "wang"} >= {said["sha256"]}


def test_pages_lead_to_the_file(as_wang):
    job = asked_for(as_wang, table="observations", format="jsonl")

    for address in (job.get_absolute_url(), "/exports/"):
        assert f'href="{file_of(job)}"' in text_of(as_wang.get(address)), address
    assert "12 of 12 rows" in text_of(as_wang.get(job.get_absolute_url()))


def test_fetching_stands_in_the_trail(as_wang):
    job = asked_for(as_wang, table="observations", format="jsonl")
    content_of(as_wang.get(file_of(job)))

    entry = Entry.objects.get(action="export", object=f"job:{job.pk}")
    assert (entry.actor, entry.after["sha256"]) == ("wang", job.result["file"]["sha256"])


# Who gets it


def test_nobody_else_gets_the_file_but_an_auditor(as_wang):
    job = asked_for(as_wang, table="observations", format="jsonl")
    li, zhao = Client(), Client()
    li.force_login(factories.make_reviewer("li"))
    zhao.force_login(factories.make_auditor("zhao"))

    assert li.get(file_of(job)).status_code == 404
    assert content_of(zhao.get(file_of(job)))
    fetched = Entry.objects.get(action="export", object=f"job:{job.pk}")
    assert (fetched.actor, fetched.role) == ("zhao", "auditor")
    assert Client().get(file_of(job)).status_code == 302
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == ("li", f"job:{job.pk}")


def test_what_the_askers_posts_chose_is_nobody_elses(as_wang):
    job = asked_for(as_wang, table="bundle", format="zip")
    zhao = Client()
    zhao.force_login(factories.make_auditor("zhao"))

    assert zhao.get(file_of(job)).status_code == 404


def test_a_file_is_refused_once_the_rights_it_was_made_with_are_gone(client, world):
    zhao = factories.make_auditor("zhao")
    signed_in(client, zhao)
    job = asked_for(client, table="bundle", format="zip")
    assert content_of(client.get(file_of(job)))

    Post.objects.filter(user=zhao).update(to_date=timezone.localdate() - timedelta(days=1))

    assert client.get(file_of(job)).status_code == 403
    assert Entry.objects.get(action="denied").object == f"job:{job.pk}"


def test_a_job_of_somebody_whose_account_is_not_in_use_any_more_is_refused(as_wang, wang, folder):
    as_wang.post("/exports/large/", {"table": "observations", "format": "jsonl"})
    wang.is_active = False
    wang.save()

    job = jobs.work_off_job(Job.objects.get())

    assert (job.state, "NotAllowed" in job.error) == ("failed", True)
    assert kept(folder) == []
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == ("wang", "export:observations")


def test_a_post_that_ends_while_the_job_waits_stops_it(client, world, folder):
    """Asked for, ended by the security administrator on his page, and only then worked off."""
    zhao = factories.make_auditor("zhao")
    signed_in(client, zhao).post("/exports/large/", {"table": "audit", "format": "jsonl"})
    ending = factories.make_user("secadmin")
    factories.make_post(ending, Role.SECURITY_ADMIN)
    ended = signed_in(Client(), ending).post(f"/accounts/posts/{zhao.posts.get().pk}/end/")

    job = jobs.work_off_job(Job.objects.get())

    assert ended.status_code == 302
    assert (job.state, "NotAllowed" in job.error) == ("failed", True)
    assert kept(folder) == []
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == ("zhao", "export:audit")


# How many, and how long


def test_the_same_asked_twice_is_one_job_and_a_few_are_the_most(as_wang):
    areas = ["460000", "360000", "360100"]
    for area in [*areas, areas[0]]:
        asked = {"table": "observations", "format": "jsonl", "area": area}
        assert as_wang.post("/exports/large/", asked).status_code == 302
    assert Job.objects.count() == 3

    page = as_wang.post("/exports/large/", {"table": "bundle", "format": "zip"})

    assert (page.status_code, Job.objects.count()) == (409, 3)
    assert "3 exports of yours are under way" in text_of(page)


def test_a_sheet_that_does_not_hold_all_rows_is_refused(as_wang, monkeypatch):
    monkeypatch.setattr("reports.exports.counting.MOST_ROWS", 11)

    page = as_wang.post("/exports/large/", {"table": "observations", "format": "xlsx"})

    assert (page.status_code, Job.objects.count()) == (409, 0)
    assert "does not hold so many rows" in text_of(page)


@pytest.mark.parametrize(
    "asked",
    [{"table": "users"}, {"table": "targets", "state": "draft"}, {"table": "targets", "year": "x"}],
)
def test_a_bad_choice_starts_no_job(as_wang, asked):
    assert as_wang.post("/exports/large/", asked).status_code == 400
    assert Job.objects.count() == 0


def test_files_go_after_a_day(as_wang, folder):
    job = asked_for(as_wang, table="observations", format="jsonl")
    (folder / ".killed.1.part").write_bytes(b"half")

    assert forget_old(moment=timezone.now() + KEPT - timedelta(minutes=5))["exports"] == 0
    assert forget_old(moment=timezone.now() + KEPT + timedelta(minutes=5))["exports"] == 2

    assert kept(folder) == []
    gone = as_wang.get(file_of(job))
    assert gone.status_code == 410
    assert "not kept any more" in text_of(gone)


def test_a_file_that_was_changed_is_not_handed_out(as_wang, folder):
    job = asked_for(as_wang, table="observations", format="jsonl")
    [path] = kept(folder)
    path.write_bytes(path.read_bytes().replace(b"91.", b"99."))

    assert as_wang.get(file_of(job)).status_code == 410


# What breaks off


def test_an_export_that_fails_leaves_no_file(as_wang, folder, monkeypatch):
    def broken(*args, **kwargs):
        yield b"half"
        raise OSError("the disk is gone")

    monkeypatch.setattr(Export, "__iter__", broken)

    job = asked_for(as_wang, table="observations", format="jsonl")

    assert (job.state, "the disk is gone" in job.error) == ("failed", True)
    assert kept(folder) == []
    assert as_wang.get(file_of(job)).status_code == 404
    assert "file" not in job.result


def test_a_job_cancelled_at_its_end_leaves_no_file(as_wang, wang, folder, monkeypatch):
    as_wang.post("/exports/large/", {"table": "observations", "format": "jsonl"})
    write = files.write

    def cancel_then(blocks):
        stored = write(blocks)
        jobs.cancel_job(job=Job.objects.get(), by=wang)
        return stored

    monkeypatch.setattr(files, "write", cancel_then)

    assert jobs.work_off_one() == 1

    assert Job.objects.get().state == "cancelled"
    assert kept(folder) == []


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_is_seen_while_it_runs_and_a_cancelled_one_ends(client, folder, monkeypatch):
    make_small_world()
    wang = factories.make_user("wang")
    signed_in(client, wang)
    client.post("/exports/large/", {"table": "observations", "format": "jsonl"})
    monkeypatch.setattr(progress, "SECONDS_BETWEEN", 0.05)
    real = Export.__iter__

    def slow(export):
        yield b"begun"
        for _time in range(600):
            export.rows = 7
            time.sleep(0.05)
            yield b"more"
        yield from real(export)

    monkeypatch.setattr(Export, "__iter__", slow)
    worker = threading.Thread(target=_work_off)
    worker.start()
    job = _seen(lambda: Job.objects.filter(done=7).first())
    jobs.cancel_job(job=job, by=wang)
    worker.join(timeout=20)

    assert not worker.is_alive()
    assert (job.total, Job.objects.get().state) == (12, "cancelled")
    assert kept(folder) == []


def _work_off():
    try:
        jobs.work_off_one()
    finally:
        connection.close()


def _seen(ask):
    for _time in range(200):
        found = ask()
        if found is not None:
            return found
        time.sleep(0.05)
    raise AssertionError("never seen")


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_nothing_that_looks_complete(client, folder, monkeypatch):
    make_small_world()
    signed_in(client, factories.make_user("wang"))
    client.post("/exports/large/", {"table": "observations", "format": "jsonl"})
    real = Export.__iter__

    def slow(export):
        yield b'{"series":"half a file"}\n' * 10_000
        time.sleep(60)
        yield from real(export)

    connection.close()  # a process of its own needs one of its own
    monkeypatch.setattr(Export, "__iter__", slow)
    worker = multiprocessing.get_context("fork").Process(target=jobs.work_off_one)
    worker.start()
    _seen(lambda: [path for path in kept(folder) if path.stat().st_size] or None)
    worker.kill()
    worker.join()

    job = Job.objects.get()
    [left] = kept(folder)
    assert left.name.endswith(".part")
    assert (job.state, job.result) == ("running", {})
    assert client.get(file_of(job)).status_code == 404
    assert not Entry.objects.filter(action="export").exists()
    monkeypatch.setattr(Export, "__iter__", real)
    assert jobs.work_off_one() == 0, "it might still be alive"
    JobPart.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert jobs.work_off_one() == 1

    content = content_of(client.get(file_of(job)))
    assert content.count(b"\n") == 12
    assert b"half a file" not in content
