"""What a reader may ask for in the query string; a bad value gives a message, never an error."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.enums import Light
from reports.enums import Coverage
from reports.queries.scopes import area_of_code
from targets_site.places.models import Area


class QueryForm(forms.Form):
    """Fields that could not be read count as not given."""

    def chosen(self, name: str) -> Any:
        """The cleaned value; None where it was not given or is wrong."""
        self.is_valid()
        value = self.cleaned_data.get(name)
        return None if value == "" else value

    def problems(self) -> list[str]:
        """One sentence for each wrong value."""
        return [
            gettext("“%(value)s” is not a choice for %(field)s; it was ignored.")
            % {"value": str(self.data.get(name, ""))[:40], "field": self.fields[name].label}
            for name in self.errors
        ]


class ScopeForm(QueryForm):
    """What the overview is about; `chosen("area")` is an area with its parents, None for all."""

    area = forms.CharField(label=_("Area"), required=False)

    def clean_area(self) -> Area | None:
        code = self.cleaned_data["area"]
        area = area_of_code(code) if code else None
        if code and area is None:
            raise forms.ValidationError("", code="invalid_choice")
        return area


class GoalForm(QueryForm):
    """Which goal year; `chosen("goal")` is a year, or 0 for the targets without one."""

    goal = forms.TypedChoiceField(label=_("Goal year"), required=False, coerce=int)

    def __init__(self, data: QueryDict, *, years: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["goal"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class AreaForm(GoalForm):
    """Which goal year of an area, or whose targets of all years."""

    department = forms.ChoiceField(label=_("Department"), required=False)

    def __init__(
        self, data: QueryDict, *, years: Iterable[int], departments: Iterable[tuple[str, str]]
    ) -> None:
        """departments: code and name of those that lead something."""
        super().__init__(data, years=years)
        self.fields["department"].choices = list(departments)  # type: ignore[attr-defined]


class TargetFilter(QueryForm):
    """Which targets of a goal year; all parts can be combined."""

    coverage = forms.ChoiceField(label=_("Coverage"), required=False)
    light = forms.ChoiceField(label=_("Light"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    domain = forms.ChoiceField(label=_("Domain"), required=False)
    key = forms.ChoiceField(label=_("Headline"), required=False)
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1)
    areas = forms.IntegerField(label=_("Page of areas"), required=False, min_value=1)

    # What narrows the list, as against turning its pages.
    NARROWING = ("coverage", "light", "area", "domain", "key")

    def __init__(
        self,
        data: QueryDict,
        *,
        areas: Sequence[tuple[str, str]],
        domains: Sequence[tuple[str, str]],
    ) -> None:
        """areas, domains: code and name of those that can be chosen."""
        super().__init__(data, auto_id="filter_%s", label_suffix="")
        choices: dict[str, Sequence[tuple[str, Any]]] = {
            "coverage": Coverage.choices,
            "light": Light.choices,
            "area": areas,
            "domain": domains,
            "key": [("1", _("Headline targets only"))],
        }
        for name, options in choices.items():
            self.fields[name].choices = [("", _("All")), *options]  # type: ignore[attr-defined]

    def narrowed(self) -> dict[str, str]:
        """What narrows the list, by field."""
        chosen = {name: self.chosen(name) for name in self.NARROWING}
        return {name: str(value) for name, value in chosen.items() if value}

    def controls(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NARROWING]
