"""Server-made pictures in templates."""

from django import template
from django.utils.safestring import SafeString

from reports.drawings import multiples, ranked
from reports.drawings.shared_scales import Multiple, SharedScale
from reports.ranked_rows import RankedRows

register = template.Library()


@register.simple_tag
def small_multiple(multiple: Multiple, *, scale: SharedScale) -> SafeString:
    """See `drawings.multiples.small_multiple`."""
    return multiples.small_multiple(multiple, scale=scale)


@register.simple_tag
def ranked_drawing(rows: RankedRows) -> SafeString:
    """See `drawings.ranked.ranked_drawing`."""
    return ranked.ranked_drawing(rows)
