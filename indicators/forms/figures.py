"""A figure as it is entered."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions.entry import EnteredFigure
from indicators.enums import Bound
from indicators.forms.fields import AsTyped, CleanText
from indicators.models import Attachment, Indicator, Series
from indicators.queries.entry import EntryCell
from indicators.queries.figures import Before
from indicators.typed_figures import (
    FIELDS,
    KINDS_OF_FIGURE,
    LABELS,
    PERCENT,
    Understood,
    understand,
)
from targets_site.accounts.models import User
from targets_site.figures import plain
from targets_site.typed_text import TextKind

MOST_FILLED = 100_000
# Another figure has to be confirmed anew.
CONFIRMED_FIELDS = ("value", "numerator", "denominator")


def _line(name: str, **options: Any) -> AsTyped:
    attrs = {"autocomplete": "off", **options.pop("attrs", {})}
    return AsTyped(label=LABELS[name], required=False, attrs=attrs, **options)


def _prose(name: str, **options: Any) -> AsTyped:
    widget = forms.Textarea(attrs={"rows": "2"})
    return AsTyped(label=LABELS[name], required=False, widget=widget, **options)


def _choice(name: str, choices: Any) -> AsTyped:
    return AsTyped(label=LABELS[name], required=False, widget=forms.Select(choices=choices))


def _number(name: str, **options: Any) -> AsTyped:
    return _line(name, attrs={"inputmode": "decimal"}, **options)


class FigureForm(forms.Form):
    """One figure of a series and year as texts, read together by `understand`.

    What was typed stays in the page as it was typed. `notes` say how something was read that was
    not typed plainly; `questions` are to be confirmed before it is stored. before: the figure that
    an unusual change is measured against.
    """

    value = _number("value")
    numerator = _number("numerator")
    denominator = _number(
        "denominator",
        help_text=gettext_lazy("With numerator and denominator the rate is computed and checked."),
    )
    missing_reason = _line(
        "missing_reason",
        help_text=gettext_lazy("Only where the value stays empty, for example: not surveyed."),
    )
    bound = _choice("bound", Bound.choices)
    obs_status = _choice("obs_status", KINDS_OF_FIGURE)
    source_title = _line(
        "source_title",
        help_text=gettext_lazy("Title of the document, report or letter that the figure is from."),
    )
    source_url = _line(
        "source_url",
        attrs={"inputmode": "url"},
        help_text=gettext_lazy("Starts with http:// or https://; may stay empty."),
    )
    published_as = _line(
        "published_as", help_text=gettext_lazy("Only where the source names the figure otherwise.")
    )
    published_on = _line(
        "published_on", help_text=gettext_lazy("YYYY, YYYY-MM or YYYY-MM-DD; may stay empty.")
    )
    shortfall_reason = _prose("shortfall_reason")
    next_steps = _prose("next_steps")
    remark = _prose("remark")
    correction_reason = CleanText(
        label=gettext_lazy("Reason for the correction"),
        required=False,
        kind=TextKind.REMARK,
        longest=2000,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
    evidence = forms.ModelMultipleChoiceField(
        Attachment.objects.none(),
        label=gettext_lazy("Evidence submitted"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("A file is not there or not yours: attach it anew."),
        },
        widget=forms.CheckboxSelectMultiple,
    )
    evidence_file = forms.FileField(
        label=gettext_lazy("Further evidence"),
        help_text=gettext_lazy("PDF, JPEG, PNG, DOCX, XLSX or OFD, up to 20 MB."),
        required=False,
    )
    # Carries the texts that were confirmed.
    confirmed = forms.Field(required=False, widget=forms.HiddenInput)
    # The version that was read; 0 where there was none.
    read_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: "MultiValueDict[str, Any] | None" = None,
        files: "MultiValueDict[str, Any] | None" = None,
        *,
        series: Series,
        year: int,
        by: User,
        before: Before | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.sent = data
        self.series, self.year, self.by, self.before = series, year, by, before
        self.understood = Understood()
        self._offer_files()
        self._offer_kind(str(self["obs_status"].value() or ""))
        if series.indicator.unit != PERCENT:
            del self.fields["numerator"], self.fields["denominator"]

    @classmethod
    def blank(cls, *, by: User) -> "FigureForm":
        """The fields alone, for a page whose script fills them."""
        percentage = Series(indicator=Indicator(unit=PERCENT))
        return cls(series=percentage, year=0, by=by)

    @classmethod
    def starting_from(cls, cell: EntryCell, *, by: User) -> "FigureForm":
        """With what is on its way, so that it can be mended."""
        initial = {
            **cell.texts,
            "read_version": cell.read_version,
            "evidence": [each.pk for each in cell.evidence],
        }
        return cls(series=cell.series, year=cell.year, by=by, initial=initial)

    def having_read(self, number: int, *, evidence: Iterable[int] = ()) -> "FigureForm":
        """The same input, typed by someone who has seen that version, with the files that were
        taken meanwhile."""
        assert self.sent is not None
        data = self.sent.copy()
        data["read_version"] = str(number)
        data.setlist("evidence", [str(each) for each in sorted(evidence)])
        seen = FigureForm(data, series=self.series, year=self.year, by=self.by, before=self.before)
        seen.is_valid()
        return seen

    def _offer_files(self) -> None:
        """Files are looked up only where some are named."""
        if named := self._named_files:
            field = self.fields["evidence"]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            of_figure = Attachment.objects.readable_by(self.by).distinct()
            field.queryset = of_figure.filter(pk__in=[each for each in named if _is_id(each)])

    @property
    def _named_files(self) -> list[Any]:
        named = self.initial.get("evidence") if self.sent is None else self.sent.getlist("evidence")
        return list(named or ())

    def _evidence(self, cleaned: dict[str, Any]) -> frozenset[int]:
        """Where no file is named the rows are not asked for: asking an empty query takes time."""
        files = cleaned.get("evidence") if self._named_files else None
        return frozenset(each.pk for each in files or ())

    def _offer_kind(self, letters: str) -> None:
        """Whatever is stored can be kept, also letters that no line of the list has."""
        widget = self.fields["obs_status"].widget
        assert isinstance(widget, forms.Select)
        if letters and letters not in dict(KINDS_OF_FIGURE):
            widget.choices = [*KINDS_OF_FIGURE, (letters, letters)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {name: str(self.data.get(name) or "") for name in FIELDS if name in self.fields}
        self.understood = understand(
            typed,
            indicator=self.series.indicator,
            year=self.year,
            before=self.before,
            evidence=self._evidence(cleaned),
        )
        for name, error in self.understood.errors.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, error)
        if self.questions and not self.is_confirmed:
            self.add_error("confirmed", _("To be confirmed."))
        return cleaned

    @property
    def notes(self) -> list[str]:
        return self.understood.notes

    @property
    def questions(self) -> list[str]:
        return self.understood.questions

    @property
    def confirms(self) -> str:
        """The texts as they stand, which confirming them carries."""
        return "|".join(str(self.data.get(name) or "").strip() for name in CONFIRMED_FIELDS)

    @property
    def is_confirmed(self) -> bool:
        return self.data.get("confirmed") == self.confirms

    @property
    def asks(self) -> list[str]:
        """What is still to be confirmed; nothing as long as something is wrong."""
        only_asked = set(self.errors) == {"confirmed"}
        return self.questions if only_asked else []

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the name of its field."""
        return [
            (name, str(message))
            for name, messages in self.errors.items()
            if name != "confirmed"
            for message in messages
        ]

    def figure(self) -> EnteredFigure:
        """What was entered, of a valid form."""
        assert self.understood.figure is not None
        return self.understood.figure

    @property
    def read_version_number(self) -> int | None:
        """None where nothing was stored when the page was read."""
        return self.cleaned_data.get("read_version") or None

    @property
    def correction_reason_text(self) -> str:
        return str(self.cleaned_data.get("correction_reason") or "")

    def refuse(self, error: ValidationError) -> None:
        """Show what an action refused beside the fields it is about."""
        for name, messages in _by_field(error):
            self.add_error(name if name in self.fields else None, messages)

    def typed(self) -> dict[str, str]:
        """The texts as they were sent, by name."""
        names = [*FIELDS, "correction_reason"]
        return {name: text for name in names if (text := str(self.data.get(name) or ""))}

    @property
    def permitted(self) -> str:
        """What a value may be, in words."""
        indicator = self.series.indicator
        if indicator.smallest is None or indicator.largest is None:
            return _("At most %(decimals)s decimals.") % {"decimals": indicator.decimals}
        return _("Between %(min)s and %(max)s, at most %(decimals)s decimals.") % {
            "min": plain(indicator.smallest),
            "max": plain(indicator.largest),
            "decimals": indicator.decimals,
        }


class ToSubmitForm(forms.Form):
    """Which versions are meant, by id.

    filled: into how many of them the grid's script put the common source just before.
    """

    version = forms.TypedMultipleChoiceField(coerce=int)
    filled = forms.IntegerField(required=False, min_value=0, max_value=MOST_FILLED)

    def __init__(self, data: "MultiValueDict[str, Any]") -> None:
        super().__init__(data)
        named = [each for each in data.getlist("version") if _is_id(each)]
        field = self.fields["version"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(each, each) for each in named]

    @property
    def ids(self) -> list[int]:
        """Of a valid form; one at least."""
        return list(self.cleaned_data["version"])

    @property
    def sourced(self) -> int:
        """Of a valid form: how many got the common source just before."""
        return self.cleaned_data["filled"] or 0


def _is_id(text: Any) -> bool:
    return str(text).isdecimal() and len(str(text)) < 19


def _by_field(error: ValidationError) -> Iterable[tuple[str, list[str]]]:
    if hasattr(error, "error_dict"):
        return list(error.message_dict.items())
    return [("value", error.messages)]
