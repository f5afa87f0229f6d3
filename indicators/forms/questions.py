"""How questions are narrowed, put, answered and concluded."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from indicators.enums import QuestionRule, QuestionState
from indicators.forms.fields import CleanText
from indicators.forms.review import QueryForm
from indicators.forms.rounds import Named, offer
from indicators.models import Question
from indicators.queries.questions import of_standing
from targets_site.places.models import Department
from targets_site.typed_text import TextKind

STANDING = [("1", _("Still found")), ("0", _("Found no longer"))]


class QuestionFilter(QueryForm):
    """Which questions; all parts can be combined."""

    rule = forms.ChoiceField(label=_("Rule"), required=False)
    state = forms.ChoiceField(label=_("State of the check"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    standing = forms.ChoiceField(label=_("Newest look"), required=False)

    NARROWING = ("rule", "state", "area", "department", "year", "standing")

    def __init__(
        self, data: Mapping[str, Any], *, choices: Mapping[str, Iterable[tuple[str, str]]]
    ) -> None:
        super().__init__(data)
        self.offer("rule", QuestionRule.choices)
        self.offer("state", QuestionState.choices)
        self.offer("standing", STANDING)
        for name, offered in choices.items():
            self.offer(name, offered)

    def narrow(self, questions: "QuerySet[Question]") -> "QuerySet[Question]":
        narrowed = questions.filter(**self._lookups())
        standing = self.chosen("standing")
        return of_standing(narrowed, stands=standing == "1") if standing else narrowed

    def _lookups(self) -> dict[str, Any]:
        names = {
            "rule": "rule", "state": "state", "area__code": "area",
            "department__code": "department", "year": "year",
        }  # fmt: skip
        found = {path: self.chosen(name) for path, name in names.items()}
        return {path: value for path, value in found.items() if value is not None}


class StepForm(forms.Form):
    """read: how many steps there were when the page was read."""

    read = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=100_000)
    text = CleanText(label=_("What you say"), kind=TextKind.REMARK, longest=2000)


class AskForm(StepForm):
    department = Named(Department.objects.none(), label=_("Department"), empty_label=None)
    field_order = ["department", "text"]

    def __init__(self, *args: Any, departments: Iterable[Department], **options: Any) -> None:
        super().__init__(*args, **{**options, "auto_id": "ask-%s"})
        self.fields["text"].label = _("Your question")
        ids = [each.pk for each in departments]
        offer(self, "department", Department.objects.filter(pk__in=ids))


class AnswerForm(StepForm):
    upload = forms.FileField(label=_("Evidence"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "auto_id": "answer-%s"})
        self.fields["text"].label = _("Your answer")


class ConcludeForm(StepForm):
    conclusion = forms.ChoiceField(
        label=_("Conclusion"),
        choices=[(each.value, each.label) for each in QuestionState.conclusions()],
    )
    field_order = ["conclusion", "text"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "auto_id": "conclude-%s"})
        self.fields["text"].label = _("Reason")
