"""Targets in words, as people judge them (METHOD.md: never computed)."""

from collections import defaultdict
from collections.abc import Iterable

from indicators.enums import JUDGED_AS, Outcome, Status
from indicators.models import Judgement


def judged(codes: Iterable[str]) -> dict[str, list[tuple[int, Status]]]:
    """The judgements in force of targets by code, each the year it counts from and the status,
    oldest first. Of an as-of year the latest one up to it counts. One query, none without codes."""
    wanted = set(codes)
    found: dict[str, list[tuple[int, Status]]] = defaultdict(list)
    if not wanted:
        return found
    rows = Judgement.objects.filter(target_code__in=wanted, in_force__isnull=False)
    for code, year, outcome in rows.order_by("year").values_list(
        "target_code", "year", "in_force__outcome"
    ):
        found[code].append((year, JUDGED_AS[Outcome(outcome)]))
    return found
