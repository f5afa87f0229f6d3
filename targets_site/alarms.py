"""What an operator has to see to now. `manage.py alarms` and the page of jobs tell it; the guide in
`operations/` says what to do about each.

Who knows of something registers it when the app is ready, since nothing here may import the apps.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.db import DatabaseError, connection
from django.utils.translation import gettext, gettext_noop

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Alarm:
    """name: as the guide has it. form: the sentence in English, to be translated; facts: put into
    it."""

    name: str
    form: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """In the active language."""
        return gettext(self.form) % self.facts


class Facts:
    """What was asked for once, for those alarms and the page that go by the same."""

    def __init__(self) -> None:
        self._known: dict[Callable[[], Any], Any] = {}

    def of(self, ask: Callable[[], T]) -> T:
        """What it returns, asked for at the first time only."""
        if ask not in self._known:
            self._known[ask] = ask()
        return cast(T, self._known[ask])


Source = Callable[[Facts], Iterable[Alarm]]
_sources: list[Source] = []


def register_alarms(source: Source) -> None:
    """The same function counts once."""
    if source not in _sources:
        _sources.append(source)


def alarms(facts: Facts | None = None) -> list[Alarm]:
    """Everything that is wrong now, in the order of registration. Fails with nothing: what cannot
    be asked because the database is away is one alarm, and what else went wrong another. facts:
    of whoever shows them beside the alarms."""
    found: dict[str, Alarm] = {}
    facts = facts or Facts()
    for source in _sources:
        for each in _asked(source, facts):
            found.setdefault(f"{each.name} {sorted(each.facts.items())}", each)
    return list(found.values())


def _asked(source: Source, facts: Facts) -> list[Alarm]:
    try:
        return list(source(facts))
    except DatabaseError:
        connection.close()
        return [Alarm("database", gettext_noop("The database does not answer."))]
    except Exception as error:
        logger.exception("An alarm could not be asked for.")
        what = {"error": type(error).__name__}
        return [Alarm("unknown", gettext_noop("Something could not be checked: %(error)s."), what)]
