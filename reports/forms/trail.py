"""What is looked for in the trail."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports.queries.trail.objects import KIND_WORDS
from targets_site.accounts.queries import usernames_like
from targets_site.audit.queries.search import Cursor, Search
from targets_site.audit.words import ACTION_WORDS
from targets_site.moments import start_of

# As large as a number of an entry gets.
LARGEST = 2**63 - 1
FIRST_DAY, LAST_DAY = datetime.date(1990, 1, 1), datetime.date(2199, 12, 31)


class DayField(forms.DateField):
    """A day of Asia/Shanghai, written 2026-03-01."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d",)
    default_error_messages = {"invalid": gettext_lazy("“%(value)s” is no day like 2026-03-01.")}

    def to_python(self, value: Any) -> datetime.date | None:
        try:
            day: datetime.date | None = super().to_python(value)
        except ValidationError:
            day = None
        if value and (day is None or not FIRST_DAY <= day <= LAST_DAY):
            message = self.error_messages["invalid"]
            raise ValidationError(message, code="invalid", params={"value": str(value)[:40]})
        return day


def _position() -> forms.IntegerField:
    return forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput
    )


class TrailForm(forms.Form):
    """All parts can be combined; what is wrong is said, and nothing is looked for."""

    who = forms.CharField(
        label=gettext_lazy("Person"), required=False, max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=pgettext_lazy("trail", "Object"), required=False)
    key = forms.CharField(
        label=pgettext_lazy("trail", "Code or name, from its beginning"),
        required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    action = forms.ChoiceField(label=pgettext_lazy("trail", "Action"), required=False)
    since = DayField(label=pgettext_lazy("trail", "From day"), required=False)
    until = DayField(label=pgettext_lazy("trail", "To day"), required=False)
    text = forms.CharField(
        label=pgettext_lazy("trail", "Words of the reason"), required=False, max_length=100
    )
    about = forms.CharField(
        label=pgettext_lazy("trail", "Object as the trail names it"), required=False, max_length=200
    )
    before = _position()
    after = _position()

    CRITERIA = ("who", "kind", "key", "action", "since", "until", "text", "about")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="trail-%s", label_suffix="")
        for name, words in (("kind", KIND_WORDS), ("action", ACTION_WORDS)):
            choices = sorted((str(word), code) for code, word in words.items())
            field: Any = self.fields[name]
            field.choices = [("", _("All")), *((code, word) for word, code in choices)]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            raise ValidationError(_("The last day lies before the first."))
        return given

    @property
    def criteria(self) -> dict[str, str]:
        """What was asked for, as the trail keeps it: only what narrows."""
        given = {name: self.cleaned_data.get(name) for name in self.CRITERIA}
        return {name: str(value) for name, value in given.items() if value}

    @property
    def search(self) -> Search:
        given = self.cleaned_data
        until = given["until"] and given["until"] + datetime.timedelta(days=1)
        return Search(
            actors=usernames_like(given["who"]) if given["who"] else None,
            about=given["about"],
            abouts=self._abouts(),
            action=given["action"],
            since=given["since"] and start_of(given["since"]),
            until=until and start_of(until),
            text=given["text"],
        )

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.cleaned_data["before"], self.cleaned_data["after"])

    def controls(self) -> list[forms.BoundField]:
        """The whole object is asked for by links; its field stands there once it is."""
        names = [name for name in self.CRITERIA if name != "about" or self.data.get(name)]
        return [self[name] for name in names]

    def problems(self) -> list[str]:
        """One sentence for each."""
        return [
            f"{self.fields[name].label}: {error}" if name in self.fields else str(error)
            for name, errors in self.errors.items()
            for error in errors
        ]

    def _abouts(self) -> list[str]:
        """A key without a kind, and not written with one, may be of any."""
        kind, key = self.cleaned_data["kind"], self.cleaned_data["key"]
        if kind:
            return [f"{kind}:{key}"]
        if ":" in key and key.partition(":")[0] in KIND_WORDS:
            return [key]
        return [f"{each}:{key}" for each in KIND_WORDS] if key else []
