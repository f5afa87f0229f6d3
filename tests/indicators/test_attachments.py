"""Files that people hand in: who may, what is taken, who may read them."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from indicators.actions import entry, workflow
from indicators.actions.attachments import add_attachment
from indicators.actions.entry import EnteredFigure
from indicators.models import Attachment, MaterialFile, RoundException, RoundMaterial
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_figure,
    make_official,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
)
from tests.indicators.steps import in_parallel

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nthe letter\n%%EOF"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def letter(name="来函.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def attach(client, department, **upload):
    fields = {"department": department.pk, "file": letter(**upload)}
    return client.post(reverse("indicators:attach"), fields)


def test_a_file_is_kept_under_a_name_of_our_own_and_stands_in_the_trail(client, tmp_path):
    department = make_department()
    client.force_login(make_official(department=department))

    response = attach(client, department)

    assert response.status_code == 201
    stored = Attachment.objects.get()
    digest = hashlib.sha256(PDF).hexdigest()
    assert (stored.name, stored.size, stored.sha256) == ("来函.pdf", len(PDF), digest)
    assert "来函" not in stored.file.name
    assert response.json() == {
        "id": stored.pk,
        "name": "来函.pdf",
        "size": len(PDF),
        "address": f"/entry/attachments/{stored.pk}/",
    }
    said = Entry.objects.get(action="attach").after
    assert said == {"name": "来函.pdf", "sha256": digest, "bytes": len(PDF)}


def test_it_comes_back_as_a_download_and_is_never_shown(client):
    department = make_department()
    client.force_login(make_official(department=department))
    address = attach(client, department).json()["address"]

    response = client.get(address)

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/pdf"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "upload",
    [
        pytest.param({"name": "run.exe", "content": b"MZ"}, id="another-kind"),
        pytest.param({"content": b"no pdf"}, id="content-and-name-disagree"),
        pytest.param({"content": b""}, id="empty"),
    ],
)
def test_a_file_that_is_refused_leaves_nothing(client, tmp_path, upload):
    department = make_department()
    client.force_login(make_official(department=department))

    response = attach(client, department, **upload)

    assert response.status_code == 422
    assert response.json()["errors"]
    assert not Attachment.objects.exists()
    assert list(tmp_path.rglob("*")) == []


def test_nobody_hands_in_for_another_department(client):
    client.force_login(make_official())

    response = attach(client, make_department(name_zh="省林业厅"))

    assert response.status_code == 422
    assert not Attachment.objects.exists()


def test_where_the_row_cannot_be_written_the_file_goes_again(client, tmp_path, monkeypatch):
    department = make_department()
    client.force_login(make_official(department=department))

    def refuse(*_args, **_more):
        raise RuntimeError("no trail")

    monkeypatch.setattr("indicators.actions.attachments.record", refuse)
    with pytest.raises(RuntimeError):
        attach(client, department)

    assert not Attachment.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_evidence_is_read_as_far_as_its_figure_is(client):
    department = make_department()
    official, reviewer = make_official(department=department), make_reviewer()
    others = {
        "colleague": make_official("colleague", department),
        "auditor": make_auditor(),
        "another": make_reviewer("another"),
        "foreign": make_official("foreign", make_department(name_zh="省林业厅")),
        "elsewhere": make_reviewer("elsewhere", make_area("980000")),
    }
    series = make_series(department=department)
    make_round(None, 2020)
    client.force_login(official)
    said = attach(client, department).json()
    figure = EnteredFigure(
        None, missing_reason="未调查", source_title="来函", evidence=frozenset([said["id"]])
    )
    version = entry.save(series=series, year=2020, figure=figure, read_version=None, by=official)

    def readers():
        found = []
        for name, user in others.items():
            client.force_login(user)
            response = client.get(said["address"])
            if response.status_code == 200:
                assert b"".join(response.streaming_content) == PDF
                found.append(name)
        return found

    assert readers() == ["colleague", "auditor"]
    assert Entry.objects.filter(action="denied", object=f"attachment:{said['id']}").count() == 3
    entry.submit(version=version, by=official)
    assert readers() == ["colleague", "auditor", "another"]
    workflow.approve(version=version, by=reviewer)
    assert readers() == ["colleague", "auditor", "another", "foreign", "elsewhere"]


def hand_in(client, one, department, kind="summary", **upload):
    fields = {"department": department.pk, "kind": kind, "file": letter(**upload)}
    return client.post(reverse("indicators:materials", args=[one.pk]), fields)


def test_material_is_handed_in_and_the_newest_counts(client):
    department = make_department()
    one = make_round(None, 2020)
    RoundMaterial.objects.create(round=one, kind="summary", due_at=one.due_at)
    client.force_login(make_official(department=department))

    assert hand_in(client, one, department, name="一.pdf").status_code == 302
    assert hand_in(client, one, department, name="二.pdf").status_code == 302

    page = client.get(reverse("indicators:materials", args=[one.pk])).content.decode()
    assert page.rindex("二.pdf") < page.rindex("一.pdf")
    assert MaterialFile.objects.count() == 2
    assert Entry.objects.filter(action="hand_in").count() == 2


def test_material_is_refused_where_not_asked_closed_or_foreign(client):
    department, other = make_department(), make_department(name_zh="省林业厅")
    now = timezone.now()
    one = make_round(
        None, 2020, opens_at=now - timedelta(9), due_at=now - timedelta(8),
        closes_at=now - timedelta(7),
    )  # fmt: skip
    client.force_login(make_official(department=department))

    assert hand_in(client, one, department, kind="summary").status_code == 403
    assert hand_in(client, one, department, kind="stamped_form").status_code == 409
    assert hand_in(client, one, other, kind="stamped_form").status_code == 422
    client.force_login(make_official("foreign", make_department(make_area("980000"))))
    assert client.get(reverse("indicators:materials", args=[one.pk])).status_code == 403
    assert not MaterialFile.objects.exists()
    assert not Attachment.objects.exists()


def test_an_exception_opens_the_round_for_material_too(client):
    department = make_department()
    now = timezone.now()
    one = make_round(
        None, 2020, opens_at=now - timedelta(9), due_at=now - timedelta(8),
        closes_at=now - timedelta(7),
    )  # fmt: skip
    RoundException.objects.create(
        round=one, department=department, until=now + timedelta(1), reason="机构改革",
        granted_by=make_reviewer(),
    )  # fmt: skip
    client.force_login(make_official(department=department))

    assert hand_in(client, one, department, kind="stamped_form").status_code == 302


def test_the_form_prints_what_the_department_reported(client, django_assert_num_queries):
    department = make_department()
    official = make_official(department=department)
    series = make_series(department=department)
    one = make_round(None, 2020, form_number="质监01表", name="2020年年报")
    figure = EnteredFigure(None, missing_reason="未调查", source_title="来函", remark="见附件")
    version = entry.save(series=series, year=2020, figure=figure, read_version=None, by=official)
    client.force_login(official)
    address = reverse("indicators:submission_form", args=[one.pk, department.pk])

    draft = client.get(address).content.decode()
    entry.submit(version=version, by=official)
    sent = client.get(address).content.decode()

    for said in ["质监01表", "2020年年报", "抽检合格率", "未调查", "来函", "见附件", "省农业厅"]:
        assert said in sent
    assert "notice--warn" in draft
    assert "notice--warn" not in sent


def test_the_form_prints_no_remark_of_the_reference_data(client):
    department = make_department()
    official = make_official(department=department)
    loaded, own = (make_series(scope=scope, department=department) for scope in ("a", "b"))
    make_figure(loaded, 2020, "97.10", remark="作主序列")
    make_figure(own, 2020, "98.10", remark="见附件", entered_by=official)
    one = make_round(None, 2020)
    client.force_login(official)

    page = client.get(reverse("indicators:submission_form", args=[one.pk, department.pk]))

    assert "97.10" in page.content.decode()
    assert "见附件" in page.content.decode()
    assert "作主序列" not in page.content.decode()


def test_the_form_in_chinese_writes_years_and_dates_out(client):
    department = make_department()
    one = make_round(None, 2019, 2020)
    client.force_login(make_official(department=department))
    client.cookies["django_language"] = "zh-hans"

    page = client.get(reverse("indicators:submission_form", args=[one.pk, department.pk]))

    due = timezone.localtime(one.due_at)
    assert "2019年、2020年" in page.content.decode()
    assert f"{due.year}年{due.month}月{due.day}日 {due:%H:%M}" in page.content.decode()


def test_the_form_of_another_department_is_denied(client):
    one = make_round(None, 2020)
    other = make_department(name_zh="省林业厅")
    client.force_login(make_official())

    response = client.get(reverse("indicators:submission_form", args=[one.pk, other.pk]))

    assert response.status_code == 403


@pytest.mark.parametrize(
    ("make", "role"),
    [(make_official, "official"), (make_signer, "signer")],
    ids=["official", "signer"],
)
def test_the_trail_names_the_role_in_which_a_file_came(client, make, role):
    department = make_department()
    one = make_round(None, 2020, name="2020年年报")
    client.force_login(make(department=department))

    attach(client, department)
    hand_in(client, one, department, kind="stamped_form")

    said = Entry.objects.filter(action__in=["attach", "hand_in"]).values_list("action", "role")
    assert list(said.order_by("pk")) == [("attach", role), ("attach", role), ("hand_in", role)]
    about = Entry.objects.get(action="hand_in").object
    assert about == f"round:{one.area.code}:2020年年报"


def test_a_file_handed_in_for_a_round_is_never_taken_for_evidence(client):
    """Reviewers read it at once, evidence only when the department has sent its figure."""
    department = make_department()
    one = make_round(None, 2020)
    client.force_login(make_official(department=department))

    hand_in(client, one, department, kind="stamped_form")
    hand_in(client, one, department, kind="stamped_form")
    evidence = attach(client, department).json()["id"]

    assert attach(client, department).json()["id"] == evidence
    handed_in = set(MaterialFile.objects.values_list("attachment", flat=True))
    assert len(handed_in) == 2
    assert evidence not in handed_in


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_at_once_is_stored_once(tmp_path):
    department = make_department()
    official = make_official(department=department)

    def add():
        return add_attachment(upload=letter(), name="来函.pdf", department=department, by=official)

    added = in_parallel([add] * 5)

    assert sorted(each.is_new for each in added) == [False] * 4 + [True]
    assert {each.attachment for each in added} == {Attachment.objects.get()}
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
