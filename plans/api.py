"""Domains and documents for programs; targets stand in `indicators`, with their readings."""

from django.utils.translation import gettext_lazy as _

from plans.forms import DocumentAsked
from plans.models import Document, Domain
from plans.serializers import DocumentSerializer, DomainSerializer
from targets_site.api.asked import Asked
from targets_site.api.lists import read_list

domains = read_list(
    "domains",
    about=_("Fields of quality work"),
    rows=lambda _request: Domain.objects.all(),
    order={"code": str},
    asked=Asked,
    shown=DomainSerializer,
)
documents = read_list(
    "documents",
    about=_("Documents that state targets"),
    rows=lambda _request: Document.objects.select_related("area"),
    order={"slug": str},
    asked=DocumentAsked,
    shown=DocumentSerializer,
)
