"""From which year a target is looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import Target
from reports.forms.goals import QueryForm
from reports.queries.targets import as_of_years


class AsOfForm(QueryForm):
    """One year between the start of the document's period and the target year or this one."""

    as_of = forms.IntegerField(
        required=False,
        label=_("As of"),
        error_messages={"invalid": _("The year to look from is not a year.")},
    )

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = as_of_years(target)

    def clean_as_of(self) -> int | None:
        year: int | None = self.cleaned_data["as_of"]
        if year is not None and year not in self.years:
            raise forms.ValidationError(
                _("This target can be looked at from %(first)s to %(last)s."),
                params={"first": self.years[0], "last": self.years[-1]},
            )
        return year

    @property
    def year(self) -> int:
        """The chosen year; the last one where none or a wrong one was given."""
        chosen = self.cleaned_data.get("as_of") if self.is_valid() else None
        return chosen or self.years[-1]
