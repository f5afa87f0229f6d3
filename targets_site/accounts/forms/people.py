"""Accounts: one looked for in the list, one made by hand, and many from a sheet."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets_site.accounts.actions.accounts import WantedAccount, taken_names
from targets_site.accounts.cells import (
    POST_KEYS,
    Read,
    places_of,
    read_email,
    read_person,
    read_post,
)
from targets_site.accounts.forms.cells import CellsForm, PostFields, cell_field

LARGEST_SHEET = 1_000_000  # bytes


class PeopleFilter(forms.Form):
    """`?q=`, `?suspended=1` and `?page=` of a list of people; everybody and the first page where
    wrong."""

    q = forms.CharField(
        required=False,
        max_length=60,
        label=gettext_lazy("User name or full name"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    suspended = forms.BooleanField(required=False, label=gettext_lazy("Suspended ones only"))
    page = forms.IntegerField(required=False, min_value=1)
    requests = forms.IntegerField(required=False, min_value=1)

    @property
    def search(self) -> str:
        return str(self._chosen("q") or "")

    @property
    def only_suspended(self) -> bool:
        return bool(self._chosen("suspended"))

    @property
    def number(self) -> int:
        return int(self._chosen("page") or 1)

    @property
    def number_of_requests(self) -> int:
        return int(self._chosen("requests") or 1)

    def _chosen(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)


class NewAccountForm(PostFields, CellsForm):
    """One account; with a post that is asked for, where one is chosen."""

    username = cell_field("username", autocapitalize="none")
    full_name = cell_field("full_name")
    email = cell_field("email", type="email")
    field_order = ["username", "full_name", "email", *POST_KEYS]

    def clean(self) -> dict[str, Any]:
        read = Read(self.cleaned_data)
        username, full_name = read_person(read)
        email = read_email(read)
        if taken_names([username.lower()]):
            read.refuse("username", _("An account has this name already."))
        post = None
        if any(self.cleaned_data[key] for key in ("role", "area_code", "department")):
            post = read_post(read, places_of([self.cleaned_data]))
        self.refuse(read)
        self.wanted = WantedAccount(username, full_name, posts=(post,) if post else (), email=email)
        return self.cleaned_data


class EmailForm(CellsForm):
    """Where a person's notices go; empty where none are to be sent."""

    email = cell_field("email", type="email")

    def clean(self) -> dict[str, Any]:
        read = Read(self.cleaned_data)
        self.address = read_email(read)
        self.refuse(read)
        return self.cleaned_data


class SheetForm(forms.Form):
    """The sheet with the people who get accounts."""

    file = forms.FileField(
        label=gettext_lazy("File (XLSX or CSV)"),
        max_length=100,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_SHEET:
            raise forms.ValidationError(
                _("The file has more than %(limit)s kB; split it."),
                params={"limit": LARGEST_SHEET // 1000},
            )
        return file


class ConfirmedSheetForm(forms.Form):
    """What the preview was of, signed."""

    sheet = forms.CharField(widget=forms.HiddenInput)
