"""What an address of the API may be asked, by query parameters."""

import datetime
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets_site.api.cursors import BadCursor, Order, Position, position_of
from targets_site.reading.then import Then, cleaned_then

LARGEST_PAGE = 200
LONGEST_CURSOR = 1000
# What a refusal says again of what was sent.
MOST_KEYS, LONGEST_KEY = 20, 50


def _shown(text: str) -> str:
    """So much of what was sent as a refusal says again."""
    return text[:LONGEST_KEY].replace("\0", "\ufffd")


class Known(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row by its code; one that does not exist is refused, not answered with an empty list."""

    default_error_messages = {"invalid_choice": gettext_lazy("Unknown value: %(value)s")}

    def __init__(self, rows: QuerySet[Any], code: str = "code", **options: Any) -> None:
        super().__init__(rows, to_field_name=code, required=False, **options)

    def to_python(self, value: Any) -> models.Model | None:
        if value and "\0" in value:
            raise self.unknown(value)
        try:
            return super().to_python(value)
        except ValidationError:
            raise self.unknown(value) from None

    def unknown(self, value: str) -> ValidationError:
        message = self.error_messages["invalid_choice"]
        return ValidationError(message, code="invalid_choice", params={"value": _shown(value)})


class OneOf(forms.ChoiceField):
    """A code of a list."""

    default_error_messages = {"invalid_choice": gettext_lazy("Unknown value: %(value)s")}

    def __init__(self, choices: type[models.TextChoices], **options: Any) -> None:
        codes = [(code, code) for code in choices.values]
        super().__init__(choices=[("", ""), *codes], required=False, **options)

    def validate(self, value: str) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": _shown(value)},
            )


class Flag(forms.TypedChoiceField):
    """1 or 0, as in the CSV files."""

    def __init__(self, **options: Any) -> None:
        choices = [("", ""), ("1", "1"), ("0", "0")]
        super().__init__(
            choices=choices, coerce=lambda text: text == "1", empty_value=None, required=False,
            **options,
        )  # fmt: skip


class Year(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, min_value=1900, max_value=2100, **options)


class Day(forms.DateField):
    """A day written 2026-03-01."""

    FIRST, LAST = datetime.date(1990, 1, 1), datetime.date(2199, 12, 31)

    def __init__(self, **options: Any) -> None:
        between = [MinValueValidator(self.FIRST), MaxValueValidator(self.LAST)]
        super().__init__(required=False, input_formats=["%Y-%m-%d"], validators=between, **options)


def _asked_of(value: Any, lookup: str) -> Any:
    """What a row is asked for. A row that is superseded keeps its code, not its id: by the code it
    is found on every day."""
    if isinstance(value, models.Model):
        return value.serializable_value("code" if lookup.endswith("code") else "pk")
    return value


class KnownOnly(forms.Form):
    """Parameters of which each may stand once.

    One that is not known is refused: a misspelt filter would otherwise answer with everything.
    """

    def clean(self) -> dict[str, Any]:
        sent = self.data
        assert isinstance(sent, QueryDict)
        for name in [name for name in sent if name not in self.fields][:MOST_KEYS]:
            self._refuse(_shown(name), _("The API does not know this parameter."))
        for name, values in sent.lists():
            if name in self.fields and len(values) > 1:
                self._refuse(name, _("A parameter may stand once."))
        return super().clean() or {}

    def _refuse(self, name: str, why: str) -> None:
        """Django's forms keep errors of their own fields only; who misspelt a name reads it."""
        self.errors.setdefault(name, self.error_class()).append(why)


class Asked(KnownOnly):
    """Filters of a list, the size of its pages, and where to go on.

    Subclasses name in `LOOKUPS` what each filter asks of a row.
    """

    LOOKUPS: dict[str, str] = {}

    page_size = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_PAGE,
        help_text=gettext_lazy("Rows on a page; 200 where left out."),
    )
    at: forms.Field | None = forms.CharField(
        required=False,
        max_length=26,
        help_text=gettext_lazy("A day or moment: the list as it stood at its end, or then."),
    )
    cursor = forms.CharField(
        required=False,
        max_length=LONGEST_CURSOR,
        help_text=gettext_lazy("Where to go on; stands in `next` of the page before."),
    )

    def __init__(self, sent: QueryDict, *, order: Order) -> None:
        super().__init__(sent)
        self.order = order

    def clean_cursor(self) -> Position | None:
        """The position behind which the page begins; None at the start."""
        text = self.cleaned_data["cursor"]
        try:
            return position_of(text, self.order) if text else None
        except BadCursor:
            raise ValidationError(_("This is no position of the list."), code="cursor") from None

    def clean_at(self) -> Then | None:
        """None where the list of now is asked for."""
        return cleaned_then(self.cleaned_data["at"])

    def standing(self) -> AbstractContextManager[None]:
        """Within it rows are as they stood at the moment that was asked for."""
        then: Then | None = self.cleaned_data.get("at")
        return then.standing() if then else nullcontext()

    @property
    def after(self) -> Position | None:
        position: Position | None = self.cleaned_data["cursor"]
        return position

    @property
    def size(self) -> int:
        return int(self.cleaned_data["page_size"] or LARGEST_PAGE)

    def chosen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that were asked for; filters that were left out ask nothing."""
        given = {self.LOOKUPS[name]: self.cleaned_data[name] for name in self.LOOKUPS}
        wanted = {
            lookup: _asked_of(value, lookup)
            for lookup, value in given.items()
            if value not in (None, "")
        }
        return rows.filter(**wanted) if wanted else rows
