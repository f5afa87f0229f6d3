"""The choices of the pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Coverage(models.TextChoices):
    """What a final assessment rests on (METHOD.md, roll up); never averaged."""

    DECIDED = "decided", _("Decided")
    UNDETERMINED = "undetermined", _("Undetermined")
    SIDE = "side", _("No figure for the year, side evidence")
    NOT_COLLECTED = "not_collected", _("No figure and no side evidence")
    IN_WORDS = "in_words", pgettext_lazy("coverage", "In words")
