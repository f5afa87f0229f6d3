"""Ways into the trail and through it: `{% load trail %}`."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from reports.forms.trail import TrailForm
from targets_site.audit import words
from targets_site.audit.queries.search import Cursor

register = template.Library()


@register.simple_tag
def trail_query(form: TrailForm, cursor: Cursor | None = None) -> str:
    """What an address needs to look for the same, from another place on."""
    asked = dict(form.criteria)
    if cursor is not None:
        places = {"before": cursor.before, "after": cursor.after}
        asked |= {name: str(at) for name, at in places.items() if at is not None}
    return f"?{urlencode(asked)}" if asked else ""


@register.simple_tag
def trail_of(about: str) -> str:
    """The search for everything about an object, as the trail names it."""
    return f"{reverse('reports:trail')}?{urlencode({'about': about})}"


@register.filter
def action_word(action: str) -> str:
    return words.action_word(action)
