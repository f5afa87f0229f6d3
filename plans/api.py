"""Domains and documents for programs; targets stand in `indicators`, with their readings."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from plans.forms import DocumentAsked
from plans.models import Document, Domain
from plans.serializers import DocumentSerializer, DomainSerializer
from targets_site.api.asked import Asked
from targets_site.api.lists import read_list


def _domains(_request: Request) -> QuerySet[Domain]:
    return Domain.objects.all()


def _documents(_request: Request) -> QuerySet[Document]:
    return Document.objects.select_related("area")


domains = read_list(
    "domains",
    about=_("Fields of quality work"),
    rows=_domains,
    order={"code": str},
    asked=Asked,
    shown=DomainSerializer,
)
documents = read_list(
    "documents",
    about=_("Documents that state targets"),
    rows=_documents,
    order={"slug": str},
    asked=DocumentAsked,
    shown=DocumentSerializer,
)
