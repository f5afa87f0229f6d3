"""The second factor: the second step of a login, and the page on which a person sets his own up."""

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as note_device

from targets_site.accounts import second_step as between
from targets_site.accounts.actions import second_factor as actions
from targets_site.accounts.forms.second_factor import (
    CodeForm,
    RecoveryCodeForm,
    SetUpForm,
    set_up_form,
)
from targets_site.accounts.models import RecoveryCode, User
from targets_site.accounts.new_key import NewKey
from targets_site.accounts.rights import needs_second_factor
from targets_site.accounts.views.login import own_room
from targets_site.accounts.views.shared import denied, person

FEW_CODES = 3


@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The person is signed in here, after the code, and nowhere before."""
    user = between.waiting_user(request)
    if user is None:
        messages.warning(
            request, _("Sign in with your password first; the code then has 5 minutes.")
        )
        return redirect("accounts:login")
    by_recovery = "recovery" in request.GET
    kind = RecoveryCodeForm if by_recovery else CodeForm
    form = kind(request, user, request.POST if request.method == "POST" else None)
    form.fields["code"].widget.attrs["autofocus"] = True
    if not form.is_valid():
        shown = {"form": form, "by_recovery": by_recovery}
        status = 422 if form.is_bound else 200
        return render(request, "accounts/second_step.html", shown, status=status)
    wanted = between.end(request)
    login(request, form.user)
    if by_recovery:
        _say_how_many_are_left(request, form.user)
    return redirect(wanted or resolve_url(own_room(form.user)))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if user.second_factor_since is not None:
        return _held_page(request)
    form, key = set_up_form(user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _set_up_page(request, form, key)
    try:
        device, codes = actions.set_up(
            user=user,
            key=key.key,
            code=form.cleaned_data["code"],
            keep=request.session.session_key,
        )
    except actions.WrongCode:
        form.wrong_code()
        return _set_up_page(request, form, key)
    except actions.AlreadySetUp:
        return redirect("accounts:second_factor")
    update_session_auth_hash(request, user)
    note_device(request, device)
    user.must_set_up_second_factor = False
    return _codes_page(request, codes, is_new=True)


@sensitive_post_parameters()
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New ones in place of all before, shown once."""
    user = person(request)
    if user.second_factor_since is None:
        return redirect("accounts:second_factor")
    form = CodeForm(request, user, request.POST, auto_id="codes-%s")
    if not form.is_valid():
        return _held_page(request, codes_form=form)
    return _codes_page(request, actions.make_recovery_codes(user=user))


@sensitive_post_parameters()
@require_POST
def end_second_factor(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if user.second_factor_since is None:
        return redirect("accounts:second_factor")
    if needs_second_factor(user):
        return denied(request)
    form = CodeForm(request, user, request.POST, auto_id="end-%s")
    if not form.is_valid():
        return _held_page(request, end_form=form)
    actions.turn_off(user=user, keep=request.session.session_key)
    update_session_auth_hash(request, user)
    messages.success(request, _("The second factor is off. Sessions elsewhere have ended."))
    return redirect("accounts:second_factor")


def _set_up_page(request: HttpRequest, form: SetUpForm, key: NewKey) -> HttpResponse:
    shown = {"form": form, "key": key, "is_needed": person(request).must_set_up_second_factor}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/set_up_second_factor.html", shown, status=status)


def _held_page(
    request: HttpRequest,
    *,
    codes_form: CodeForm | None = None,
    end_form: CodeForm | None = None,
) -> HttpResponse:
    user = person(request)
    shown = {
        "left": RecoveryCode.objects.of_user(user).left().count(),
        "all": actions.RECOVERY_CODES,
        "few": FEW_CODES,
        "is_needed": needs_second_factor(user),
        "codes_form": codes_form or CodeForm(request, user, auto_id="codes-%s"),
        "end_form": end_form or CodeForm(request, user, auto_id="end-%s"),
    }
    status = 422 if codes_form or end_form else 200
    return render(request, "accounts/second_factor.html", shown, status=status)


def _codes_page(request: HttpRequest, codes: list[str], *, is_new: bool = False) -> HttpResponse:
    shown = {"codes": codes, "is_new": is_new, "room": own_room(person(request))}
    return render(request, "accounts/recovery_codes.html", shown)


def _say_how_many_are_left(request: HttpRequest, user: User) -> None:
    left = RecoveryCode.objects.of_user(user).left().count()
    said = ngettext(
        "You signed in with a recovery code; %(number)s is left.",
        "You signed in with a recovery code; %(number)s are left.",
        left,
    )
    messages.warning(request, said % {"number": left})
