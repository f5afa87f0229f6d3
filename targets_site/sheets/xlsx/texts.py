"""Texts as a workbook stores them: in runs, with readings beside them, with escaped characters."""

import re

from targets_site.sheets.table import LONGEST_CELL
from targets_site.sheets.xlsx.container import damaged
from targets_site.sheets.xlsx.xml_parts import MAIN, Depth

RUN, READING = f"{MAIN} t", f"{MAIN} rPh"
# _x000D_ is a carriage return. Source: ECMA-376 part 1, 22.9.2.19, ST_Xstring.
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class TextCollector:
    """Joins the runs of one text; how a word is read aloud (rPh) is no part of it."""

    def __init__(self) -> None:
        self._runs: list[str] = []
        self._length = 0
        self._is_run = self._is_reading = False
        self._depth = Depth()

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth.enter()
        if name == RUN:
            self._is_run = not self._is_reading
        elif name == READING:
            self._is_reading = True

    def end(self, name: str) -> None:
        self._depth.leave()
        if name == RUN:
            self._is_run = False
        elif name == READING:
            self._is_reading = False

    def add(self, text: str) -> None:
        """Raises RefusedFile where a text is longer than any cell can hold."""
        if self._is_run:
            self._runs.append(text)
            self._length += len(text)
            if self._length > LONGEST_CELL:
                raise damaged()

    def take(self) -> str:
        """What was collected; starts anew."""
        text = unescaped("".join(self._runs))
        self._runs.clear()
        self._length = 0
        return text


def unescaped(text: str) -> str:
    return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)
