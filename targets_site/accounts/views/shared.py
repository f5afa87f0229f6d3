"""What the pages of accounts and posts have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role, User
from targets_site.accounts.rights import holds
from targets_site.audit.actions import record_denial

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """Who is signed in; these pages are never open."""
    if isinstance(request.user, AnonymousUser):
        raise TypeError("This page needs login.")
    return request.user


def for_holders_of(*roles: Role) -> Callable[[View], View]:
    """Open a page to those who hold one of the posts today; 403 to everybody else, and where an
    action finds that the person may not do this to that account. Denials stand in the trail."""

    def protect(view: View) -> View:
        @wraps(view)
        def protected(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not holds(person(request), *roles):
                return denied(request)
            try:
                return view(request, *args, **kwargs)
            except NotAllowed:
                return denied(request)

        return protected

    return protect


def denied(request: HttpRequest) -> HttpResponse:
    by = person(request).username
    record_denial(f"page:{request.path}", by=by, why=request.method or "")
    return render(request, "403.html", status=403)
