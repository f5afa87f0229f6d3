"""Asking for the password again before what weighs much, where the login is long ago."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from targets_site.accounts.actions.sessions import confirm_session
from targets_site.accounts.forms.locked import error_of_lock
from targets_site.accounts.models import User
from targets_site.accounts.sessions import session_of

View = Callable[..., Any]
# Where the password stands, beside the fields of the form that it is asked for.
PASSWORD = "confirm_password"
TOKEN = "csrfmiddlewaretoken"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person typed the password within FRESH_LOGIN_MINUTES. Who is not signed in has
    none to type, and what is open to him is open."""
    row = session_of(request).row
    if not settings.FRESH_LOGIN_MINUTES or not isinstance(request.user, User) or row is None:
        return True
    minutes = datetime.timedelta(minutes=settings.FRESH_LOGIN_MINUTES)
    return timezone.now() - row.confirmed_at < minutes


def needs_fresh_login(view: View) -> View:
    """Where the login is too long ago, ask for the password first. What a form sent is carried on,
    so that the answer to the right password is that of the view."""

    @sensitive_post_parameters(PASSWORD)
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        typed = take_password_out(request)
        if is_fresh(request):
            return view(request, *args, **kwargs)
        if typed is not None and confirmed(request, typed):
            return view(request, *args, **kwargs)
        return identity_page(request, refused="" if typed is None else why_refused(request))

    asked.needs_fresh_login = True  # type: ignore[attr-defined]
    return asked


def confirmed(request: HttpRequest, password: str) -> bool:
    """Whether it is the person's password; the session is fresh then. A wrong one counts as a
    sign-in that failed."""
    user = request.user
    assert isinstance(user, User)
    found = authenticate(request, username=user.get_username(), password=password)
    row = session_of(request).row
    if found != user or row is None:
        return False
    confirm_session(session=row, by=user)
    return True


def why_refused(request: HttpRequest) -> str:
    """What is said after `confirmed` was not: failures have locked the person or the address, and
    the right password opens nothing either; or it was wrong."""
    locked = error_of_lock(request.user.get_username())
    return str(locked.message) if locked else _("The password is wrong.")


def identity_page(request: HttpRequest, *, back_to: str = "", refused: str = "") -> HttpResponse:
    """403 with a form for the password: it goes where the first one went, with the same fields;
    where a page was asked for, or `back_to` is given, it leads there. refused: why the password
    that was typed opened nothing."""
    sends = request.method == "POST" and not back_to
    fields = [
        (name, value)
        for name, values in (request.POST.lists() if sends else [])
        for value in values
        if name != TOKEN
    ]
    shown = {
        "address": back_to or request.get_full_path(),
        "sends": sends,
        "fields": fields,
        "refused": refused,
        "minutes": settings.FRESH_LOGIN_MINUTES,
    }
    return render(request, "accounts/identity.html", shown, status=403)


def take_password_out(request: HttpRequest) -> str | None:
    """The password that was typed on `identity_page`; the view's own form does not know it, and
    nothing carries it on."""
    if PASSWORD not in request.POST:
        return None
    others = request.POST.copy()
    [*_before, typed] = others.pop(PASSWORD)
    others._mutable = False
    request.POST = others  # type: ignore[assignment]
    return str(typed)
