"""What a reader may ask for in the query string; a bad value gives a message, never an error."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.enums import Light
from plans.models import Domain
from reports.enums import Coverage
from reports.queries.scopes import Scope, scope_of_code
from targets_site.places.models import Area
from targets_site.reading.shared import understood


class QueryForm(forms.Form):
    """Fields that could not be read count as not given."""

    def full_clean(self) -> None:
        """A page is kept only for parameters written as its own links write them: `page=02` shows
        the same as `page=2`."""
        super().full_clean()
        right = [name for name in self.fields if name not in self.errors]
        understood(filter(self._is_plain, right))

    def _is_plain(self, name: str) -> bool:
        given = self.data.get(name) or ""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            # To_python would ask the database once more.
            meant = field.prepare_value(self.cleaned_data[name])
        else:
            meant = field.to_python(given)
        return bool(given == ("" if meant is None else str(meant)))

    def chosen(self, name: str) -> Any:
        """The cleaned value; None where it was not given or is wrong."""
        self.is_valid()
        value = self.cleaned_data.get(name)
        return None if value == "" else value

    def problems(self) -> list[str]:
        """One sentence for each wrong value."""
        return [
            gettext("“%(value)s” is not a choice for %(field)s; it was ignored.")
            % {"value": _told(self.data.get(name, "")), "field": self.fields[name].label}
            for name in self.errors
        ]


def _told(value: object) -> str:
    """What was given, as a message repeats it: short, and without the mark of a page's parts."""
    return str(value).replace("\0", "")[:40]


class ScopeForm(QueryForm):
    """What the overview is about; `chosen("area")` is its Scope, None for the nation."""

    area = forms.CharField(label=_("Area"), required=False)

    def clean_area(self) -> Scope | None:
        code = self.cleaned_data["area"]
        scope = scope_of_code(code) if code else None
        if code and scope is None:
            raise forms.ValidationError("", code="invalid_choice")
        return scope


class GoalForm(QueryForm):
    """Which goal year; `chosen("goal")` is a year, or 0 for the targets without one."""

    goal = forms.TypedChoiceField(label=_("Goal year"), required=False, coerce=int)

    def __init__(self, data: QueryDict, *, years: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["goal"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class PageForm(QueryForm):
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1)


class SeenFromForm(QueryForm):
    """Which year a goal year is looked at from; `chosen("as_of")`."""

    as_of = forms.TypedChoiceField(label=_("As of"), required=False, coerce=int)

    def __init__(self, data: QueryDict, *, years: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["as_of"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


_COLOURS = [each for each in Light.choices if each[0] != Light.NONE.value]


class TargetFilter(QueryForm):
    """Which targets of a goal year; all parts can be combined."""

    coverage = forms.ChoiceField(label=_("Coverage"), required=False)
    light = forms.ChoiceField(label=_("Light"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    own = forms.ChoiceField(label=_("Levels"), required=False)
    domain = forms.ChoiceField(label=_("Domain"), required=False)
    key = forms.ChoiceField(label=_("Headline"), required=False)
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1)
    areas = forms.IntegerField(label=_("Page of areas"), required=False, min_value=1)

    # What narrows the list, as against turning its pages.
    NARROWING = ("coverage", "light", "area", "own", "domain", "key")

    def __init__(
        self,
        data: QueryDict,
        *,
        areas: Sequence[Area],
        domains: Sequence[Domain],
        with_below: Area | None,
    ) -> None:
        """areas, domains: those that can be chosen. with_below: the area that the list is about
        with others below it, so that its own targets can be asked for."""
        super().__init__(data, auto_id="filter_%s", label_suffix="")
        choices: dict[str, Sequence[tuple[str, Any]]] = {
            "coverage": Coverage.choices,
            "light": [*_COLOURS, (Light.NONE.value, _("No light: in words or not due"))],
            "area": [(each.code, _area_option(each, with_below)) for each in areas],
            "own": [("1", _("The area itself only"))],
            "domain": [(each.code, each.name) for each in domains],
            "key": [("1", _("Headline targets only"))],
        }
        for name, options in choices.items():
            self.fields[name].choices = [("", _("All")), *options]  # type: ignore[attr-defined]
        if with_below is None:
            del self.fields["own"]

    def narrowed(self) -> dict[str, str]:
        """What narrows the list within its area, by field."""
        chosen = {name: self.chosen(name) for name in self.NARROWING if name != "area"}
        return {name: str(value) for name, value in chosen.items() if value}

    def controls(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NARROWING if name in self.fields]


def _area_option(area: Area, with_below: Area | None) -> str:
    if area != with_below:
        return area.name
    return gettext("%(area)s with all below it") % {"area": area.name}
