"""What provenance cites beside a figure: `{% load provenance %}`."""

from django import template

from targets_site.audit.chain import head
from targets_site.then import now_shown

register = template.Library()
# Up to where the trail is chained; None where nothing is.
register.simple_tag(head, name="chain_head")
register.simple_tag(now_shown)
