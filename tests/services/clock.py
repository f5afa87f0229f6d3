"""What time it is for the processes of a test, and nobody else: libfaketime between them and the
system's clock. A step of it is what an NTP server does to a machine whose clock was wrong."""

from pathlib import Path

# Python sleeps until a moment of the clock that is not put, which the library refuses.
SLEEPS = """import select, time

def sleep(seconds):
    select.select([], [], [], seconds)

time.sleep = sleep
"""
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


class Clock:
    """As the machine's until it is put; looked at anew each time somebody asks what time it is."""

    def __init__(self, folder: Path) -> None:
        self._file, self._site = folder / "clock", folder / "clock-site"
        self._site.mkdir()
        (self._site / "sitecustomize.py").write_text(SLEEPS)
        self.put(seconds=0)

    @property
    def environment(self) -> dict[str, str]:
        """Of the processes that go by it. How long something takes is counted by the other clock,
        which no step moves."""
        return {
            "LD_PRELOAD": str(LIBRARY),
            "PYTHONPATH": str(self._site),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def put(self, *, seconds: float) -> None:
        """So far ahead of the machine's clock from now on, or behind where it is negative."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+.0f}\n")
        new.replace(self._file)
