"""How a verdict stands: the parts that verdicts are counted by, each verdict in exactly one.

Every count of the pages is a sum of these: by light, by coverage (METHOD.md, "Roll up as counts by
light"), by the order of a list.
"""

from typing import Protocol

from django.db import models
from django.db.models import Q

from indicators.enums import STATUSES_IN_WORDS, WITHOUT_FIGURE, Light, SideState


class Standing(models.TextChoices):
    """SIDE_SHORT, SIDE_OTHER: no figure of the year, and what side evidence says. OLD_FIGURE,
    NOT_COLLECTED: none and no side evidence, with and without an earlier figure. UNDETERMINED,
    UNFOUNDED: grey for another reason, with and without a figure. UNJUDGED, JUDGED_…: in words."""

    RED = "red"
    YELLOW = "yellow"
    PALE = "pale"
    GREEN = "green"
    SIDE_SHORT = "side_short"
    SIDE_OTHER = "side_other"
    OLD_FIGURE = "old_figure"
    NOT_COLLECTED = "not_collected"
    UNDETERMINED = "undetermined"
    UNFOUNDED = "unfounded"
    NOT_DUE = "not_due"
    UNJUDGED = "unjudged"
    JUDGED_RED = "judged_red"
    JUDGED_YELLOW = "judged_yellow"
    JUDGED_GREEN = "judged_green"


IN_WORDS = (
    Standing.UNJUDGED,
    Standing.JUDGED_RED,
    Standing.JUDGED_YELLOW,
    Standing.JUDGED_GREEN,
)
COMPUTED = tuple(each for each in Standing if each not in IN_WORDS)
# The light first: the database looks no further where it differs.
_GREY = Q(light=Light.GREY)
_COLLECTED = _GREY & ~Q(status__in=WITHOUT_FIGURE)
_UNCOLLECTED = _GREY & Q(status__in=WITHOUT_FIGURE)
_SAID = Q(status__in=STATUSES_IN_WORDS)
_HAS_SIDE, _HAS_ACTUAL = Q(side_year__isnull=False), Q(actual_year__isnull=False)
_IS_SHORT = Q(side_state=SideState.SHORT)

# As conditions on verdicts.
CONDITIONS: dict[Standing, Q] = {
    Standing.RED: Q(light=Light.RED) & ~_SAID,
    Standing.YELLOW: Q(light=Light.YELLOW) & ~_SAID,
    Standing.PALE: Q(light=Light.PALE) & ~_SAID,
    Standing.GREEN: Q(light=Light.GREEN) & ~_SAID,
    Standing.SIDE_SHORT: _UNCOLLECTED & _HAS_SIDE & _IS_SHORT,
    Standing.SIDE_OTHER: _UNCOLLECTED & _HAS_SIDE & ~_IS_SHORT,
    Standing.OLD_FIGURE: _UNCOLLECTED & ~_HAS_SIDE & _HAS_ACTUAL,
    Standing.NOT_COLLECTED: _UNCOLLECTED & ~_HAS_SIDE & ~_HAS_ACTUAL,
    Standing.UNDETERMINED: _COLLECTED & _HAS_ACTUAL,
    Standing.UNFOUNDED: _COLLECTED & ~_HAS_ACTUAL,
    Standing.NOT_DUE: Q(light=Light.NONE) & ~_SAID,
    Standing.UNJUDGED: Q(light=Light.NONE) & _SAID,
    Standing.JUDGED_RED: Q(light=Light.RED) & _SAID,
    Standing.JUDGED_YELLOW: Q(light=Light.YELLOW) & _SAID,
    Standing.JUDGED_GREEN: Q(light=Light.GREEN) & _SAID,
}


class Stood(Protocol):
    """What `standing_of` reads of a verdict."""

    @property
    def light(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def side_state(self) -> str: ...

    @property
    def side_year(self) -> int | None: ...

    @property
    def actual_year(self) -> int | None: ...


_COLOURED = (Standing.RED, Standing.YELLOW, Standing.PALE, Standing.GREEN)
_OF_LIGHT = {each.value: each for each in _COLOURED} | {Light.NONE.value: Standing.NOT_DUE}
_OF_JUDGED = {
    Light.RED.value: Standing.JUDGED_RED,
    Light.YELLOW.value: Standing.JUDGED_YELLOW,
    Light.GREEN.value: Standing.JUDGED_GREEN,
}


def standing_of(verdict: Stood) -> Standing:
    """What CONDITIONS say of a row at hand."""
    if verdict.status in STATUSES_IN_WORDS:
        return _OF_JUDGED.get(verdict.light, Standing.UNJUDGED)
    if verdict.light != Light.GREY:
        return _OF_LIGHT[verdict.light]
    has_actual = verdict.actual_year is not None
    if verdict.status not in WITHOUT_FIGURE:
        return Standing.UNDETERMINED if has_actual else Standing.UNFOUNDED
    if verdict.side_year is None:
        return Standing.OLD_FIGURE if has_actual else Standing.NOT_COLLECTED
    is_short = verdict.side_state == SideState.SHORT
    return Standing.SIDE_SHORT if is_short else Standing.SIDE_OTHER


def has_no_figure() -> Q:
    """Grey verdicts that no figure of the year stands behind, also where a baseline is what is
    missing first."""
    return _GREY & ~_HAS_ACTUAL
