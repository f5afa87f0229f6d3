"""Fields of what people type, read by the one parser."""

from typing import Any

from django import forms
from django.utils import timezone

from targets_site.typed_text import TextKind, clean_text


class AsTyped(forms.Field):
    """Text that the parser reads; what was typed stays in the page as it was typed."""

    def __init__(self, *, attrs: dict[str, str] | None = None, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**options)


class CleanText(AsTyped):
    """Text in the form it is stored (see `clean_text`)."""

    def __init__(self, *, kind: TextKind, longest: int, **options: Any) -> None:
        self.kind, self.longest = kind, longest
        if kind is TextKind.REMARK:
            options.setdefault("widget", forms.Textarea(attrs={"rows": "3"}))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        parsed = clean_text(
            value, kind=self.kind, longest=self.longest, label=str(self.label or "")
        )
        super().validate(parsed.value)
        return parsed.value


def latest_year_to_report() -> int:
    """Nobody reports a year that has not begun."""
    return timezone.localdate().year
