"""What the pages of entry and review have in common."""

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from targets_site.accounts.models import User
from targets_site.audit.actions import record


def person(request: HttpRequest) -> User:
    """Who is signed in; these pages are never open."""
    if isinstance(request.user, AnonymousUser):
        raise TypeError("This page needs login.")
    return request.user


def denied(request: HttpRequest, *, about: str, template: str = "403.html") -> HttpResponse:
    """A page with status 403; the attempt stands in the trail."""
    record_denial(request, about=about)
    return render(request, template, status=403)


def record_denial(request: HttpRequest, *, about: str) -> None:
    with transaction.atomic():
        record("denied", about, by=person(request).username, reason=request.method or "")
