"""Status badges and lights: shape, word and colour always together (METHOD.md, lights and
words); a builtin library of every template."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy

from indicators.enums import Light, SourceGrade, Status

register = template.Library()

SHAPES = {"green": "●", "pale": "◐", "yellow": "▲", "red": "■", "grey": "○", "none": "–"}
# Counts of lights are of targets to compute, of which those without one are not due yet.
_LABELS = dict(Light.choices) | {Light.NONE.value: pgettext_lazy("light", "Not due")}
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


@register.simple_tag
def status_badge(verdict: Any) -> SafeString:
    """verdict: any object with status and light, and direction or target (select it)."""
    return _badge(verdict.light, verdict.status, _direction(verdict), get_language() or "")


# A page shows dozens of the same few badges: rendered each time they took a tenth of it.
@lru_cache(maxsize=512)
def _badge(light: str, status: str, direction: int, language: str) -> SafeString:
    return render_to_string(
        "targets_site/_status_badge.html",
        {"light": light, "word": status_word(status, direction), "by_hand": status in JUDGED},
    )


def badge_word(verdict: Any) -> str:
    """What the badge of `status_badge` says, for paper."""
    return status_word(verdict.status, _direction(verdict))


def _direction(verdict: Any) -> int:
    """Asked for only where the words differ, so that no badge costs a query for nothing."""
    if verdict.status not in TURNED_ROUND:
        return 1
    own = getattr(verdict, "direction", None)
    if own is None and getattr(verdict, "target", None) is not None:
        own = verdict.target.direction
    return 1 if own is None else int(own)


@register.simple_tag
def source_grade(grade: str) -> SafeString:
    """What a figure rests on; nothing where there is no figure."""
    return _grade(grade, get_language() or "")


@lru_cache(maxsize=64)
def _grade(grade: str, language: str) -> SafeString:
    label = str(SourceGrade(grade).label) if grade in SourceGrade.values else ""
    return render_to_string("targets_site/_source_grade.html", {"grade": grade, "word": label})


@register.inclusion_tag("targets_site/_light_key.html")
def light_key() -> dict[str, list[str]]:
    """What the shapes mean, worst first."""
    return {"lights": list(Light.values)}
