"""How the API describes itself, and what it says where there is nothing."""

import functools
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from targets_site.api.asked import KnownOnly
from targets_site.api.described import ABOUT

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class SchemaAsked(KnownOnly):
    lang = forms.ChoiceField(
        choices=[("", ""), *[(code, code) for code in LANGUAGES]], required=False
    )


@extend_schema(
    operation_id="schema",
    summary=_("This description, as OpenAPI 3"),
    parameters=[
        OpenApiParameter(
            "lang", str, enum=LANGUAGES, description=_("Its language; yours where left out.")
        )
    ],
    responses={200: OpenApiTypes.OBJECT},
    tags=["schema"],
)
@api_view(["GET"])
def schema(request: Request) -> Response:
    form = SchemaAsked(request.query_params)
    if not form.is_valid():
        return Response({"errors": form.errors}, status=400)
    return Response(described_in(form.cleaned_data["lang"] or translation.get_language()))


@functools.cache
def described_in(language: str) -> dict[str, Any]:
    """The description of the API, which depends on nothing else."""
    with translation.override(language):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]
        return dict(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


def docs(request: HttpRequest) -> HttpResponse:
    """Swagger's page, from files of this server; addresses can be tried in it as the person."""
    return render(request, "targets_site/api_docs.html", {"about": ABOUT})


@extend_schema(exclude=True)
@api_view(["GET", "PUT", "POST", "PATCH", "DELETE"])
def nothing(_request: Request) -> Response:
    """In the API's own form, and to nobody who is not signed in."""
    raise Http404
