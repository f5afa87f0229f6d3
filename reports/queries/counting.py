"""How many rows belong to each row of a page."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def count_of(rows: "QuerySet[Any]", path: str) -> Coalesce:
    """How many of the rows lead by `path` to the row at hand: a subquery each, which the database
    asks for the rows of the page only, where a join would count for all."""
    counted = (
        rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)
