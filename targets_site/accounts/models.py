"""Users, and posts: who holds which role for which area and department, from when to when."""

import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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


class User(AbstractUser):
    """One named person; what the person may do follows from the posts held today."""

    # The author of everything loaded from the fixtures; nobody can log in as it.
    REFERENCE = "reference"

    full_name = models.CharField(max_length=60, blank=True, help_text="姓名")

    class Meta(AbstractUser.Meta):
        pass

    def __str__(self) -> str:
        if self.username == self.REFERENCE:
            return gettext("Reference data")
        return self.full_name or self.username


class PostQuerySet(models.QuerySet["Post"]):
    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def on(self, day: datetime.date) -> Self:
        return self.filter(Q(to_date__isnull=True) | Q(to_date__gte=day), from_date__lte=day)

    def today(self) -> Self:
        return self.on(timezone.localdate())


class Post(models.Model):
    """A role held for an area, and where the role belongs to one, for a department."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role, help_text="岗位")
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="posts"
    )
    from_date = models.DateField(default=timezone.localdate)
    to_date = models.DateField(null=True, blank=True)

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
                condition=Q(to_date__isnull=True) | Q(to_date__gte=models.F("from_date")),
                name="post_ends_after_start",
                violation_error_message=_("A post cannot end before it starts."),
            ),
            models.UniqueConstraint(
                "user",
                "role",
                "area",
                Coalesce("department", 0),
                "from_date",
                name="post_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.area.code}"
