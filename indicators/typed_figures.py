"""A figure with all that goes with it, from the texts that somebody typed or sent.

The one door of form, grid, API and imported files: the same texts have the same outcome.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from indicators.actions.entry import EnteredFigure
from indicators.enums import Bound, ObsStatus
from indicators.models import Indicator
from indicators.parsing import Limits, Parsed, parse_figure
from indicators.plausibility import check_rate, rate_from_counts, unusual_change
from indicators.queries.figures import Before
from indicators.validators import known_obs_status, published_on_text
from plans.validators import DECIMALS
from targets_site.figures import decimals_of, plain
from targets_site.templatetags.shown import with_unit
from targets_site.typed_text import FILLERS, TYPED_AS, Outcome, TextKind, clean_text, strip_ends

PERCENT = "%"
LABELS = {
    "value": gettext_lazy("Value"),
    "numerator": gettext_lazy("Numerator"),
    "denominator": gettext_lazy("Denominator"),
    "missing_reason": gettext_lazy("Why there is no figure"),
    "bound": gettext_lazy("The source says"),
    "obs_status": gettext_lazy("Kind of figure"),
    "source_title": gettext_lazy("Source"),
    "source_url": gettext_lazy("Address of the source"),
    "published_as": gettext_lazy("Name as published"),
    "published_on": gettext_lazy("Published on"),
    "remark": gettext_lazy("Remark"),
    "shortfall_reason": gettext_lazy("Why the target is not reached"),
    "next_steps": gettext_lazy("Next steps"),
}
# What the letters of a figure say together, as it is offered.
KINDS_OF_FIGURE = (
    (ObsStatus.NORMAL.value, gettext_lazy("Normal figure")),
    (ObsStatus.PROVISIONAL.value, gettext_lazy("Provisional figure")),
    (ObsStatus.ESTIMATE.value, gettext_lazy("Estimated figure")),
    (ObsStatus.BREAK.value, gettext_lazy("Break: not comparable with earlier years")),
    ("BP", gettext_lazy("Break; provisional")),
    ("BE", gettext_lazy("Break; estimated")),
)
# Kind and longest text of what is no figure, date or choice.
TEXTS = {
    "missing_reason": (TextKind.REMARK, 200),
    "source_title": (TextKind.NAME, 300),
    "source_url": (TextKind.NAME, 1000),
    "published_as": (TextKind.NAME, 120),
    "remark": (TextKind.REMARK, 2000),
    "shortfall_reason": (TextKind.REMARK, 2000),
    "next_steps": (TextKind.REMARK, 2000),
}
FIELDS = tuple(LABELS)
BLANK = Parsed(Outcome.BLANK)
COUNTS = Limits(unit="", decimals=DECIMALS, smallest=Decimal(0))
# Of nearly every address this tells at once what `URLValidator` needs much longer for.
PLAIN_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,63}(?:/[!-~]*)?"
)
LONGEST_PLAIN_ADDRESS = 250
WEB = ("http://", "https://")


@dataclass
class Understood:
    """What the texts came to.

    figure: None where there are errors. notes: how something was read that was not typed
    plainly. questions: what to confirm before the figure is stored.
    """

    figure: EnteredFigure | None = None
    errors: dict[str, ValidationError] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome | None:
        """As the input policy names it; None where it is refused."""
        if self.figure is None:
            return None
        if self.questions:
            return Outcome.CONFIRM
        return Outcome.NORMALISED if self.notes else Outcome.ACCEPT


def limits_of(indicator: Indicator) -> Limits:
    return Limits(
        unit=indicator.unit,
        decimals=indicator.decimals,
        smallest=indicator.smallest,
        largest=indicator.largest,
    )


def understand(
    typed: Mapping[str, str],
    *,
    indicator: Indicator,
    year: int,
    before: Before | None = None,
    evidence: frozenset[int] = frozenset(),
) -> Understood:
    """Read the texts of one figure, by the names of FIELDS; a name that is missing is blank.

    before: the figure that an unusual change is measured against.
    """
    reading = _Reading(typed, indicator, year)
    parsed = reading.figure("value", limits_of(indicator))
    numerator, denominator = reading.counts()
    texts = {name: reading.text(name) for name in TEXTS}
    reading.check_address(texts["source_url"])
    said: dict[str, Any] = {
        **texts,
        "bound": reading.choice("bound", Bound, Bound.EXACT),
        "obs_status": reading.obs_status(),
        "published_on": reading.date(),
        "numerator": numerator,
        "denominator": denominator,
    }
    value, stated_decimals = reading.value(parsed, numerator, denominator)
    reading.check_value_or_reason(value, texts["missing_reason"], said["obs_status"])
    reading.ask_about_change(value, stated_decimals, before)
    found = reading.understood
    if not found.errors:
        found.figure = EnteredFigure(
            value=value, stated_decimals=stated_decimals, evidence=evidence, **said
        )
    return found


class _Reading:
    """One figure being read; collects errors, notes and questions."""

    def __init__(self, typed: Mapping[str, str], indicator: Indicator, year: int) -> None:
        self.typed, self.indicator, self.year = typed, indicator, year
        self.labels = _labels(get_language())
        self.understood = Understood()

    def refuse(self, name: str, error: ValidationError) -> None:
        self.understood.errors.setdefault(name, error)

    def figure(self, name: str, limits: Limits) -> Parsed:
        typed = self.typed.get(name)
        if not typed:
            return BLANK
        try:
            parsed = parse_figure(typed, limits=limits, label=self.labels[name])
        except ValidationError as error:
            self.refuse(name, error)
            return BLANK
        if parsed.outcome is Outcome.CONFIRM:
            self.understood.questions.append(parsed.message)
        elif parsed.message:
            self.understood.notes.append(parsed.message)
        return parsed

    def counts(self) -> tuple[Decimal | None, Decimal | None]:
        return self.figure("numerator", COUNTS).value, self.figure("denominator", COUNTS).value

    def text(self, name: str) -> str:
        typed = self.typed.get(name)
        if not typed:
            return ""
        kind, longest = TEXTS[name]
        try:
            return _cleaned(typed, kind, longest, self.labels[name])
        except ValidationError as error:
            self.refuse(name, error)
            return ""

    def check_address(self, address: str) -> None:
        if not address or _is_address(address):
            return
        if address.lower().startswith(WEB):
            message = _("“Address of the source” is no web address.")
        else:
            message = _(
                "“Address of the source” is no web address: begin with http:// or https://."
            )
        self.refuse("source_url", ValidationError(message, code="address"))

    def choice(self, name: str, choices: Any, default: str) -> str:
        """By value, or by the label in one of our languages, as lists in a sheet show it."""
        text = strip_ends(self.typed.get(name) or "")
        known = _by_label(choices)
        chosen = known.get(text, text) or default
        if chosen not in known:
            message = _("“%(field)s” is one of: %(choices)s.")
            params = {"field": self.labels[name], "choices": ", ".join(choices.values)}
            self.refuse(name, ValidationError(message, code="choice", params=params))
        return str(chosen)

    def obs_status(self) -> str:
        """By letters, or by a word of the list in one of our languages."""
        text = strip_ends(self.typed.get("obs_status") or "") or ObsStatus.NORMAL.value
        text = _letters().get(text, text)
        try:
            _check_obs_status(text)
        except ValidationError as error:
            self.refuse("obs_status", error)
        return text

    def date(self) -> str:
        text = strip_ends(self.typed.get("published_on") or "").translate(TYPED_AS)
        try:
            if text:
                _check_date(text)
        except ValidationError:
            message = _("“%(field)s”: write 2020, 2020-06 or 2020-06-05.")
            params = {"field": self.labels["published_on"]}
            self.refuse("published_on", ValidationError(message, params=params))
        return text

    def value(
        self, parsed: Parsed, numerator: Decimal | None, denominator: Decimal | None
    ) -> tuple[Decimal | None, int]:
        """The value and its decimals: as typed and checked against the counts it is made of, or
        computed from them where it was left blank."""
        unread = {"value", "numerator", "denominator"} & set(self.understood.errors)
        if unread or (numerator is None and denominator is None):
            return parsed.value, parsed.stated_decimals
        try:
            if self.indicator.unit != PERCENT:
                message = _("Numerator and denominator belong to a rate in %.")
                raise ValidationError(message, code="no_rate")
            if parsed.value is None and numerator is not None and denominator is not None:
                return self._computed(numerator, denominator)
            check_rate(
                # Where it is blank one of the counts is missing, and that is refused.
                value=parsed.value or Decimal(0),
                stated_decimals=parsed.stated_decimals,
                numerator=numerator,
                denominator=denominator,
                largest=self.indicator.largest,
            )
        except ValidationError as error:
            self.refuse("numerator", error)
        return parsed.value, parsed.stated_decimals

    def _computed(self, numerator: Decimal, denominator: Decimal) -> tuple[Decimal, int]:
        computed = rate_from_counts(
            numerator=numerator,
            denominator=denominator,
            decimals=self.indicator.decimals,
            largest=self.indicator.largest,
        )
        decimals = decimals_of(computed.value)
        # Within the indicator's limits, as a typed one.
        parse_figure(
            f"{plain(computed.value)}{PERCENT}",
            limits=limits_of(self.indicator),
            label=self.labels["value"],
        )
        message = (
            _("Computed: %(numerator)s ÷ %(denominator)s = %(rate)s.")
            if computed.is_exact
            else _("Computed and rounded: %(numerator)s ÷ %(denominator)s = %(rate)s.")
        )
        self.understood.notes.append(
            message
            % {
                "numerator": plain(numerator),
                "denominator": plain(denominator),
                "rate": with_unit(plain(computed.value, decimals=decimals), PERCENT),
            }
        )
        return computed.value, decimals

    def check_value_or_reason(self, value: Decimal | None, reason: str, obs_status: str) -> None:
        if value is not None and ObsStatus.MISSING in obs_status:
            message = _("M says that there is no value.")
            self.refuse("obs_status", ValidationError(message, code="both"))
        wrong = self.understood.errors
        if {"value", "missing_reason", "numerator", "denominator"} & set(wrong):
            return
        if value is not None and reason:
            message = _("There is a value, so leave the reason empty.")
            self.refuse("missing_reason", ValidationError(message, code="both"))
        if value is None and not reason:
            message = _("“Value” is empty: type it, or say why there is no figure.")
            self.refuse("value", ValidationError(message, code="required"))

    def ask_about_change(
        self, value: Decimal | None, stated_decimals: int, before: Before | None
    ) -> None:
        if value is None or before is None:
            return
        question = unusual_change(
            value=value,
            year=self.year,
            previous=before.value,
            previous_year=before.year,
            unit=self.indicator.unit,
            value_decimals=stated_decimals,
            previous_decimals=before.stated_decimals,
        )
        if question:
            self.understood.questions.append(question)


# A file says the same over and over; what was refused is never kept.
_check_obs_status = lru_cache(known_obs_status)
_check_date = lru_cache(maxsize=1000)(published_on_text)


@lru_cache
def _labels(language: str | None) -> dict[str, str]:
    """The names of the fields; language: the active one."""
    return {name: str(label) for name, label in LABELS.items()}


@lru_cache(maxsize=1000)
def _cleaned(typed: str, kind: TextKind, longest: int, label: str) -> str:
    """As `clean_text`, which looks at each character; most texts show at once that nothing in
    them is hidden (of printable characters the fillers alone are) or would be changed."""
    is_clean = typed.isprintable() and typed == typed.strip() and len(typed) <= longest
    if is_clean and FILLERS.isdisjoint(typed) and unicodedata.is_normalized("NFC", typed):
        return typed
    return clean_text(typed, kind=kind, longest=longest, label=label).value


@lru_cache(maxsize=1000)
def _is_address(text: str) -> bool:
    if len(text) <= LONGEST_PLAIN_ADDRESS and PLAIN_ADDRESS.fullmatch(text):
        return True
    try:
        _address_validator()(text)
    except ValidationError:
        return False
    return True


@lru_cache
def _by_label(choices: Any) -> dict[str, str]:
    """The values by themselves, and by their labels in every language: a sheet filled in one is
    sent in another."""
    found: dict[str, str] = {str(value): str(value) for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {str(label): value for value, label in choices.choices}
    return found


@lru_cache
def _letters() -> dict[str, str]:
    """Of a figure, by the word for them in every language."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {str(label): letter for letter, label in ObsStatus.choices}
            found |= {str(label): letters for letters, label in KINDS_OF_FIGURE}
    return found


@lru_cache
def _address_validator() -> URLValidator:
    return URLValidator(schemes=["http", "https"])
