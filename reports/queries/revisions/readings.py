"""Readings that were replaced."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from indicators.models import TargetReading
from reports.queries.revisions.entries import (
    Revision,
    RevisionKind,
    differing,
    next_row,
    text_of,
)
from targets_site.figures import plain


def read_anew(refs: Sequence[int]) -> dict[int, Revision]:
    """By the id of the reading that was replaced. One query."""
    codes = TargetReading.objects.filter(pk__in=refs).values("target__code")
    rows = (
        TargetReading.objects.filter(target__code__in=codes)
        .select_related(
            "target__document", "target__area", "series__indicator", "read_by", "confirmed_by"
        )
        .order_by("recorded_at", "pk")
    )
    all_rows = list(rows) if refs else []
    return {
        row.pk: _reading(
            row, next_row([each for each in all_rows if each.target.code == row.target.code], row)
        )
        for row in all_rows
        if row.pk in set(refs)
    }


def _reading(before: TargetReading, after: TargetReading | None) -> Revision:
    now = after or before
    changes = differing(
        (_("Series"), before.series.code, now.series.code),
        (_("Held from"), text_of(before.hold_from), text_of(now.hold_from)),
        (_("Tolerance"), plain(before.tolerance), plain(now.tolerance)),
        (_("Baseline year"), text_of(before.baseline_year), text_of(now.baseline_year)),
        (_("Baseline"), plain(before.baseline_value), plain(now.baseline_value)),
        (_("Note"), before.note, now.note),
    )
    people = [now.read_by, *([now.confirmed_by] if now.confirmed_by else [])] if after else []
    return Revision(
        before.superseded_at or before.recorded_at,
        RevisionKind.READ_ANEW,
        now.target,
        None,
        changes,
        [str(each) for each in people],
        now.note if after else "",
    )
