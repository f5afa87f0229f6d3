"""What people ask of yearly reports, and do with them."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.forms.fields import CleanText
from targets_site.places.models import Area, Department
from targets_site.typed_text import TextKind

LONGEST_REASON = 500


def in_office(year: int) -> Q:
    began = Q(from_year__isnull=True) | Q(from_year__lte=year)
    return began & (Q(to_year__isnull=True) | Q(to_year__gte=year))


class DepartmentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        """With its years, where it was set up or given up since."""
        if obj.from_year is None and obj.to_year is None:
            return str(obj.name)
        return f"{obj.name}（{obj.from_year or ''}–{obj.to_year or ''}）"


class WhichForm(forms.Form):
    """Which report of an area and year: of the whole or of a department, and which edition."""

    department = DepartmentChoice(
        Department.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Report on"),
        empty_label=_("The whole area"),
        error_messages={"invalid_choice": _("This area has no department %(value)s.")},
    )
    edition = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=9999,
        error_messages={"invalid": _("The edition is not a number.")},
    )

    def __init__(
        self, data: Any = None, *, area: Area, year: int | None = None, **kwargs: Any
    ) -> None:
        """year: to offer only the departments that there were then."""
        super().__init__(data, label_suffix="", **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        rows = Department.objects.filter(area=area)
        field.queryset = rows if year is None else rows.filter(in_office(year))

    @property
    def chosen_department(self) -> Department | None:
        return self.cleaned_data.get("department") if self.is_valid() else None

    @property
    def chosen_edition(self) -> int | None:
        return self.cleaned_data.get("edition") if self.is_valid() else None

    def problems(self) -> list[str]:
        return [str(message) for messages in self.errors.values() for message in messages]


class ListForm(forms.Form):
    """Of which area reports are listed; of all where none is named."""

    area = forms.ModelChoiceField(
        Area.objects.all(),
        to_field_name="code",
        required=False,
        error_messages={"invalid_choice": _("There is no area %(value)s.")},
    )

    @property
    def chosen_area(self) -> Area | None:
        return self.cleaned_data.get("area") if self.is_valid() else None


class StepForm(forms.Form):
    """A step with a report, at the version that the person read."""

    report = forms.IntegerField(min_value=1, max_value=10**15)
    version = forms.IntegerField(min_value=1, max_value=10**9)


class MoveForm(StepForm):
    confirmed = forms.BooleanField(required=False)


class ReturnForm(StepForm):
    reason = CleanText(
        label=_("Reason for returning it"),
        kind=TextKind.REMARK,
        longest=LONGEST_REASON,
        error_messages={"required": _("Say why it goes back.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class UploadForm(StepForm):
    file = forms.FileField(
        label=_("Edited Word file"),
        help_text=_(
            "DOCX, up to 20 MB. Words may be edited; figures, tables and charts are locked and "
            "must stay as they are."
        ),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
