"""What is expensive to build is kept in the cache, while there is one."""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.core.cache import caches

from targets_site.pause import Pause

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 10
# By alias: one cache that fails says nothing about the other.
_pauses: dict[str, Pause] = defaultdict(lambda: Pause(seconds=PAUSE_SECONDS))


def cached_text(key: str, build: Callable[[], str], *, seconds: int) -> str:
    """The text under the key, else what `build` returns, kept for so many seconds."""
    stored: str | None = kept(key)
    if stored is not None:
        return stored
    built = build()
    keep(key, built, seconds=seconds)
    return built


def kept(key: str, *, alias: str = "default") -> Any:
    """What was kept under the key; None where there is nothing.

    A cache that fails counts as empty and is left alone for a while, so that not every page waits
    for it: one warning, no error.
    """
    if _pauses[alias].is_on:
        return None
    try:
        return caches[alias].get(key)
    except Exception as error:  # each kind of cache fails in its own way
        _failed(alias, error)
        return None


def keep(key: str, value: Any, *, seconds: int, alias: str = "default") -> None:
    """Under the key, for so many seconds or fewer; as above where the cache fails."""
    if _pauses[alias].is_on:
        return
    try:
        caches[alias].set(key, value, seconds)
    except Exception as error:
        _failed(alias, error)


def _failed(alias: str, error: Exception) -> None:
    _pauses[alias].start()
    logger.warning("The cache failed, going on without it: %r", error)
