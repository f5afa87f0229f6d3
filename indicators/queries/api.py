"""Rows that the API lists, with all that it says of each."""

from django.db.models import F, FilteredRelation, Prefetch, Q, QuerySet

from indicators.models import Observation, ObservationVersion, Verdict
from indicators.models.observations import ObservationVersionQuerySet
from indicators.queries.stated import with_stated_decimals
from plans.models import Target

OF_READING = {
    "reading_series": F("reading__series__code"),
    "reading_indicator": F("reading__series__indicator__code"),
    "reading_nature": F("reading__series__indicator__nature"),
    "reading_frequency": F("reading__series__frequency"),
    "reading_hold_from": F("reading__hold_from"),
    "reading_tolerance": F("reading__tolerance"),
    "reading_baseline_year": F("reading__baseline_year"),
    "reading_baseline_value": F("reading__baseline_value"),
}


def targets() -> QuerySet[Target]:
    """Targets in force; what their reading in force says as `reading_…`, None where there is none;
    departments and replaced targets in two further queries."""
    in_force = FilteredRelation("readings", condition=Q(readings__superseded_at__isnull=True))
    return (
        Target.objects.in_force()
        .annotate(reading=in_force)
        .annotate(**OF_READING)
        .select_related("document", "area", "domain")
        .prefetch_related(
            "department_links__department",
            Prefetch("replaces", Target.objects.order_by("code").only("code")),
        )
    )


def observations() -> QuerySet[Observation]:
    """Observations that have a version in force."""
    return Observation.objects.filter(in_force__isnull=False).select_related(
        "series__area", "series__indicator", "in_force__entered_by", "in_force__reviewed_by"
    )


def verdicts() -> QuerySet[Verdict]:
    """Verdicts in force of targets in force."""
    in_force = Verdict.objects.in_force().filter(target__superseded_at__isnull=True)
    related = ("target__document", "target__area", "reading__series__indicator")
    return with_stated_decimals(in_force).select_related(*related)


def versions() -> ObservationVersionQuerySet:
    """Of everybody, with what a version says of itself; narrow it by `readable_by`."""
    return ObservationVersion.objects.select_related(
        "observation__series", "entered_by", "reviewed_by"
    ).prefetch_related("evidence")
