"""What the page of two documents shows."""

from dataclasses import dataclass

from indicators.models import TargetReading
from plans.models import Document, Target
from reports.enums import Change
from reports.queries import rows
from targets_site.pieces import Tile


@dataclass(frozen=True)
class Side:
    """A target of one of the two documents. measured_by: indicator and scope, empty where nobody
    has read it."""

    line: rows.TargetLine
    reading: TargetReading | None
    measured_by: str

    @property
    def target(self) -> Target:
        return self.line.target


@dataclass(frozen=True)
class ComparedTarget:
    """first, second: one of them may be missing. why: sentences that say why it is in its class.
    is_restated: whether one restates the other, as against sharing indicator and target year."""

    first: Side | None
    second: Side | None
    change: Change
    why: list[str]
    is_restated: bool


@dataclass(frozen=True)
class ChangeGroup:
    """The targets of one class. address: of the page that lists only them. is_shown: whether this
    page lists them; is_chosen: whether it lists nothing else."""

    change: Change
    rows: list[ComparedTarget]
    address: str
    is_shown: bool
    is_chosen: bool

    @property
    def tile(self) -> Tile:
        return Tile(
            count=len(self.rows),
            label=self.change.label,
            address=self.address if self.rows else "",
            is_current=self.is_chosen,
        )

    @property
    def is_paired(self) -> bool:
        return any(row.first and row.second for row in self.rows)

    @property
    def sides(self) -> list[Side]:
        """Of targets without a counterpart."""
        return [side for row in self.rows for side in (row.first, row.second) if side]


@dataclass(frozen=True)
class ComparePage:
    """groups: one for each `Change` that there can be, in its order. chosen: the class asked for.
    address: of the page that lists all. restated: pairs of which one restates the other."""

    first: Document
    second: Document
    groups: list[ChangeGroup]
    chosen: Change | None
    address: str
    restated: int

    @property
    def is_one_area(self) -> bool:
        return self.first.area_id == self.second.area_id

    @property
    def is_backwards(self) -> bool:
        """Whether the first is the later one of an area."""
        return self.is_one_area and self.first.start_year > self.second.start_year
