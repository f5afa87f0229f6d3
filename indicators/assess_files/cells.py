"""The columns of the two input files, and how a cell of each is read.

A parser raises ValueError with what is wrong; whether a kind, comparator, nature or bound is
known is the method's own question.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from plans.validators import DECIMALS, DIGITS, FIRST_YEAR, LAST_YEAR

FIGURE = re.compile(rf"-?\d{{1,{DIGITS - DECIMALS}}}(\.\d{{1,{DECIMALS}}})?", re.ASCII)
WHOLE = re.compile(r"\d{1,4}", re.ASCII)
OBS_STATUS_LETTERS = frozenset("ABEPM")

Parse = Callable[[str], Any]


@lru_cache(maxsize=100_000)
def text(cell: str) -> str:
    return cell.strip()


@lru_cache(maxsize=100_000)
def required(cell: str) -> str:
    stripped = cell.strip()
    if not stripped:
        raise ValueError(_("This field is required."))
    return stripped


@lru_cache(maxsize=100_000)
def figure(cell: str) -> Decimal | None:
    """A figure with its decimals as written (82.0 has one); None for an empty cell."""
    stripped = cell.strip()
    if not stripped:
        return None
    if not FIGURE.fullmatch(stripped):
        raise ValueError(_("Not a figure of at most 9 digits and 6 decimals: “%s”") % stripped)
    return Decimal(stripped)


@lru_cache(maxsize=10_000)
def year(cell: str) -> int | None:
    number = _whole(cell)
    if number is not None and not FIRST_YEAR <= number <= LAST_YEAR:
        raise ValueError(_("A year lies between 1900 and 2100."))
    return number


@lru_cache(maxsize=10_000)
def required_year(cell: str) -> int:
    number = year(cell)
    if number is None:
        raise ValueError(_("This field is required."))
    return number


def nature(cell: str) -> str:
    return cell.strip() or "level"


def frequency(cell: str) -> int:
    number = _whole(cell)
    return 1 if number is None else number


@lru_cache(maxsize=100)
def bound(cell: str) -> str:
    return cell.strip() or "exact"


@lru_cache(maxsize=1000)
def obs_status(cell: str) -> str:
    letters = cell.strip() or "A"
    if set(letters) - OBS_STATUS_LETTERS or len(set(letters)) != len(letters):
        raise ValueError(_("Use letters of %(known)s, each once.") % {"known": "A, B, E, P, M"})
    return letters


def _whole(cell: str) -> int | None:
    stripped = cell.strip()
    if not stripped:
        return None
    if not WHOLE.fullmatch(stripped):
        raise ValueError(_("Not a whole number: “%s”") % stripped)
    return int(stripped)


# The names are those of indicators.method.rows; observations in the order of their fields.
TARGET_COLUMNS: Mapping[str, Parse] = {
    "target_code": required,
    "document": text,
    "series": text,
    "kind": required,
    "comparator": text,
    "value": figure,
    "value_upper": figure,
    "unit": text,
    "target_year": year,
    "start_year": year,
    "hold_from": year,
    "baseline_year": year,
    "baseline_value": figure,
    "tolerance": figure,
    "nature": nature,
    "frequency": frequency,
}
OBSERVATION_COLUMNS: Mapping[str, Parse] = {
    "series": required,
    "year": required_year,
    "value": figure,
    "bound": bound,
    "obs_status": obs_status,
}
