"""Choosing one's own password."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from targets_site.accounts.actions.accounts import was_had_lately
from targets_site.accounts.actions.locks import count_failure
from targets_site.accounts.forms.locked import error_of_lock
from targets_site.accounts.models import User
from targets_site.accounts.passwords import is_spent
from targets_site.audit.context import current_actor


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """For who came with a one-time password, which is spent and is asked for no more."""

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        had = self.user.check_password if self.user.has_usable_password() else self._was_spent
        if had(password):
            raise ValidationError(
                _("This is the password you had; choose another."), code="same_password"
            )
        return password

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        # Last, since it takes as long as some logins.
        if not self.errors and was_had_lately(self.user, self.cleaned_data["new_password1"]):
            said = _("You had this password not long ago; choose none of your last %(number)s.")
            had_before = ValidationError(said % {"number": settings.PASSWORD_HISTORY})
            self.add_error("new_password1", had_before)
        return cleaned

    def _was_spent(self, password: str) -> bool:
        return is_spent(password, self.user.password)


class NewPasswordForm(FirstPasswordForm, PasswordChangeForm):
    """For everybody else, who also types the password of today, under the lock of the login: who
    found a session open does not try passwords out here."""

    def clean_old_password(self) -> str:
        locked = error_of_lock(self.user.username)
        if locked is not None:
            raise locked
        try:
            password: str = super().clean_old_password()
        except ValidationError:
            count_failure(username=self.user.username, address=current_actor().ip)
            raise
        return password


def password_form(user: User, typed: Any = None) -> forms.Form:
    """The form that fits the person, with what was typed where something was."""
    kind = NewPasswordForm if user.has_usable_password() else FirstPasswordForm
    return kind(user, typed)
