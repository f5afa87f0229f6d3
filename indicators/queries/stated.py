"""With how many decimals the figures that a verdict rests on were stated."""

from django.db.models import OuterRef, QuerySet, Subquery

from indicators.models import Observation, Verdict

RESTS_ON = ("actual", "baseline", "side")


def with_stated_decimals(verdicts: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """With `actual_decimals`, `baseline_decimals` and `side_decimals`, so that 63.10 stays 63.10;
    null where the figure in force of that year is another by now, or the value a sum of several."""
    return verdicts.annotate(**{f"{name}_decimals": _decimals(name) for name in RESTS_ON})


def _decimals(name: str) -> Subquery:
    figures = Observation.objects.filter(
        series=OuterRef("reading__series"),
        year=OuterRef(f"{name}_year"),
        in_force__value=OuterRef(f"{name}_value"),
    )
    return Subquery(figures.values("in_force__stated_decimals")[:1])
