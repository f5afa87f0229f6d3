"""The choices of indicators, observations and verdicts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nature(models.TextChoices):
    LEVEL = "level", _("Level")
    CUMULATIVE = "cumulative", _("Running total")
    FLOW = "flow", _("Count of the year")


class Bound(models.TextChoices):
    EXACT = "exact", _("Exact")
    AT_LEAST = "at_least", _("At least")
    AT_MOST = "at_most", _("At most")
    ABOUT = "about", _("About")


class SourceGrade(models.TextChoices):
    OFFICIAL = "official", _("Original")
    PRESS = "press", _("Press")
    REPRINT = "reprint", _("Reprint, to be checked")
    REPORTED = "reported", _("Reported by the department")


class ObsStatus(models.TextChoices):
    """Letters of the SDMX code list; a figure may carry several."""

    NORMAL = "A", _("Normal")
    BREAK = "B", _("Time series break")
    ESTIMATE = "E", _("Estimate")
    PROVISIONAL = "P", _("Provisional")
    MISSING = "M", _("Missing")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")


class SideState(models.TextChoices):
    """What the figure of another year would be, if it decided."""

    MET = "met", _("Would meet the target")
    SHORT = "short", _("Would fall short")
    OPEN = "open", _("Leaves it open")


class Light(models.TextChoices):
    RED = "red", _("Red")
    YELLOW = "yellow", _("Yellow")
    PALE = "pale", _("Pale green")
    GREEN = "green", _("Green")
    GREY = "grey", _("Grey")
    NONE = "none", _("None")


class Status(models.TextChoices):
    """METHOD.md, lights and words."""

    ACHIEVED = "achieved", _("Achieved")
    KEPT = "kept", _("Kept")
    MET_EARLY = "met_early", _("Met early")
    HOLDING = "holding", _("Holding")
    ON_TRACK = "on_track", _("On track")
    KEPT_GAPS = "kept_gaps", _("Met in the target year, years missing")
    HOLDING_GAPS = "holding_gaps", _("Met where reported")
    SLIPPING = "slipping", _("Met, slipping")
    THIN_MARGIN = "thin_margin", _("Thin margin")
    RECOVERED = "recovered", _("Recovered")
    BEHIND = "behind", _("Behind")
    NEAR = "near", _("Near")
    SHORT = "short", _("Short")
    MISSED = "missed", _("Missed")
    BREACHED = "breached", _("Below the level")
    FAR_BEHIND = "far_behind", _("Far behind")
    MOVING_AWAY = "moving_away", _("Moving away")
    FELL_BACK = "fell_back", _("Fell back")
    NO_DATA = "no_data", _("No figure")
    NOT_COLLECTED = "not_collected", _("Not collected for the target year")
    OUTDATED = "outdated", _("Outdated")
    NO_BASELINE = "no_baseline", _("No baseline")
    TOO_EARLY = "too_early", _("Too early")
    UNDETERMINED = "undetermined", _("Undetermined")
    NOT_MEASURABLE = "not_measurable", _("In words")
    NOT_DUE = "not_due", _("Not due")
    JUDGED_DONE = "judged_done", _("Judged: done")
    JUDGED_PARTLY = "judged_partly", _("Judged: partly done")
    JUDGED_NOT = "judged_not", _("Judged: not done")


_LIGHTS = {
    Light.GREEN: ["achieved", "kept", "met_early", "holding", "on_track", "judged_done"],
    Light.PALE: ["kept_gaps", "holding_gaps"],
    Light.YELLOW: [
        "slipping", "thin_margin", "recovered", "behind", "near", "short", "judged_partly",
    ],
    Light.RED: ["missed", "breached", "far_behind", "moving_away", "fell_back", "judged_not"],
    Light.GREY: [
        "no_data", "not_collected", "outdated", "no_baseline", "too_early", "undetermined",
    ],
    Light.NONE: ["not_measurable", "not_due"],
}  # fmt: skip
LIGHT_OF: dict[str, Light] = {
    status: light for light, statuses in _LIGHTS.items() for status in statuses
}
