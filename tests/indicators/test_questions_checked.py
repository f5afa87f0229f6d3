"""Asked, answered, concluded: by whom, in which order, and what is told and kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from indicators.actions import questions as actions
from indicators.actions.questions import StaleQuestion
from indicators.enums import NoticeKind, QuestionState
from indicators.models import Attachment, CheckStep, Notice, Question
from indicators.queries.questions import readable_questions, waiting_questions
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_official,
    make_post,
    make_reviewer,
    make_signer,
    make_user,
)
from tests.indicators.questions_world import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def question(department):
    return make_question(department)


@pytest.fixture
def auditor():
    return make_auditor()


@pytest.fixture
def official(department):
    return make_official(department=department)


def ask(question, by, text="为何上升？", **options):
    return actions.ask(
        question=question, department=question.department, text=text, by=by, **options
    )


def answer(question, by, text="开展了专项行动。", **options):
    return actions.answer(question=question, text=text, by=by, **options)


def conclude(question, by, conclusion=QuestionState.EXPLAINED, text="已核对。"):
    return actions.conclude(question=question, conclusion=conclusion, text=text, by=by)


def state_of(question):
    return Question.objects.get(pk=question.pk).state


def test_the_whole_way(question, auditor, official):
    ask(question, auditor)
    asked = state_of(question)
    answer(question, official)
    answered = state_of(question)
    conclude(question, auditor)

    assert (asked, answered, state_of(question)) == ("asked", "answered", "explained")
    steps = list(question.steps.values_list("kind", "by__username", "text", "conclusion"))
    assert steps == [
        ("asked", "auditor", "为何上升？", ""),
        ("answered", "official", "开展了专项行动。", ""),
        ("concluded", "auditor", "已核对。", "explained"),
    ]


def test_each_step_stands_in_the_trail(question, auditor, official):
    ask(question, auditor)
    answer(question, official)
    conclude(question, auditor)

    entries = Entry.objects.filter(object=question.about).order_by("seq")
    assert list(entries.values_list("action", "actor", "role")) == [
        ("ask_question", "auditor", Role.AUDITOR),
        ("answer_question", "official", Role.OFFICIAL),
        ("conclude_question", "auditor", Role.AUDITOR),
    ]
    assert entries[0].before == {"state": "found"}
    assert entries[1].after["text"] == "开展了专项行动。"


def test_officials_and_signers_are_told_and_then_who_asked(question, auditor, official, department):
    make_signer(department=department)
    make_official("elsewhere", make_department(name_zh="省环保厅"))
    ask(question, auditor)
    told = Notice.objects.given().values_list("person__username", "kind")
    assert sorted(told) == [
        ("official", NoticeKind.QUESTION_ASKED),
        ("signer", NoticeKind.QUESTION_ASKED),
    ]

    answer(question, official)

    # Nobody else need see any more what was answered.
    assert list(Notice.objects.given().values_list("person__username", "kind")) == [
        ("auditor", NoticeKind.ANSWER_GIVEN)
    ]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REVIEWER])
def test_auditors_and_reviewers_of_the_area_ask(question, role):
    person = make_user()
    make_post(person, role)

    ask(question, person)

    assert state_of(question) == "asked"


@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.STEWARD, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]
)
def test_nobody_else_asks_or_concludes(question, role):
    person = make_user()
    make_post(person, role)

    with pytest.raises(NotAllowed):
        ask(question, person)
    with pytest.raises(NotAllowed):
        conclude(question, person)


def test_an_auditor_of_another_area_asks_nothing(question):
    with pytest.raises(NotAllowed):
        ask(question, make_auditor(area=make_area("980000")))


def test_a_reviewer_asks_no_department_that_he_enters_for(question, department):
    reviewer = make_reviewer()
    make_post(reviewer, Role.OFFICIAL, department=department)

    with pytest.raises(NotAllowed):
        ask(question, reviewer)


def test_only_the_department_that_was_asked_answers(question, auditor):
    other = make_official("other", make_department(name_zh="省环保厅"))
    ask(question, auditor)

    for person in (other, auditor, make_reviewer()):
        with pytest.raises(NotAllowed):
            answer(question, person)


def test_a_signer_answers_too(question, auditor, department):
    ask(question, auditor)

    answer(question, make_signer(department=department))

    assert state_of(question) == "answered"


def test_nothing_is_answered_that_nobody_asked(question, official, auditor):
    with pytest.raises(NotAllowed):
        answer(question, official)
    ask(question, auditor)
    answer(question, official)
    with pytest.raises(NotAllowed):
        answer(question, official)


def test_what_an_auditor_asked_no_reviewer_concludes(question, auditor, official):
    reviewer = make_reviewer()
    ask(question, auditor)
    answer(question, official)

    with pytest.raises(NotAllowed):
        conclude(question, reviewer)
    conclude(question, make_auditor("second"))

    assert state_of(question) == "explained"


def test_what_a_reviewer_asked_a_reviewer_concludes(question, official):
    reviewer = make_reviewer()
    ask(question, reviewer)
    answer(question, official)

    conclude(question, reviewer, QuestionState.CORRECTED)

    assert state_of(question) == "corrected"


def test_what_was_concluded_is_opened_by_asking_again(question, auditor):
    conclude(question, auditor)
    with pytest.raises(NotAllowed):
        conclude(question, auditor)

    ask(question, auditor)

    assert state_of(question) == "asked"


def test_what_is_to_be_looked_into_further_can_be_concluded_later(question, auditor):
    conclude(question, auditor, QuestionState.FURTHER)
    conclude(question, auditor, QuestionState.CORRECTED)

    assert state_of(question) == "corrected"


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_each_step_says_something(question, auditor, text):
    with pytest.raises(ValidationError) as refused:
        ask(question, auditor, text)

    assert list(refused.value.error_dict) == ["text"]
    assert not question.steps.exists()


@pytest.mark.parametrize("conclusion", ["found", "asked", "guilty", ""])
def test_a_conclusion_is_one_of_three(question, auditor, conclusion):
    with pytest.raises(ValidationError):
        conclude(question, auditor, conclusion)


def test_the_question_goes_to_a_department_whose_figures_they_are(question, auditor):
    other = make_department(name_zh="省环保厅")

    with pytest.raises(ValidationError):
        actions.ask(question=question, department=other, text="为何？", by=auditor)


def test_somebody_said_something_since_it_was_read(question, auditor):
    ask(question, auditor, read=0)

    with pytest.raises(StaleQuestion):
        ask(question, make_auditor("second"), read=0)


def test_nobody_hands_in_the_file_of_another(question, auditor, official, department):
    colleague = make_official("colleague", department)
    file = Attachment.objects.create(
        name="counts.pdf", media_type="application/pdf", size=9, sha256="0" * 64,
        department=department, added_by=colleague,
    )  # fmt: skip
    ask(question, auditor)

    with pytest.raises(NotAllowed):
        answer(question, official, evidence=file.pk)


def test_who_reads_which_question(question, auditor, official, department):
    leader, signer = make_user("leader"), make_signer(department=department)
    make_post(leader, Role.LEADER)
    others = [
        make_user("nobody"),
        make_auditor("elsewhere", make_area("980000")),
        make_official("other", make_department(name_zh="省环保厅")),
    ]
    before = {
        each.username: readable_questions(each).exists()
        for each in (auditor, make_reviewer(), leader, official, signer, *others)
    }
    ask(question, auditor)

    assert before == {
        "auditor": True, "reviewer": True, "leader": True, "official": False, "signer": False,
        "nobody": False, "elsewhere": False, "other": False,
    }  # fmt: skip
    assert readable_questions(official).get() == readable_questions(signer).get() == question
    assert not any(readable_questions(each).exists() for each in others)


def test_who_follows_a_province_reads_what_is_asked_below_it():
    county = make_area("990100", level="prefecture", parent=make_area())
    question = make_question(make_department(county, "市农业局"))

    assert readable_questions(make_auditor()).get() == question


def test_what_waits_for_an_answer(question, auditor, official):
    nothing = waiting_questions(official)
    ask(question, auditor)
    waiting = waiting_questions(official)
    answer(question, official)

    assert (nothing, waiting, waiting_questions(official)) == ([], [question], [])


def test_steps_are_kept_and_of_one_kind(question, auditor):
    """The database holds what the actions promise."""
    wrong = [
        {"kind": "asked", "text": "为何？"},
        {"kind": "concluded", "text": "好"},
        {"kind": "asked", "text": "", "department": question.department},
        {"kind": "shouted", "text": "为何？", "department": question.department},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            CheckStep.objects.create(question=question, by=auditor, **fields)


def test_a_post_that_has_ended_asks_nothing(question, auditor):
    post = auditor.posts.get()
    post.to_date = post.from_date + timedelta(days=1)
    post.save()

    with pytest.raises(NotAllowed):
        ask(question, auditor)
