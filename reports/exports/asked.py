"""One file as somebody asked for it: of which table or of all, how narrowed, in which format."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from reports.exports import FORMATS, TABLES, Selection

BUNDLE = "bundle"
ZIP = "zip"
TRAIL = "audit"
ZIP_TYPE = "application/zip"
# What narrows all tables of a bundle alike: a year means another thing in each. The trail in it is
# always whole, or it could not be checked.
OF_A_BUNDLE = frozenset({"area", "domain", "document"})


def understood_by(table: str) -> frozenset[str]:
    """Names of the filters that the table, or the bundle, has a meaning for."""
    own = OF_A_BUNDLE if table == BUNDLE else frozenset(TABLES[table].filters)
    return own | {"at"} | ({"below"} if "area" in own else frozenset())


def formats_of(table: str) -> list[str]:
    return [ZIP] if table == BUNDLE else list(FORMATS)


@dataclass(frozen=True)
class Asked:
    """table: a key of TABLES, or BUNDLE. format: a key of FORMATS; ZIP of the bundle.

    filters: by the name of a field of Selection, only those that the table understands and that
    narrow anything.
    """

    table: str
    format: str = "csv"
    bom: bool = True
    filters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> datetime.datetime | None:
        moment: datetime.datetime | None = self.filters.get("at")
        return moment

    @property
    def tables(self) -> list[str]:
        """Of the bundle all; who may not read one does not get it."""
        return list(TABLES) if self.table == BUNDLE else [self.table]

    def selection(self, table: str) -> Selection:
        """Of one of its tables."""
        whole = self.table == BUNDLE and table == TRAIL
        filters = {"at": self.at} if whole else self.filters
        return Selection(TABLES[table], **filters)

    @property
    def media_type(self) -> str:
        return ZIP_TYPE if self.format == ZIP else FORMATS[self.format]

    @property
    def query(self) -> dict[str, str]:
        """As its address says it behind the question mark."""
        said = {name: _said(value) for name, value in self.filters.items()}
        return said if self.bom or self.format in {"xlsx", "jsonl"} else {**said, "bom": "0"}

    @property
    def parameters(self) -> dict[str, str]:
        """All of it as texts, which the form of the page understands: what a job is told."""
        return {**self.query, "table": self.table, "format": self.format}

    @property
    def file_name(self) -> str:
        """What it holds and of which day: observations-460000-2015-2024-03-01.csv; with the time
        where one was asked for."""
        day = _said(self.at).replace(":", "") if self.at else timezone.localdate().isoformat()
        return f"{'-'.join([self.table, *self._narrowed(), day])}.{self.format}"

    def _narrowed(self) -> Iterator[str]:
        for name, value in self.filters.items():
            if name == "below":
                yield "below"
            elif name != "at":
                yield _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime.datetime):
        here = timezone.localtime(value).replace(tzinfo=None)
        is_day = here.time() == datetime.time.max
        return here.date().isoformat() if is_day else here.isoformat()
    return str(value)
