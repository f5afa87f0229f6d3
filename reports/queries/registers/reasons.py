"""Why verdicts could not be drawn."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from indicators.enums import Light, Status
from indicators.models import Verdict
from plans.enums import Comparator
from reports.enums import Reason

_UNDETERMINED = Q(status=Status.UNDETERMINED)
# The first that holds; `not due` is no reason, such a target is judged in its time.
CONDITIONS: Mapping[Reason, Q] = {
    Reason.IN_WORDS: Q(status=Status.NOT_MEASURABLE),
    Reason.NO_YEAR: _UNDETERMINED & Q(target__target_year__isnull=True),
    Reason.NO_READING: Q(reading__isnull=True),
    Reason.NO_FIGURE: Q(status=Status.NO_DATA),
    Reason.NOT_COLLECTED: Q(status=Status.NOT_COLLECTED),
    Reason.OUTDATED: Q(status=Status.OUTDATED),
    Reason.TOO_EARLY: Q(status=Status.TOO_EARLY),
    Reason.NO_BASELINE: Q(status=Status.NO_BASELINE),
    Reason.NO_TOLERANCE: _UNDETERMINED
    & Q(target__comparator=Comparator.ABOUT, reading__tolerance__isnull=True),
    Reason.LEFT_OPEN: _UNDETERMINED,
}


def with_reason(verdicts: "QuerySet[Verdict]") -> "QuerySet[Any]":
    """Those that say nothing of how far the target is, each with its `reason`."""
    cases = [When(condition, then=Value(reason.value)) for reason, condition in CONDITIONS.items()]
    open_ones = Q(light=Light.GREY) | Q(status=Status.NOT_MEASURABLE)
    found: QuerySet[Any] = verdicts.filter(open_ones)
    reason = Case(*cases, output_field=CharField())
    with_reasons: QuerySet[Any] = found.annotate(reason=reason)
    return with_reasons
