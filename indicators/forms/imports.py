"""Importing files of figures."""

import datetime

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from indicators.enums import LineOutcome
from indicators.forms.fields import CleanText
from indicators.queries.imports import QUESTIONS
from targets_site.typed_text import TextKind


class UploadForm(forms.Form):
    """A file, and why it corrects what is approved."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, or Excel workbook (.xlsx) with the sheet 数据; up to 200,000 lines."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    correction_reason = CleanText(
        label=_("Reason for corrections"),
        help_text=_("Only where the file changes approved figures; it holds for all of them."),
        required=False,
        kind=TextKind.REMARK,
        longest=2000,
    )


class StoreForm(forms.Form):
    """The preview that the person saw, and whether the person answers for what is asked."""

    seen = forms.CharField(required=False)
    confirmed = forms.BooleanField(required=False)

    @property
    def seen_at(self) -> datetime.datetime | None:
        """When that preview was read; None where the field says nothing of the kind."""
        try:
            return parse_datetime(self.cleaned_data.get("seen", "")) if self.is_valid() else None
        except ValueError:
            return None

    @property
    def is_confirmed(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["confirmed"])


class LinesForm(forms.Form):
    """`?outcome=` and `?page=` of a preview; what is unknown counts as left out."""

    outcome = forms.ChoiceField(
        choices=[("", ""), *LineOutcome.choices, (QUESTIONS, "")], required=False
    )
    page = forms.IntegerField(required=False, min_value=1)

    @property
    def chosen(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("outcome") or "")

    @property
    def number(self) -> int:
        self.is_valid()
        return self.cleaned_data.get("page") or 1


class DepartmentForm(forms.Form):
    """`?department=` of a template, an id; 0 where it is none."""

    department = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    @property
    def number(self) -> int:
        chosen = self.cleaned_data.get("department") if self.is_valid() else None
        return chosen or 0
