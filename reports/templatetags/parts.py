"""What the pieces of a page take (`targets_site.pieces`), made of what the queries found."""

import re
from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from indicators.templatetags.lights import status_word
from plans.enums import Kind
from reports.enums import Coverage
from reports.queries.indicators.page import IndicatorPage
from reports.queries.tallies import CoverageCount
from reports.queries.targets.page import TargetPage
from reports.sentences.overview import Assessed, part_word
from targets_site.pieces import Choice, LinkedCount, Provenance, Tile, YearLight
from targets_site.places.models import Department
from targets_site.templatetags.shown import unit_word

register = template.Library()

YEAR = re.compile(r"\d{4}年")


@register.simple_tag
def coverage_tiles(parts: Iterable[CoverageCount], address: str, about: Assessed) -> list[Tile]:
    """One for each part of the roll-up. address: lists all of the targets, where more may be asked
    for; empty where nothing does. about: what is counted."""
    return [
        _tile(part, f"{address}&coverage={part.coverage}" if address else "", about)
        for part in parts
    ]


def _tile(part: CoverageCount, address: str, about: Assessed) -> Tile:
    is_said = part.coverage == Coverage.IN_WORDS
    unassessed = is_said and part.count and not part.lights
    return Tile(
        count=part.count,
        label=part_word(part.coverage, about),
        address=f"{address}#targets" if address and part.count else "",
        part=part.coverage.value,
        lights=[
            LinkedCount(
                each.light, each.count, f"{address}&light={each.light}#targets" if address else ""
            )
            for each in part.lights
        ],
        note=gettext("none assessed by people yet") if unassessed else "",
        is_main=part.coverage == Coverage.DECIDED,
    )


@register.inclusion_tag("targets_site/_switch.html")
def goal_switch(counts: Mapping[int, int], current: int, stay: str = "") -> dict[str, object]:
    """counts: targets to compute by goal year, 0 for those without a year. stay: what an address
    needs to stay with the same area."""
    choices = [
        Choice(_goal_word(year, count), f"?goal={year}{stay}", year == current)
        for year, count in counts.items()
    ]
    return {"choices": choices, "label": gettext("Goal year")}


def _goal_word(year: int, count: int) -> str:
    if not year:
        return gettext("Without a year")
    form = gettext("Goal %(year)s") if count else gettext("Goal %(year)s, in words")
    return form % {"year": year}


@register.inclusion_tag("targets_site/_switch.html")
def as_of_switch(
    years: Iterable[int], current: int, goal: int, stay: str = ""
) -> dict[str, object]:
    """Nothing to choose where there is one year."""
    choices = [
        Choice(str(year), f"?goal={goal}&as_of={year}{stay}", year == current) for year in years
    ]
    label = gettext("As of")
    return {"choices": choices if len(choices) > 1 else [], "label": label, "is_quiet": True}


@register.simple_tag
def verdict_years(page: TargetPage) -> list[YearLight]:
    """The verdict as it was from each year, the one that is shown marked."""
    return [
        YearLight(
            year=each.as_of,
            light=each.light,
            word=status_word(each.status, page.target.direction),
            address=f"?as_of={each.as_of}",
            is_current=each == page.verdict,
        )
        for each in page.verdicts
    ]


@register.simple_tag
def provenance_of(page: TargetPage) -> Provenance:
    """From the phrase to the figure that the verdict rests on."""
    document, reading, basis = page.target.document, page.reading, page.rests_on
    return Provenance(
        document=document.title,
        document_address=document.get_absolute_url(),
        number=document.number,
        locator=page.target.locator,
        stated=page.target.stated,
        reading=reading.series.indicator.name if reading else "",
        reading_address=reading.series.indicator.get_absolute_url() if reading else "",
        reading_note=reading.note if reading else "",
        figure=basis.shown if basis else "",
        year=basis.year if basis else None,
        source=basis.version.source_title if basis else "",
        source_url=basis.version.source_url if basis else "",
        grade=basis.version.source_grade if basis else "",
        is_judged=page.target.kind == Kind.TEXT,
    )


@register.simple_tag
def measured(page: IndicatorPage) -> str:
    """What the areas are ranked by: indicator, unit and what it covers."""
    scope = page.group.name if page.group else ""
    return " · ".join(filter(None, [page.indicator.name, unit_word(page.indicator.unit), scope]))


@register.filter
def names(departments: Iterable[Department]) -> str:
    return pgettext("between names", ", ").join(each.name for each in departments)


@register.filter
def whole_years(words: str) -> SafeString:
    """No line of a heading ends between a year's number and 年."""
    escaped = conditional_escape(words)
    # Escaped above; digits are put into a span.
    # nosemgrep: markup-from-pieces
    return mark_safe(YEAR.sub(r'<span class="nowrap">\g<0></span>', escaped))


@register.simple_block_tag
def sentences(content: SafeString) -> SafeString:
    """One after another, as the language sets them: Chinese has no space between them."""
    # The block is rendered, so escaped; blanks alone change.
    # nosemgrep: markup-from-pieces
    return mark_safe(" ".join(content.split()).replace("。 ", "。"))
