"""Where a figure that a page shows comes from: the address that it leads to.

A reference names the cell of the exported tables that a figure prints: `targets CODE COLUMN`,
`observations SERIES YEAR COLUMN` or `verdicts CODE AS_OF COLUMN`.
"""

from functools import cache

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

LINK = '<a data-exported="{}" href="{}">{}</a>'


def address_of(reference: str) -> str:
    """The page with the provenance of the figure. Raises ValueError where there is no such
    table."""
    table, key, *rest = reference.split()
    if table == "observations":
        before, after = _around("reports:provenance", "0", 2000)
        return f"{before}{key}/{rest[0]}{after}"
    before, after = _around("reports:target_provenance", "0")
    if table == "verdicts":
        return f"{before}{key}{after}?as_of={rest[0]}"
    if table == "targets":
        return f"{before}{key}{after}"
    raise ValueError(reference)


def traced(shown: str, reference: str, *, query: str = "") -> SafeString:
    """The figure as a link to its provenance; its name is the figure. query: what the address of a
    target needs to keep the year that it is looked at from (`?as_of=2014`)."""
    return format_html(LINK, reference, f"{address_of(reference)}{query}", shown)


@cache
def _around(name: str, *codes: object) -> tuple[str, str]:
    """Turning each address round takes as long as the line that it stands in."""
    before, _codes, after = reverse(name, args=codes).partition("/".join(map(str, codes)))
    return before, after
