"""The list of questions, the page of one, and who may open them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.actions import questions as actions
from indicators.actions.notices import send_digests
from indicators.actions.questions import find_questions
from indicators.models import Attachment, Question
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_figure,
    make_official,
    make_reviewer,
    make_user,
)
from tests.indicators.questions_world import make_jump, make_question
from tests.indicators.uploads.files import PDF

pytestmark = pytest.mark.django_db
LIST = "/review/questions/"


def text_of(response):
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", bare)


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def question(department):
    return make_question(department)


@pytest.fixture
def auditor(client):
    person = make_auditor()
    client.force_login(person)
    return person


@pytest.mark.usefixtures("auditor")
def test_the_list_in_chinese(client, question):
    page = text_of(client.get(LIST))

    assert "共1个疑问" in page
    assert (
        "抽检合格率由2016年的95.0 %变为2017年的98.5 %，变化3.5个百分点。"
        "此前5次变化的中位数为1.0个百分点，其中半数与之相差不超过0.1个百分点；"
        "此次相差2.5个百分点。2017年发生了什么情况？" in page
    )
    assert "在如实数据中，每年约有0.28 %的序列出现此疑问（测算54,188个）。" in page


@pytest.mark.usefixtures("auditor", "in_english")
def test_one_question_in_english(client, question):
    page = text_of(client.get(question.get_absolute_url()))

    assert "A jump against the series" in page
    assert "A campaign, a new law, a disaster or another method may move a figure at once" in page
    assert "Distance |c − u| 2.5 points" in page
    assert "In honest data this question arises for about 0.28 % of series a year" in page
    assert "Nobody has asked yet." in page


@pytest.mark.usefixtures("auditor")
def test_its_figures_lead_to_their_history(client, question):
    content = client.get(question.get_absolute_url()).content.decode()

    assert f'href="/review/figure/{question.series.code}/2017/"' in content
    assert 'class="sparkline"' in content


def test_the_whole_way_through_the_pages(client, question, department, auditor):
    official = make_official(department=department)
    address = question.get_absolute_url()
    client.post(f"{address}ask/", {"read": "0", "department": department.pk, "text": "为何上升？"})
    client.force_login(official)
    tasks = text_of(client.get("/entry/"))
    notices = text_of(client.get("/notices/"))
    client.post(f"{address}answer/", {"read": "1", "text": "开展了专项行动。"})
    client.force_login(auditor)
    client.post(f"{address}conclude/", {"read": "2", "conclusion": "explained", "text": "已核对。"})
    page = text_of(client.get(address))

    assert "待答复的疑问" in tasks
    assert "auditor 提出： 为何上升？" in notices.replace("auditor提出", "auditor 提出")
    assert Question.objects.get().state == "explained"
    places = [page.index(each) for each in ("为何上升？", "开展了专项行动。", "已核对。")]
    assert places == sorted(places)


def test_officials_see_the_form_to_answer_and_nothing_else(client, question, department, auditor):
    actions.ask(question=question, department=department, text="为何上升？", by=auditor)
    client.force_login(make_official(department=department))

    content = client.get(question.get_absolute_url()).content.decode()

    assert "answer/" in content
    assert "ask/" not in content
    assert "conclude/" not in content


@pytest.mark.parametrize(
    "maker",
    [
        pytest.param(lambda _d: make_user("nobody"), id="no-post"),
        pytest.param(lambda _d: make_auditor("far", make_area("980000")), id="other-area"),
        pytest.param(lambda d: make_official("own", d), id="department-not-asked"),
    ],
)
@pytest.mark.parametrize("step", ["", "ask/", "answer/", "conclude/"])
def test_a_question_of_others_is_not_there(client, question, department, maker, step):
    client.force_login(maker(department))
    send = client.post if step else client.get

    response = send(f"{question.get_absolute_url()}{step}", {})

    assert response.status_code == 404
    assert Entry.objects.filter(action="denied", object=f"question:{question.pk}").exists()


def test_the_list_is_denied_to_who_follows_nothing(client):
    client.force_login(make_user("nobody"))

    assert client.get(LIST).status_code == 403
    assert Entry.objects.filter(action="denied", object="questions").exists()


@pytest.mark.usefixtures("auditor")
def test_what_is_missing_is_said_under_its_field(client, question, department):
    response = client.post(
        f"{question.get_absolute_url()}ask/", {"read": "0", "department": department.pk, "text": ""}
    )

    assert response.status_code == 422
    assert "errorlist" in response.content.decode()


def test_a_page_that_is_out_of_date_stores_nothing(client, question, department, auditor):
    actions.ask(question=question, department=department, text="为何上升？", by=auditor)
    response = client.post(
        f"{question.get_absolute_url()}conclude/",
        {"read": "0", "conclusion": "explained", "text": "已核对。"},
    )

    assert response.status_code == 409
    assert question.steps.count() == 1
    assert "已核对。" in response.content.decode()


def test_a_right_that_is_missing_is_403(client, question, auditor, department):
    actions.ask(question=question, department=department, text="为何上升？", by=auditor)
    client.force_login(make_reviewer())

    response = client.post(
        f"{question.get_absolute_url()}conclude/",
        {"read": "1", "conclusion": "explained", "text": "已核对。"},
    )

    assert response.status_code == 403
    assert question.steps.count() == 1


@pytest.mark.usefixtures("auditor")
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("rule=jump", 2), ("rule=bunched", 0), ("year=2017", 2), ("state=found", 2),
        ("standing=1", 1), ("standing=0", 1), ("area=990000", 2), ("department=none", 2),
        ("page=99", 2), ("rule=%00&year=x", 2),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(client, question, department, query, number):
    gone = make_jump(department, code="gone")
    find_questions()
    make_figure(gone, 2017, "96.0")
    find_questions()

    response = client.get(f"{LIST}?{query}")

    assert response.status_code == 200
    assert f"共{number}个疑问" in text_of(response)


def test_looking_again_is_for_auditors(client, question, auditor):
    make_jump(question.department, code="later")
    response = client.post(f"{LIST}look/", follow=True)
    client.force_login(make_reviewer())

    assert "重新筛查完毕：新增1个" in text_of(response)
    assert client.post(f"{LIST}look/").status_code == 403
    assert Entry.objects.filter(action="find_questions", actor="auditor").count() == 1


@pytest.mark.usefixtures("auditor")
@pytest.mark.parametrize("number", [1, 4])
def test_the_list_costs_the_same_at_any_length(
    client, department, number, django_assert_max_num_queries
):
    for at in range(number):
        make_jump(department, code=f"m{at}")
    find_questions()
    address = f"{LIST}?rule=jump"
    client.get(address)

    with django_assert_max_num_queries(17):
        response = client.get(address)

    assert f"共{number}个疑问" in text_of(response)


def test_what_was_asked_is_mailed_with_its_address(
    settings, mailoutbox, question, department, auditor
):
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example", "https://targets.example"
    official = make_official(department=department)
    type(official).objects.filter(pk=official.pk).update(email="official@example.org")
    actions.ask(question=question, department=department, text="为何上升？", by=auditor)

    send_digests()

    (mail,) = mailoutbox
    assert mail.subject == "向您的部门提出了疑问：数据相对序列突变: 抽检合格率 2016–2017"
    assert "auditor提出： 为何上升？" in mail.body
    assert f"https://targets.example{question.get_absolute_url()}" in mail.body


def test_the_menu_leads_there(client, auditor):
    assert f'href="{LIST}"' in client.get("/method/").content.decode()


def test_a_file_goes_with_the_answer_and_the_asker_may_read_it(
    client, question, department, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    reviewer = make_reviewer()
    actions.ask(question=question, department=department, text="为何上升？", by=reviewer)
    client.force_login(make_official(department=department))
    client.post(
        f"{question.get_absolute_url()}answer/",
        {
            "read": "1",
            "text": "见附件。",
            "upload": SimpleUploadedFile("清单.pdf", PDF),
        },
    )
    step = question.steps.latest("pk")

    assert step.evidence.name == "清单.pdf"
    assert Attachment.objects.readable_by(reviewer).get() == step.evidence
    client.force_login(make_user("nobody"))
    assert client.get(step.evidence.get_absolute_url()).status_code == 404


def test_where_the_answer_is_refused_no_file_is_left(
    client, question, department, auditor, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    actions.ask(question=question, department=department, text="为何上升？", by=auditor)
    client.force_login(make_official(department=department))
    response = client.post(
        f"{question.get_absolute_url()}answer/",
        {"read": "0", "text": "见附件。", "upload": SimpleUploadedFile("清单.pdf", PDF)},
    )

    assert response.status_code == 409
    assert not Attachment.objects.exists()
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []
