"""Pages of a list by the row after which they begin: no page is counted, none skips or repeats a
row that stood there all the time, and the last one costs as much as the first."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

# Field paths by which a list is ordered, together unique and never empty, with what they hold.
Order = Mapping[str, type[str] | type[int]]
Position = tuple[str | int, ...]
LARGEST_NUMBER = 2**63 - 1


class BadCursor(ValueError):
    """The text was not made by `cursor_of`."""


@dataclass(frozen=True)
class Page:
    """rows: of this page; cursor: of the next one, empty where there is none."""

    rows: list[Any]
    cursor: str


def page_of(rows: QuerySet[Any], *, order: Order, after: Position | None, size: int) -> Page:
    """after: the position behind which the page begins; None at the start."""
    rows = rows.order_by(*order)
    if after is not None:
        rows = rows.filter(_behind(list(order), after))
    found = list(rows[: size + 1])
    is_last = len(found) <= size
    return Page(found[:size], "" if is_last else cursor_of(_place(found[size - 1], order)))


def cursor_of(position: Position) -> str:
    text = json.dumps(position, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position_of(text: str, order: Order) -> Position:
    """Raises BadCursor."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise BadCursor(text) from None
    if not isinstance(found, list) or len(found) != len(order):
        raise BadCursor(text)
    if not all(map(_may_be, found, order.values())):
        raise BadCursor(text)
    return tuple(found)


def _may_be(value: Any, kind: type[str] | type[int]) -> bool:
    if kind is int:
        return type(value) is int and 0 <= value <= LARGEST_NUMBER
    return isinstance(value, str) and value.isprintable()


def _behind(order: Sequence[str], position: Position) -> Q:
    """Rows behind the position: `a > x or (a = x and b > y)`, with `a >= x` first, by which the
    database begins its walk along the index."""
    first, rest = order[0], order[1:]
    behind = Q((f"{first}__gt", position[0]))
    if not rest:
        return behind
    same = Q((first, position[0])) & _behind(rest, position[1:])
    return Q((f"{first}__gte", position[0])) & (behind | same)


def _place(row: Any, order: Order) -> Position:
    return tuple(_walk(row, path) for path in order)


def _walk(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
