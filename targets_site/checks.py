"""What is checked each night: whether the trail and what was issued still are what they were.

Apps register their checks when they are ready, since the schedule may not import them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. It holds facts; the sentence is made of them in the reader's
    language, by the check that found it.

    about: the thing's key within its kind, the same each night. facts: as JSON has them.
    """

    kind: str
    about: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """run: everything that is wrong now; raises what the database raises. say: a finding in the
    active language. address: of the page where one looks into it."""

    name: str
    label: str | Promise
    run: Callable[[], Iterable[Finding]]
    say: Callable[[Finding], str]
    address: Callable[[Finding], str]


_checks: dict[str, Check] = {}


def register_check(check: Check) -> None:
    """The same name counts once."""
    _checks[check.name] = check


def registered_checks() -> list[Check]:
    return list(_checks.values())


def check_named(name: str) -> Check | None:
    """None for one that this installation has no more."""
    return _checks.get(name)
