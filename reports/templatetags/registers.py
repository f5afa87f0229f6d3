"""Cells of registers: `{% load registers %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reports.enums import Reason
from reports.forms.registers import UnjudgedForm
from reports.queries.registers.unjudged import AreaCounts
from reports.queries.standpoints import Standpoint

register = template.Library()


@register.simple_tag
def reason_count(
    row: AreaCounts, reason: Reason, seen: Standpoint, form: UnjudgedForm
) -> SafeString:
    """How many targets of the area cannot be judged for the reason; opens their list."""
    count = row.counts.get(reason, 0)
    if not count:
        return format_html('<span class="muted">{}</span>', 0)
    own = "&own=1" if row.is_own else ""
    query = f"{seen.years_query}&area={row.area.code}{own}{form.query}&reason={reason.value}"
    said = gettext("%(area)s, %(reason)s:") % {"area": row.area.name, "reason": reason.label}
    form_of = '<a href="?{}#list"><span class="visually-hidden">{} </span>{}</a>'
    return format_html(form_of, query, said, count)
