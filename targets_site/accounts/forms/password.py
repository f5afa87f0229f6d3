"""Choosing one's own password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from targets_site.accounts.models import User
from targets_site.accounts.passwords import is_spent


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

    def _was_spent(self, password: str) -> bool:
        return is_spent(password, self.user.password)


class NewPasswordForm(FirstPasswordForm, PasswordChangeForm):
    """For everybody else, who also types the password of today."""


def password_form(user: User, typed: Any = None) -> forms.Form:
    """The form that fits the person, with what was typed where something was."""
    kind = NewPasswordForm if user.has_usable_password() else FirstPasswordForm
    return kind(user, typed)
