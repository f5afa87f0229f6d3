"""The cells of series × years, of which a page has hundreds: as a partial each would take twenty
times as long."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from indicators.enums import SourceGrade
from reports.drawings.shared_scales import stated_with_bound
from reports.queries.indicators.lines import YearCell
from reports.queries.rows import YearFigure
from targets_site.pictures import NOTHING
from targets_site.provenance import address_of
from targets_site.templatetags.shown import MISSING

register = template.Library()


@register.simple_tag
def year_cell(cell: YearCell, code: str) -> SafeString:
    """As printed, with its marks, which are explained beneath the table; a missing one is an em
    dash with the reason. Something known leads to its provenance, without saying which cell of the
    tables it prints: the row says the series. code: of the series."""
    shown = _missing(cell.missing_reason) if cell.figure is None else _figure(cell.figure)
    if not cell.is_known:
        return shown
    address = address_of(f"observations {code} {cell.year} value")
    return format_html('<a href="{}">{}</a>', address, shown)


def _figure(figure: YearFigure) -> SafeString:
    grade = NOTHING
    if figure.grade == SourceGrade.REPRINT:
        grade = _mark("*", gettext("reprint"))
    elif figure.grade == SourceGrade.PRESS:
        grade = _mark("†", gettext("press"))
    before = _mark("┊", gettext("break")) if figure.is_break else NOTHING
    return format_html("{}{}{}", before, stated_with_bound(figure), grade)


def _mark(sign: str, words: str) -> SafeString:
    return format_html(
        '<span class="mark" aria-hidden="true">{}</span><span class="visually-hidden">{}</span>',
        sign, words,
    )  # fmt: skip


def _missing(reason: str) -> SafeString:
    if not reason:
        return format_html('<span class="missing">{}</span>', MISSING)
    return format_html(
        '<span class="missing" title="{}">{}</span><span class="visually-hidden">{}</span>',
        reason, MISSING, reason,
    )  # fmt: skip
