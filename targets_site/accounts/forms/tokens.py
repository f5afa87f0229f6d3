"""A new access token, and one of the person's own to end."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets_site.accounts.models import AccessToken, User
from targets_site.typed_text import TextKind, clean_text


class NewTokenForm(forms.Form):
    """What the token is for, by which its owner tells it later."""

    name = forms.CharField(
        max_length=60,
        label=gettext_lazy("What it is for"),
        help_text=gettext_lazy("Such as the program that reads with it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        typed = self.cleaned_data["name"]
        said = clean_text(typed, kind=TextKind.NAME, longest=60, label=_("What it is for"))
        if not said.value:
            raise ValidationError(self.fields["name"].error_messages["required"], code="required")
        return said.value


class EndTokenForm(forms.Form):
    """`token`: the beginning of one of the person's own."""

    token = forms.ModelChoiceField(AccessToken.objects.all(), to_field_name="token_key")

    def __init__(self, user: User, typed: Any) -> None:
        super().__init__(typed)
        field = self.fields["token"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = AccessToken.objects.of_user(user)
