"""Codes of a second factor."""

import re
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from targets_site.accounts.actions.second_factor import seconds_to_wait
from targets_site.accounts.forms.locked import error_of_lock
from targets_site.accounts.models import User
from targets_site.accounts.new_key import NewKey
from targets_site.typed_text import TYPED_AS

DIGITS = re.compile("[0-9]{6}")


class CodeField(forms.CharField):
    """Six digits as apps show them, with a space between or in full width."""

    def __init__(self, **options: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-field"}
        options.setdefault("label", gettext_lazy("Code from the app"))
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **options)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return "".join(typed.translate(TYPED_AS).split())

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not DIGITS.fullmatch(value):
            raise ValidationError(_("The code has six digits."), code="six_digits")


class SetUpForm(forms.Form):
    """A code that the app shows for the key that travels with the page."""

    code = CodeField()
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def wrong_code(self) -> None:
        self.add_error("code", _wrong_code())


class _Proof(forms.Form):
    """What proves the second step; `user` afterwards, with the backend that found so.

    A failure counts as a failed login. One that comes too soon after another is not looked at.
    """

    # The name under which the backend takes it.
    credential = ""

    def __init__(self, request: HttpRequest, user: User, typed: Any = None, **options: Any) -> None:
        super().__init__(typed, **options)
        self.request, self.user = request, user

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if seconds := seconds_to_wait(self.user):
            raise ValidationError(_wait(seconds), code="too_soon")
        given = {"username": self.user.username, self.credential: code}
        found = authenticate(self.request, **given)
        if not isinstance(found, User):
            locked = error_of_lock(self.user.username)
            raise locked or ValidationError(self.wrong(), code="wrong")
        self.user = found
        return code

    def wrong(self) -> str:
        """What is said of a code that is not right."""
        return _wrong_code()


class CodeForm(_Proof):
    credential = "one_time_token"
    code = CodeField()


class RecoveryCodeForm(_Proof):
    credential = "recovery_token"
    code = forms.CharField(
        max_length=40,
        label=gettext_lazy("Recovery code"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def wrong(self) -> str:
        return _("The recovery code is wrong or was used before; each is good once.")


def set_up_form(user: User, typed: Any = None) -> tuple[SetUpForm, NewKey]:
    """With the key that was sent, or a new one where none was, or that one is too old."""
    sent = NewKey.signed_for(user, typed.get("key", "")) if typed is not None else None
    if sent is not None:
        return SetUpForm(typed), sent
    key = NewKey.drawn(user)
    if typed is None:
        return SetUpForm(initial={"key": key.signed}), key
    form = SetUpForm({"key": key.signed})
    form.fields["code"].error_messages["required"] = _(
        "The page was open for too long and its key is void: scan this new one."
    )
    return form, key


def _wrong_code() -> str:
    return _(
        "The code is wrong, too old, or was used before. Type the one that the app shows now; if "
        "it is refused again, check that your phone sets its time automatically."
    )


def _wait(seconds: int) -> str:
    said = ngettext(
        "Too many failures: wait %(number)s second, then type a new code.",
        "Too many failures: wait %(number)s seconds, then type a new code.",
        seconds,
    )
    return said % {"number": seconds}
