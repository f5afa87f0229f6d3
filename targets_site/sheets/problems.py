"""What is wrong with an uploaded table, and what to tell about one of its lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_PROBLEMS = 100


@dataclass(frozen=True)
class Problem:
    """One fault, in the language that was active when it was found.

    line: the row as Excel numbers it (1 is the first of the file), None where the fault is the
    whole file's. column: the heading as it stands in the file, or the letter where there is none;
    empty where the fault is the whole line's.
    """

    line: int | None
    column: str
    message: str

    def __str__(self) -> str:
        parts = {"line": self.line, "column": self.column, "message": self.message}
        if self.line is None and not self.column:
            return self.message
        if self.line is None:
            return _("column %(column)s: %(message)s") % parts
        if not self.column:
            return _("line %(line)s: %(message)s") % parts
        return _("line %(line)s, column %(column)s: %(message)s") % parts


@dataclass(frozen=True)
class Note(Problem):
    """How a cell was understood; with `needs_confirmation` it counts only once confirmed."""

    needs_confirmation: bool = False


class RefusedFile(Exception):
    """The whole file is refused; `problems` holds at most 100, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)[:MOST_PROBLEMS]
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def refused(message: str, *, line: int | None = None, column: str = "") -> RefusedFile:
    """The refusal for a single reason, to be raised."""
    return RefusedFile([Problem(line, column, message)])


def shortened(text: str, longest: int = 60) -> str:
    """What a file says, within a message: a cell can hold a hundred thousand characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class Problems:
    """Faults found so far; reading goes on, so that a person can mend them in one go."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, line: int | None, column: str, message: str) -> None:
        self.found.append(Problem(line, column, message))

    @property
    def are_many(self) -> bool:
        return len(self.found) >= MOST_PROBLEMS

    def refuse_if_any(self) -> None:
        """Raises RefusedFile with what was found."""
        if self.found:
            raise RefusedFile(self.found)
