"""Questions about figures: the list, one with its check record, and the steps of the check."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.actions import questions as actions
from indicators.enums import QuestionRule, QuestionState
from indicators.forms.questions import AnswerForm, AskForm, ConcludeForm, QuestionFilter, StepForm
from indicators.models import CheckStep, Question
from indicators.queries import question_page
from indicators.queries import questions as queries
from indicators.queries.sight import sight_of
from indicators.question_words import honest_rate, said
from indicators.views.evidence import ask_for_file_again, handed_in
from indicators.views.shared import denied, found, person, record_denial
from targets_site.accounts.access import NotAllowed, held_by
from targets_site.places.models import Department


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    user = person(request)
    sight = sight_of(user)
    if not sight.areas and not sight.departments:
        return denied(request, about="questions")
    readable = queries.readable_questions(user)
    filters = QuestionFilter(request.GET, choices=queries.choices_of(readable))
    shown = queries.questions_page(filters.narrow(readable), number=filters.number)
    return render(
        request,
        "indicators/questions.html",
        {
            "filters": filters,
            "page": shown.page,
            "rows": [said(each) for each in shown.page],
            "total": shown.total,
            "rules": [
                (rule.label, shown.of(rule=rule), honest_rate(rule)) for rule in QuestionRule
            ],
            "states": [(state.label, shown.of(state=state)) for state in QuestionState],
            "looks": bool(held_by(user).audited),
        },
    )


@require_safe
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    return _page(request, _readable(request, question_id))


@require_POST
def ask(request: HttpRequest, question_id: int) -> HttpResponse:
    one = _readable(request, question_id)
    form = AskForm(request.POST, departments=queries.asked_departments(one))

    def step() -> CheckStep:
        return actions.ask(question=one, by=person(request), **form.cleaned_data)

    return _take(request, one, form, step, done=_("Asked; the department is told."))


@require_POST
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    one = _readable(request, question_id)
    form = AnswerForm(request.POST, request.FILES)

    user = person(request)

    def step() -> CheckStep:
        said = {name: form.cleaned_data[name] for name in ("text", "read")}
        with handed_in(
            form.cleaned_data["upload"], field="upload", department=lambda: _asked(one), by=user
        ) as files:
            return actions.answer(question=one, by=user, evidence=min(files, default=None), **said)

    return _take(request, one, form, step, done=_("Answered; who asked is told."))


@require_POST
def conclude(request: HttpRequest, question_id: int) -> HttpResponse:
    one = _readable(request, question_id)
    form = ConcludeForm(request.POST)

    def step() -> CheckStep:
        return actions.conclude(question=one, by=person(request), **form.cleaned_data)

    return _take(request, one, form, step, done=_("Concluded."))


@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """At the figures of the areas that the person audits."""
    user = person(request)
    audited = held_by(user).audited
    if not audited:
        return denied(request, about="questions")
    look = actions.find_questions(areas=audited, by=user)
    numbers = {"new": look.new, "changed": look.changed, "gone": look.gone}
    form = _("Looked again: %(new)s new, %(changed)s with other numbers, %(gone)s found no longer.")
    messages.success(request, form % numbers)
    return redirect("indicators:questions")


def _readable(request: HttpRequest, question_id: int) -> Question:
    readable = queries.readable_questions(person(request))
    return found(request, queries.with_words(readable), pk=question_id)


def _take(
    request: HttpRequest, one: Question, form: StepForm, step: Callable[[], CheckStep], *, done: str
) -> HttpResponse:
    """Status 422 where the form is wrong, 403 where the right is missing, 409 where somebody said
    something since the page was read."""
    if not form.is_valid():
        ask_for_file_again(request, form, field="upload")
        return _page(request, one, sent=form, status=422)
    try:
        step()
    except ValidationError as error:
        _add(form, error)
        ask_for_file_again(request, form, field="upload")
        return _page(request, one, sent=form, status=422)
    except NotAllowed as refused:
        record_denial(request, about=one.about, why=str(refused))
        messages.error(request, str(refused))
        return _page(request, one, sent=form, status=403)
    except actions.StaleQuestion:
        record_denial(request, about=one.about, why="stale")
        words = _("Nothing was stored: somebody has said something since you read this page.")
        messages.error(request, words)
        return _page(request, one, sent=form, status=409)
    messages.success(request, done)
    return redirect(one)


def _asked(one: Question) -> Department | None:
    asked = queries.last_asked(one)
    return asked.department if asked else None


def _add(form: StepForm, error: ValidationError) -> None:
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _page(
    request: HttpRequest, one: Question, *, sent: StepForm | None = None, status: int = 200
) -> HttpResponse:
    """sent: the form that was refused, shown again as it was filled in."""
    one.refresh_from_db(fields=["state"])
    rights = queries.rights_of(one, user=person(request))
    steps = queries.steps_of_question(one)
    words = said(one)
    return render(
        request,
        "indicators/question.html",
        {
            "question": one,
            "said": words,
            "rate": honest_rate(words.rule),
            "figures": question_page.figure_lines(words.finding),
            "points": question_page.drawn_points(one),
            "level": question_page.level_of(words.finding),
            "earlier": one.findings.all()[1:],
            "steps": steps,
            "forms": _forms(one, rights, read=len(steps), sent=sent),
        },
        status=status,
    )


def _forms(
    one: Question, rights: queries.Rights, *, read: int, sent: StepForm | None
) -> dict[str, StepForm]:
    """Those that the person may send now, by the step's name; the state that is shown counts as
    read, also where an older one was sent."""
    initial = {"read": read}
    offered: dict[str, StepForm] = {}
    departments = [
        each for each in queries.asked_departments(one) if each.pk not in rights.own_departments
    ]
    if rights.may_ask and departments:
        offered["ask"] = AskForm(initial=initial, departments=departments)
    if rights.may_answer:
        offered["answer"] = AnswerForm(initial=initial)
    if rights.may_conclude:
        offered["conclude"] = ConcludeForm(initial=initial)
    if sent is None:
        return offered
    sent.data = {**sent.data.dict(), "read": str(read)}  # type: ignore[attr-defined]  # a QueryDict
    return {name: sent if type(sent) is type(form) else form for name, form in offered.items()}
