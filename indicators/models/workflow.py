"""What observations and judgements have in common: a cell, and versions that people pass on."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.enums import State
from targets_site.accounts.access import entered_among
from targets_site.accounts.models import User
from targets_site.places.models import Area, Department


def left_department(path: str = "") -> Q:
    """Versions that reviewers read: what has come to them. What the department's own signer
    returned never did.

    path: leads from the row to the version, with `__` at the end.
    """
    return Q(**{f"{path}state__in": State.seen_by_reviewers(), f"{path}returned_by_signer": False})


def returned_by_reviewer(path: str = "") -> Q:
    """Versions that a reviewer gave back, so that he waits for what mends them."""
    return Q(**{f"{path}state": State.RETURNED, f"{path}returned_by_signer": False})


class Cell(models.Model):
    """What versions are of: one thing and year, with the version in force and the working one.

    `working` is the newest version; it is the one in force where nobody is at work.
    """

    # What `about`, `area` and `departments` read.
    RELATED: ClassVar[tuple[str, ...]]
    # Fields and links of each kind of cell, so that the steps can be written once.
    year: Any
    versions: Any
    in_force: Any
    in_force_id: int | None
    working: Any
    working_id: int | None

    class Meta:
        abstract = True

    @property
    def about(self) -> str:
        """The cell as the trail names it."""
        raise NotImplementedError

    @property
    def area(self) -> Area:
        raise NotImplementedError

    def reporting(self) -> "models.QuerySet[Any, int]":
        """Ids of the departments that report this cell's year."""
        raise NotImplementedError

    def entered_by(self, user: User) -> frozenset[int]:
        """Ids of those departments for which the person enters today, with what took their place;
        empty where there is none."""
        return entered_among(user, self.reporting())

    def work_on(self, version: "Worked") -> None:
        self._point("working", version)

    def put_in_force(self, version: "Worked") -> None:
        self._point("in_force", version)
        self.mark_stale()

    def _point(self, name: str, version: "Worked") -> None:
        setattr(self, name, version)
        type(self)._default_manager.filter(pk=self.pk).update(**{name: version.pk})

    def mark_stale(self) -> None:
        """Have what rests on the version in force computed anew."""
        raise NotImplementedError


class Worked(models.Model):
    """One version: its content never changes, its state moves forward, with who and when for
    each step."""

    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    # Why a version in force is to be replaced; empty where none was.
    correction_reason = models.TextField(blank=True, help_text="更正原因")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Of several departments that report a cell, the one whose official sent it.
    submitted_for = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", help_text="报送部门"
    )
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    # Who approved or returned it; empty for figures loaded from the fixtures.
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True, help_text="退回原因")
    # It was returned before it had come to the reviewers.
    returned_by_signer = models.BooleanField(
        default=False, db_default=False, help_text="由单位负责人退回"
    )

    # Names of the fields that say something; the others say who did what with it. COPIED are
    # those that a version which says the same takes over.
    CONTENT: ClassVar[tuple[str, ...]]
    COPIED: ClassVar[tuple[str, ...]]
    evidence: Any

    class Meta:
        abstract = True

    @property
    def cell(self) -> Cell:
        raise NotImplementedError

    def said(self) -> dict[str, Any]:
        """The version as the trail keeps it."""
        raise NotImplementedError

    @property
    def is_correction(self) -> bool:
        return bool(self.correction_reason)

    @property
    def hands(self) -> frozenset[int]:
        """Ids of those who sent or signed it or entered what it says, and so cannot decide on it.

        Also of those who entered it in an earlier version: what somebody else saves once more, or
        changes in part, is still theirs. What is in force was decided on and is nobody's any more.
        """
        passed = {self.entered_by_id, self.submitted_by_id, self.signed_by_id}
        own = frozenset(pk for pk in passed if pk is not None)
        return own | self._earlier_authors(own)

    def _earlier_authors(self, known: frozenset[int]) -> frozenset[int]:
        """Beside those known; asks for versions only where there is one since what is in force."""
        in_force = self.cell.in_force if self.cell.in_force_id else None
        decided = in_force.number if in_force else 0
        if self.number <= decided + 1:
            return frozenset()
        since = self.cell.versions.filter(number__gt=decided, number__lt=self.number)
        earlier = list(since.exclude(entered_by__in=known).prefetch_related("evidence"))
        if not earlier:
            return frozenset()
        stands = self._statements() - (in_force or type(self)())._statements()
        return frozenset(each.entered_by_id for each in earlier if stands & each._statements())

    def _statements(self) -> set[tuple[str, Any]]:
        """Each thing that the version says, by field; of a new one what it says untouched."""
        # The decimals of two different values are alike by chance.
        names = {*self.CONTENT, "correction_reason"} - {"stated_decimals"}
        files = self.evidence.all() if self.pk else ()
        return {
            *((name, getattr(self, name)) for name in names),
            *(("evidence", each.pk) for each in files),
        }


def workflow_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What holds of every version, whatever it says."""
    return [
        models.CheckConstraint(condition=Q(state__in=State.values), name=f"{prefix}_state_known"),
        models.CheckConstraint(
            condition=~Q(state=State.RETURNED) | ~Q(return_reason=""),
            name=f"{prefix}_return_needs_reason",
            violation_error_message=_("Say why the figure is returned."),
        ),
        models.CheckConstraint(
            condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("entered_by")),
            name=f"{prefix}_nobody_approves_his_own",
            violation_error_message=_("Nobody approves what he entered."),
        ),
        models.CheckConstraint(
            condition=Q(signed_by__isnull=True) | ~Q(signed_by=models.F("entered_by")),
            name=f"{prefix}_nobody_signs_his_own",
            violation_error_message=_("Nobody signs what he entered."),
        ),
        models.CheckConstraint(
            condition=_is_another("reviewed_by", "submitted_by")
            & _is_another("reviewed_by", "signed_by"),
            name=f"{prefix}_nobody_approves_what_he_sent",
            violation_error_message=_("Nobody approves what he entered."),
        ),
        models.CheckConstraint(
            condition=_is_another("signed_by", "submitted_by"),
            name=f"{prefix}_nobody_signs_what_he_sent",
            violation_error_message=_("Nobody signs what he entered."),
        ),
        models.CheckConstraint(
            condition=Q(returned_by_signer=False) | Q(state=State.RETURNED, signed_by__isnull=True),
            name=f"{prefix}_signer_returns_unsigned",
        ),
    ]


def _is_another(person: str, other: str) -> Q:
    """The two people are not the same, or one of them is not there yet."""
    return (
        Q(**{f"{person}__isnull": True})
        | Q(**{f"{other}__isnull": True})
        | ~Q(**{person: models.F(other)})
    )
