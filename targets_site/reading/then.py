"""`?at=2026-03-01`: the page as it stood at the end of that day, or at `?at=2026-03-01T10:30`."""

import datetime
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from targets_site.audit.models import Entry
from targets_site.then import as_it_stood

NAME = "at"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?")
# No transaction of ours is open so long: what was recorded before is all there.
SETTLED_AFTER = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Then:
    """The moment that somebody asked for. text: as it stands in the address."""

    text: str
    moment: datetime.datetime
    first: datetime.datetime | None

    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.moment)

    @property
    def is_day(self) -> bool:
        return "T" not in self.text

    @property
    def words(self) -> str:
        """March 1 as 2026-03-01 or 2026 年 3 月 1 日, with the time where one was asked for."""
        return day_in_words(self.moment, with_time=not self.is_day)

    @property
    def first_words(self) -> str:
        return day_in_words(self.first) if self.first else ""

    @property
    def is_too_early(self) -> bool:
        """Whether nothing had been recorded yet."""
        return self.first is None or self.moment < self.first

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is still to be written can change what is shown."""
        return self.moment < timezone.now() - SETTLED_AFTER

    def standing(self) -> AbstractContextManager[None]:
        return as_it_stood(self.moment)


def day_in_words(moment: datetime.datetime, *, with_time: bool = False) -> str:
    pattern = pgettext("a day as PHP's date writes it", "Y-m-d")
    return formatted(timezone.localtime(moment), f"{pattern} H:i:s" if with_time else pattern)


def first_moment() -> datetime.datetime | None:
    """When the system recorded anything first; None where it has not yet."""
    return Entry.objects.order_by("seq").values_list("at", flat=True).first()


class ThenForm(forms.Form):
    """A day that has begun, or a moment that has passed, here."""

    at = forms.CharField(label=_("As it stood on"), max_length=26)

    def clean_at(self) -> Then:
        text: str = self.cleaned_data["at"]
        moment = moment_of(text)
        if moment is None:
            raise forms.ValidationError(
                _("“%(value)s” is no day. Write it as 2026-03-01, or with a time of day as"
                  " 2026-03-01T10:30."),
                params={"value": text.replace("\0", "")[:40]},
            )  # fmt: skip
        then = Then(text, moment, first_moment())
        is_to_come = then.day > timezone.localdate() if then.is_day else moment > timezone.now()
        if is_to_come:
            raise forms.ValidationError(
                _("%(day)s is still to come. Choose today or an earlier day."),
                params={"day": then.words},
            )
        return then

    @property
    def then(self) -> Then:
        """Of a form that is valid."""
        found: Then = self.cleaned_data["at"]
        return found

    @property
    def problem(self) -> str:
        return " ".join(str(each) for each in self.errors.get("at", [gettext("Choose a day.")]))


def cleaned_then(text: str) -> Then | None:
    """What the field `at` of a larger form means; None where it is empty.

    Raises ValidationError, also for a moment before anything had been recorded.
    """
    if not text:
        return None
    form = ThenForm({NAME: text})
    if not form.is_valid():
        raise forms.ValidationError(form.problem)
    if form.then.is_too_early:
        raise forms.ValidationError(_("Nothing had been recorded by then."), code="too_early")
    return form.then


def moment_of(text: str) -> datetime.datetime | None:
    """The end of a day, or the moment; None where the text is neither."""
    try:
        if _DAY.fullmatch(text):
            day = datetime.date.fromisoformat(text)
            return _here(datetime.datetime.combine(day, datetime.time.max))
        if _MOMENT.fullmatch(text):
            return _here(datetime.datetime.fromisoformat(_with_whole_fraction(text)))
    except (ValueError, OverflowError):
        pass
    return None


def _with_whole_fraction(text: str) -> str:
    """Python reads three or six digits only."""
    whole, dot, fraction = text.partition(".")
    return f"{whole}{dot}{fraction.ljust(6, '0')}" if dot else text


def _here(moment: datetime.datetime) -> datetime.datetime:
    """Raises ValueError for years before which nobody counts."""
    if not 1900 <= moment.year <= 9000:
        raise ValueError(moment.year)
    return timezone.make_aware(moment)


def then_of(request: Any) -> Then | None:
    """What was asked of this request and understood."""
    return getattr(request, "then", None)


def asked_for(request: HttpRequest) -> ThenForm | None:
    """None where the address names no day; an empty one is none."""
    text = request.GET.get(NAME, "").strip()
    return ThenForm({NAME: text}) if text else None
