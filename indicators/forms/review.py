"""What reviewers and signers choose, and say."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.forms.fields import CleanText
from indicators.queries.review import ROWS_A_PAGE
from indicators.queries.waiting import Key, Waiting, Work
from targets_site.typed_text import TextKind

KEY = re.compile(r"(figure|judgement):([0-9]{1,18})", re.ASCII)


class QueryForm(forms.Form):
    """What narrows a list; what could not be read counts as not given."""

    page = forms.IntegerField(label=gettext_lazy("Page"), required=False, min_value=1)

    # What narrows, as against turning the pages.
    NARROWING: tuple[str, ...] = ()

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter_%s", label_suffix="")

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    def chosen(self, name: str) -> Any:
        """The cleaned value; None where it was not given or is wrong."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def number(self) -> int:
        """Which page."""
        return self.chosen("page") or 1

    def narrowed(self) -> bool:
        return any(self.chosen(name) for name in self.NARROWING)

    def controls(self) -> list[forms.BoundField]:
        """Those that leave something to choose."""
        return [self[name] for name in self.NARROWING if len(self[name].field.choices) > 2]  # type: ignore[attr-defined]

    def problems(self) -> list[str]:
        """One sentence for each wrong value."""
        return [
            _("“%(value)s” is not a choice for %(field)s; it was ignored.")
            % {"value": _shown(self.data.get(name)), "field": self.fields[name].label}
            for name in self.errors
        ]


def _shown(value: object) -> str:
    return "".join(each for each in str(value)[:40] if each.isprintable())


class QueueFilter(QueryForm):
    """Which of what waits; all parts can be combined."""

    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    round = forms.ChoiceField(label=gettext_lazy("Reporting round"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Figure or judgement"), required=False)
    late = forms.ChoiceField(label=gettext_lazy("Lateness"), required=False)
    corrections = forms.ChoiceField(label=gettext_lazy("Corrections"), required=False)

    NARROWING = ("area", "department", "round", "kind", "late", "corrections")

    def __init__(self, data: Mapping[str, Any], *, waiting: Iterable[Waiting]) -> None:
        """waiting: all of it; what does not occur in it is no choice."""
        super().__init__(data)
        waiting = list(waiting)
        areas = {one.area.code: one.area.name for one in waiting}
        departments = {
            one.department.code: one.department.name for one in waiting if one.department
        }
        rounds = {str(one.round.pk): one.round.name for one in waiting if one.round}
        self.offer("area", areas.items())
        self.offer("department", departments.items())
        self.offer("round", rounds.items())
        self.offer("kind", Work.choices)
        self.offer("late", [("1", _("Late only")), ("0", _("In time only"))])
        self.offer("corrections", [("1", _("Corrections only")), ("0", _("New ones only"))])

    def narrow(self, waiting: Iterable[Waiting]) -> list[Waiting]:
        wanted = {name: self.chosen(name) for name in self.NARROWING if self.chosen(name)}
        return [one for one in waiting if wanted.items() <= _facts(one).items()]


def _facts(one: Waiting) -> dict[str, str]:
    """What a version is, in the words of the filter."""
    return {
        "area": one.area.code,
        "department": one.department.code if one.department else "",
        "round": str(one.round.pk) if one.round else "",
        "kind": one.key.work.value,
        "late": "1" if one.is_late else "0",
        "corrections": "1" if one.is_correction else "0",
    }


class KeysField(forms.MultipleChoiceField):
    """The versions that the reader saw and ticked."""

    default_error_messages = {"required": gettext_lazy("Choose at least one.")}

    def validate(self, value: list[str]) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(value) > ROWS_A_PAGE or not all(KEY.fullmatch(each) for each in value):
            raise ValidationError(_("This was not sent by the page; open it anew."), code="invalid")


class DecisionForm(forms.Form):
    """Which versions to approve or sign."""

    version = KeysField(label=gettext_lazy("Chosen"))

    @property
    def keys(self) -> list[Key]:
        """Empty where none was named as it should."""
        return [key for key in map(_key, self.cleaned_data.get("version", [])) if key]


class ReturnForm(DecisionForm):
    """Which versions go back to the official, and why: all that are ticked, or one by the form
    of its own row."""

    row = forms.CharField(required=False, max_length=40)
    reason = CleanText(
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("“Reason” is missing: say what to change.")},
        kind=TextKind.REMARK,
        longest=2000,
    )

    @classmethod
    def sent(cls, data: QueryDict) -> "ReturnForm":
        key = _key(data.get("row", ""))
        return cls(data, auto_id=_ids(key))

    @classmethod
    def of_row(cls, key: Key) -> "ReturnForm":
        return cls(auto_id=_ids(key))

    @property
    def row_key(self) -> Key | None:
        """Whose row was sent; None where it was the form of all that are ticked."""
        return _key(str(self.data.get("row", "")))


def _ids(key: Key | None) -> str:
    """Of the fields: each form of the page has its own."""
    return f"return-{key.anchor}-%s" if key else "chosen-%s"


def _key(text: str) -> Key | None:
    match = KEY.fullmatch(text)
    return Key(Work(match[1]), int(match[2])) if match else None
