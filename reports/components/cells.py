"""Made-up cells of entry for the page of the pieces; none is stored anywhere."""

import datetime

from django import forms
from django.utils.translation import gettext as _

from indicators.enums import State
from indicators.models import Indicator, ObservationVersion, Series
from indicators.queries.entry import EntryCell
from targets_site.accounts.models import User

AT = datetime.datetime(2020, 3, 12, 6, 3, tzinfo=datetime.UTC)
STATES = (State.DRAFT, State.TO_SIGN, State.SUBMITTED, State.RETURNED, State.APPROVED)


class ExampleForm(forms.Form):
    """value: as an official types it."""

    value = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    def clean_value(self) -> str:
        typed = str(self.cleaned_data["value"])
        if not typed.replace(".", "").isdigit():
            raise forms.ValidationError(
                _("“%(typed)s” is not a number. Type a figure such as 98.4, without the unit.")
                % {"typed": typed}
            )
        return typed


def example_forms() -> list[ExampleForm]:
    """One that holds, one with an error under it; the label says what is measured."""
    shown = [
        ExampleForm(data={"value": typed}, auto_id=f"example-{at}-%s")
        for at, typed in enumerate(("98.40", "98,4约"))
    ]
    for form in shown:
        form.fields["value"].label = _("Pass rate of main farm produce, 2020")
    return shown


def cells() -> list[EntryCell]:
    """One in each state, nothing entered first."""
    return [_cell(None), *(_cell(state) for state in STATES)]


def _cell(state: State | None) -> EntryCell:
    series = Series(pk=1, code="990001.example.all", indicator=Indicator(code="example", unit="%"))
    newest = None
    if state is not None:
        official = User(pk=1, username="example", full_name=_("Example official"))
        newest = ObservationVersion(state=state, entered_by=official, entered_at=AT)
    return EntryCell(
        series=series, year=2020, round_id=1, newest=newest, in_force=None, is_open=True,
        texts={}, read_version=0,
    )  # fmt: skip
