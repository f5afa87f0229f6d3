"""The check of a question (核查记录): asked, answered, concluded; each step appended and told."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.notices.storing import give, withdraw
from indicators.enums import CheckKind, NoticeKind, QuestionState
from indicators.models import Attachment, CheckStep, Notice, Question
from indicators.queries.questions import (
    Rights,
    asked_departments,
    last_asked,
    people_to_answer,
    rights_of,
)
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import User
from targets_site.audit.actions import record
from targets_site.places.models import Department
from targets_site.typed_text import TextKind, clean_text


class StaleQuestion(Exception):
    """Somebody has said something since the question was read."""


@transaction.atomic
def ask(
    *, question: Question, department: Department, text: str, by: User, read: int | None = None
) -> CheckStep:
    """Put a question to a department; its officials and signers are told.

    read: how many steps there were when it was read; None where that does not matter. Raises
    NotAllowed unless `by` audits or reviews the area and neither enters nor signs for the
    department, StaleQuestion, and ValidationError by field.
    """
    one, rights = _locked(question, by, read)
    if not rights.may_ask:
        raise NotAllowed(_("You cannot put this question now."))
    if department.pk not in {each.pk for each in asked_departments(one)}:
        raise ValidationError({"department": _("These are not the department's figures.")})
    if department.pk in rights.own_departments:
        raise NotAllowed(_("Nobody asks his own department."))
    step = _append(
        one, CheckKind.ASKED, text=text, by=by, department=department,
        as_auditor=rights.is_auditor,
    )  # fmt: skip
    before, after = _enter(step, QuestionState.ASKED)
    record("ask_question", one.about, by=by.username, role=rights.role, before=before, after=after)
    _tell(step, NoticeKind.QUESTION_ASKED, people_to_answer(department))
    return step


@transaction.atomic
def answer(
    *, question: Question, text: str, by: User, evidence: int | None = None, read: int | None = None
) -> CheckStep:
    """Answer for the department that was asked last; who asked is told.

    evidence: id of a file that `by` added for his department. Raises as `ask`; NotAllowed unless
    `by` enters or signs for the department and has not asked himself.
    """
    one, rights = _locked(question, by, read)
    asked = last_asked(one)
    if asked is None or asked.department is None or not rights.may_answer:
        raise NotAllowed(_("This question is not for you to answer now."))
    step = _append(
        one, CheckKind.ANSWERED, text=text, by=by, department=asked.department,
        evidence=_own_file(evidence, by, rights),
    )  # fmt: skip
    before, after = _enter(step, QuestionState.ANSWERED)
    record(
        "answer_question", one.about, by=by.username, role=rights.role, before=before, after=after
    )
    _withdraw(asked)
    _tell(step, NoticeKind.ANSWER_GIVEN, [asked.by])
    return step


@transaction.atomic
def conclude(
    *, question: Question, conclusion: str, text: str, by: User, read: int | None = None
) -> CheckStep:
    """Say what came of a question, with a reason; asking again opens it once more.

    Raises as `ask`; NotAllowed also where an auditor asked and `by` is none, or where `by`
    answered himself.
    """
    one, rights = _locked(question, by, read)
    if not rights.may_conclude:
        raise NotAllowed(_("You cannot conclude this question now."))
    if conclusion not in QuestionState.conclusions():
        raise ValidationError({"conclusion": _("Choose a conclusion.")})
    step = _append(one, CheckKind.CONCLUDED, text=text, by=by, conclusion=conclusion)
    if (asked := last_asked(one)) is not None:
        _withdraw(asked)
    before, after = _enter(step, QuestionState(conclusion))
    record(
        "conclude_question", one.about, by=by.username, role=rights.role, before=before, after=after
    )
    return step


def _locked(question: Question, by: User, read: int | None) -> tuple[Question, Rights]:
    one = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    rights = rights_of(one, user=by)
    if read is not None and read != one.steps.count():
        # Who may do nothing here learns nothing of what was said meanwhile.
        if not rights.may_read:
            raise NotAllowed(_("This question is not for you."))
        raise StaleQuestion(one.about)
    return one, rights


def _append(question: Question, kind: CheckKind, *, text: str, **fields: Any) -> CheckStep:
    step = CheckStep(question=question, kind=kind, text=_cleaned(text), **fields)
    step.save()
    return step


def _cleaned(text: str) -> str:
    try:
        cleaned = clean_text(text, kind=TextKind.REMARK, label=_("What you say")).value
    except ValidationError as error:
        raise ValidationError({"text": error}) from error
    if not cleaned:
        raise ValidationError({"text": _("Say something.")})
    return cleaned


def _own_file(pk: int | None, by: User, rights: Rights) -> Attachment | None:
    if pk is None:
        return None
    own = Attachment.objects.filter(added_by=by, department__in=rights.own_departments)
    found = own.filter(pk=pk, import_of__isnull=True).first()
    if found is None:
        raise NotAllowed(_("You hand in nothing for this department."))
    return found


def _enter(step: CheckStep, state: QuestionState) -> tuple[dict[str, Any], dict[str, Any]]:
    """Move the question on; returns what the trail keeps as before and after."""
    one = step.question
    before, one.state = one.state, state
    one.save(update_fields=["state"])
    after = {
        "state": state.value,
        "step": step.pk,
        "text": step.text,
        "department": step.department.code if step.department else "",
        "evidence": step.evidence.sha256 if step.evidence else "",
    }
    return {"state": before}, after


def _tell(step: CheckStep, kind: NoticeKind, people: Collection[User]) -> None:
    others = [each for each in people if each.pk != step.by_id]
    give([Notice(person=each, kind=kind, step=step, made_at=step.at) for each in others])


def _withdraw(asked: CheckStep) -> None:
    """Those that nobody has seen need not be seen any more."""
    ids = asked.notices.values_list("pk", flat=True)
    withdraw(list(ids), moment=timezone.now())
