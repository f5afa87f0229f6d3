"""What is wrong with a folder, said so that a data clerk finds the place."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise


class Filled:
    """A message whose parameters are filled in at the moment of saying it, in any language."""

    def __init__(self, message: str | Promise, params: Mapping[str, object]) -> None:
        self.message, self.params = message, params

    def __str__(self) -> str:
        return str(self.message) % self.params


@dataclass(frozen=True)
class Problem:
    """One thing to mend: file, entry (its natural key or its number in the file), field."""

    file: str
    entry: str
    field: str
    message: str | Promise | Filled

    def __str__(self) -> str:
        place = " › ".join(part for part in (self.file, self.entry, self.field) if part)
        said = []
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said.append(str(self.message))
        return f"{place}: {' / '.join(dict.fromkeys(said))}"


class RefusedReference(Exception):
    """The folder was refused whole; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
