"""Which keys an entry of each file has, and how its text becomes a value."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, ObservationVersion, Series, TargetReading
from plans.models import Document, Domain, Target
from targets_site.places.models import Area, Department

FIGURE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


def text(given: Any) -> str:
    if not isinstance(given, str):
        raise ValidationError(_("Write one text here, not a list."))
    if any(ord(character) < 32 and character not in "\n\t" for character in given):
        raise ValidationError(_("This holds a character that cannot be shown."))
    return given.strip()


def number(given: Any) -> int:
    written = text(given)
    if not re.fullmatch(r"[0-9]{1,4}", written):
        raise ValidationError(_("Write a whole number here."))
    return int(written)


def year(given: Any) -> int:
    value = number(given)
    if not 1900 <= value <= 2100:
        raise ValidationError(_("A year lies between 1900 and 2100."))
    return value


def figure(given: Any) -> Decimal:
    """Keeps the decimals as written."""
    written = text(given)
    if not FIGURE.fullmatch(written):
        raise ValidationError(
            _("Write a plain figure: at most 9 digits before the point and 6 after.")
        )
    return Decimal(written)


def flag(given: Any) -> bool:
    written = text(given).lower()
    if written not in {"true", "false"}:
        raise ValidationError(_("Write true or false."))
    return written == "true"


def date(given: Any) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text(given))
    except ValueError as error:
        raise ValidationError(_("Write a date as YYYY-MM-DD.")) from error


def texts(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise ValidationError(_("Write a list here."))
    return given


def reporting(given: Any) -> list[dict[str, Any]]:
    """`departments` of a series: department, from_year, to_year."""
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise ValidationError(_("Write a list of department, from_year, to_year here."))
    for item in given:
        unknown = set(item) - {"department", "from_year", "to_year"}
        if unknown or "department" not in item:
            raise ValidationError(_("Each has a department and may have from_year and to_year."))
    return [
        {
            "department": text(item["department"]),
            "from_year": year(item["from_year"]) if item.get("from_year") else None,
            "to_year": year(item["to_year"]) if item.get("to_year") else None,
        }
        for item in given
    ]


Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Spec:
    """The keys of one kind of file.

    `fields` become fields of `model` under the same name; `links` refer to entries of another
    kind by natural key; `lists` are kept for the loader.
    """

    model: type[models.Model]
    fields: dict[str, Reader]
    links: dict[str, str]
    required: frozenset[str]
    lists: dict[str, Reader]
    renamed: dict[str, str]


def _spec(
    model: type[models.Model],
    required: str,
    fields: dict[str, Reader],
    *,
    links: dict[str, str] | None = None,
    lists: dict[str, Reader] | None = None,
    renamed: dict[str, str] | None = None,
) -> Spec:
    return Spec(model, fields, links or {}, frozenset(required.split()), lists or {}, renamed or {})


SPECS: dict[str, Spec] = {
    "areas": _spec(
        Area,
        "code level name_zh name_en",
        {
            "code": text,
            "level": text,
            "name_zh": text,
            "name_en": text,
            "from_year": year,
            "to_year": year,
        },
        links={"parent": "areas", "successor": "areas"},
    ),
    "domains": _spec(
        Domain,
        "code name_zh name_en",
        {"code": text, "name_zh": text, "name_en": text, "position": number},
    ),
    "departments": _spec(
        Department,
        "code area name_zh name_en",
        {"code": text, "name_zh": text, "name_en": text, "from_year": year, "to_year": year},
        links={"area": "areas", "successor": "departments"},
    ),
    "documents": _spec(
        Document,
        "slug area title_zh title_en start_year end_year",
        {
            "slug": text,
            "title_zh": text,
            "title_en": text,
            "number": text,
            "issued_on": date,
            "issuer_zh": text,
            "issuer_en": text,
            "start_year": year,
            "end_year": year,
            "source_url": text,
        },
        links={"area": "areas"},
    ),
    "indicators": _spec(
        Indicator,
        "code name_zh name_en unit",
        {
            "code": text,
            "name_zh": text,
            "name_en": text,
            "definition_zh": text,
            "definition_en": text,
            "unit": text,
            "decimals": number,
            "smallest": figure,
            "largest": figure,
            "nature": text,
            "verified_by": text,
            "collected_from": text,
            "required_accuracy": text,
            "known_limits": text,
            "limits_handled": text,
        },
    ),
    "series": _spec(
        Series,
        "area indicator",
        {"scope": text, "scope_zh": text, "scope_en": text, "frequency": number},
        links={"area": "areas", "indicator": "indicators"},
        lists={"departments": reporting},
    ),
    "targets": _spec(
        Target,
        "code domain statement_zh statement_en stated locator kind",
        {
            "code": text,
            "statement_zh": text,
            "statement_en": text,
            "stated": text,
            "locator": text,
            "kind": text,
            "comparator": text,
            "value": figure,
            "value_upper": figure,
            "unit": text,
            "target_year": year,
            "firmness": text,
            "key": flag,
        },
        links={"domain": "domains"},
        lists={"lead": texts, "responsible": texts, "replaces": texts},
    ),
    "readings": _spec(
        TargetReading,
        "target series note_zh",
        {
            "hold_from": year,
            "tolerance": figure,
            "baseline_year": year,
            "baseline_value": figure,
            "note_zh": text,
            "note_en": text,
        },
        links={"target": "targets", "series": "series"},
    ),
    "observations": _spec(
        ObservationVersion,
        "series year source_title source_grade",
        {
            "value": figure,
            "missing_reason": text,
            "numerator": figure,
            "denominator": figure,
            "bound": text,
            "obs_status": text,
            "published_scope": text,
            "published_as": text,
            "published_on": text,
            "source_title": text,
            "source_url": text,
            "source_grade": text,
            "note": text,
        },
        links={"series": "series"},
        lists={"year": year},
        renamed={"note": "remark"},
    ),
}
