"""What a stored figure may be: at most 15 digits, 6 of them decimals, and a number."""

from decimal import Decimal

from django.db.models import CheckConstraint, Q
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


def year_in_range(field: str, *, name: str) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True})
        | Q(**{f"{field}__gte": FIRST_YEAR, f"{field}__lte": LAST_YEAR}),
        name=name,
        violation_error_message=_("A year lies between 1900 and 2100."),
    )
