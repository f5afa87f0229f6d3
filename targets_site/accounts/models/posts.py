"""Who holds which role for which area and department, from when to when."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from targets_site.accounts.models.users import User
from targets_site.built_once import Given
from targets_site.places.models import Area, Department


class Role(models.TextChoices):
    OFFICIAL = "official", _("Official")
    SIGNER = "signer", _("Signer")
    REVIEWER = "reviewer", _("Reviewer")
    LEADER = "leader", _("Leader")
    AUDITOR = "auditor", _("Auditor")
    STEWARD = "steward", _("Data steward")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


DEPARTMENT_ROLES = frozenset({Role.OFFICIAL, Role.SIGNER})
FIGURE_ROLES = frozenset({Role.OFFICIAL, Role.SIGNER, Role.REVIEWER})
ADMINISTRATOR_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


def exclude_each_other(first: str, second: str) -> bool:
    """Whether one person may not hold the two at the same time: figures are written by nobody who
    leads, audits or keeps the data, and an administrator holds one post and no other.

    The database says the same (migration `one_duty_at_a_time`).
    """
    if first in ADMINISTRATOR_ROLES or second in ADMINISTRATOR_ROLES:
        return True
    return (first in FIGURE_ROLES) != (second in FIGURE_ROLES)


class PostState(models.TextChoices):
    """How far a post is; not stored, since the days decide too."""

    REQUESTED = "requested", _("Asked for")
    REFUSED = "refused", _("Not granted")
    PLANNED = "planned", _("Begins later")
    HELD = "held", _("Held today")
    OVER = "over", _("Has ended")


class PostQuerySet(models.QuerySet["Post"]):
    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def granted(self) -> Self:
        return self.filter(granted_at__isnull=False)

    def requested(self) -> Self:
        """Neither granted nor refused yet."""
        return self.filter(granted_at__isnull=True, refused_at__isnull=True)

    def on(self, day: datetime.date | Given) -> Self:
        """Held on that day; what is only requested counts for nothing."""
        return self.filter(
            Q(to_date__isnull=True) | Q(to_date__gte=day),
            granted_at__isnull=False,
            from_date__lte=day,
        )

    def today(self) -> Self:
        return self.on(timezone.localdate())

    def until(self, day: datetime.date) -> Self:
        """Those that do not end before that day; an empty period, of a post that was ended
        before it began, has passed on every day."""
        has_days = Q(to_date__gte=models.F("from_date"))
        return self.filter(Q(to_date__isnull=True) | (Q(to_date__gte=day) & has_days))

    def not_over(self) -> Self:
        """Held today or later, or asked for so."""
        return self.filter(refused_at__isnull=True).until(timezone.localdate())

    def overlapping(self, first: datetime.date, last: datetime.date | None) -> Self:
        """Those with a day in the period; `last` None where it is open."""
        posts = self.until(first)
        return posts if last is None else posts.filter(from_date__lte=last)


class Post(models.Model):
    """A role held for an area, and where the role belongs to one, for a department.

    It counts once it is granted. One that was ended at once has a last day before the day it was
    ended on, which may lie before its first day: then its period is empty.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role, help_text="岗位")
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="posts"
    )
    from_date = models.DateField(default=timezone.localdate)
    to_date = models.DateField(null=True, blank=True)
    # Who did what when; nobody stands beside what a command of the installation did.
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.TextField(blank=True, default="", db_default="")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="post_role_known",
                violation_error_message=_("Unknown role."),
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.OFFICIAL, Role.SIGNER]) | Q(department__isnull=False),
                name="post_department_where_needed",
                violation_error_message=_("An official or signer needs a department."),
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True)
                | Q(to_date__gte=models.F("from_date"))
                | Q(ended_at__isnull=False),
                name="post_ends_after_start",
                violation_error_message=_("A post cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True)
                | (Q(granted_at__isnull=False) & ~Q(granted_by=models.F("user"))),
                name="post_granted_by_somebody_else",
                violation_error_message=_("Nobody grants a post to himself."),
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True)
                | (Q(granted_at__isnull=True) & ~Q(refused_reason="")),
                name="post_refused_with_reason",
                violation_error_message=_("A post is refused with a reason, and before a grant."),
            ),
            # What was refused or ended can be asked for again.
            models.UniqueConstraint(
                "user",
                "role",
                "area",
                Coalesce("department", 0),
                "from_date",
                condition=Q(refused_at__isnull=True, ended_at__isnull=True),
                name="post_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.area.code}"

    @property
    def role_word(self) -> str:
        return self.get_role_display()

    @property
    def state(self) -> PostState:
        if self.granted_at is None:
            return PostState.REQUESTED if self.refused_at is None else PostState.REFUSED
        today = timezone.localdate()
        if self.to_date is not None and self.to_date < max(today, self.from_date):
            return PostState.OVER
        return PostState.PLANNED if self.from_date > today else PostState.HELD
