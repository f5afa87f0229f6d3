"""What of an indicator a reader asks for."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports.forms.goals import QueryForm
from reports.queries.indicators import Asked, Offer
from reports.queries.rows import this_year


class IndicatorForm(QueryForm):
    """Of which level of areas, which year of which series, and seen from when."""

    level = forms.ChoiceField(label=_("Level of area"), required=False)
    year = forms.TypedChoiceField(label=_("Year compared"), required=False, coerce=int)
    as_of = forms.TypedChoiceField(label=_("Verdicts as of"), required=False, coerce=int)
    series = forms.CharField(
        label=_("Series"), required=False, widget=forms.HiddenInput, max_length=120
    )
    area = forms.CharField(label=_("Area"), required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1)
    apart = forms.IntegerField(label=_("Page"), required=False, min_value=1)
    targets = forms.IntegerField(label=_("Page"), required=False, min_value=1)

    def __init__(self, data: QueryDict, *, offer: Offer) -> None:
        self.offer = offer
        years = list(offer.counts)
        super().__init__(_with_defaults(data, offer), auto_id="indicator_%s", label_suffix="")
        seen = range(this_year(), min([this_year() - 15, *years]) - 1, -1)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "level": [(each, each.label) for each in offer.levels],
            "year": [(year, year) for year in reversed(years)],
            "as_of": [("", _("goal years")), *((year, year) for year in seen)],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def controls(self, *, is_compared: bool) -> list[forms.BoundField]:
        """Those that leave a choice; a year only where areas are compared in it."""
        asked = ("level", "year") if is_compared else ("level",)
        names = [name for name in asked if len(self.fields[name].choices) > 1]  # type: ignore[attr-defined]
        return [self[name] for name in (*names, "as_of")]

    def kept(self) -> dict[str, str]:
        """What stays the same when another choice is sent."""
        return {name: self.data[name] for name in ("area", "series") if self.data.get(name)}

    @property
    def asked(self) -> Asked:
        return Asked(
            year=self.chosen("year") or self.offer.opening_year,
            series=self.chosen("series") or "",
            as_of=self.chosen("as_of"),
            page=self.chosen("page") or 1,
            apart=self.chosen("apart") or 1,
            targets=self.chosen("targets") or 1,
        )


def _with_defaults(data: QueryDict, offer: Offer) -> QueryDict:
    """So that the controls show what the page shows."""
    filled = data.copy()
    if offer.level is not None:
        filled.setdefault("level", offer.level)
    if offer.opening_year is not None:
        filled.setdefault("year", str(offer.opening_year))
    return filled
