"""What the API's addresses may ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.enums import State
from indicators.models import ObservationVersion

LARGEST_PAGE = 200


class VersionFilter(forms.Form):
    """Filters of the list of versions; each at most once, unknown ones are refused."""

    area = forms.RegexField(r"^[0-9]{6}\Z", required=False)
    series = forms.RegexField(r"^[a-z0-9.-]{1,120}\Z", required=False)
    year = forms.IntegerField(required=False, min_value=1900, max_value=2100)
    state = forms.ChoiceField(required=False, choices=[("", ""), *State.choices])
    page_number = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)
    page_size = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE)

    def clean(self) -> dict[str, Any]:
        sent = self.data
        if isinstance(sent, QueryDict):
            for name, values in sent.lists():
                if name not in self.fields:
                    raise ValidationError(_("The API does not know this key."), code="unknown")
                if len(values) > 1:
                    raise ValidationError(_("Each key may stand once."), code="twice")
        return super().clean() or {}

    def chosen(self, rows: QuerySet[ObservationVersion]) -> QuerySet[ObservationVersion]:
        asked = {
            "observation__series__area__code": self.cleaned_data["area"],
            "observation__series__code": self.cleaned_data["series"],
            "observation__year": self.cleaned_data["year"],
            "state": self.cleaned_data["state"],
        }
        return rows.filter(**{name: value for name, value in asked.items() if value})

    def page(self, rows: QuerySet[ObservationVersion]) -> Page[ObservationVersion]:
        """Beyond the last page one without rows, so that who counts on comes to an end."""
        pages = Paginator(rows, self.cleaned_data["page_size"] or LARGEST_PAGE)
        number = self.cleaned_data["page_number"] or 1
        if number > pages.num_pages:
            return Page(rows.none(), number, pages)
        return pages.page(number)
