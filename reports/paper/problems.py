"""Why an edited Word file is not taken, in the language of the person who sent it."""

from collections.abc import Iterable

MOST_PROBLEMS = 50
LONGEST_QUOTE = 40


class RefusedPaper(Exception):
    """The whole file is refused; `problems` says why, one sentence for each place."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)[:MOST_PROBLEMS]
        super().__init__(self.problems)


def shortened(text: str) -> str:
    """What a file says, within a message."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"
