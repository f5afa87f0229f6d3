"""What is expensive to build is kept in the cache, while there is one."""

import logging
from collections.abc import Callable

from django.core.cache import cache

from targets_site.pause import Pause

logger = logging.getLogger(__name__)

_pause = Pause(seconds=10)


def cached_text(key: str, build: Callable[[], str], *, seconds: int) -> str:
    """The text under the key, else what `build` returns, kept for so many seconds.

    A cache that fails counts as empty and is left alone for a while, so that not every page waits
    for it: one warning, no error.
    """
    if _pause.is_on:
        return build()
    try:
        stored: str | None = cache.get(key)
    except Exception as error:  # each kind of cache fails in its own way
        _failed(error)
        return build()
    if stored is not None:
        return stored
    built = build()
    try:
        cache.set(key, built, seconds)
    except Exception as error:
        _failed(error)
    return built


def _failed(error: Exception) -> None:
    _pause.start()
    logger.warning("The cache failed, going on without it: %r", error)
