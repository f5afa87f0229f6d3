"""What was found of a line, and of all lines so far."""

from dataclasses import asdict, dataclass, field
from typing import Any

from indicators.enums import LineOutcome
from indicators.models import Series
from targets_site.sheets import Problem

MOST_PROBLEMS = 100


class RefusedLine(Exception):
    """faults: key of the column (empty for the whole line) and what is wrong, one or more."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__(faults)
        self.faults = faults


class ForeignLine(RefusedLine):
    """The line is about a series that the person's departments do not report."""


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line that may be stored, or need not be.

    content: `figure`, the texts that would be stored without blanks and defaults; `before`, the
    stored texts that they would replace; `questions` to be confirmed; `evidence`, ids that stay
    with the figure; each only where there is something. read_version: number of the newest version.
    """

    number: int
    series: Series
    year: int
    outcome: LineOutcome
    content: dict[str, Any]
    read_version: int | None
    value_before: str = ""
    note: str = ""


@dataclass
class Tally:
    """How many lines had which outcome. problems: the first hundred, in the order of the file;
    problems_found: all of them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    blank: int = 0
    questions: int = 0
    problems_found: int = 0
    foreign: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return self.new + self.changed + self.unchanged + self.refused

    @property
    def to_store(self) -> int:
        return self.new + self.changed

    def counts(self) -> dict[str, int]:
        """As numbers by name, without those that are 0."""
        found = {key: number for key, number in asdict(self).items() if key != "problems"}
        return {key: number for key, number in found.items() if number}

    def add(self, *problems: Problem) -> None:
        self.problems_found += len(problems)
        self.problems += problems[: max(0, MOST_PROBLEMS - len(self.problems))]
