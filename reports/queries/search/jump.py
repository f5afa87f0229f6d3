"""A code typed into the search leads straight to its page."""

import re

from indicators.models import Indicator, Series
from plans.models import Document, Target
from targets_site.places.models import Area

_AREA = re.compile(r"[0-9]{6}")
_TARGET = re.compile(r"[a-z0-9-]+-[0-9]{3}")
_SERIES = re.compile(r"[0-9]{6}\.[a-z0-9-]+\.[a-z0-9-]+")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def address_of_code(text: str) -> str | None:
    """Address of the area (GB/T 2260), target, document, indicator or series of this code; None
    where the text is no code, or nothing has it. Two queries at most."""
    code = text.lower()
    if _AREA.fullmatch(code):
        area = Area.objects.filter(code=code).first()
        return area.get_absolute_url() if area else None
    if _TARGET.fullmatch(code):
        target = Target.objects.in_force().filter(code=code).first()
        return target.get_absolute_url() if target else None
    if _SERIES.fullmatch(code):
        series = Series.objects.select_related("indicator").filter(code=code).first()
        return series.indicator.get_absolute_url() if series else None
    return _of_slug(code) if _SLUG.fullmatch(code) else None


def _of_slug(slug: str) -> str | None:
    document = Document.objects.filter(slug=slug).first()
    if document is not None:
        return document.get_absolute_url()
    indicator = Indicator.objects.filter(code=slug).first()
    return indicator.get_absolute_url() if indicator else None
