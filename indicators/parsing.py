"""What people type, understood or refused: one parser for form, API, CSV and XLSX.

The policy: an explicit map of full-width characters and nothing guessed beyond it; spaces and
invisible characters are stripped at the ends and refused inside; thousands separators only where
well formed; no exponent, no other digits than 0-9, no units, ranges or placeholders; too many
decimals are refused, never rounded; what was changed in reading is said to the person.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.validators import FIGURE_LIMIT
from targets_site.figures import decimals_of, plain
from targets_site.templatetags.shown import unit_word, with_unit
from targets_site.typed_text import (
    TEXT_MESSAGES,
    TYPED_AS,
    Outcome,
    accepted_if,
    is_space_or_invisible,
    strip_ends,
)

LONGEST_FIGURE = 40
FIRST_REPORTED_YEAR, LAST_REPORTED_YEAR = 2000, 2035
ONE_HUNDRED = Decimal(100)

PLACEHOLDERS = frozenset(
    "- -- — —— – / // \\ * ? . .. ... … …… 无 暂无 没有 缺 缺失 空 空白 不详 未知 未统计 未公布 "
    "待定 n/a na n.a. none null nil undefined tbd".split()
)

DIGITS = r"(?:[0-9][0-9.,]*|\.[0-9]+)"
PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
CANONICAL_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
WELL_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
GROUPED = re.compile(r"[+-]?[0-9.,]*,[0-9.,]*")
SCIENTIFIC = re.compile(rf"[+-]?{DIGITS}[eE][+-]?[0-9]+")
WITH_UNIT = re.compile(
    rf"[+-]?{DIGITS}(?:[十百千万亿兆]+\w{{0,4}}|‰|元|个|家|项|件|次|人|户|天|吨|公里|分|倍|年)",
)
NOT_ONE_VALUE = re.compile(
    rf"(?:[≥≤><＞＜≈~～±]=?|约|近|大约|不低于|不少于|不高于|不超过|超过|大于|小于|高于|低于|至少|至多)"
    rf"[+-]?{DIGITS}.*"
    rf"|[+-]?{DIGITS}%?(?:以上|以下|以内|左右|上下|多|余).*"
    rf"|[+-]?{DIGITS}%?(?:-|–|—|~|～|至|到|±)[+-]?{DIGITS}.*",
)
FOUR_DIGITS = re.compile(r"([0-9]{4})(?:年度?)?")
# What heads a column, pasted along with the numbers below it.
HEADING = re.compile(r"(?:19|20)[0-9]{2}年度?")

MESSAGES = {
    **TEXT_MESSAGES,
    "percent_unit": gettext_lazy("The unit of “%(field)s” is %(unit)s; leave the %% sign out."),
    "placeholder": gettext_lazy(
        "Where there is no figure, leave “%(field)s” empty and say why there is none; do not type "
        "“%(value)s”."
    ),
    "scientific": gettext_lazy(
        "“%(field)s”: type a plain number, not the scientific notation (such as 1E+05)."
    ),
    "interval": gettext_lazy(
        "“%(field)s”: type one exact value, no range and no sign of comparison."
    ),
    "unit_suffix": gettext_lazy(
        "“%(field)s”: digits only; the unit is %(unit)s, so convert before you type."
    ),
    "grouping": gettext_lazy(
        "“%(field)s”: the comma stands in the wrong place. Write the decimal point as “.”, for "
        "example 92.5; thousands need no separator."
    ),
    "heading": gettext_lazy("“%(value)s” looks like a heading; copy the numbers only."),
    "not_number": gettext_lazy("“%(field)s” takes a number only, for example 98.5."),
    "year": gettext_lazy("“%(field)s” is a year of four digits between %(min)s and %(max)s."),
    "decimals": gettext_lazy(
        "“%(field)s” has at most %(decimals)s decimals; nothing is rounded for you."
    ),
    "range": gettext_lazy("“%(field)s” lies between %(min)s and %(max)s."),
}
# Of what looks like a fraction in place of a percentage: dropping decimals would store a hundredth.
FRACTIONS = {
    "fits": gettext_lazy(
        "“%(field)s” has at most %(decimals)s decimals; nothing is rounded for you. If you mean "
        "%(times)s %%, type %(times)s."
    ),
    "too_fine": gettext_lazy(
        "“%(field)s” has at most %(decimals)s decimals; nothing is rounded for you. If you mean "
        "%(times)s %%, type the percentage and not the fraction."
    ),
}

# Of counts and indexes, beside which no unit stands.
WITHOUT_UNIT = {
    "percent_unit": gettext_lazy("“%(field)s” is no percentage; leave the %% sign out."),
    "unit_suffix": gettext_lazy("“%(field)s”: digits only, without a unit."),
}


@dataclass(frozen=True)
class Limits:
    """What a figure may be; smallest and largest in `unit`, None where open."""

    unit: str
    decimals: int
    smallest: Decimal | None = None
    largest: Decimal | None = None


@dataclass(frozen=True)
class Parsed:
    """A figure as understood, in the unit of its indicator; `value` None only where blank.

    message: what to tell the person (how it was understood, or what to confirm); else empty.
    """

    outcome: Outcome
    value: Decimal | None = None
    stated_decimals: int = 0
    message: str = ""


@dataclass(frozen=True)
class ParsedYear:
    outcome: Outcome
    value: int | None = None


def parse_figure(text: str | None, *, limits: Limits, label: str = "") -> Parsed:
    """Read one typed figure.

    label: the field's name for messages. The value is in `limits.unit`, with the decimals typed;
    zeros beyond the permitted decimals are dropped, other digits there are refused.
    Raises ValidationError whose code says what is wrong: not_number, scientific, unit_suffix,
    percent_unit, decimals, range, placeholder, interval, grouping, heading, invisible, too_long.
    """
    name = label or _("Value")
    if text and len(text) <= LONGEST_FIGURE and CANONICAL_NUMBER.fullmatch(text):
        number, has_percent = text, False
    else:
        stripped = strip_ends(text or "")
        if not stripped:
            return Parsed(Outcome.BLANK)
        _refuse_unreadable(stripped, name=name)
        mapped = stripped.translate(TYPED_AS)
        number = _without_percent(mapped, unit=limits.unit, name=name)
        has_percent = number != mapped
        _refuse_other_notations(number, typed=stripped, unit=limits.unit, name=name)
    value = _without_excess_zeros(Decimal(number.replace(",", "")), limits.decimals)
    _refuse_outside(value, limits, percent=has_percent, name=name)
    return _judged(value, text=text or "", unit=limits.unit, percent=has_percent)


def parse_year(
    text: str | None,
    *,
    smallest: int = FIRST_REPORTED_YEAR,
    largest: int = LAST_REPORTED_YEAR,
    label: str = "",
) -> ParsedYear:
    """Read a year of four digits, with or without 年. Raises ValidationError (code year)."""
    stripped = strip_ends(text or "")
    if not stripped:
        return ParsedYear(Outcome.BLANK)
    match = FOUR_DIGITS.fullmatch(stripped.translate(TYPED_AS))
    if match is None or not smallest <= int(match[1]) <= largest:
        raise _wrong("year", label or _("Year"), min=str(smallest), max=str(largest))
    return ParsedYear(accepted_if(match[1] == text), int(match[1]))


def _wrong(code: str, name: str, **params: str) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code, params={"field": name, **params})


def _wrong_unit(code: str, name: str, unit: str) -> ValidationError:
    shown = unit_word(unit)
    if shown:
        return _wrong(code, name, unit=shown)
    return ValidationError(WITHOUT_UNIT[code], code=code, params={"field": name})


def _refuse_unreadable(text: str, *, name: str) -> None:
    if len(text) > LONGEST_FIGURE:
        raise _wrong("too_long", name)
    if any(is_space_or_invisible(each) or unicodedata.category(each) == "Cc" for each in text):
        raise _wrong("invisible", name)


def _without_percent(mapped: str, *, unit: str, name: str) -> str:
    """The number before a percent sign, which only a field in % may carry."""
    if not mapped.endswith("%") or not _is_number_like(mapped[:-1]):
        return mapped
    if unit != "%":
        raise _wrong_unit("percent_unit", name, unit)
    return mapped[:-1]


def _is_number_like(text: str) -> bool:
    return bool(PLAIN_NUMBER.fullmatch(text) or GROUPED.fullmatch(text))


def _refuse_other_notations(number: str, *, typed: str, unit: str, name: str) -> None:
    """Pass what is a plain or well grouped number; else say what it looks like."""
    if PLAIN_NUMBER.fullmatch(number) or WELL_GROUPED.fullmatch(number):
        return
    if number.casefold() in PLACEHOLDERS or typed in PLACEHOLDERS:
        raise _wrong("placeholder", name, value=typed)
    if SCIENTIFIC.fullmatch(number):
        raise _wrong("scientific", name)
    if NOT_ONE_VALUE.fullmatch(number):
        raise _wrong("interval", name)
    if HEADING.fullmatch(number):
        raise _wrong("heading", name, value=typed)
    if WITH_UNIT.fullmatch(number) or _is_number_before(unit, number):
        raise _wrong_unit("unit_suffix", name, unit)
    raise _wrong("grouping" if GROUPED.fullmatch(number) else "not_number", name)


def _is_number_before(unit: str, text: str) -> bool:
    """Whether the text is a number followed by the field's own unit."""
    return bool(unit) and text.endswith(unit) and _is_number_like(text.removesuffix(unit))


def _without_excess_zeros(value: Decimal, decimals: int) -> Decimal:
    """12.0 is 12 where no decimals are permitted; -0 is 0."""
    while decimals_of(value) > decimals and value.as_tuple().digits[-1] == 0:
        sign, digits, exponent = value.as_tuple()
        value = Decimal((sign, digits[:-1] or (0,), int(exponent) + 1))
    return abs(value) if value == 0 else value


def _refuse_outside(value: Decimal, limits: Limits, *, percent: bool, name: str) -> None:
    if decimals_of(value) > limits.decimals:
        if not percent and _looks_like_fraction(value, limits.unit):
            raise _fraction_too_fine(value, limits, name=name)
        raise _wrong("decimals", name, decimals=str(limits.decimals))
    smallest = max(limits.smallest if limits.smallest is not None else -FIGURE_LIMIT, -FIGURE_LIMIT)
    largest = min(limits.largest if limits.largest is not None else FIGURE_LIMIT, FIGURE_LIMIT)
    if not smallest <= value <= largest:
        raise _wrong("range", name, min=plain(smallest), max=plain(largest))


def _looks_like_fraction(value: Decimal, unit: str) -> bool:
    return unit == "%" and 0 < abs(value) <= 1


def _fraction_too_fine(value: Decimal, limits: Limits, *, name: str) -> ValidationError:
    times = Decimal(plain(value * ONE_HUNDRED))
    message = FRACTIONS["fits" if decimals_of(times) <= limits.decimals else "too_fine"]
    params = {"field": name, "decimals": str(limits.decimals), "times": plain(times)}
    return ValidationError(message, code="decimals", params=params)


def _judged(value: Decimal, *, text: str, unit: str, percent: bool) -> Parsed:
    """Accepted as typed, normalised, or to be confirmed because a rate looks like a fraction."""
    stated_decimals = decimals_of(value)
    as_stated = plain(value, decimals=stated_decimals)
    if not percent and _looks_like_fraction(value, unit):
        message = _(
            "The unit is %%: you typed %(value)s, that is %(value)s %%. If you mean %(times)s %%, "
            "correct it; if it is right, confirm it."
        ) % {"value": as_stated, "times": plain(value * ONE_HUNDRED)}
        return Parsed(Outcome.CONFIRM, value, stated_decimals, message)
    if text == as_stated and CANONICAL_NUMBER.fullmatch(text):
        return Parsed(Outcome.ACCEPT, value, stated_decimals)
    message = _("Understood as %(figure)s.") % {"figure": with_unit(as_stated, unit)}
    return Parsed(Outcome.NORMALISED, value, stated_decimals, message)
