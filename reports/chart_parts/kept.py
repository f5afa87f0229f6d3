"""Drawings are kept by what they show and the language of their words."""

import hashlib
from collections.abc import Callable

from django.utils.translation import get_language

from targets_site.cached import cached_text

_SECONDS = 24 * 60 * 60


def kept_drawing(kind: str, rows: object, build: Callable[[], str]) -> str:
    """What `build` makes of the rows, built once a day.

    kind: which drawing, with whatever else it depends on, and a number to raise when it changes.
    """
    shown = f"{kind}/{get_language()}/{rows!r}"
    key = "chart-" + hashlib.sha256(shown.encode()).hexdigest()
    return cached_text(key, build, seconds=_SECONDS)
