"""What a reader may ask of the reference pages."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from plans.models import Document, Domain
from reports.forms.goals import ScopeForm
from targets_site.places.models import Area


class ListForm(ScopeForm):
    """Of which area, and which page of the list."""

    page = forms.IntegerField(label=_("Page"), required=False, min_value=1, max_value=100_000)

    @property
    def chosen_area(self) -> Area | None:
        scope = self.chosen("area")
        return scope.area if scope else None


class DomainChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class IndicatorListForm(ListForm):
    """`chosen("domain")` is a Domain."""

    domain = DomainChoice(
        Domain.objects.all(),
        to_field_name="code",
        label=_("Domain"),
        required=False,
        empty_label=_("All"),
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")


class RevisionForm(ListForm):
    """`chosen("document")` is a Document."""

    document = forms.ModelChoiceField(
        Document.objects.select_related("area"),
        to_field_name="slug",
        label=_("Document"),
        required=False,
    )
