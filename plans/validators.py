"""What a stored figure may be: at most 15 digits, 6 of them decimals, and a number."""

from decimal import Decimal

from django.db.models import CheckConstraint, DecimalField, F, Q
from django.db.models.functions import Cast, Round
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

DIGITS = 15
DECIMALS = 6
FIGURE_LIMIT = Decimal("999999999.999999")
FIRST_YEAR, LAST_YEAR = 1900, 2100


def figure_in_range(field: str, *, name: str) -> CheckConstraint:
    """Keep NaN and Infinity out: PostgreSQL sorts both above every number."""
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True})
        | Q(**{f"{field}__gte": -FIGURE_LIMIT, f"{field}__lte": FIGURE_LIMIT}),
        name=name,
        violation_error_message=_("A figure has at most 9 digits before the point and 6 after."),
    )


def no_more_decimals_than_stated(*fields: str, name: str) -> CheckConstraint:
    """A figure has no digits that would not be shown: `stated_decimals` is how many follow the
    point."""
    condition = Q()
    for field in fields:
        # Where a row is judged before it is stored, SQLite is handed the figure as text.
        figure = Cast(field, DecimalField(max_digits=DIGITS, decimal_places=DECIMALS))
        as_stated = Round(figure, precision=F("stated_decimals"))  # type: ignore[arg-type]
        condition &= Q(**{f"{field}__isnull": True}) | Q(Exact(figure, as_stated))
    return CheckConstraint(
        condition=condition,
        name=name,
        violation_error_message=_("A figure has no more decimals than are stated."),
    )


def year_in_range(field: str, *, name: str) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True})
        | Q(**{f"{field}__gte": FIRST_YEAR, f"{field}__lte": LAST_YEAR}),
        name=name,
        violation_error_message=_("A year lies between 1900 and 2100."),
    )
