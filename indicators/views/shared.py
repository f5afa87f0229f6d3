"""What the pages of entry and review have in common."""

from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from targets_site.accounts.access import held_by
from targets_site.accounts.views.shared import person
from targets_site.audit import actions

__all__ = ["denied", "found", "not_entered", "person", "record_denial"]

AnyModel = TypeVar("AnyModel", bound=models.Model)


def found(request: HttpRequest, rows: "models.QuerySet[AnyModel]", **lookup: object) -> AnyModel:
    """One row of what the person may read; else 404, whether there is no such row or it is
    somebody else's. The attempt stands in the trail."""
    try:
        return rows.get(**lookup)
    except ObjectDoesNotExist:
        kind = rows.model._meta.model_name
        record_denial(request, about=f"{kind}:{'/'.join(str(each) for each in lookup.values())}")
        raise Http404 from None


def denied(request: HttpRequest, *, about: str, template: str = "403.html") -> HttpResponse:
    """A page with status 403; the attempt stands in the trail."""
    record_denial(request, about=about)
    return render(request, template, status=403)


def not_entered(request: HttpRequest, *, about: str) -> HttpResponse:
    """403 for whoever enters for other departments only, or holds no official's post at all."""
    enters = held_by(person(request)).entered
    template = "not_yours" if enters else "no_officials_post"
    return denied(request, about=about, template=f"indicators/{template}.html")


def record_denial(request: HttpRequest, *, about: str, why: str = "") -> None:
    """why: what stood in the way, where it was not a missing right (a state, a closed round)."""
    actions.record_denial(about, by=person(request).username, why=why or request.method or "")
