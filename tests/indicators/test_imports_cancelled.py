"""Imports that somebody cancels, and those that were given up."""

import pytest
from django.urls import reverse

from indicators.actions import imports, jobs
from indicators.enums import ImportState
from indicators.models import ImportLine, ObservationVersion
from targets_site.accounts.models import Role
from tests.factories import make_official, make_post, make_user
from tests.indicators.importing import (
    add_series,
    changed_line,
    csv_file,
    hand_in,
    make_world,
    read,
    store,
)
from tests.indicators.test_imports_pages import page_of, store_on_page

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def signed_in(client, world):
    client.force_login(world.official)
    return client


def cancel_on_page(client, imported):
    return client.post(reverse("indicators:cancel_import", args=[imported.pk]))


def test_a_file_that_waits_to_be_read_is_cancelled(signed_in, world):
    imported = hand_in(csv_file(changed_line()), by=world.official)
    assert "Cancel the import" in signed_in.get(page_of(imported)).content.decode()

    assert cancel_on_page(signed_in, imported).status_code == 302

    imported.refresh_from_db()
    assert (imported.state, imported.job.state) == ("discarded", "cancelled")
    assert jobs.work_off_one() == 0
    page = signed_in.get(page_of(imported)).content.decode()
    assert "Cancelled: the file was not read to its end, and nothing was stored." in page
    assert "Import it again" in page


def test_a_file_that_is_being_read_is_cancelled_and_its_lines_are_gone(
    signed_in, world, monkeypatch
):
    series = [add_series(world, f"a{number:04}") for number in range(1100)]
    rows = [[each.code, "2020", "1.5"] for each in series]
    imported = hand_in(csv_file(*rows, headings=["series", "year", "value"]), by=world.official)
    keep = imports.reading._Reading._keep
    answers = []

    def keep_and_cancel(self, block):
        keep(self, block)
        monkeypatch.setattr(imports.reading._Reading, "_keep", keep)
        answers.append(cancel_on_page(signed_in, imported).status_code)

    monkeypatch.setattr(imports.reading._Reading, "_keep", keep_and_cancel)
    jobs.work_off_one()

    imported.refresh_from_db()
    assert answers == [302]
    assert (imported.state, imported.job.state) == ("discarded", "cancelled")
    assert not ImportLine.objects.exists()
    assert jobs.work_off_one() == 0


def test_a_preview_whose_storing_is_cancelled_is_a_preview_again(signed_in, world):
    imported = read(csv_file(changed_line()), by=world.official)
    store_on_page(signed_in, imported)

    assert cancel_on_page(signed_in, imported).status_code == 302
    assert jobs.work_off_one() == 0

    imported.refresh_from_db()
    assert (imported.state, imported.job.state) == ("previewed", "cancelled")
    assert not ObservationVersion.objects.exists()
    assert store(imported).state == ImportState.STORED


def test_what_has_been_read_or_stored_is_not_cancelled(signed_in, world):
    imported = read(csv_file(changed_line()), by=world.official)

    refused = cancel_on_page(signed_in, imported)

    assert refused.status_code == 409
    assert "the import has changed since you read its page" in refused.content.decode()
    imported.refresh_from_db()
    assert imported.state == ImportState.PREVIEWED


def test_somebody_elses_import_is_not_cancelled(client, world):
    imported = hand_in(csv_file(changed_line()), by=world.official)
    client.force_login(make_official("li", world.department))

    assert cancel_on_page(client, imported).status_code == 404
    imported.job.refresh_from_db()
    assert imported.job.state == "waiting"


def test_an_import_that_was_given_up_is_read_anew_once_asked(signed_in, world, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(imports.reading._Reading, "run", lambda self: 1 / 0)
        imported = read(csv_file(changed_line()), by=world.official)
    assert (imported.state, imported.job.state) == ("refused", "failed")

    jobs.retry_job(job=imported.job, by=world.official)
    imported.refresh_from_db()
    assert (imported.state, imported.problems) == ("waiting", [])

    assert imports.work_off(imported).state == ImportState.PREVIEWED
    assert "1 figure would be stored" in signed_in.get(page_of(imported)).content.decode()


def test_a_job_that_failed_to_store_says_that_it_reads_once_it_is_tried_again(world, monkeypatch):
    """The preview that it was to store is gone."""
    imported = read(csv_file(changed_line()), by=world.official)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)
    with monkeypatch.context() as patched:
        patched.setattr(imports.storing, "record", lambda *_args, **_options: 1 / 0)
        refused = imports.work_off(asked)
    assert (refused.state, refused.job.state, refused.job.total) == ("refused", "failed", 1)

    again = jobs.retry_job(job=refused.job, by=world.official)

    again.refresh_from_db()
    assert again.parameters == {"step": "read", "attachment": imported.attachment_id}
    assert (again.total, again.done, again.parts.get().size) == (None, 0, 0)
    refused.refresh_from_db()
    done = imports.work_off(refused)
    assert (done.state, done.job.done, done.job.total) == ("previewed", 1, 1)


def test_the_job_of_an_import_leads_to_it_for_its_sender_and_names_it_to_administrators(
    signed_in, world
):
    imported = read(csv_file(changed_line()), by=world.official)
    job = imported.job
    own = signed_in.get(job.get_absolute_url()).content.decode()
    sysadmin = make_user("sysadmin")
    make_post(sysadmin, Role.SYSTEM_ADMIN)
    signed_in.force_login(sysadmin)
    of_another = signed_in.get(job.get_absolute_url()).content.decode()

    assert page_of(imported) in own
    assert "数据.csv" in own
    assert page_of(imported) not in of_another
    assert "数据.csv" in of_another
