"""Files that departments hand in."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.enums import MaterialKind
from targets_site.places.models import Department


class AttachForm(forms.Form):
    """One file for a department of the person's."""

    department = forms.ModelChoiceField(Department.objects.none())
    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )

    def __init__(self, *args: object, departments: Collection[int], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Department.objects.filter(pk__in=departments)


class HandInForm(AttachForm):
    """A file of a kind that a round asks for."""

    kind = forms.ChoiceField(choices=MaterialKind.choices, widget=forms.HiddenInput)
