"""The choices of a target."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    REACH = "reach", _("Reach")
    HOLD = "hold", _("Hold")
    RELATIVE = "relative", _("Relative")
    MONOTONE = "monotone", _("Year after year")
    TEXT = "text", _("In words")


class Comparator(models.TextChoices):
    GE = "ge", "≥"
    GT = "gt", ">"
    LE = "le", "≤"
    LT = "lt", "<"
    BETWEEN = "between", "–"
    ABOUT = "about", "≈"


class Firmness(models.TextChoices):
    STATED = "stated", _("Stated")
    STRIVE = "strive", _("Strive")


class DepartmentPart(models.TextChoices):
    LEAD = "lead", _("Lead")
    RESPONSIBLE = "responsible", _("Responsible")
