"""The cells of areas × domains, of which a page has hundreds: as a partial each would take twenty
times as long."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from indicators.templatetags.lights import light_shape, light_word
from reports.queries.overview import Cell, MatrixRow
from reports.queries.standings import IN_WORDS_QUERY, LIGHT_QUERY

register = template.Library()

IN_WORDS = "in_words"
NO_TARGET = (
    '<span class="matrix__none"><span aria-hidden="true">·</span>'
    '<span class="visually-hidden">{}</span></span>'
)
CELL = '<span class="visually-hidden">{}, {}:</span> {}'
COUNT = (
    '<a class="matrix__count{}" href="{}">'
    '<span class="shape shape--{}" aria-hidden="true">{}</span>'
    '<span class="visually-hidden">{}</span> '
)
WORDS = '<a class="matrix__count" href="{}"><span class="muted">{}</span> '


@register.simple_tag
def matrix_cell(row: MatrixRow, cell: Cell, years_query: str) -> SafeString:
    """The first light is the worst; targets in words stand apart from the lights. Each count
    leads to the targets that it counts.

    years_query: what an address needs to keep the years.
    """
    if not cell.lights and not cell.in_words:
        return format_html(NO_TARGET, gettext("no target"))
    own = "&own=1" if row.is_own else ""
    address = f"?{years_query}&area={row.area.code}{own}&domain={cell.domain}"
    language = get_language() or ""
    counts = [
        f"{_count(each.light, not at, address, language)}{each.count:d}</a>"
        for at, each in enumerate(cell.lights)
    ]
    if cell.in_words:
        counts.append(f"{_count(IN_WORDS, False, address, language)}{cell.in_words:d}</a>")
    # Markup of `_count`, and numbers.
    # nosemgrep: markup-from-pieces
    return format_html(CELL, row.area.name, cell.domain_name, mark_safe(" ".join(counts)))


@lru_cache(maxsize=4096)
def _count(light: str, is_worst: bool, address: str, language: str) -> SafeString:
    """All of a count but the number."""
    if light == IN_WORDS:
        word = pgettext("matrix", "in words")
        return format_html(WORDS, f"{address}&{IN_WORDS_QUERY}#targets", word)
    return format_html(
        COUNT,
        f" matrix__count--{light}" if is_worst else "",
        f"{address}&{LIGHT_QUERY[light]}#targets",
        light,
        light_shape(light),
        light_word(light),
    )
