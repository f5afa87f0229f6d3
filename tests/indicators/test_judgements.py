"""Targets in words: judged by people through the same workflow, never computed."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from indicators.actions import judgements, workflow
from indicators.actions.targets import StatedTarget, state_target
from indicators.actions.verdicts import recompute, work_off_stale
from indicators.models import Attachment, Judgement, JudgementVersion, Verdict
from plans.models import Target
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_official,
    make_reviewer,
    make_round,
    make_signer,
    make_target,
    make_text_target,
    name_department,
)

pytestmark = pytest.mark.django_db
STATED = {
    "code", "document_id", "area_id", "domain_id", "statement_zh", "statement_en", "stated",
    "locator", "kind", "comparator", "value", "stated_decimals", "unit", "target_year", "firmness",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def target(department):
    target = make_text_target(statement_zh="质量信用体系基本建立", statement_en="Credit system")
    name_department(target, department)
    return target


@pytest.fixture
def official(department):
    return make_official(department=department)


def address(target, year=2020):
    return reverse("indicators:judge", args=[target.code, year])


def post(client, target, *, step="save", year=2020, **fields):
    fields = {"outcome": "partly", "narrative": "已建平台，未覆盖县级。", **fields}
    return client.post(address(target, year), {"step": step, **fields})


def approved(target, *, outcome, year, by, reviewer):
    version = judgements.save(
        target=target,
        year=year,
        outcome=outcome,
        narrative="见年度总结。",
        read_version=None,
        by=by,
    )
    version = judgements.submit(version=version, by=by)
    return workflow.approve(version=version, by=reviewer)


def statuses(target):
    verdicts = Verdict.objects.in_force().filter(target__code=target.code).order_by("as_of")
    return {each.as_of: (each.status, each.light) for each in verdicts}


def test_an_approved_judgement_becomes_the_verdict_from_its_year_on(target, official):
    make_round(None, 2015, 2018)
    reviewer = make_reviewer()
    recompute(Target.objects.in_force())

    approved(target, outcome="partly", year=2015, by=official, reviewer=reviewer)
    approved(target, outcome="done", year=2018, by=official, reviewer=reviewer)
    work_off_stale()

    assert statuses(target) == {
        **dict.fromkeys(range(2011, 2015), ("not_measurable", "none")),
        **dict.fromkeys(range(2015, 2018), ("judged_partly", "yellow")),
        **dict.fromkeys(range(2018, 2021), ("judged_done", "green")),
    }


def test_a_draft_or_submitted_judgement_says_nothing_yet(target, official):
    make_round(None, 2020)
    version = judgements.save(
        target=target, year=2020, outcome="done", narrative="是。", read_version=None, by=official
    )
    judgements.submit(version=version, by=official)

    recompute(Target.objects.in_force())

    assert set(statuses(target).values()) == {("not_measurable", "none")}


def test_the_page_takes_a_judgement_to_approval_and_the_target_page_shows_it(
    client, target, official, settings
):
    make_round(None, 2020)
    reviewer = make_reviewer()
    client.force_login(official)

    assert post(client, target, step="submit").status_code == 302
    version = JudgementVersion.objects.get()
    assert (version.state, version.outcome) == ("submitted", "partly")
    workflow.approve(version=version, by=reviewer)
    work_off_stale()

    page = client.get(target.get_absolute_url()).content.decode()
    assert "已建平台，未覆盖县级。" in page
    assert "人工评价" in page
    actions = list(Entry.objects.filter(object__startswith="judgement:").values_list("action"))
    assert actions == [("save",), ("submit",), ("approve",)]


def test_it_waits_for_the_signer_and_comes_back_with_his_words(client, target, official):
    make_round(None, 2020)
    signer = make_signer(department=official.posts.get().department)
    client.force_login(official)
    post(client, target, step="submit")

    version = JudgementVersion.objects.get()
    assert version.state == "to_sign"
    workflow.return_to_official(version=version, by=signer, reason="请补充数据")

    assert "请补充数据" in client.get(address(target)).content.decode()


def test_a_judgement_without_words_is_saved_but_not_submitted(client, target, official):
    make_round(None, 2020)
    client.force_login(official)

    refused = post(client, target, step="submit", narrative="")

    assert refused.status_code == 422
    assert not JudgementVersion.objects.exists()
    assert post(client, target, narrative="").status_code == 302
    assert JudgementVersion.objects.get().state == "draft"


def test_nobody_judges_where_no_round_asks(client, target, official):
    client.force_login(official)

    response = post(client, target)

    assert response.status_code == 409
    assert "已建平台，未覆盖县级。" in response.content.decode()
    assert not JudgementVersion.objects.exists()
    assert Entry.objects.filter(action="denied", reason="closed").count() == 1


def test_the_second_of_two_sees_both_and_may_go_on_knowingly(client, target, official):
    make_round(None, 2020)
    client.force_login(make_official("colleague", official.posts.get().department))
    post(client, target, narrative="同事先写的。")
    client.force_login(official)

    conflict = post(client, target, narrative="我写的。", read_version="")
    page = conflict.content.decode()

    assert conflict.status_code == 409
    assert "同事先写的。" in page
    assert "我写的。" in page
    assert JudgementVersion.objects.count() == 1
    assert post(client, target, narrative="我写的。", read_version="1").status_code == 302
    assert JudgementVersion.objects.get(number=2).narrative == "我写的。"


def test_the_sender_recalls_and_nobody_else(client, target, official):
    make_round(None, 2020)
    client.force_login(official)
    post(client, target, step="submit")
    client.force_login(make_official("colleague", official.posts.get().department))

    assert post(client, target, step="recall").status_code == 403
    client.force_login(official)
    assert post(client, target, step="recall").status_code == 302
    states = list(JudgementVersion.objects.order_by("number").values_list("state", flat=True))
    assert states == ["recalled", "draft"]


def test_after_the_round_has_closed_nothing_is_recalled(client, in_english, target, official):
    one = make_round(None, 2020)
    client.force_login(official)
    post(client, target, step="submit")
    before = client.get(address(target)).content.decode()
    now = timezone.now()
    type(one).objects.filter(pk=one.pk).update(due_at=now - timedelta(1), closes_at=now)

    after = client.get(address(target)).content.decode()
    response = post(client, target, step="recall")

    assert ['value="recall"' in page for page in (before, after)] == [True, False]
    assert "it can be changed once the reviewers have returned it" in after
    assert response.status_code == 409
    assert "Nothing was recalled: the round has closed." in response.content.decode()
    assert JudgementVersion.objects.get().state == "submitted"
    assert Entry.objects.filter(action="denied", reason="closed").count() == 1


def test_a_correction_needs_its_reason_and_keeps_the_old_one_until_approved(
    client, target, official
):
    make_round(None, 2020)
    old = approved(target, outcome="done", year=2020, by=official, reviewer=make_reviewer())
    client.force_login(official)

    refused = post(client, target, read_version="1", correction_reason="")
    taken = post(client, target, read_version="1", correction_reason="审计发现未覆盖")

    assert (refused.status_code, taken.status_code) == (422, 302)
    cell = old.judgement
    cell.refresh_from_db()
    assert cell.in_force_id == old.pk
    assert cell.working.correction_reason == "审计发现未覆盖"


def test_evidence_goes_with_the_judgement_and_is_carried_on(client, target, official):
    make_round(None, 2020)
    client.force_login(official)
    file = SimpleUploadedFile("总结.pdf", b"%PDF-1.7\n%%EOF")

    assert post(client, target, file=file).status_code == 302
    kept = JudgementVersion.objects.get().evidence.get()
    again = post(client, target, read_version="1", evidence=[kept.pk], narrative="再改。")

    assert again.status_code == 302
    assert JudgementVersion.objects.get(number=2).evidence.get() == kept


def test_a_refused_file_stores_neither_file_nor_judgement(client, target, official, tmp_path):
    make_round(None, 2020)
    client.force_login(official)

    response = post(client, target, file=SimpleUploadedFile("总结.exe", b"MZ"))

    assert response.status_code == 422
    assert not JudgementVersion.objects.exists()
    assert not Attachment.objects.exists()


def test_a_file_beside_a_conflict_leaves_nothing_on_disk(client, target, official, tmp_path):
    make_round(None, 2020)
    client.force_login(make_official("colleague", official.posts.get().department))
    post(client, target)
    client.force_login(official)

    response = post(client, target, file=SimpleUploadedFile("总结.pdf", b"%PDF-1.7\n%%EOF"))

    assert response.status_code == 409
    assert not Attachment.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_other_departments_and_targets_with_figures_are_not_judged(client, target):
    client.force_login(make_official("foreign", make_department(name_zh="省林业厅")))

    assert client.get(address(target)).status_code == 403
    assert client.get(address(make_target())).status_code == 404


def test_where_the_document_names_nobody_every_department_of_the_area_may(client, official):
    make_round(None, 2020)
    client.force_login(official)

    assert post(client, make_text_target("plan-2011-901")).status_code == 302


def test_a_target_stated_anew_keeps_what_was_judged_of_it(target, official):
    make_round(None, 2020)
    approved(target, outcome="done", year=2020, by=official, reviewer=make_reviewer())
    names = [field.attname for field in Target._meta.fields if field.attname in STATED]
    content = {name: getattr(target, name) for name in names}

    anew = state_target(StatedTarget({**content, "stated": "建成"}, (), ()), by=official)
    work_off_stale()

    assert Judgement.objects.get().target == anew
    assert statuses(anew)[2020] == ("judged_done", "green")
