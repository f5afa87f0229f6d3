"""The judgement of a target in words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.enums import Outcome, State
from indicators.forms.fields import CleanText
from indicators.models import Attachment, JudgementVersion
from targets_site.accounts.models import User
from targets_site.typed_text import TextKind

LONGEST_NARRATIVE = 5000


class JudgementForm(forms.Form):
    """How far the target was reached, why one says so, and what shows it."""

    outcome = forms.ChoiceField(
        label=_("Judgement"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how far the target was reached.")},
    )
    narrative = CleanText(
        label=_("Reasons for the judgement"),
        help_text=_("What was done and what came of it; needed when it is submitted."),
        required=False,
        kind=TextKind.REMARK,
        longest=LONGEST_NARRATIVE,
    )
    evidence = forms.ModelMultipleChoiceField(
        Attachment.objects.none(),
        label=_("Evidence submitted"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(
        label=_("Further evidence"),
        help_text=_("PDF, JPEG, PNG, DOCX, XLSX or OFD, up to 20 MB."),
        required=False,
    )
    correction_reason = CleanText(
        label=_("Reason for the correction"),
        required=False,
        kind=TextKind.REMARK,
        longest=2000,
    )
    read_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, newest: JudgementVersion | None, by: User, **options: Any):
        super().__init__(*args, **options)
        field = self.fields["evidence"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        own = Attachment.objects.readable_by(by).filter(judgement_versions=newest)
        if newest is None or not own.exists():
            del self.fields["evidence"]
        else:
            field.queryset = own
        self.is_correction = newest is not None and newest.cell.in_force_id is not None
        if not self.is_correction:
            del self.fields["correction_reason"]

    @classmethod
    def starting_from(cls, newest: JudgementVersion | None, *, by: User) -> "JudgementForm":
        """What is on its way, so that it can be mended; a correction starts from what is in
        force."""
        initial: dict[str, Any] = {}
        if newest is not None:
            initial = {
                "read_version": newest.number,
                "outcome": newest.outcome,
                "narrative": newest.narrative,
                "evidence": newest.evidence.all(),
                "correction_reason": ""
                if newest.state == State.APPROVED
                else newest.correction_reason,
            }
        return cls(initial=initial, newest=newest, by=by)

    @property
    def kept_evidence(self) -> set[int]:
        return {each.pk for each in self.cleaned_data.get("evidence") or []}
