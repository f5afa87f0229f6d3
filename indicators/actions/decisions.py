"""Taking one step with many versions: each on its own, so that one that cannot be taken holds up
no other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from indicators.actions.workflow import StaleVersion, WrongState
from indicators.models import Worked
from targets_site.accounts.access import NotAllowed


@dataclass(frozen=True)
class Decided:
    """What came of it; refusal is None where the step was taken."""

    version: Any
    refusal: NotAllowed | StaleVersion | WrongState | None


def decide_each(versions: Iterable[Worked], *, step: Callable[[Any], object]) -> list[Decided]:
    """In the order given. step: an action of `workflow`, in a transaction of its own."""
    return [_decide(version, step) for version in versions]


def _decide(version: Worked, step: Callable[[Any], object]) -> Decided:
    try:
        step(version)
    except (NotAllowed, StaleVersion, WrongState) as refusal:
        return Decided(version, refusal)
    return Decided(version, None)
