"""The system administrator's pages: the accounts, one account, a new one, one-time passwords."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from targets_site.accounts import queries
from targets_site.accounts.actions import accounts as actions
from targets_site.accounts.actions import locks, resets, suspension
from targets_site.accounts.forms.people import EmailForm, NewAccountForm, PeopleFilter
from targets_site.accounts.forms.resets import ReasonForm
from targets_site.accounts.models import Role, User
from targets_site.accounts.rights import needs_confirmation
from targets_site.accounts.views.issued import issued_page
from targets_site.accounts.views.shared import for_holders_of, person

system_administrator = for_holders_of(Role.SYSTEM_ADMIN)
# Several forms with the same field may stand on one page.
FORMS: dict[str, Any] = {
    "reset_form": {},
    "factor_form": {"auto_id": "factor-%s"},
    "unlock_form": {"auto_id": "unlock-%s"},
    "bring_back_form": {"auto_id": "bring-back-%s"},
}


@require_safe
@system_administrator
def people(request: HttpRequest) -> HttpResponse:
    chosen = PeopleFilter(request.GET)
    page = queries.people(
        search=chosen.search, number=chosen.number, only_suspended=chosen.only_suspended
    )
    queries.locks_on(page)
    return render(request, "accounts/people.html", {"page": page, "filter": chosen})


@require_http_methods(["GET", "HEAD", "POST"])
@system_administrator
def new_account(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return render(request, "accounts/new_account.html", {"form": form})
    if form.is_valid():
        try:
            issued = actions.create_account(wanted=form.wanted, by=person(request))
        except actions.NameTaken:
            form.add_error("username", _("An account has this name already."))
        else:
            return issued_page(request, [issued])
    return render(request, "accounts/new_account.html", {"form": form}, status=422)


@require_safe
@system_administrator
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    return _account_page(request, _found(user_id))


@require_POST
@system_administrator
def set_email(request: HttpRequest, user_id: int) -> HttpResponse:
    user = _found(user_id)
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _account_page(request, user, email_form=form, status=422)
    actions.set_email(user=user, email=form.address, by=person(request))
    messages.success(request, _("The e-mail address of %(who)s is stored.") % {"who": user})
    return redirect("accounts:account", user_id)


@require_POST
@system_administrator
def disable(request: HttpRequest, user_id: int) -> HttpResponse:
    user = _found(user_id)
    actions.disable_account(user=user, by=person(request))
    messages.success(request, _("Disabled: %(who)s.") % {"who": user})
    return redirect("accounts:account", user_id)


@require_POST
@system_administrator
def unlock(request: HttpRequest, user_id: int) -> HttpResponse:
    done = _Reasoned("unlock_form", locks.unlock_account, locks.NotLocked)
    untrue = _("Nothing was done: the account is not locked.")
    return _reasoned(request, user_id, done, untrue=untrue, said=_("Unlocked: %(who)s."))


@require_POST
@system_administrator
def bring_back(request: HttpRequest, user_id: int) -> HttpResponse:
    done = _Reasoned("bring_back_form", suspension.bring_back, suspension.NotSuspended)
    untrue = _("Nothing was done: the account is not suspended.")
    return _reasoned(request, user_id, done, untrue=untrue, said=_("Brought back: %(who)s."))


@require_POST
@system_administrator
def enable(request: HttpRequest, user_id: int) -> HttpResponse:
    issued = actions.enable_account(user=_found(user_id), by=person(request))
    return issued_page(request, [issued])


@require_POST
@system_administrator
def reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    issued = actions.reset_password(user=_found(user_id), by=person(request))
    return issued_page(request, [issued])


@require_POST
@system_administrator
def ask_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask for a one-time password where another administrator confirms it."""
    return _asked(request, user_id, _Reasoned("reset_form", resets.ask_reset, resets.AlreadyAsked))


@require_POST
@system_administrator
def ask_second_factor_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask for the second factor to be taken off, which another administrator confirms."""
    asked = _Reasoned("factor_form", resets.ask_second_factor_reset, resets.AlreadyAsked)
    return _asked(request, user_id, asked)


class _Reasoned(NamedTuple):
    """Something done to an account for a reason.

    form: its name in the context, which says what was wrong with it. error: raised where the
    account is not, or not any more, as it would have to be.
    """

    form: str
    do: Callable[..., object]
    error: type[Exception]


def _asked(request: HttpRequest, user_id: int, done: _Reasoned) -> HttpResponse:
    untrue = _("Nothing was done: it has been asked for already.")
    said = _("Asked for; another administrator confirms it.")
    return _reasoned(request, user_id, done, untrue=untrue, said=said)


def _reasoned(
    request: HttpRequest, user_id: int, done: _Reasoned, *, untrue: str, said: str
) -> HttpResponse:
    """untrue, said: what is told where nothing was done, and where it was (`who` is the person)."""
    user, form = _found(user_id), ReasonForm(request.POST, **FORMS[done.form])
    if not form.is_valid():
        return _account_page(request, user, refused={done.form: form}, status=422)
    try:
        done.do(user=user, reason=form.cleaned_data["reason"], by=person(request))
    except done.error:
        messages.error(request, untrue)
        return _account_page(request, user, status=409)
    messages.success(request, said % {"who": user})
    return redirect("accounts:account", user_id)


@require_POST
@system_administrator
def issue_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """Make the one-time password that was confirmed, and show it once."""
    user = _found(user_id)
    try:
        issued = resets.issue_confirmed(user=user, by=person(request))
    except resets.NotConfirmed:
        messages.error(request, _("Nothing was done: no confirmed one-time password waits here."))
        return _account_page(request, user, status=409)
    return issued_page(request, [issued])


def _found(user_id: int) -> User:
    return get_object_or_404(queries.persons(), pk=user_id)


def _account_page(
    request: HttpRequest,
    user: User,
    *,
    email_form: EmailForm | None = None,
    refused: dict[str, ReasonForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    reset = queries.last_reset(user)
    return render(
        request,
        "accounts/account.html",
        {
            "account": user,
            "posts": queries.posts_of(user),
            "own": user == person(request),
            "form": email_form or EmailForm(initial={"email": user.email}),
            "reset": reset,
            "reset_is_ready": reset is not None and reset.is_for(person(request)),
            "number_of_sessions": queries.sessions_of(user).count(),
            **{name: ReasonForm(**options) for name, options in FORMS.items()},
            **(refused or {}),
            "needs_confirmation": needs_confirmation(user),
            "locked_until": locks.locked_until([user]).get(user.pk),
        },
        status=status,
    )
