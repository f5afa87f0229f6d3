"""Signing in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext_lazy

from targets_site.accounts.actions.suspension import record_login_while_suspended
from targets_site.accounts.forms.locked import error_of_lock
from targets_site.accounts.models import User


def _readable(text: str) -> str:
    """NUL, which no database takes, as a character that no name and no password has."""
    return text.replace("\x00", "\ufffd")


class TypedUsername(UsernameField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(_readable(value) if isinstance(value, str) else value)


class TypedPassword(forms.CharField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(_readable(value) if isinstance(value, str) else value)


class LoginForm(AuthenticationForm):
    """User name and password; whatever is wrong with them, the answer is the same, and whoever is
    locked, somebody or nobody, is told so. Only the right ones learn that they are suspended."""

    error_messages = {
        "invalid_login": gettext_lazy("The user name or the password is wrong."),
        "inactive": gettext_lazy("The user name or the password is wrong."),
        "suspended": gettext_lazy(
            "Your account is suspended, since it was not used for long. Ask your system "
            "administrator to bring it back; your password stays."
        ),
    }
    username = TypedUsername(
        label=gettext_lazy("User name"),
        error_messages={"required": gettext_lazy("“User name” is missing.")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )
    password = TypedPassword(
        label=gettext_lazy("Password"),
        strip=False,
        error_messages={"required": gettext_lazy("“Password” is missing.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def confirm_login_allowed(self, user: User) -> None:
        if user.one_time_password_is_over:
            typed = {"username": user.username}
            user_login_failed.send(sender=__name__, credentials=typed, request=self.request)
            raise self.get_invalid_login_error()
        if user.is_suspended:
            record_login_while_suspended(user)
            raise forms.ValidationError(self.error_messages["suspended"], code="suspended")
        super().confirm_login_allowed(user)

    def get_invalid_login_error(self) -> forms.ValidationError:
        typed = str(self.cleaned_data.get("username", ""))
        return error_of_lock(typed) or super().get_invalid_login_error()
