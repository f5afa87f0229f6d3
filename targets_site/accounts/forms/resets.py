"""Why something is done to an account; one-time passwords for accounts with posts, decided on."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets_site.accounts.forms.cells import reason_field, typed_reason

CONFIRM, REFUSE = "confirm", "refuse"


class ReasonForm(forms.Form):
    """Why the system administrator does something to an account."""

    reason = reason_field(gettext_lazy("Reason"))

    def clean_reason(self) -> str:
        reason = typed_reason(self)
        if not reason:
            raise forms.ValidationError(_("“Reason” is missing: say why."))
        return reason


class ResetDecisionForm(forms.Form):
    """Confirm it, or refuse it with a reason."""

    decision = forms.ChoiceField(choices=[(each, each) for each in (CONFIRM, REFUSE)])
    reason = reason_field(gettext_lazy("Reason for refusing"))

    def clean_reason(self) -> str:
        return typed_reason(self)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        refused = cleaned.get("decision") == REFUSE
        if refused and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("“Reason” is missing: say why."))
        return cleaned
