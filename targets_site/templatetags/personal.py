"""`{% personal "header" %}`: a part of the page that is never kept for somebody else."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from targets_site.reading.parts import PARTS, mark
from targets_site.reading.shared import SharedRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def personal(context: Context, part: str) -> SafeString:
    """The part, rendered now; its mark where the page is built to be kept."""
    request = context.get("request")
    if isinstance(request, SharedRequest) or getattr(request, "parts_come_later", False):
        # A mark of ours, named by a template.
        # nosemgrep: markup-from-pieces
        return SafeString(mark(part))
    return context.template.engine.get_template(PARTS[part]).render(context)  # type: ignore[union-attr]


@register.filter
def goes_back(request: Any) -> bool:
    """Whether the page can be shown as it stood on another day."""
    match = getattr(request, "resolver_match", None)
    return match is not None and getattr(match.func, "goes_back", False)


@register.simple_tag
def today_iso() -> str:
    """For a field that takes days up to today."""
    return timezone.localdate().isoformat()


@register.filter
def without_day(request: Any) -> list[tuple[str, str]]:
    """What the address asks for beside the day; a page of a list may have gone by then."""
    return [(name, value) for name, value in request.GET.items() if name not in {"at", "page"}]


@register.filter
def address_today(request: Any) -> str:
    """The same page as it is."""
    query = urlencode(without_day(request))
    return f"{request.path}?{query}" if query else str(request.path)
