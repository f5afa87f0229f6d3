"""The choices of the pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.relations import Relation


class Coverage(models.TextChoices):
    """What a final assessment rests on (METHOD.md, roll up); never averaged. What METHOD.md calls
    undetermined is said as what it is: with a figure, without what it would be judged by, or not
    due yet."""

    DECIDED = "decided", _("Decided")
    UNDETERMINED = "undetermined", pgettext_lazy("coverage", "Undetermined")
    UNFOUNDED = "unfounded", _("No baseline or no later figure")
    NOT_DUE = "not_due", pgettext_lazy("coverage", "Not due")
    SIDE = "side", _("No figure for the year, side evidence")
    NOT_COLLECTED = "not_collected", _("No figure and no side evidence")
    IN_WORDS = "in_words", pgettext_lazy("coverage", "In words")


class Reason(models.TextChoices):
    """Why a target cannot be judged, in the order of the columns; each grey or unjudged verdict has
    exactly one."""

    NO_FIGURE = "no_figure", _("No figure")
    NOT_COLLECTED = "not_collected", _("Not collected for the target year")
    OUTDATED = "outdated", _("Outdated")
    TOO_EARLY = "too_early", _("Too early")
    NO_BASELINE = "no_baseline", _("No baseline")
    NO_READING = "no_reading", _("Nothing measures it")
    NO_TOLERANCE = "no_tolerance", _("“About” without a tolerance")
    LEFT_OPEN = "left_open", _("The figure leaves it open")
    NO_YEAR = "no_year", _("No target year")
    IN_WORDS = "in_words", pgettext_lazy("coverage", "In words")


class Change(models.TextChoices):
    """What became of a target from one document to another, in the order in which it is shown."""

    WEAKER = Relation.WEAKER.value, Relation.WEAKER.label
    MIXED = Relation.MIXED.value, Relation.MIXED.label
    REDEFINED = Relation.REDEFINED.value, Relation.REDEFINED.label
    DROPPED = "dropped", pgettext_lazy("relation", "Only in the first")
    ENDED = "ended", pgettext_lazy("relation", "Target year had passed")
    SAME = Relation.SAME.value, Relation.SAME.label
    STRONGER = Relation.STRONGER.value, Relation.STRONGER.label
    NEW = "new", pgettext_lazy("relation", "Only in the second")
    IN_WORDS = "in_words", pgettext_lazy("relation", "In words, not compared")


class Stage(models.TextChoices):
    """The way of a yearly report; ISSUED is final."""

    DRAFT = "draft", pgettext_lazy("report", "Draft")
    COMMENT = "comment", _("Draft for comment")
    APPROVAL = "approval", _("Draft for approval")
    ISSUED = "issued", pgettext_lazy("report", "Issued")

    @property
    def following(self) -> "Stage | None":
        """Where it goes on to; None at the end."""
        order = list(Stage)
        place = order.index(self) + 1
        return order[place] if place < len(order) else None


class ReportStepKind(models.TextChoices):
    """What people do with a report."""

    DRAFT = "draft", _("Drafted from the figures")
    UPLOAD = "upload", _("Edited Word file handed in")
    MOVE = "move", _("Moved on")
    RETURN = "return", pgettext_lazy("report", "Returned")


class FigurePart(models.TextChoices):
    """What a yearly figure counts for in a verdict."""

    DECIDES = "decides", pgettext_lazy("part of a figure", "decides")
    BASELINE = "baseline", pgettext_lazy("part of a figure", "baseline")
    SUMMED = "summed", pgettext_lazy("part of a figure", "added up")
    BEFORE = "before", pgettext_lazy("part of a figure", "figure before it, for the last step")
    HELD = "held", pgettext_lazy("part of a figure", "a year in which the level is to be held")
    COMPARED = "compared", pgettext_lazy("part of a figure", "compared with its neighbours")
    SIDE = "side", pgettext_lazy("part of a figure", "side evidence, decides nothing")
