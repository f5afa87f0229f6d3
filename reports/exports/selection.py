"""Which rows of which table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.exports.filters import AreaChosen
from reports.exports.tables import Rows, Table
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import User
from targets_site.moments import to_the_microsecond


class NotUnderstood(ValueError):
    """The table has nothing that this filter could mean; `args[0]` is the filter's name."""


@dataclass(frozen=True)
class Selection:
    """Some rows of a table.

    area, domain, document: codes as they stand in the columns; empty for all. below: with the
    areas below `area`. year: target year of targets, as-of year of verdicts, else the year of the
    figure or entry. at: as it stood at that moment, else now.
    Raises NotUnderstood for a filter that the table does not have (`table.filters`).
    """

    table: Table
    area: str = ""
    domain: str = ""
    document: str = ""
    year: int | None = None
    state: str = ""
    at: datetime | None = None
    below: bool = False

    def __post_init__(self) -> None:
        for name in self._asked:
            if name not in self.table.filters:
                raise NotUnderstood(name)

    @property
    def _asked(self) -> dict[str, Any]:
        """What it is narrowed by, as the filters of the table take it."""
        area = AreaChosen(self.area, self.below) if self.area else None
        asked = {
            "area": area,
            "domain": self.domain,
            "document": self.document,
            "year": self.year,
            "state": self.state,
        }
        return {name: value for name, value in asked.items() if value not in (None, "")}

    @property
    def described(self) -> dict[str, Any]:
        """For manifests and the trail: every filter, with what was asked for; JSON types."""
        return {
            "table": self.table.name,
            "area": self.area,
            "below": self.below,
            "domain": self.domain,
            "document": self.document,
            "year": self.year,
            "state": self.state,
            "at": self.at and to_the_microsecond(self.at),
        }

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole table of today, or all of it but for a year or state."""
        return not (self.area or self.domain or self.document or self.at)

    def rows(self, reader: User | None = None, *, sees_all: bool = False) -> Rows:
        """The rows in the order of the file, those that `reader` may read (None: somebody without
        a post). sees_all: for commands of the installation, which ask for nobody.

        Raises NotAllowed where the table is not for the reader. Of today: who wants those of `at`
        asks within `targets_site.then.as_it_stood(at)`.
        """
        if not sees_all and not self.table.is_for(reader):
            raise NotAllowed(f"The table {self.table.name} is not for everybody.")
        rows = self.table.rows() if sees_all else self.table.readable(self.table.rows(), reader)
        for name, value in self._asked.items():
            rows = rows.filter(self.table.filters[name](value))
        return rows
