"""The desks of reviewers and signers: what waits, and sending it on or back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from indicators.actions import workflow
from indicators.actions.decisions import Decided, decide_each
from indicators.enums import Step
from indicators.forms.review import DecisionForm, QueueFilter, ReturnForm
from indicators.queries import review as queries
from indicators.queries.steps import TakenStep, steps_of
from indicators.queries.waiting import Desk, Key, waiting_at
from indicators.tasks import nudge
from indicators.templatetags.versions import AnyVersion, cell_name
from indicators.views.shared import person, record_denial
from targets_site.accounts.access import NotAllowed, held_by
from targets_site.accounts.identity import needs_fresh_login
from targets_site.accounts.models import User

ADDRESSES = {Desk.REVIEW: "indicators:review", Desk.SIGNATURE: "indicators:sign_queue"}
TEMPLATES = {Desk.REVIEW: "indicators/review.html", Desk.SIGNATURE: "indicators/sign.html"}
# Of one version, and of several.
DONE = {
    Step.APPROVE: (
        _("Approved: %(figure)s."),
        _("Approved: %(figure)s and others, %(number)s in all."),
    ),
    Step.SIGN: (
        _("Signed and sent to the reviewers: %(figure)s."),
        _("Signed and sent to the reviewers: %(figure)s and others, %(number)s in all."),
    ),
    Step.RETURN: (
        _("Returned: %(figure)s."),
        _("Returned: %(figure)s and others, %(number)s in all."),
    ),
}


@dataclass(frozen=True)
class Refused:
    """A version that nothing was done with.

    stands: what stands in its place now, as far as the reader may see it; None where that was not
    what stood in the way. row: to decide on what stands now, where it waits at the same desk.
    """

    version: AnyVersion
    why: str
    stands: AnyVersion | None = None
    row: queries.Row | None = None

    @property
    def read_step(self) -> TakenStep:
        return steps_of(self.version)[0]

    @property
    def now_step(self) -> TakenStep | None:
        return steps_of(self.stands)[-1] if self.stands else None


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    return _queue_page(request, Desk.REVIEW)


@require_safe
def sign_queue(request: HttpRequest) -> HttpResponse:
    return _queue_page(request, Desk.SIGNATURE)


@require_POST
@needs_fresh_login
def approve(request: HttpRequest) -> HttpResponse:
    def step(version: AnyVersion) -> None:
        workflow.approve(version=version, by=person(request))

    return _decide(request, Desk.REVIEW, Step.APPROVE, form=DecisionForm(request.POST), step=step)


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    def step(version: AnyVersion) -> None:
        workflow.sign(version=version, by=person(request))

    return _decide(request, Desk.SIGNATURE, Step.SIGN, form=DecisionForm(request.POST), step=step)


@require_POST
def return_figures(request: HttpRequest) -> HttpResponse:
    return _return(request, Desk.REVIEW)


@require_POST
def sign_return(request: HttpRequest) -> HttpResponse:
    return _return(request, Desk.SIGNATURE)


def _return(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = ReturnForm.sent(request.POST)

    def step(version: AnyVersion) -> None:
        reason = form.cleaned_data.get("reason", "")
        workflow.return_to_official(version=version, by=person(request), reason=reason)

    return _decide(request, desk, Step.RETURN, form=form, step=step)


def _decide(
    request: HttpRequest,
    desk: Desk,
    taken: Step,
    *,
    form: DecisionForm,
    step: Callable[[Any], None],
) -> HttpResponse:
    """Take the step with each version that was ticked, and say what came of each.

    Status 422 where the form is wrong; else, where something was refused, 409 if a figure has
    changed since it was read, 403 if the right is missing, 404 if there is none to be read.
    """
    user = person(request)
    if not form.is_valid() and (not form.keys or _decides(user)):
        return _queue_page(request, desk, sent=form, status=422)
    found = queries.readable_versions(form.keys, user=user)
    decided = decide_each(found.values(), step=step)
    done = [one.version for one in decided if one.refusal is None]
    if done and taken is Step.APPROVE:
        transaction.on_commit(nudge)
    missing = [key for key in form.keys if key not in found]
    _record(request, taken, decided, missing=missing)
    if len(done) < len(form.keys):
        return _answer_page(request, desk, taken, decided, missing=missing)
    messages.success(request, _said(taken, done))
    return redirect(_back(request, desk))


def _decides(user: User) -> bool:
    """Whether the person decides on anything; a right that is missing goes before a reason that
    is missing."""
    held = held_by(user)
    return any(desk.concerns(held) for desk in Desk)


def _said(taken: Step, done: list[AnyVersion]) -> str:
    one, several = DONE[taken]
    said = one if len(done) == 1 else several
    return str(said % {"figure": cell_name(done[0]), "number": len(done)})


def _back(request: HttpRequest, desk: Desk) -> str:
    """To the page and filter that the reader came from."""
    address = reverse(ADDRESSES[desk])
    return f"{address}?{request.GET.urlencode()}" if request.GET else address


def _record(
    request: HttpRequest, taken: Step, decided: Iterable[Decided], *, missing: Iterable[Key]
) -> None:
    """What was refused stands in the trail."""
    for one in decided:
        if isinstance(one.refusal, NotAllowed):
            record_denial(request, about=one.version.cell.about, why=str(one.refusal))
        elif one.refusal is not None:
            why = f"{taken.value} of version {one.version.number}: changed meanwhile"
            record_denial(request, about=one.version.cell.about, why=why)
    for key in missing:
        record_denial(request, about=str(key), why=taken.value)


def _answer_page(
    request: HttpRequest,
    desk: Desk,
    taken: Step,
    decided: Iterable[Decided],
    *,
    missing: list[Key],
) -> HttpResponse:
    """What was done and what not, why, and a way to decide on what stands now."""
    refused = _refused(decided, desk=desk, user=person(request))
    changed = [one for one in refused if one.stands is not None]
    return render(
        request,
        "indicators/review_answer.html",
        {
            "desk": desk.name.lower(),
            "step": taken.value,
            "done": [one.version for one in decided if one.refusal is None],
            "changed": [(one, one.row and ReturnForm.of_row(one.row.key)) for one in changed],
            "forbidden": [one for one in refused if one.stands is None],
            "missing": len(missing),
            "waits_in": desk.value,
            "list_address": _back(request, desk),
            "query": request.GET.urlencode(),
        },
        status=409 if changed else 403 if refused else 404,
    )


def _refused(decided: Iterable[Decided], *, desk: Desk, user: User) -> list[Refused]:
    found, stands = [], {}
    for one in decided:
        if isinstance(one.refusal, NotAllowed):
            found.append(Refused(one.version, str(one.refusal)))
        elif one.refusal is not None:
            stands[one.version] = queries.newest_readable(one.version, user=user) or one.version
    wanted = {Key.of(version) for version in stands.values()}
    waiting = (
        [one for one in waiting_at(desk, held=held_by(user)) if one.key in wanted] if wanted else []
    )
    rows = {row.key: row for row in queries.rows_of(waiting, user=user)}
    return found + [
        Refused(version, "", stands=now, row=rows.get(Key.of(now)))
        for version, now in stands.items()
    ]


def _queue_page(
    request: HttpRequest, desk: Desk, *, sent: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    """sent: the form that was refused, shown again as it was filled in."""
    user = person(request)
    held = held_by(user)
    waiting = waiting_at(desk, held=held)
    filters = QueueFilter(request.GET, waiting=waiting)
    queue = queries.queue_page(filters.narrow(waiting), user=user, number=filters.number)
    row_sent = sent.row_key if isinstance(sent, ReturnForm) else None
    groups = [
        (
            group.department,
            [
                (row, sent if row.key == row_sent else ReturnForm.of_row(row.key))
                for row in group.rows
            ],
        )
        for group in queue.groups
    ]
    return render(
        request,
        TEMPLATES[desk],
        {
            "desk": desk.name.lower(),
            "holds_post": bool(desk.concerns(held)),
            "total": len(waiting),
            "filters": filters,
            "page": queue.page,
            "groups": groups,
            "decidable": len(queue.keys),
            "bulk": _bulk_form(request, sent),
            "chosen": set(sent.keys) if sent and row_sent is None else set(),
            "wrong": sent is not None,
            "not_chosen": sent.errors.get("version", []) if sent else [],
            "query": request.GET.urlencode(),
        },
        status=status,
    )


def _bulk_form(request: HttpRequest, sent: DecisionForm | None) -> DecisionForm:
    """For all that are ticked; a reason that was typed stays, whichever button was pressed."""
    if isinstance(sent, ReturnForm) and sent.row_key is None:
        return sent
    typed = request.POST.get("reason", "") if sent and not isinstance(sent, ReturnForm) else ""
    return ReturnForm(auto_id="chosen-%s", initial={"reason": typed})
