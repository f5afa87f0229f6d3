"""The order of targets in their document, read off the heading paths that say where they stand.

A path says most of it by its numbers (一、, （二）, 3．, 第4句). Headings without a number
(到2015年, 建筑工程) stand as the codes name them: whoever reads a document gives codes from its
beginning to its end, and once more so when he comes back for what he left out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

SEPARATOR = " / "
_DIGITS = "一二三四五六七八九"
_PARAGRAPH = re.compile(r"第([0-9]+)[段句项]")
_HEADING = re.compile(r"[（(]?([0-9]+|[一二三四五六七八九十]+)(?:[)）、．]|\.(?![0-9]))")

Path = tuple[str, ...]


class Place(NamedTuple):
    """Where something stands under a heading; see the ranks beneath."""

    rank: int
    number: int


# The heading's own words, what is said of all that it holds, then its parts: sentences, headings
# without a number, numbered ones, and what is called the end.
TITLE, WHOLE, PARAGRAPH, UNNUMBERED, NUMBERED, END = range(6)


def in_order_of_text(locators: Sequence[str]) -> list[int]:
    """Positions in `locators`, which come in the order of their codes, as the text has them.

    What stands in one place keeps the order of its codes.
    """
    paths = [tuple(locator.split(SEPARATOR)) for locator in locators]
    unnumbered = _unnumbered(list(_readings(paths)))
    keys = [
        [*(_place(path[: depth + 1], unnumbered) for depth in range(len(path))), Place(WHOLE, 0)]
        for path in paths
    ]
    return sorted(range(len(paths)), key=keys.__getitem__)


def heading_and_place(locator: str) -> tuple[str, str]:
    """The heading that something stands under, and its paragraph or sentence there; either may be
    empty."""
    path = locator.split(SEPARATOR)
    depth = next((at for at, part in enumerate(path) if _is_place(part)), len(path))
    return SEPARATOR.join(path[:depth]), SEPARATOR.join(path[depth:])


def _is_place(part: str) -> bool:
    return part.startswith("末") or _PARAGRAPH.fullmatch(part) is not None


def _readings(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """The paths of one reading after another: within one nobody returns to a heading that was
    left."""
    reading: list[Path] = []
    left: set[Path] = set()
    for path in paths:
        headings = {path[: depth + 1] for depth in range(len(path))}
        if headings & left:
            yield reading
            reading, left = [], set()
        if reading:
            before = reading[-1]
            left |= {before[: depth + 1] for depth in range(len(before))} - headings
        reading.append(path)
    yield reading


def _unnumbered(readings: Iterable[Sequence[Path]]) -> dict[Path, int]:
    """The position of each heading without a number among those beside it."""
    merged: dict[Path, list[Path]] = {}
    for reading in readings:
        beside: dict[Path, list[Path]] = {}
        for path in reading:
            for depth, part in enumerate(path):
                if _numbered(part) is None:
                    beside.setdefault(path[:depth], []).append(path[: depth + 1])
        for parent, headings in beside.items():
            merged[parent] = _merged(merged.get(parent, []), list(dict.fromkeys(headings)))
    return {heading: at for headings in merged.values() for at, heading in enumerate(headings)}


def _merged(known: list[Path], more: Sequence[Path]) -> list[Path]:
    """`known` with what is new in `more` before the next heading that both have, else at the
    end."""
    found = list(known)
    for at, heading in enumerate(more):
        if heading not in found:
            following = next((each for each in more[at + 1 :] if each in found), None)
            found.insert(len(found) if following is None else found.index(following), heading)
    return found


def _place(path: Path, unnumbered: dict[Path, int]) -> Place:
    return _numbered(path[-1]) or Place(UNNUMBERED, unnumbered[path])


def _numbered(part: str) -> Place | None:
    """None for a heading without a number."""
    if part == "标题":
        return Place(TITLE, 0)
    if part.startswith("末"):
        return Place(END, 0)
    if paragraph := _PARAGRAPH.fullmatch(part):
        return Place(PARAGRAPH, int(paragraph[1]))
    if heading := _HEADING.match(part):
        return Place(NUMBERED, _value(heading[1]))
    return None


def _value(number: str) -> int:
    """12, 十二 or 二十八."""
    if number.isascii():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return _DIGITS.index(number) + 1
    return 10 * (_DIGITS.index(tens) + 1 if tens else 1) + (_DIGITS.index(ones) + 1 if ones else 0)
