"""How a steward reads a target."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.forms.fields import AsTyped, CleanText
from indicators.models import ReadingProposal, Series, TargetReading
from indicators.parsing import Limits, parse_figure, parse_year
from indicators.typed_figures import limits_of
from plans.models import Target
from plans.validators import DECIMALS
from targets_site.typed_text import TextKind


class ReadingForm(forms.Form):
    """The series that measures a target, and the rules that go with it."""

    series = forms.ModelChoiceField(
        Series.objects.none(),
        label=_("Series"),
        to_field_name="code",
        error_messages={"required": _("Choose the series that measures the target.")},
    )
    hold_from = AsTyped(label=_("Held from"), required=False, attrs={"inputmode": "numeric"})
    tolerance = AsTyped(label=_("Tolerance"), required=False, attrs={"inputmode": "decimal"})
    baseline_year = AsTyped(
        label=_("Baseline year"), required=False, attrs={"inputmode": "numeric"}
    )
    baseline_value = AsTyped(
        label=_("Baseline value"), required=False, attrs={"inputmode": "decimal"}
    )
    note_zh = CleanText(
        label=_("Why, in Chinese"),
        kind=TextKind.REMARK,
        longest=2000,
        error_messages={"required": _("Say why this series measures the target.")},
    )
    note_en = CleanText(
        label=_("Why, in English"), required=False, kind=TextKind.REMARK, longest=2000
    )

    def __init__(self, *args: Any, target: Target, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["series"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Series.objects.filter(area=target.area_id).select_related("indicator")
        field.label_from_instance = _label_of  # type: ignore[assignment,method-assign]

    @classmethod
    def starting_from(
        cls, reading: TargetReading | ReadingProposal | None, *, target: Target
    ) -> "ReadingForm":
        initial: dict[str, Any] = {}
        if reading is not None:
            initial = {name: getattr(reading, name) for name in cls.base_fields if name != "series"}
            initial = {name: "" if said is None else said for name, said in initial.items()}
            initial["series"] = reading.series.code
        return cls(initial=initial, target=target)

    def clean_hold_from(self) -> int | None:
        return self._year("hold_from")

    def clean_baseline_year(self) -> int | None:
        return self._year("baseline_year")

    def clean_tolerance(self) -> Any:
        limits = Limits(unit="", decimals=DECIMALS)
        label = str(self.fields["tolerance"].label)
        tolerance = parse_figure(self.cleaned_data["tolerance"], limits=limits, label=label).value
        if tolerance is not None and tolerance < 0:
            raise ValidationError(_("A tolerance cannot be negative."))
        return tolerance

    def clean_baseline_value(self) -> Any:
        series: Series | None = self.cleaned_data.get("series")
        limits = limits_of(series.indicator) if series else Limits(unit="", decimals=DECIMALS)
        label = str(self.fields["baseline_value"].label)
        return parse_figure(self.cleaned_data["baseline_value"], limits=limits, label=label).value

    def _year(self, name: str) -> int | None:
        return parse_year(self.cleaned_data[name], label=str(self.fields[name].label)).value


def _label_of(series: Series) -> str:
    scope = series.scope_name or series.scope
    return f"{series.indicator.name} · {scope} ({series.indicator.unit})"


class RefusalForm(forms.Form):
    reason = CleanText(
        label=_("Reason"),
        kind=TextKind.REMARK,
        longest=2000,
        error_messages={"required": _("Say why the reading is not confirmed.")},
    )
