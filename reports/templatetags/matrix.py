"""The cells of areas × domains, of which a page has hundreds: as a partial each would take twenty
times as long."""

from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from indicators.templatetags.lights import light_shape, light_word
from reports.queries.overview import Cell, MatrixRow

register = template.Library()

NO_TARGET = (
    '<span class="matrix__none"><span aria-hidden="true">·</span>'
    '<span class="visually-hidden">{}</span></span>'
)
CELL = '<a class="matrix__cell" href="{}"><span class="visually-hidden">{}, {}:</span> {}</a>'
BEFORE_COUNT = (
    '<span class="{}"><span class="shape shape--{}" aria-hidden="true">{}</span>'
    '<span class="visually-hidden">{}</span> '
)


@register.simple_tag
def matrix_cell(row: MatrixRow, cell: Cell, goal: int) -> SafeString:
    """The first light is the worst; targets in words stand apart from the lights. A cell leads to
    the targets that it counts."""
    if not cell.lights and not cell.in_words:
        return format_html(NO_TARGET, gettext("no target"))
    own = "&own=1" if row.is_own else ""
    address = f"?goal={goal}&area={row.area.code}{own}&domain={cell.domain}#targets"
    language = get_language() or ""
    counts = [
        f"{_before(each.light, bool(at), language)}{each.count:d}</span>"
        for at, each in enumerate(cell.lights)
    ]
    if cell.in_words:
        counts.append(f"{_before_in_words(language)}{cell.in_words:d}</span>")
    return format_html(CELL, address, row.area.name, cell.domain_name, mark_safe(" ".join(counts)))


@cache
def _before(light: str, is_more: bool, language: str) -> SafeString:
    place = "matrix__more" if is_more else f"matrix__worst matrix__worst--{light}"
    return format_html(BEFORE_COUNT, place, light, light_shape(light), light_word(light))


@cache
def _before_in_words(language: str) -> SafeString:
    return format_html(
        BEFORE_COUNT, "matrix__more", "none", light_shape("none"), gettext("in words")
    )
