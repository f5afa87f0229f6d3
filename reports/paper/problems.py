"""Why an edited Word file is not taken, in the language of the person who sent it."""

from collections.abc import Iterable

MOST_PROBLEMS = 50
LONGEST_QUOTE = 40


class RefusedPaper(Exception):
    """The whole file is refused; `problems` says why, one sentence for each place."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)[:MOST_PROBLEMS]
        super().__init__(self.problems)


class Problems:
    """Collects sentences, and refuses the paper as soon as there are more than anybody reads."""

    def __init__(self) -> None:
        self._sentences: list[str] = []

    def append(self, sentence: str) -> None:
        """Raises RefusedPaper with all of them at the MOST_PROBLEMSth."""
        self._sentences.append(sentence)
        if len(self._sentences) >= MOST_PROBLEMS:
            self.refuse_any()

    def extend(self, sentences: Iterable[str]) -> None:
        """Asks for no more of them than are kept. Raises as `append`."""
        for sentence in sentences:
            self.append(sentence)

    def refuse_any(self) -> None:
        """Raises RefusedPaper where there are some."""
        if self._sentences:
            raise RefusedPaper(self._sentences)


def shortened(text: str) -> str:
    """What a file says, within a message."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"
