"""What waits for a second administrator: one-time passwords, and resets of the second factor."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from targets_site.accounts.models.users import User


class ResetAction(models.TextChoices):
    RESET = "reset_password", _("New one-time password")
    ENABLE = "enable_account", _("Open it again with a one-time password")
    SECOND_FACTOR = "reset_second_factor", _("Take the second factor off")


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
    made once another administrator has confirmed it; or a second factor taken off, which the
    confirmation does.

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
        if (self.action, self.state) == (ResetAction.SECOND_FACTOR, ResetState.ISSUED):
            return pgettext("reset", "Done")
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
