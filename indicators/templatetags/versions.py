"""How versions of figures and judgements are named and compared: `{% load versions %}`."""

from decimal import Decimal

from django import template
from django.urls import reverse

from indicators.models import JudgementVersion, ObservationVersion
from indicators.queries.differences import kinds_of_figure
from indicators.queries.waiting import Key
from targets_site.templatetags.shown import as_points

register = template.Library()
AnyVersion = ObservationVersion | JudgementVersion


@register.filter
def cell_name(version: AnyVersion) -> str:
    """What the version says something about; select the indicator or the target before."""
    if isinstance(version, ObservationVersion):
        return f"{version.observation.series.indicator.name} {version.observation.year}"
    return f"{version.judgement.target.statement} {version.judgement.year}"


@register.filter
def history_url(version: AnyVersion) -> str:
    """The page with all versions of the same figure or judgement."""
    cell = version.cell
    if isinstance(version, ObservationVersion):
        return reverse(
            "indicators:figure_history", args=[version.observation.series.code, cell.year]
        )
    return reverse("indicators:judgement_history", args=[version.judgement.target_code, cell.year])


@register.filter
def work(version: AnyVersion) -> str:
    """`figure` or `judgement`."""
    return Key.of(version).work.value


@register.filter
def kinds(version: ObservationVersion) -> list[str]:
    """What is special about a figure (provisional, a break …), in words."""
    return kinds_of_figure(version.obs_status)


@register.filter
def as_change(change: Decimal | None, unit: str) -> str:
    """1.2 → `+1.2 points`; unlike a gap, with the sign that says which way."""
    if change is None:
        return as_points(None, unit)
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return f"{sign}{as_points(change, unit)}"
