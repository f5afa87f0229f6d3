"""Users; posts: who holds which role for which area and department, from when to when; and
one-time passwords that wait for a second administrator."""

import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

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


class User(AbstractUser):
    """One named person; what the person may do follows from the posts held today."""

    # The author of everything loaded from the fixtures; nobody can log in as it.
    REFERENCE = "reference"

    full_name = models.CharField(max_length=60, blank=True, help_text="姓名")
    # With a one-time password one can do nothing but choose one's own.
    must_change_password = models.BooleanField(
        default=False, db_default=False, help_text="须修改密码"
    )
    # Until when a one-time password opens the account; empty: until it is used.
    one_time_until = models.DateTimeField(null=True, blank=True, help_text="一次性密码有效期至")

    class Meta(AbstractUser.Meta):
        pass

    def __str__(self) -> str:
        if self.username == self.REFERENCE:
            return gettext("Reference data")
        return self.full_name or self.username

    @property
    def one_time_password_is_over(self) -> bool:
        """Whether nobody used it in time."""
        until = self.one_time_until if self.must_change_password else None
        return until is not None and until <= timezone.now()


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


class ResetAction(models.TextChoices):
    RESET = "reset_password", _("New one-time password")
    ENABLE = "enable_account", _("Open it again with a one-time password")


class ResetState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("one-time password", "Asked for")
    CONFIRMED = "confirmed", pgettext_lazy("one-time password", "Confirmed")
    REFUSED = "refused", pgettext_lazy("one-time password", "Refused")
    ISSUED = "issued", pgettext_lazy("one-time password", "Issued")
    # The account was disabled, or another one took its place.
    LAPSED = "lapsed", pgettext_lazy("one-time password", "Lapsed")


class PasswordResetQuerySet(models.QuerySet["PasswordReset"]):
    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def waiting(self) -> Self:
        return self.filter(state=ResetState.REQUESTED)

    def open(self) -> Self:
        """Neither refused nor issued nor lapsed."""
        return self.filter(state__in=[ResetState.REQUESTED, ResetState.CONFIRMED])

    def in_time(self) -> Self:
        """Without those that were decided on so long ago that no password is made any more."""
        decided_after = timezone.now() - PasswordReset.GOOD_FOR
        return self.filter(Q(decided_at__isnull=True) | Q(decided_at__gt=decided_after))


class PasswordReset(models.Model):
    """A one-time password for an account with posts: asked for by the system administrator, and
    made once another administrator has confirmed it.

    action: what it does to the account; at most one is open for each.
    """

    # From the confirmation until the password is made, and from then until it is used.
    GOOD_FOR = datetime.timedelta(days=3)

    user = models.ForeignKey(User, models.PROTECT, related_name="resets")
    action = models.CharField(max_length=20, choices=ResetAction)
    state = models.CharField(max_length=20, choices=ResetState, default=ResetState.REQUESTED)
    reason = models.TextField(help_text="理由")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.TextField(blank=True, default="", db_default="")

    objects = PasswordResetQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=ResetAction.values), name="reset_action_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ResetState.values), name="reset_state_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reset_with_reason"),
            models.CheckConstraint(
                condition=~Q(requested_by=models.F("user")), name="reset_asked_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=models.F("requested_by")) & ~Q(decided_by=models.F("user"))),
                name="reset_decided_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(state=ResetState.LAPSED)
                | Q(state=ResetState.REQUESTED, decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    state__in=[ResetState.CONFIRMED, ResetState.REFUSED, ResetState.ISSUED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="reset_decided_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=ResetState.REFUSED) | ~Q(refused_reason=""),
                name="reset_refused_with_reason",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=[ResetState.REQUESTED, ResetState.CONFIRMED]),
                name="reset_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.action} {self.state}"

    @property
    def good_until(self) -> datetime.datetime | None:
        """Until when the password can be made; None before the decision."""
        return self.decided_at and self.decided_at + self.GOOD_FOR

    @property
    def state_word(self) -> str:
        """How far it is; what was confirmed too long ago has lapsed."""
        until = self.good_until
        if self.state == ResetState.CONFIRMED and until is not None and until <= timezone.now():
            return str(ResetState.LAPSED.label)
        return self.get_state_display()

    def is_for(self, asked_by: User) -> bool:
        """Whether the person may have the password made now."""
        until = self.good_until
        return (
            self.state == ResetState.CONFIRMED
            and self.requested_by_id == asked_by.pk
            and until is not None
            and timezone.now() < until
        )


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def of_user(self, user: User) -> Self:
        """The newest first."""
        return self.filter(user=user).order_by("-created", "pk")

    def over(self) -> Self:
        """Whose day has come."""
        return self.filter(expiry__lte=timezone.now())


class AccessTokenManager(AuthTokenManager):  # type: ignore[misc]
    """Knox's, which makes the secret, over our questions."""

    def get_queryset(self) -> AccessTokenQuerySet:
        return AccessTokenQuerySet(self.model, using=self._db)

    def of_user(self, user: User) -> AccessTokenQuerySet:
        return self.get_queryset().of_user(user)


class AccessToken(AbstractAuthToken):  # type: ignore[misc]
    """A secret with which a program reads the API as a person, until a day; only its digest is
    kept, and its first characters by which the owner tells it.

    password_stamp: of the password under which it was made; with another one it opens nothing.
    """

    SHOWN = 8

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, help_text="用途")
    password_stamp = models.CharField(max_length=64)

    objects = AccessTokenManager()

    def __str__(self) -> str:
        return f"{self.beginning}… {self.name}"

    @property
    def beginning(self) -> str:
        return str(self.token_key[: self.SHOWN])

    @property
    def is_over(self) -> bool:
        return bool(self.expiry <= timezone.now())
