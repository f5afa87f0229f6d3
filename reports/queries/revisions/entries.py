"""One entry of the register of revisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from indicators.models import TargetReading
from plans.models import Target

Row = TypeVar("Row", Target, TargetReading)


class RevisionKind(models.TextChoices):
    RESTATED = "restated", gettext_lazy("Restated by a later document")
    CORRECTED = "corrected", gettext_lazy("Target recorded anew")
    READ_ANEW = "read_anew", pgettext_lazy("register", "Read anew")


@dataclass(frozen=True)
class FieldChange:
    """before, after: as printed; empty where there was or is nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Revision:
    """One entry of the register. target: the row that it is about, as it stands now. original: what
    it restates, else None. why: empty where nobody gave a reason."""

    at: datetime
    kind: RevisionKind
    target: Target
    original: Target | None
    changes: list[FieldChange]
    by: list[str]
    why: str


def next_row(rows: Sequence[Row], before: Row) -> Row | None:
    """The row that took the place of `before`: the first one recorded from then on."""
    end = before.superseded_at
    later = [row for row in rows if row.pk > before.pk and end and row.recorded_at >= end]
    return later[0] if later else None


def differing(*parts: tuple[str, str, str]) -> list[FieldChange]:
    return [FieldChange(*part) for part in parts if part[1] != part[2]]


def text_of(value: int | None) -> str:
    return "" if value is None else str(value)
