"""What a reader may ask for on the page of an area."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports.forms.goals import QueryForm
from reports.queries.areas.departments import LeadDepartment
from reports.queries.areas.goals import Goal


class AreaForm(QueryForm):
    """Which goal year (0: the targets without one), and from which year it is looked at."""

    goal = forms.TypedChoiceField(label=_("Goal year"), required=False, coerce=int)
    as_of = forms.IntegerField(label=_("As of"), required=False)

    def __init__(self, data: QueryDict, *, goals: Sequence[Goal], opening: Goal) -> None:
        super().__init__(data)
        self.goals, self.opening = {goal.year: goal for goal in goals}, opening
        self.fields["goal"].choices = [(year, str(year)) for year in self.goals]  # type: ignore[attr-defined]

    def clean_as_of(self) -> int | None:
        year: int | None = self.cleaned_data["as_of"]
        if year is not None and year not in self._goal(self.cleaned_data.get("goal")).years:
            raise forms.ValidationError("", code="invalid_choice")
        return year

    def shown_goal(self) -> Goal:
        """The chosen one, else the one that the page opens on."""
        return self._goal(self.chosen("goal"))

    def _goal(self, year: int | str | None) -> Goal:
        return self.opening if year is None or year == "" else self.goals[int(year)]


class DepartmentForm(QueryForm):
    """Whose targets alone are shown."""

    department = forms.ChoiceField(label=_("Department"), required=False)

    def __init__(self, data: QueryDict, *, departments: Sequence[LeadDepartment]) -> None:
        super().__init__(data)
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            (each.department.code, each.department.name) for each in departments
        ]
