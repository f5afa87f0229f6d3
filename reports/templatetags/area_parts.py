"""The pictures of an area's page, and what stands on it a hundred times: as partials these would
take as long as the rest of it together."""

from collections.abc import Iterable
from functools import cache

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from indicators.enums import Status
from indicators.templatetags.lights import light_shape, light_word
from reports.drawings.multiples import small_multiple
from reports.drawings.strip import strip_column
from reports.queries.rows import LightCount, TargetLine

register = template.Library()
register.simple_tag(small_multiple)
register.simple_tag(strip_column)

SHAPE = (
    '<span class="shape shape--{}" aria-hidden="true">{}</span>'
    '<span class="visually-hidden">{}</span> '
)
COUNT = '<span class="light-count"><span class="shape shape--{}" aria-hidden="true">{}</span>{} '
MISSING = (
    '<li>{}<a class="target-row__statement" href="{}">{}</a>{}'
    ' <span class="muted small">{} · {}</span></li>'
)


@register.filter
def target_address(code: str) -> str:
    """What `Target.get_absolute_url` says."""
    return f"{_before_code()}{code}/"


@cache
def _before_code() -> str:
    """Turning each address round takes as long as the line that it stands in."""
    return reverse("reports:target", args=["0"]).removesuffix("0/")


@register.simple_tag
def light_counts(lights: Iterable[LightCount]) -> SafeString:
    """Shape, word and number of each."""
    language = get_language() or ""
    counts = [f"{_before_count(each.light, language)}{each.count:d}</span> " for each in lights]
    # Markup of `_before_count`, and numbers.
    # nosemgrep: markup-from-pieces
    return format_html('<span class="light-counts">{}</span>', mark_safe("".join(counts)))


@cache
def _before_count(light: str, language: str) -> SafeString:
    return format_html(COUNT, light, light_shape(light), light_word(light))


@register.simple_tag
def light_mark(light: str) -> SafeString:
    """The shape, with its word for who does not see it."""
    return _light_mark(light, get_language() or "")


@cache
def _light_mark(light: str, language: str) -> SafeString:
    return format_html(SHAPE, light, light_shape(light), light_word(light))


@register.simple_tag
def missing_line(line: TargetLine) -> SafeString:
    """A target without any figure: what is missing, since when, and who owes it."""
    light = line.verdict.light if line.verdict else ""
    key = _headline_tag(get_language() or "") if line.target.key else ""
    return format_html(
        MISSING,
        light_mark(light),
        f"{target_address(line.target.code)}{line.as_of_query}",
        line.target.statement,
        key,
        _since(line),
        leads_in_words(line),
    )


@cache
def _headline_tag(language: str) -> SafeString:
    return format_html(' <span class="tag">{}</span>', gettext("Headline target"))


def _since(line: TargetLine) -> str:
    if line.verdict and line.verdict.status == Status.NOT_DUE:
        return gettext("not due yet")
    return gettext("no figure since %(year)s") % {"year": line.target.document.start_year}


@register.filter
def leads_in_words(line: TargetLine) -> str:
    """Who leads it, two departments at most."""
    if not line.leads:
        return gettext("no department named")
    named = gettext(", ").join(each.name for each in line.leads[:2])
    if not line.more_leads:
        return named
    return gettext("%(departments)s and %(number)s more") % {
        "departments": named,
        "number": line.more_leads,
    }
