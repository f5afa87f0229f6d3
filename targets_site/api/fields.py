"""How values are said: figures as text with their decimals, times with their offset."""

import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from targets_site.figures import plain
from targets_site.moments import to_the_second

FIGURE = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "nullable": True}
CODE_LIST = {"type": "array", "items": {"type": "string"}}


@extend_schema_field(FIGURE)
class Figure(serializers.Field[Any, Any, Any, Any]):
    """A figure as text: "63.10"; null where there is none.

    decimals: path from the row to the decimals it was stated with; without it trailing zeros go.
    """

    def __init__(self, source: str, *, decimals: str = "") -> None:
        super().__init__(source="*", read_only=True)
        self.value_path, self.decimals_path = source.split("."), decimals.split(".")
        self.is_stated = bool(decimals)

    def to_representation(self, row: Any) -> str | None:
        value = _at(row, self.value_path)
        decimals = _at(row, self.decimals_path) if self.is_stated else None
        return plain(value, decimals=decimals) or None


class Moment(serializers.DateTimeField):
    """A point in time, as 2024-03-01T09:30:00+08:00; null where there is none."""

    def __init__(self, source: str | None = None, **options: Any) -> None:
        super().__init__(source=source, read_only=True, allow_null=True, **options)

    def to_representation(self, value: datetime.datetime) -> str:
        return to_the_second(value)


class Text(serializers.CharField):
    """Words or a code; "" where there is none."""

    def __init__(self, source: str | None = None, **options: Any) -> None:
        super().__init__(source=source, read_only=True, **options)

    def get_attribute(self, instance: Any) -> Any:
        found = super().get_attribute(instance) if _is_there(instance, self.source_attrs) else None
        return "" if found is None else found


class Code(serializers.ChoiceField):
    """One of the codes that a model knows; "" where there is none, if `blank`."""

    def __init__(self, choices: Any, source: str | None = None, *, blank: bool = False) -> None:
        super().__init__(choices=choices.values, source=source, read_only=True, allow_blank=blank)

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) or ""

    def to_representation(self, value: Any) -> str:
        return str(value)


class Whole(serializers.IntegerField):
    """A year or a count; null where there is none."""

    def __init__(self, source: str | None = None, *, null: bool = True) -> None:
        super().__init__(source=source, read_only=True, allow_null=null)


@extend_schema_field({"type": "array", "items": {"type": "integer"}})
class Years(serializers.Field[str, Any, list[int], Any]):
    """Years that stand joined by `;` in one text."""

    def __init__(self) -> None:
        super().__init__(read_only=True)

    def to_representation(self, value: str) -> list[int]:
        return [int(year) for year in value.split(";") if year]


def _at(row: Any, path: list[str]) -> Any:
    for name in path:
        row = None if row is None else getattr(row, name)
    return row


def _is_there(row: Any, path: list[str]) -> bool:
    """Whether every row on the way to the last name is there."""
    return _at(row, path[:-1]) is not None
