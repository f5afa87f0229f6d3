"""What registers of targets are narrowed by."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from plans.models import Domain
from reports.enums import Reason
from reports.forms.goals import QueryForm
from reports.forms.reference import DomainChoice


class UnjudgedForm(QueryForm):
    """`chosen("domain")` is a Domain, `chosen("own")` whether only the area itself is meant."""

    domain = DomainChoice(
        Domain.objects.all(),
        to_field_name="code",
        label=_("Domain"),
        required=False,
        empty_label=_("All"),
    )
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    own = forms.ChoiceField(
        label=_("Levels"), required=False, choices=[("1", _("The area itself only"))]
    )
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1, max_value=100_000)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter_%s", label_suffix="")
        reason: Any = self.fields["reason"]
        reason.choices = [("", _("All")), *Reason.choices]

    def controls(self) -> list[forms.BoundField]:
        return [self["domain"], self["reason"]]

    @property
    def query(self) -> str:
        """What an address needs to stay in the same domain, after other parameters."""
        domain: Domain | None = self.chosen("domain")
        return f"&domain={domain.code}" if domain else ""
