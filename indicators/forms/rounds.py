"""Rounds as reviewers open and change them, and what a completeness page is asked for."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions.rounds import MOST_YEARS, Material, read_mark
from indicators.enums import MaterialKind
from indicators.forms.fields import AsTyped, CleanText
from indicators.models import Round
from indicators.parsing import FIRST_REPORTED_YEAR, parse_year
from targets_site.places.models import Area, Department
from targets_site.typed_text import TYPED_AS, TextKind, strip_ends

# 2026-12-31T24:00 as the browser sends it, 2026/12/31 24:00 or 2026年12月31日24:00 as typed.
MOMENT = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?:日\s*|T|\s+)"
    r"([0-9]{1,2})[:：]([0-9]{2})(?:[:：]00)?"
)
YEARS_APART = re.compile(r"[,，、;；\s]+")
FROM_TO = re.compile(r"\s*(?:-|–|—|－|~|～|至|到)\s*")
# Later than any round; a calendar's end is no time to reckon with.
LAST_YEAR = 2100
LONGEST_YEARS = 200
# As a browser's picker of date and time writes it.
MINUTES = "%Y-%m-%dT%H:%M"
ASKED_MATERIALS = [kind for kind in MaterialKind if kind != MaterialKind.STAMPED_FORM]


class MomentInput(forms.TextInput):
    """A picker of date and time."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> Any:
        if isinstance(value, datetime.datetime):
            return timezone.localtime(value).strftime(MINUTES)
        return super().format_value(value)


class Named(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Rows by their names in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class MomentField(AsTyped):
    """A day and time in Asia/Shanghai, to the minute; 24:00 is the end of the day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=MomentInput(), **options)

    def clean(self, value: Any) -> datetime.datetime | None:
        text = strip_ends(str(value or "")).translate(TYPED_AS)
        self.validate(text)
        if not text:
            return None
        moment = _moment(text)
        if moment is None:
            raise ValidationError(
                _("“%(field)s” is no time; write it like 2026-03-31 24:00."),
                code="moment",
                params={"field": self.label},
            )
        return moment


class YearsField(AsTyped):
    """Years one by one and as ranges: “2016-2018, 2020”."""

    def clean(self, value: Any) -> list[int]:
        text = strip_ends(str(value or ""))
        self.validate(text)
        if len(text) > LONGEST_YEARS:
            raise self._unreadable()
        joined = FROM_TO.sub("-", text.translate(TYPED_AS))
        years = [
            year for part in YEARS_APART.split(joined.strip(",;")) for year in self._years(part)
        ]
        if len(years) > MOST_YEARS:
            raise ValidationError(
                _("A round asks for %(most)s years at most."), params={"most": MOST_YEARS}
            )
        return years

    def _years(self, part: str) -> Iterable[int]:
        first, _dash, last = part.partition("-")
        one = self._year(first)
        other = self._year(last) if _dash else one
        if other < one:
            raise ValidationError(_("“%(part)s” runs backwards."), params={"part": part})
        return range(one, other + 1)

    def _year(self, text: str) -> int:
        year = parse_year(text, label=str(self.label)).value
        if year is None:
            raise self._unreadable()
        return year

    def _unreadable(self) -> ValidationError:
        message = _("“%(field)s”: write years like 2019, 2020 or 2016-2020.")
        return ValidationError(message, code="years", params={"field": self.label})


class RoundTimesForm(forms.Form):
    """What can be changed of a round that runs."""

    name = CleanText(label=gettext_lazy("Name of the round"), kind=TextKind.NAME, longest=80)
    due_at = MomentField(label=gettext_lazy("Deadline"))
    closes_at = MomentField(
        label=gettext_lazy("Closes"),
        help_text=gettext_lazy("Until then late figures can still be entered; after it none."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        say_what_is_missing(self)


class NewRoundForm(RoundTimesForm):
    """A new round; `materials` are read from one field for each kind."""

    area = Named(Area.objects.none(), label=gettext_lazy("Area"), empty_label=None)
    form_number = CleanText(
        label=gettext_lazy("Form number"), required=False, kind=TextKind.NAME, longest=40
    )
    years = YearsField(
        label=gettext_lazy("Years"),
        help_text=gettext_lazy("One or several: 2020, or 2019, 2020, or 2016-2020."),
    )
    opens_at = MomentField(label=gettext_lazy("Opens"))

    field_order = ["area", "name", "form_number", "years", "opens_at", "due_at", "closes_at"]

    def __init__(self, *args: Any, areas: "QuerySet[Area]", **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "area", areas)
        for kind in ASKED_MATERIALS:
            self.fields[f"material_{kind}"] = MomentField(
                label=_("%(kind)s, due") % {"kind": kind.label}, required=False
            )

    @property
    def material_fields(self) -> list[forms.BoundField]:
        return [self[f"material_{kind}"] for kind in ASKED_MATERIALS]

    @property
    def materials(self) -> list[Material]:
        """Of a valid form: what is asked for, each with its deadline."""
        asked = [(kind, self.cleaned_data[f"material_{kind}"]) for kind in ASKED_MATERIALS]
        return [(kind, due_at) for kind, due_at in asked if due_at is not None]


class ChangeRoundForm(RoundTimesForm):
    """`read` tells which state of the round was read."""

    read = forms.CharField(required=False, widget=forms.HiddenInput, max_length=16)

    @classmethod
    def of(cls, round: Round) -> "ChangeRoundForm":
        return cls(
            initial={
                "name": round.name,
                "due_at": round.due_at,
                "closes_at": round.closes_at,
                "read": read_mark(round),
            }
        )


class ExceptionForm(forms.Form):
    """More time for one department."""

    department = Named(
        Department.objects.none(), label=gettext_lazy("Department"), empty_label=None
    )
    until = MomentField(label=gettext_lazy("More time until"))
    reason = CleanText(
        label=gettext_lazy("Reason"),
        error_messages={
            "required": gettext_lazy("“Reason” is missing: say why the department gets more time.")
        },
        kind=TextKind.REMARK,
        longest=2000,
    )

    def __init__(self, *args: Any, departments: "QuerySet[Department]", **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "department", departments)
        say_what_is_missing(self)


class PageForm(forms.Form):
    """`?page=` of a list; the first page where it is none."""

    page = forms.IntegerField(required=False, min_value=1)

    @property
    def number(self) -> int:
        chosen = self.cleaned_data.get("page") if self.is_valid() else None
        return chosen or 1


class ScopeForm(forms.Form):
    """`?round=`, `?year=`, `?department=`, `?late=` and `?all=` of the completeness pages; what is
    wrong is said and left out."""

    round = Named(
        Round.objects.none(),
        label=gettext_lazy("Round"),
        required=False,
        empty_label=gettext_lazy("The newest of each year"),
        error_messages={"invalid_choice": gettext_lazy("The area has no such round.")},
    )
    year = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Years"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("No round asks for this year.")},
    )
    department = Named(
        Department.objects.none(),
        label=gettext_lazy("Department"),
        required=False,
        empty_label=gettext_lazy("All departments"),
        error_messages={"invalid_choice": gettext_lazy("The area has no such department.")},
    )
    late = forms.BooleanField(label=gettext_lazy("Late only"), required=False)
    all = forms.BooleanField(label=gettext_lazy("Also what has come in"), required=False)

    def __init__(
        self,
        *args: Any,
        rounds: "QuerySet[Round]",
        years: Iterable[int],
        departments: "QuerySet[Department]",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        offer(self, "round", rounds)
        offer(self, "department", departments)
        chosen = self.fields["year"]
        assert isinstance(chosen, forms.TypedMultipleChoiceField)
        chosen.choices = [(str(year), str(year)) for year in years]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        one, years = cleaned.get("round"), cleaned.get("year")
        if one and years and not set(years) & set(one.years):
            self.add_error("year", _("The round does not ask for this year."))
        return cleaned

    def years_of(self, round: Round | None, *, asked: Iterable[int]) -> tuple[int, ...]:
        """The years chosen of a round, or of all that were asked for; all where none is."""
        offered = round.years if round else asked
        chosen = set(self.cleaned_data.get("year") or offered)
        return tuple(sorted(chosen & set(offered)))


class AreaForm(forms.Form):
    """`?area=` of the completeness pages."""

    area = forms.RegexField(r"^[0-9]{6}\Z", required=False)


def add_refusals(form: forms.Form, refused: ValidationError) -> None:
    """What an action found wrong, under the fields it is about."""
    for field, errors in refused.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)


def offer(form: forms.Form, name: str, rows: "QuerySet[Any]") -> None:
    field = form.fields[name]
    assert isinstance(field, Named)
    field.queryset = rows


def say_what_is_missing(form: forms.Form) -> None:
    """Fields without words of their own name themselves where they stay empty."""
    usual = forms.Field.default_error_messages["required"]
    for field in form.fields.values():
        if field.error_messages["required"] == usual:
            message = _("“%(field)s” is missing.") % {"field": field.label}
            field.error_messages["required"] = message


def _moment(text: str) -> datetime.datetime | None:
    match = MOMENT.fullmatch(text)
    if match is None or not FIRST_REPORTED_YEAR <= int(match[1]) <= LAST_YEAR:
        return None
    year, month, day, hour, minute = map(int, match.groups())
    ends_the_day = (hour, minute) == (24, 0)
    try:
        moment = datetime.datetime(  # noqa: DTZ001  # of Asia/Shanghai, see below
            year, month, day, 0 if ends_the_day else hour, minute
        )
        moment += datetime.timedelta(days=ends_the_day)
        return timezone.make_aware(moment)
    except (ValueError, OverflowError):
        return None
