"""The choices of indicators, observations and verdicts."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    """The way of a version; RETURNED, RECALLED and APPROVED are ends, what follows them is the
    next version."""

    DRAFT = "draft", _("Draft")
    TO_SIGN = "to_sign", _("To be signed")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    RECALLED = "recalled", _("Recalled")
    APPROVED = "approved", _("Approved")

    @classmethod
    def seen_by_reviewers(cls) -> list["State"]:
        """What has left the department."""
        return [cls.SUBMITTED, cls.RETURNED, cls.APPROVED]

    @classmethod
    def waiting(cls) -> list["State"]:
        """Out of the official's hands and not decided on."""
        return [cls.TO_SIGN, cls.SUBMITTED]


class CellState(models.TextChoices):
    """Where a figure or judgement that is asked for stands, seen from who waits for it."""

    EMPTY = "empty", _("Not entered")
    DRAFT = "draft", _("Draft")
    TO_SIGN = "to_sign", _("To be signed")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")

    @classmethod
    def of(cls, cell: Any) -> "CellState":
        """cell: with `working` and `in_force`, or None where nothing was ever entered."""
        newest = cell and (cell.working or cell.in_force)
        return cls(newest.state) if newest else cls.EMPTY

    @property
    def is_with_department(self) -> bool:
        """Nothing has come to the reviewers yet, or it went back."""
        return self in {self.EMPTY, self.DRAFT, self.TO_SIGN, self.RETURNED}


class Step(models.TextChoices):
    """What people do with a version."""

    SAVE = "save", _("Save")
    SUBMIT = "submit", _("Submit")
    SIGN = "sign", _("Sign")
    RECALL = "recall", _("Recall")
    RETURN = "return", _("Return")
    APPROVE = "approve", _("Approve")


class Outcome(models.TextChoices):
    """How far a target in words was reached, as a person judges it."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Partly done")
    NOT = "not", _("Not done")


class MaterialKind(models.TextChoices):
    """What departments hand in beside figures."""

    SELF_REPORT = "self_report", _("Self-assessment report")
    SUMMARY = "summary", _("Yearly summary")
    STAMPED_FORM = "stamped_form", _("Stamped form")
    OTHER = "other", _("Other material")


class NoticeKind(models.TextChoices):
    """Why a person is told something."""

    ROUND_OPENED = "round_opened", _("Round opened")
    DUE_SOON = "due_soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    # For reviewers: what departments of their area have not reported in time.
    REPORTS_OVERDUE = "reports_overdue", _("Reports overdue")
    WORSE_LIGHT = "worse_light", _("Verdict worse")
    NEW_BREACH = "new_breach", _("Newly short of the target")
    # For auditors and audit administrators: what a check of each night found.
    CHECK_FAILED = "check_failed", _("Check failed")

    @classmethod
    def of_rounds(cls) -> list["NoticeKind"]:
        return [cls.ROUND_OPENED, cls.DUE_SOON, cls.OVERDUE, cls.REPORTS_OVERDUE]

    @classmethod
    def of_verdicts(cls) -> list["NoticeKind"]:
        return [cls.WORSE_LIGHT, cls.NEW_BREACH]

    @classmethod
    def of_checks(cls) -> list["NoticeKind"]:
        return [cls.CHECK_FAILED]


class JobKind(models.TextChoices):
    """What a long task does."""

    RECOMPUTE = "recompute", _("Recomputing verdicts")
    IMPORT = "import", _("Importing a file")
    EXPORT = "export", _("Writing an export")
    REPORT = "report", _("Writing a report")


class JobState(models.TextChoices):
    """The way of a long task. FAILED: given up after several attempts, until somebody has it
    tried again or drops it."""

    WAITING = "waiting", pgettext_lazy("job", "Waiting")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", pgettext_lazy("job", "Done")
    FAILED = "failed", pgettext_lazy("job", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("job", "Cancelled")

    @classmethod
    def open(cls) -> list["JobState"]:
        """Still worked on, or about to be."""
        return [cls.WAITING, cls.RUNNING]


class ImportState(models.TextChoices):
    """The way of an imported file: read to a preview, then stored whole or not at all. Whether
    somebody is at it says its job."""

    WAITING = "waiting", _("Waiting to be read")
    PREVIEWED = "previewed", _("Preview")
    REFUSED = "refused", _("Refused")
    TO_STORE = "to_store", _("Waiting to be stored")
    STORED = "stored", _("Stored")
    DISCARDED = "discarded", _("Discarded")

    @classmethod
    def under_way(cls) -> list["ImportState"]:
        """A job has still to work on it."""
        return [cls.WAITING, cls.TO_STORE]


class LineOutcome(models.TextChoices):
    """What storing a line of an imported file would do."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


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
JUDGED_AS: dict[Outcome, Status] = {
    Outcome.DONE: Status.JUDGED_DONE,
    Outcome.PARTLY: Status.JUDGED_PARTLY,
    Outcome.NOT: Status.JUDGED_NOT,
}
WITHOUT_FIGURE = (Status.NOT_COLLECTED, Status.NO_DATA, Status.OUTDATED)
# Of targets in words: nobody has judged them yet, or people have; never computed.
STATUSES_IN_WORDS = (
    Status.NOT_MEASURABLE,
    Status.JUDGED_DONE,
    Status.JUDGED_PARTLY,
    Status.JUDGED_NOT,
)
