"""Input of people checked and cleaned."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions.entry import EnteredFigure
from indicators.enums import Bound, State
from indicators.models import Indicator, ObservationVersion
from indicators.parsing import (
    FIRST_REPORTED_YEAR,
    TYPED_AS,
    Limits,
    Outcome,
    Parsed,
    TextKind,
    clean_text,
    parse_figure,
    parse_year,
)
from indicators.validators import published_on_text
from targets_site.figures import plain

CARRIED_OVER = [
    "bound", "missing_reason", "source_title", "source_url", "published_on", "remark",
]  # fmt: skip


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


def limits_of(indicator: Indicator) -> Limits:
    return Limits(
        unit=indicator.unit,
        decimals=indicator.decimals,
        smallest=indicator.smallest,
        largest=indicator.largest,
    )


def latest_year_to_report() -> int:
    """Nobody reports a year that has not begun."""
    return timezone.localdate().year


class ChosenYearForm(forms.Form):
    """`?year=` of the entry page; empty means that the page chooses."""

    year = AsTyped(required=False)

    def clean_year(self) -> int | None:
        return parse_year(
            self.cleaned_data["year"], label=_("Year"), largest=latest_year_to_report()
        ).value


class EntryForm(forms.Form):
    """One figure of a series: year, a value or why there is none, and where it is from.

    `understood` says how a value that was not typed plainly was read; `asks_confirmation` is what
    to confirm where a rate looks like a fraction.
    """

    year = AsTyped(
        label=gettext_lazy("Year"), attrs={"inputmode": "numeric", "autocomplete": "off"}
    )
    value = AsTyped(
        label=gettext_lazy("Value"),
        required=False,
        attrs={"inputmode": "decimal", "autocomplete": "off"},
    )
    # Carries the text that was confirmed: another text asks anew.
    confirmed = forms.Field(required=False, widget=forms.HiddenInput)
    bound = forms.ChoiceField(
        label=gettext_lazy("The source says"),
        choices=Bound.choices,
        initial=Bound.EXACT,
        required=False,
    )
    missing_reason = CleanText(
        label=gettext_lazy("Why there is no figure"),
        help_text=gettext_lazy("Only where the value stays empty, for example: not surveyed."),
        required=False,
        kind=TextKind.REMARK,
        widget=forms.TextInput(),
        longest=200,
    )
    source_title = CleanText(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Title of the document, report or letter that the figure is from."),
        error_messages={"required": gettext_lazy("“Source” is missing: say where it is from.")},
        kind=TextKind.NAME,
        longest=300,
    )
    source_url = CleanText(
        label=gettext_lazy("Address of the source"),
        help_text=gettext_lazy("Starts with http:// or https://; may stay empty."),
        required=False,
        kind=TextKind.NAME,
        longest=1000,
    )
    published_on = AsTyped(
        label=gettext_lazy("Published on"),
        help_text=gettext_lazy("YYYY, YYYY-MM or YYYY-MM-DD; may stay empty."),
        required=False,
        attrs={"autocomplete": "off"},
    )
    remark = CleanText(
        label=gettext_lazy("Remark"), required=False, kind=TextKind.REMARK, longest=2000
    )
    # The version that the person saw, and of which year.
    read_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    read_year = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, indicator: Indicator, **options: Any) -> None:
        super().__init__(*args, **options)
        self.indicator = indicator
        self.parsed = Parsed(Outcome.BLANK)
        self.fields["year"].error_messages["required"] = _("“Year” is missing.")
        self.fields["value"].help_text = self._what_is_permitted()

    @classmethod
    def starting_from(
        cls, version: ObservationVersion | None, *, year: int, indicator: Indicator
    ) -> "EntryForm":
        """An unbound form of the year: with what is on its way, so that it can be mended. What is
        in force is corrected from a new source and so typed anew."""
        initial: dict[str, Any] = {"year": year, "read_year": year}
        if version is not None:
            initial["read_version"] = version.number
        if version is not None and version.state != State.APPROVED:
            initial |= {field: getattr(version, field) for field in CARRIED_OVER}
            initial["value"] = version.value_as_stated
        return cls(initial=initial, indicator=indicator)

    @property
    def understood(self) -> str:
        return self.parsed.message if self.parsed.outcome is Outcome.NORMALISED else ""

    @property
    def asks_confirmation(self) -> str:
        return self.parsed.message if self.parsed.outcome is Outcome.CONFIRM else ""

    @property
    def is_confirmed(self) -> bool:
        return bool(self.data.get("confirmed")) and self.data["confirmed"] == self.data.get("value")

    def clean_year(self) -> int:
        year = parse_year(
            self.cleaned_data["year"],
            smallest=FIRST_REPORTED_YEAR,
            largest=latest_year_to_report(),
            label=_("Year"),
        ).value
        if year is None:
            raise ValidationError(self.fields["year"].error_messages["required"], code="required")
        return year

    def clean_value(self) -> Any:
        self.parsed = parse_figure(
            self.cleaned_data["value"], limits=limits_of(self.indicator), label=_("Value")
        )
        if self.parsed.outcome is Outcome.CONFIRM and not self.is_confirmed:
            raise ValidationError(self.parsed.message, code="fraction")
        return self.parsed.value

    def clean_source_url(self) -> str:
        address = str(self.cleaned_data["source_url"])
        if address:
            URLValidator(
                schemes=["http", "https"], message=_("“Address of the source” is no web address.")
            )(address)
        return address

    def clean_published_on(self) -> str:
        text = str(self.cleaned_data["published_on"] or "").strip().translate(TYPED_AS)
        if text:
            published_on_text(text)
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "value" in self.errors or "missing_reason" in self.errors:
            return cleaned
        has_value, has_reason = cleaned["value"] is not None, bool(cleaned["missing_reason"])
        if has_value and has_reason:
            self.add_error("missing_reason", _("There is a value, so leave the reason empty."))
        if not has_value and not has_reason:
            self.add_error("value", _("“Value” is empty: type it, or say why there is no figure."))
        return cleaned

    def figure(self) -> EnteredFigure:
        """What was entered, of a valid form."""
        cleaned = self.cleaned_data
        return EnteredFigure(
            value=cleaned["value"],
            stated_decimals=self.parsed.stated_decimals,
            missing_reason=cleaned["missing_reason"],
            source_title=cleaned["source_title"],
            source_url=cleaned["source_url"],
            published_on=cleaned["published_on"],
            remark=cleaned["remark"],
            bound=cleaned["bound"] or Bound.EXACT,
        )

    def read_version_of_year(self) -> int | None:
        """The number of the version that was read; None where another year was read."""
        cleaned = self.cleaned_data
        if cleaned["read_year"] != cleaned["year"]:
            return None
        read: int | None = cleaned["read_version"]
        return read

    def having_read(self, version: ObservationVersion) -> "EntryForm":
        """The same input, typed by someone who has seen the newer version."""
        seen = {"read_version": version.number, "read_year": version.observation.year}
        return EntryForm({**dict(self.data.items()), **seen}, indicator=self.indicator)

    def _what_is_permitted(self) -> str:
        limits = limits_of(self.indicator)
        if limits.smallest is None or limits.largest is None:
            return _("At most %(decimals)s decimals.") % {"decimals": limits.decimals}
        return _("Between %(min)s and %(max)s, at most %(decimals)s decimals.") % {
            "min": plain(limits.smallest),
            "max": plain(limits.largest),
            "decimals": limits.decimals,
        }


class PageForm(forms.Form):
    """`?page=` of a list; the first page where it is none."""

    page = forms.IntegerField(required=False, min_value=1)

    @property
    def number(self) -> int:
        chosen = self.cleaned_data.get("page") if self.is_valid() else None
        return chosen or 1


class ReturnForm(forms.Form):
    """Why a figure goes back to the official."""

    reason = CleanText(
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("“Reason” is missing: say what to change.")},
        kind=TextKind.REMARK,
        longest=2000,
    )
