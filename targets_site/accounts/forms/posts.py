"""Granting, refusing and ending posts."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets_site.accounts.cells import Read, places_of, read_post
from targets_site.accounts.forms.cells import CellsForm, PostFields, reason_field, typed_reason

GRANT, GRANT_ALL, REFUSE = "grant", "grant_all", "refuse"
LARGEST_ID = 2**63 - 1
LONGEST_ID = len(str(LARGEST_ID))  # digits; of some thousand Python makes no number


class GrantForm(PostFields, CellsForm):
    """A post that the security administrator gives to somebody directly."""

    def clean(self) -> dict[str, Any]:
        read = Read(self.cleaned_data)
        self.wanted = read_post(read, places_of([self.cleaned_data]))
        self.refuse(read)
        return self.cleaned_data


class EndForm(forms.Form):
    """The last day of a post; empty ends it at once."""

    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: the post ends at once."),
        error_messages={"invalid": gettext_lazy("This is no day.")},
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )

    @property
    def last_day_or_none(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["last_day"]
        return day


class Ids(forms.Field):
    """Ids of rows, as the boxes that were ticked send them."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        texts = [text for text in value or [] if text.isascii() and text.isdecimal()]
        ids = {int(text) for text in texts if len(text) <= LONGEST_ID}
        return sorted(each for each in ids if each <= LARGEST_ID)


class DecisionForm(forms.Form):
    """What to do with requested posts: grant or refuse the chosen ones, or grant all that stood
    on the page's list."""

    decision = forms.ChoiceField(choices=[(each, each) for each in (GRANT, GRANT_ALL, REFUSE)])
    post = Ids(required=False)
    newest = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    reason = reason_field(gettext_lazy("Reason for refusing"))

    def clean_reason(self) -> str:
        return typed_reason(self)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        decision = cleaned.get("decision")
        if decision in {GRANT, REFUSE} and not cleaned.get("post"):
            self.add_error(None, _("Nothing is chosen: tick the posts first."))
        if decision == REFUSE and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("“Reason” is missing: say why."))
        return cleaned
