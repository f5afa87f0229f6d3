"""What people ask of yearly reports, and do with them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.fields import CleanText
from targets_site.places.models import Area, Department
from targets_site.typed_text import TextKind

LONGEST_REASON = 500


class DepartmentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


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

    def __init__(self, data: Any = None, *, area: Area, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Department.objects.filter(area=area)

    @property
    def chosen_department(self) -> Department | None:
        return self.cleaned_data.get("department") if self.is_valid() else None

    @property
    def chosen_edition(self) -> int | None:
        return self.cleaned_data.get("edition") if self.is_valid() else None

    def problems(self) -> list[str]:
        return [str(message) for messages in self.errors.values() for message in messages]


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
