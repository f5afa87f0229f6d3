"""What registers of figures are narrowed by."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from indicators.forms.review import QueryForm
from indicators.models import ObservationVersion
from indicators.queries.registers.choices import Choices, narrowed
from indicators.queries.registers.late import Lateness, of_lateness


class RegisterFilter(QueryForm):
    """Which figures of a register; all parts can be combined."""

    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    domain = forms.ChoiceField(label=gettext_lazy("Domain"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)

    NARROWING: tuple[str, ...] = ("area", "domain", "year")

    def __init__(self, data: Mapping[str, Any], *, choices: Choices) -> None:
        super().__init__(data)
        self.offer("area", [(each.code, each.name) for each in choices.areas])
        self.offer("domain", [(each.code, each.name) for each in choices.domains])
        self.offer("year", [(str(year), str(year)) for year in choices.years])

    def narrow(self, versions: "QuerySet[ObservationVersion]") -> "QuerySet[ObservationVersion]":
        return narrowed(
            versions,
            area=self.chosen("area"),
            domain=self.chosen("domain"),
            year=self.chosen("year"),
        )


class LateFilter(RegisterFilter):
    """Also by what was late."""

    what = forms.ChoiceField(label=gettext_lazy("What was late"), required=False)

    NARROWING = ("area", "domain", "year", "what")

    def __init__(self, data: Mapping[str, Any], *, choices: Choices) -> None:
        super().__init__(data, choices=choices)
        self.offer("what", Lateness.choices)

    def narrow(self, versions: "QuerySet[ObservationVersion]") -> "QuerySet[ObservationVersion]":
        return of_lateness(super().narrow(versions), self.chosen("what"))
