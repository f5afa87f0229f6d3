"""What an auditor finds beside the real data: a question that was checked, a figure that was
corrected and one that came late, a token, and an export in the making."""

from datetime import timedelta

from django.utils import timezone

from indicators.actions.questions import answer, ask, conclude, find_questions
from indicators.actions.verdicts import recompute
from indicators.models import Question, Series
from indicators.queries.questions import asked_departments
from plans.models import Target
from reports.exports.asked import Asked
from reports.exports.kept.asking import ask_for_export
from targets_site.accounts.actions.tokens import make_token
from targets_site.accounts.models import Role, User
from tests.factories import (
    make_figure,
    make_indicator,
    make_post,
    make_round,
    make_series,
    make_user,
)
from tests.indicators.questions_world import make_jump

DAY = timedelta(days=1)


def question_of_jump(department, code: str) -> Question:
    series = make_jump(department, code=code)
    find_questions()
    return Question.objects.filter(series=series).latest("pk")


def put(question: Question, text: str) -> None:
    """To who does the department's work today."""
    auditor = User.objects.get(username="auditor")
    ask(question=question, department=asked_departments(question)[0], text=text, by=auditor)


def checked_question(department) -> Question:
    """Asked by the auditor, answered by the department and concluded."""
    question = question_of_jump(department, "jumping")
    put(question, "2017年口径是否有变化？")
    colleague = make_user("colleague", full_name="赵填报")
    # Of the department that took its place.
    make_post(colleague, Role.OFFICIAL, department=asked_departments(question)[0])
    answer(question=question, text="当年抽检范围扩大到乡镇，附通知。", by=colleague)
    auditor = User.objects.get(username="auditor")
    conclude(question=question, conclusion="explained", text="说明与通知一致。", by=auditor)
    return question


def asked_question(department) -> Question:
    """The department has still to answer it."""
    question = question_of_jump(department, "jumping-too")
    put(question, "请说明当年的变化。")
    return question


def correct(series: Series, year: int, value: str) -> None:
    entered, reviewed = (User.objects.get(username=name) for name in ("official", "reviewer"))
    make_figure(
        series, year, value, entered_by=entered, submitted_by=entered, reviewed_by=reviewed,
        submitted_at=timezone.now(), reviewed_at=timezone.now(),
        correction_reason="年报更正：按最终核定数",
    )  # fmt: skip
    recompute(Target.objects.in_force().filter(readings__series=series))


def come_late(department) -> None:
    """A figure for a round that was due ten days ago."""
    now, sender = timezone.now(), User.objects.get(username="official")
    make_round(
        department.area, 2018, name="2018年年报", opens_at=now - 30 * DAY, due_at=now - 10 * DAY,
        closes_at=now - 5 * DAY,
    )  # fmt: skip
    series = make_series(department.area, make_indicator("late-rate"), department=department)
    sent_at = now - 3 * DAY
    make_figure(
        series, 2018, "98.50", state="submitted", entered_by=sender, entered_at=sent_at,
        submitted_by=sender, submitted_at=sent_at, submitted_for=department,
    )  # fmt: skip


def use_the_centre(user: User) -> str:
    """The address of the job that writes an export."""
    make_token(user=user, name="年度对账程序")
    return ask_for_export(asked=Asked("observations", "xlsx"), by=user).get_absolute_url()
