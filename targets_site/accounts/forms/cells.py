"""Fields whose text is read as the cells of a sheet are."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy

from targets_site.accounts.cells import LABELS, Read
from targets_site.accounts.models import Role
from targets_site.typed_text import TextKind, clean_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_REASON = 500


class Typed(forms.Field):
    """Text as it was typed; the reader of cells cleans it."""

    widget = forms.TextInput


HELP = {
    "username": gettext_lazy("For signing in: small letters, digits, dot, hyphen, underscore."),
    "department": gettext_lazy("Officials and signers only: its name in the area."),
    "from_date": gettext_lazy("Empty: today."),
    "to_date": gettext_lazy("Empty: open."),
    "email": gettext_lazy("Notices go there; empty: none are mailed."),
}


def cell_field(key: str, **attrs: str) -> forms.Field:
    """A line of text, or a day where its `type` says so."""
    attrs.setdefault("autocomplete", "off")
    return Typed(
        label=LABELS[key],
        help_text=HELP.get(key, ""),
        required=False,
        widget=forms.TextInput(attrs=attrs),
    )


def reason_field(label: "StrOrPromise") -> forms.Field:
    """A line of text that `typed_reason` cleans."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.Field(required=False, label=label, widget=widget)


def typed_reason(form: forms.Form) -> str:
    """What was typed as `reason`, empty where nothing readable was. Raises ValidationError."""
    return clean_text(
        form.cleaned_data["reason"],
        kind=TextKind.REMARK,
        longest=LONGEST_REASON,
        label=str(form.fields["reason"].label),
    ).value


class PostFields(forms.Form):
    """Which post, where, and from when to when."""

    role = Typed(
        label=LABELS["role"],
        required=False,
        widget=forms.Select(choices=[("", "—"), *Role.choices]),
    )
    area_code = cell_field("area_code", inputmode="numeric")
    department = cell_field("department")
    from_date = cell_field("from_date", type="date")
    to_date = cell_field("to_date", type="date")


class CellsForm(forms.Form):
    """A form whose fields are read together."""

    def refuse(self, read: Read) -> None:
        """Show each problem under its field."""
        for problem in read.problems:
            self.add_error(problem.key, problem.message)
