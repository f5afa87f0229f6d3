"""Every attempt of people to store a known figure, written down before it is made and when it was
answered. What must hold of them after a fault: `after_fault.py`."""

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ASKED = ("number", "by", "series", "year", "value", "read_version")
TOLD = ("number", "status", "said", "seconds")


@dataclass
class Attempt:
    """One save. outcome: "ok" where the page said that it was saved, "fail" where it said that
    nothing was, "unknown" where no answer came, or one that asks to look whether it was.

    said: the words that told, empty where there was no answer. status: of the answer, 0 without.
    """

    number: int
    by: str
    series: str
    year: int
    value: str
    read_version: int
    outcome: str = "unknown"
    status: int = 0
    said: str = ""
    seconds: float = 0.0
    begun: float = field(default_factory=time.monotonic, repr=False)


class Ledger:
    """Used by many threads at once. file: of JSON lines, an attempt's first as it is made, its
    second as it is answered; what has no second line was never answered."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.attempts: list[Attempt] = []
        self._one_at_a_time = threading.Lock()

    def invoke(
        self, *, by: str, series: str, year: int, value: str, read_version: int = 0
    ) -> Attempt:
        with self._one_at_a_time:
            attempt = Attempt(len(self.attempts) + 1, by, series, year, value, read_version)
            self.attempts.append(attempt)
            self._write({"event": "invoke", **self._facts(attempt, ASKED)})
        return attempt

    def answered(self, attempt: Attempt, *, outcome: str, status: int = 0, said: str = "") -> None:
        attempt.outcome, attempt.status, attempt.said = outcome, status, said
        attempt.seconds = round(time.monotonic() - attempt.begun, 3)
        with self._one_at_a_time:
            self._write({"event": outcome, **self._facts(attempt, TOLD)})

    def _write(self, event: dict[str, object]) -> None:
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(event, ensure_ascii=False) + "\n")

    @staticmethod
    def _facts(attempt: Attempt, names: tuple[str, ...]) -> dict[str, object]:
        return {name: getattr(attempt, name) for name in names}

    def outcomes(self) -> Counter[str]:
        return Counter(each.outcome for each in self.attempts)

    def __str__(self) -> str:
        counted = self.outcomes()
        slowest = max((each.seconds for each in self.attempts), default=0)
        return (
            f"{len(self.attempts)} attempts: {counted['ok']} ok, {counted['fail']} fail,"
            f" {counted['unknown']} unknown; {slowest:.2f} s at most"
        )
