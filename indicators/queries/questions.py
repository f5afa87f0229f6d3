"""Questions as people see them: who may read, ask, answer and conclude, and the lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from indicators.enums import CheckKind, QuestionState
from indicators.models import CheckStep, Finding, Question, SeriesDepartment
from indicators.queries.asked import current_departments
from indicators.queries.sight import sight_of, within
from targets_site.accounts.access import Held, held_by, with_successors
from targets_site.accounts.models import DEPARTMENT_ROLES, Post, Role, User
from targets_site.places.models import Area, Department

QUESTIONS_A_PAGE = 25


@dataclass(frozen=True)
class Rights:
    """What a person may do with a question now.

    own_departments: ids of those he enters or signs for. role: the one that the trail names.
    """

    may_read: bool
    may_ask: bool
    may_answer: bool
    may_conclude: bool
    is_auditor: bool
    own_departments: frozenset[int]
    role: str


def rights_of(question: Question, *, user: User) -> Rights:
    """Auditors and reviewers of the area ask and conclude, unless it is their own department's; who
    was asked answers. What an auditor asked only an auditor concludes, and nobody answers what he
    asked or concludes on what he answered."""
    held = held_by(user)
    asked = last_asked(question)
    is_auditor = question.area_id in held.audited
    is_own = question.department_id in held.departments
    checks = (is_auditor or question.area_id in held.reviewed) and not is_own
    is_asked = question.state == QuestionState.ASKED
    is_theirs = asked is not None and asked.department_id in held.departments
    is_over = question.state in {QuestionState.EXPLAINED, QuestionState.CORRECTED}
    of_auditor = asked is not None and asked.as_auditor
    return Rights(
        may_read=readable_questions(user).filter(pk=question.pk).exists(),
        may_ask=checks and not is_asked,
        may_answer=is_asked and is_theirs and asked is not None and asked.by_id != user.pk,
        may_conclude=(
            checks
            and not is_over
            and (is_auditor or not of_auditor)
            and not _answered_by(question, user)
        ),
        is_auditor=is_auditor,
        own_departments=held.departments,
        role=_role(question, asked, held),
    )


def _answered_by(question: Question, user: User) -> bool:
    return question.steps.filter(kind=CheckKind.ANSWERED, by=user).exists()


def _role(question: Question, asked: CheckStep | None, held: Held) -> str:
    if question.area_id in held.audited:
        return Role.AUDITOR
    department = asked.department_id if asked else None
    if department in held.entered:
        return Role.OFFICIAL
    if department in held.signed:
        return Role.SIGNER
    return Role.REVIEWER if question.area_id in held.reviewed else ""


def last_asked(question: Question) -> CheckStep | None:
    steps = question.steps.filter(kind=CheckKind.ASKED)
    return steps.select_related("department", "by").order_by("-pk").first()


def readable_questions(user: User) -> "QuerySet[Question]":
    """Of areas that the person audits, reviews or leads, with all below them; officials and signers
    read what was put to their departments. Nobody else reads any.

    The one rule of pages, lists, counts and notices.
    """
    sight = sight_of(user)
    asked = Question.objects.put_to(sight.departments).values("pk")
    return Question.objects.filter(within(sight.areas, path="area__") | Q(pk__in=asked))


def asked_departments(question: Question) -> list[Department]:
    """Whom the question can be put to: those that report the series today, or its department."""
    if question.series_id is None:
        return [question.department] if question.department else []
    links = SeriesDepartment.objects.of_series_in(question.series_id, question.year)
    found = current_departments(link.department for link in links.select_related("department"))
    own = {each.pk: each for each in found.values()}
    if question.department is not None:
        own.setdefault(question.department.pk, question.department)
    return sorted(own.values(), key=lambda each: each.code)


def people_to_answer(department: Department) -> list[User]:
    """Today's officials and signers of the department, or of what took its place; each once."""
    posts = (
        Post.objects.today()
        .filter(
            role__in=DEPARTMENT_ROLES, user__is_active=True,
            department__in=with_successors([department.pk]),
        )
        .select_related("user")
        .order_by("user__username")
    )  # fmt: skip
    return list({post.user_id: post.user for post in posts}.values())


def with_words(questions: "QuerySet[Question]") -> "QuerySet[Question]":
    """With all that a line or a sentence says; the newest finding first."""
    return questions.select_related("area", "department", "series__indicator").prefetch_related(
        Prefetch("findings", Finding.objects.order_by("-pk"))
    )


@dataclass(frozen=True)
class QuestionList:
    """A page of questions, and how many there are by rule and state, whatever page it is."""

    page: "Page[Question]"
    counts: Mapping[tuple[str, str], int]

    @cached_property
    def total(self) -> int:
        return sum(self.counts.values())

    def of(self, *, rule: str = "", state: str = "") -> int:
        return sum(
            number
            for (its_rule, its_state), number in self.counts.items()
            if rule in {"", its_rule} and state in {"", its_state}
        )


def questions_page(questions: "QuerySet[Question]", *, number: int) -> QuestionList:
    """The latest years first. The number of queries does not grow with the rows."""
    counted = questions.order_by().values_list("rule", "state").annotate(Count("pk"))
    ordered = with_words(questions.annotate(stands=_stands()).order_by("-year", "area__code", "pk"))
    return QuestionList(
        page=Paginator(ordered, QUESTIONS_A_PAGE).get_page(number),
        counts={(rule, state): count for rule, state, count in counted},
    )


def of_standing(questions: "QuerySet[Question]", *, stands: bool) -> "QuerySet[Question]":
    """Those that the newest look found again, or no longer."""
    return questions.filter(_stands() if stands else ~_stands())


def _stands() -> Exists:
    return Exists(Finding.objects.standing().filter(question=OuterRef("pk")))


def choices_of(questions: "QuerySet[Question]") -> dict[str, list[tuple[str, str]]]:
    """What can be narrowed by, each as it occurs: areas, departments, years."""
    rows = questions.order_by()
    areas = Area.objects.filter(pk__in=rows.values("area"))
    departments = Department.objects.filter(pk__in=rows.values("department"))
    years = sorted(set(rows.values_list("year", flat=True).distinct()), reverse=True)
    return {
        "area": [(each.code, each.name) for each in areas],
        "department": [(each.code, each.name) for each in departments],
        "year": [(str(year), str(year)) for year in years],
    }


def waiting_questions(user: User) -> list[Question]:
    """What the person's departments have still to answer, the longest waiting first."""
    departments = held_by(user).departments
    if not departments:
        return []
    waiting = Question.objects.waiting_for(departments)
    return list(with_words(waiting.order_by("pk")))


def steps_of_question(question: Question) -> list[CheckStep]:
    """Oldest first."""
    return list(question.steps.select_related("by", "department", "evidence").order_by("pk"))
