"""A file that comes with a figure or a judgement: stored with it, or not at all."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from indicators.actions import entry, judgements
from indicators.actions.entry import EnteredFigure
from indicators.models import Attachment, JudgementVersion, ObservationVersion
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_official,
    make_post,
    make_round,
    make_series,
    make_text_target,
    name_department,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PDF = b"%PDF-1.7\nthe letter\n%%EOF"
AGAIN = "Your file was not stored either: choose it again before you save."


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def colleague(department):
    return make_official("colleague", department)


class Figure:
    """The page of a figure of 2020."""

    versions, field = ObservationVersion, "evidence_file"
    typed = {"value": "98.5", "source_title": "2020年统计公报", "remark": "手写的话"}

    def __init__(self, department):
        self.series = make_series(department=department)
        self.address = f"/entry/series/{self.series.code}/2020/"

    def save(self, *, by):
        figure = EnteredFigure(None, missing_reason="未调查")
        return entry.save(series=self.series, year=2020, figure=figure, read_version=None, by=by)


class Judgement:
    """The page of the judgement of a target for 2020."""

    versions, field = JudgementVersion, "file"
    typed = {"outcome": "partly", "narrative": "手写的话"}

    def __init__(self, department):
        self.target = make_text_target()
        name_department(self.target, department)
        self.address = reverse("indicators:judge", args=[self.target.code, 2020])

    def save(self, *, by):
        return judgements.save(
            target=self.target, year=2020, outcome="done", narrative="x", read_version=None, by=by
        )


@pytest.fixture(params=[Figure, Judgement], ids=["figure", "judgement"])
def thing(request, department):
    return request.param(department)


def letter(content=PDF, name="来函.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def send(client, thing, *, file=None, **fields):
    files = {thing.field: file or letter()}
    return client.post(thing.address, {"step": "save", **thing.typed, **fields, **files})


def nothing_is_left(media):
    on_disk = [path for path in media.rglob("*") if path.is_file()]
    attached = Entry.objects.filter(action="attach")
    return not (on_disk or Attachment.objects.exists() or attached.exists())


def shown(response):
    return " ".join(response.content.decode().split())


def test_a_file_is_stored_with_what_it_is_evidence_of(client, official, thing, media):
    make_round(None, 2020)
    client.force_login(official)

    assert send(client, thing).status_code == 302

    kept = thing.versions.objects.get().evidence.get()
    assert (kept.name, kept.added_by) == ("来函.pdf", official)
    assert (media / kept.file.name).read_bytes() == PDF


def test_refused_again_and_again_it_leaves_no_file(client, official, colleague, thing, media):
    make_round(None, 2020)
    thing.save(by=colleague)
    client.force_login(official)

    answers = [send(client, thing, file=letter(PDF + bytes([each]))) for each in range(3)]

    assert [each.status_code for each in answers] == [409] * 3
    assert nothing_is_left(media)
    assert AGAIN in shown(answers[-1])
    assert "手写的话" in shown(answers[-1])
    assert Entry.objects.filter(action="denied").count() == 3


def test_the_file_chosen_again_is_stored(client, official, colleague, thing):
    make_round(None, 2020)
    thing.save(by=colleague)
    client.force_login(official)
    send(client, thing)

    response = send(client, thing, read_version="1")

    assert response.status_code == 302
    assert thing.versions.objects.get(number=2).evidence.get() == Attachment.objects.get()
    assert AGAIN not in shown(client.get(thing.address))


def test_after_the_round_closed_no_file_is_stored(client, official, thing, media):
    now = timezone.now()
    make_round(None, 2020, due_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))
    client.force_login(official)

    response = send(client, thing)

    assert response.status_code == 409
    assert nothing_is_left(media)
    assert AGAIN in shown(response)


@pytest.mark.parametrize(
    "wrong", [{"value": "abc", "outcome": "abc"}, {"value": "", "outcome": ""}], ids=["abc", ""]
)
def test_beside_wrong_input_it_has_to_be_chosen_again(client, official, thing, media, wrong):
    make_round(None, 2020)
    client.force_login(official)

    response = send(client, thing, **wrong)

    assert response.status_code == 422
    assert nothing_is_left(media)
    assert AGAIN in shown(response)


def test_a_file_that_is_not_taken_is_what_is_said(client, official, thing, media):
    make_round(None, 2020)
    client.force_login(official)

    response = send(client, thing, file=letter(b"MZ", "tool.exe"))

    assert response.status_code == 422
    assert "“tool.exe” is of another kind" in shown(response)
    assert AGAIN not in shown(response)
    assert not thing.versions.objects.exists()
    assert nothing_is_left(media)


def test_without_a_file_nothing_is_said_of_one(client, official, colleague, thing):
    make_round(None, 2020)
    thing.save(by=colleague)
    client.force_login(official)

    response = client.post(thing.address, {"step": "save", **thing.typed})

    assert response.status_code == 409
    assert AGAIN not in shown(response)


def test_a_judgement_that_cannot_be_submitted_leaves_no_file(client, official, department, media):
    """It is saved and submitted in one."""
    thing = Judgement(department)
    make_round(None, 2020)
    client.force_login(official)

    response = send(client, thing, narrative="", step="submit")

    assert response.status_code == 422
    assert not JudgementVersion.objects.exists()
    assert nothing_is_left(media)
    assert AGAIN in shown(response)


def test_a_figure_that_is_saved_but_not_submitted_keeps_its_file(client, official, department):
    thing = Figure(department)
    make_round(None, 2020)
    client.force_login(official)

    response = send(client, thing, source_title="", step="submit")

    assert response.status_code == 422
    assert ObservationVersion.objects.get().evidence.get() == Attachment.objects.get()
    assert AGAIN not in shown(response)


def test_the_department_of_another_area_that_a_target_names_hands_in_evidence(client):
    elsewhere = make_department(make_area("980000"), name_zh="外地厅")
    thing = Judgement(elsewhere)
    make_round(thing.target.area, 2020)
    client.force_login(make_official("far", elsewhere))

    response = send(client, thing)

    assert response.status_code == 302
    assert Attachment.objects.get().department == elsewhere


def test_evidence_is_handed_in_for_the_department_that_the_target_names(client):
    named, other = make_department(name_zh="省水利厅"), make_department(name_zh="省林业厅")
    thing = Judgement(named)
    make_round(thing.target.area, 2020)
    both = make_official("both", other)
    make_post(both, department=named)
    client.force_login(both)

    assert send(client, thing).status_code == 302

    assert Attachment.objects.get().department == named


def test_where_the_target_names_nobody_evidence_is_of_the_areas_department(client):
    department = make_department()
    thing = Judgement(department)
    thing.target.department_links.all().delete()
    make_round(thing.target.area, 2020)
    person = make_official("person", make_department(make_area("380000"), name_zh="外地厅"))
    make_post(person, department=department)
    client.force_login(person)

    assert send(client, thing).status_code == 302

    assert Attachment.objects.get().department == department


def test_a_form_sent_twice_stores_one_version_and_one_file(client, official, thing, media):
    make_round(None, 2020)
    client.force_login(official)

    answers = [send(client, thing) for _each in range(2)]

    assert [each.status_code for each in answers] == [302, 302]
    assert thing.versions.objects.get().evidence.get() == Attachment.objects.get()
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1
    assert Entry.objects.filter(action="attach").count() == 1


@pytest.mark.parametrize(
    "other", [{"name": "另一份.pdf"}, {"content": PDF + b"2"}], ids=["name", "content"]
)
def test_another_file_is_another_answer(client, official, thing, other):
    make_round(None, 2020)
    client.force_login(official)
    send(client, thing)

    response = send(client, thing, file=letter(**other))

    assert response.status_code == 409
    assert Attachment.objects.count() == 1


def test_a_file_that_serves_already_outlives_a_refusal(client, official, colleague, thing, media):
    make_round(None, 2020)
    client.force_login(official)
    send(client, thing)
    kept = Attachment.objects.get()
    client.force_login(official)

    response = send(client, thing, remark="另一句", narrative="另一句")

    assert response.status_code == 409
    assert (media / kept.file.name).read_bytes() == PDF


def test_the_same_file_of_a_colleague_is_his_own(client, official, colleague, thing):
    make_round(None, 2020)
    client.force_login(colleague)
    send(client, thing)
    client.force_login(official)

    assert send(client, thing, read_version="1").status_code == 302

    added_by = thing.versions.objects.get(number=2).evidence.get().added_by
    assert added_by == official
