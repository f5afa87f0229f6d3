"""`{% personal "header" %}`: a part of the page that is never kept for somebody else."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from targets_site.reading.parts import PARTS, mark
from targets_site.reading.shared import SharedRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def personal(context: Context, part: str) -> SafeString:
    """The part, rendered now; its mark where the page is built to be kept."""
    if isinstance(context.get("request"), SharedRequest):
        return SafeString(mark(part))
    return context.template.engine.get_template(PARTS[part]).render(context)  # type: ignore[union-attr]
