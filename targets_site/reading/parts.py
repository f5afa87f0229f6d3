"""The parts of a page that belong to the person: rendered for each request, around what is kept."""

import re
from collections.abc import Mapping

from django.http import HttpRequest
from django.template.loader import render_to_string

from targets_site.reading.links import keep_day
from targets_site.reading.then import then_of

PARTS: Mapping[str, str] = {
    "header": "targets_site/_header.html",
    # Which day is shown.
    "then": "targets_site/_then.html",
    "messages": "targets_site/_messages.html",
    # The address and day of a print.
    "footer": "targets_site/_footer.html",
}
# A character that no figure, no text and no template contains.
_MARK = re.compile(b"\0([a-z]+)\0")


def mark(part: str) -> str:
    """Stands in a kept page where the part goes."""
    return f"\0{part}\0"


def rendered(request: HttpRequest) -> dict[str, bytes]:
    """Each part, as this person sees it now; what leads on from a page as it stood stays there."""
    parts = {part: render_to_string(name, request=request).encode() for part, name in PARTS.items()}
    then = then_of(request)
    if then is None:
        return parts
    return {
        part: keep_day(content, path=request.path, day=then.text) for part, content in parts.items()
    }


def filled(page: bytes, parts: Mapping[str, bytes]) -> bytes:
    return _MARK.sub(lambda found: parts.get(found[1].decode(), b""), page)
