"""Status badges and lights: shape, word and colour always together (METHOD.md, lights and
words); a builtin library of every template."""

from typing import Any

from django import template
from django.utils.translation import gettext

from indicators.enums import Light, SourceGrade, Status

register = template.Library()

SHAPES = {"green": "●", "pale": "◐", "yellow": "▲", "red": "■", "grey": "○", "none": "–"}
_LABELS = dict(Light.choices)
TURNED_ROUND = {Status.BREACHED, Status.MOVING_AWAY}
JUDGED = {Status.JUDGED_DONE, Status.JUDGED_PARTLY, Status.JUDGED_NOT}


@register.filter
def light_shape(light: str) -> str:
    return SHAPES.get(light, "")


@register.filter
def light_word(light: str) -> str:
    return str(_LABELS[light]) if light in _LABELS else ""


@register.filter
def status_word(status: str, direction: int = 1) -> str:
    """direction: -1 where less is better; the words that name a side turn round then."""
    if direction < 0 and status == Status.BREACHED:
        return gettext("Above the level")
    if direction < 0 and status == Status.MOVING_AWAY:
        return gettext("Moving away, rising")
    return str(Status(status).label) if status in Status.values else status


@register.inclusion_tag("targets_site/_status_badge.html")
def status_badge(verdict: Any) -> dict[str, Any]:
    """verdict: any object with status and light, and direction or target (select it)."""
    return {
        "light": verdict.light,
        "word": status_word(verdict.status, _direction(verdict)),
        "by_hand": verdict.status in JUDGED,
    }


def _direction(verdict: Any) -> int:
    """Asked for only where the words differ, so that no badge costs a query for nothing."""
    if verdict.status not in TURNED_ROUND:
        return 1
    own = getattr(verdict, "direction", None)
    if own is None and getattr(verdict, "target", None) is not None:
        own = verdict.target.direction
    return 1 if own is None else int(own)


@register.inclusion_tag("targets_site/_source_grade.html")
def source_grade(grade: str) -> dict[str, str]:
    """What a figure rests on; nothing where there is no figure."""
    label = str(SourceGrade(grade).label) if grade in SourceGrade.values else ""
    return {"grade": grade, "word": label}


@register.inclusion_tag("targets_site/_light_key.html")
def light_key() -> dict[str, list[str]]:
    """What the shapes mean, worst first."""
    return {"lights": list(Light.values)}
