"""How figures, levels and small pictures are printed; a builtin library of every template.

A missing figure is an em dash, never 0. Units stand as the documents print them (%, index, a
counting word); English drops the counting words that say nothing in English.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from targets_site import pictures, provenance
from targets_site.figures import plain

register = template.Library()

MISSING = "—"
SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "between": "–", "about": "≈"}
_ENGLISH_UNITS = dict.fromkeys("个项家户条种件所批次座", "")
_ENGLISH_UNITS |= {"天": "days", "人": "people", "万元": "×10,000 yuan"}
_ENGLISH_UNITS |= {"亿元": "×100 million yuan"}


class Level(Protocol):
    """What `target_level` reads of a target."""

    kind: str
    comparator: str
    value: Decimal | None
    unit: str

    @property
    def value_as_stated(self) -> str: ...

    @property
    def value_upper_as_stated(self) -> str: ...


@register.filter
def figure(value: Decimal | None, decimals: int | None = None) -> str:
    """`decimals`: digits after the point as printed; left out, trailing zeros go."""
    return plain(value, decimals=decimals) or MISSING


@register.filter
def unit_word(unit: str) -> str:
    """The unit beside a figure; empty for an index, and for counting words in English."""
    if unit == "index":
        return ""
    english = (get_language() or "").startswith("en")
    return _ENGLISH_UNITS.get(unit, unit) if english else unit


def _beside(text: str, unit: str) -> str:
    return f"{text} {unit_word(unit)}".rstrip()


@register.filter
def with_unit(value: Decimal | str | None, unit: str) -> str:
    """98.4 → `98.4 %`; a text is taken as printed already."""
    text = value if isinstance(value, str) else plain(value)
    return _beside(text, unit) if text else MISSING


@register.filter
def comparator_sign(comparator: str) -> str:
    return SIGNS.get(comparator, "")


@register.filter
def target_level(target: Level) -> str:
    """The level that a target promises, as short as it can be said."""
    if target.kind == "monotone":
        falls = target.comparator in {"le", "lt"}
        return gettext("Falling every year") if falls else gettext("Rising every year")
    if target.value is None:
        return gettext("Qualitative")
    if target.comparator == "between":
        return _beside(f"{target.value_as_stated}–{target.value_upper_as_stated}", target.unit)
    if target.kind == "relative":
        return _relative_level(target.comparator, _beside(target.value_as_stated, "%"))
    level = _beside(target.value_as_stated, target.unit)
    return f"{comparator_sign(target.comparator)} {level}".strip()


def _relative_level(comparator: str, level: str) -> str:
    if comparator in {"le", "lt"}:
        return gettext("%(level)s below the baseline") % {"level": level}
    return gettext("%(level)s above the baseline") % {"level": level}


@register.filter
def as_points(gap: Decimal | None, unit: str) -> str:
    """A distance: 0.3 → `0.3 points` where the unit is %, else `0.3` with the unit."""
    if gap is None:
        return MISSING
    text = plain(abs(gap))
    if unit != "%":
        return _beside(text, unit)
    form = ngettext("%(points)s point", "%(points)s points", 1 if text == "1" else 2)
    return form % {"points": text}


@register.filter
def gap_words(gap: Decimal | None, unit: str) -> str:
    """A gap is positive while short: `0.3 points short`, `2 points beyond`."""
    if gap is None:
        return MISSING
    if gap == 0:
        return gettext("at the level")
    form = gettext("%(distance)s short") if gap > 0 else gettext("%(distance)s beyond")
    return form % {"distance": as_points(gap, unit)}


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: str, within: str = "") -> SafeString:
    """One entry of the navigation; the page one is on is marked, and so is the entry that it
    belongs to. within: first parts of the addresses that belong to it, with spaces between."""
    address = reverse(name)
    request = context.get("request")
    path = request.path if request is not None else ""
    here = "page" if path == address else "true" if _first_part(path) in within.split() else ""
    current = format_html(' aria-current="{}"', here) if here else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', address, current, label)


def _first_part(path: str) -> str:
    return path.strip("/").partition("/")[0]


@register.simple_block_tag
def breadcrumb(content: SafeString) -> SafeString:
    """The way to the page: `<li>` with a link for each page above it, the uppermost first. The page
    itself is not among them, its heading names it; where nothing is above it, nothing is shown."""
    if "<li" not in content:
        return SafeString()
    form = '<nav class="breadcrumb" aria-label="{}"><ol>{}</ol></nav>'
    return format_html(form, gettext("Breadcrumb"), content)


@register.simple_tag(takes_context=True)
def page_url(context: Context, number: int) -> str:
    """The address one is at (or `address`) with another page number; `param` (the query key),
    `anchor` and `address` come from the context where they are set."""
    query = context["request"].GET.copy()
    query[context.get("param") or "page"] = str(number)
    anchor = context.get("anchor")
    address = context.get("address") or ""
    return f"{address}?{query.urlencode()}{f'#{anchor}' if anchor else ''}"


@register.simple_block_tag
def traced(content: SafeString, *reference: object, query: str = "") -> SafeString:
    """The figure as a link to its provenance. reference: which cell of the exported tables it
    prints, `"observations" series.code year "value"`; query: see `targets_site.provenance`."""
    said = " ".join(map(str, reference))
    # The block is rendered, so escaped.
    # nosemgrep: markup-from-pieces
    return provenance.traced(mark_safe(content.strip()), said, query=query)


@register.simple_tag
def provenance_url(*reference: object) -> str:
    """Where a figure that is not shown as a number (a picture) comes from."""
    return provenance.address_of(" ".join(map(str, reference)))


@register.simple_tag
def sparkline(points: Iterable[pictures.Point], **options: Any) -> SafeString:
    """Inline SVG of yearly figures; see `pictures.sparkline` for the options."""
    return pictures.sparkline(list(points), **options)


@register.simple_tag
def bullet(value: Decimal | None, target: Decimal | None, **options: Any) -> SafeString:
    """Inline SVG of one figure against its target; see `pictures.bullet` for the options."""
    return pictures.bullet(value, target, **options)
