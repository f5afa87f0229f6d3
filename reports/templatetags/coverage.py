"""How much of what was promised can be decided, as one bar."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from indicators.templatetags.lights import light_word
from reports.enums import Coverage
from reports.sentences.overview import overview_sentences, part_word, unconfirmed_sentence

register = template.Library()
register.simple_tag(overview_sentences)
register.simple_tag(part_word)
register.simple_tag(unconfirmed_sentence)

WIDTH, HEIGHT, GAP = 1000, 14, 3


@register.simple_tag
def coverage_bar(segments: Iterable[tuple[str, int]]) -> SafeString:
    """Inline SVG; the widths are as the counts, so that nothing is averaged.

    segments: name of a light, of a part of the roll-up or not_computed, with its count, which is
    above 0.
    """
    counts = list(segments)
    total = sum(count for _name, count in counts)
    before, parts = 0, []
    for name, count in counts:
        start, end = WIDTH * before / total, WIDTH * (before + count) / total
        parts.append((name, round(start, 1), round(max(end - start - GAP, GAP), 1), HEIGHT))
        before += count
    return format_html(
        '<svg class="coverage-bar" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' preserveAspectRatio="none">{}</svg>',
        _spoken(counts), WIDTH, HEIGHT,
        format_html_join(
            "", '<rect class="coverage-bar__{}" x="{}" y="0" width="{}" height="{}"/>', parts
        ),
    )  # fmt: skip


def _spoken(counts: Iterable[tuple[str, int]]) -> str:
    return "; ".join(f"{_word(name)}: {count}" for name, count in counts)


def _word(name: str) -> str:
    if name in Coverage.values:
        return str(Coverage(name).label)
    return light_word(name) or gettext("Not computed yet")
