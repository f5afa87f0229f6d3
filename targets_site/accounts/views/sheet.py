"""Accounts in bulk: a sheet is read, shown as it would be carried out, and carried out.

Between preview and confirmation the server keeps nothing: the page carries the file signed, for
this person and for an hour, and it is read and judged anew when it comes back.
"""

import base64
from collections.abc import Sequence

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from targets_site.accounts.actions.accounts import NameTaken, import_accounts
from targets_site.accounts.exports import account_sheet_template
from targets_site.accounts.forms.people import ConfirmedSheetForm, SheetForm
from targets_site.accounts.models import Role, User
from targets_site.accounts.queries import all_departments
from targets_site.accounts.sheet import AccountSheet, read_account_sheet
from targets_site.accounts.views.issued import issued_page
from targets_site.accounts.views.shared import for_holders_of, person
from targets_site.sheets import XLSX_TYPE, Problem, RefusedFile
from targets_site.virus_scan import refuse_infected

SIGNED_FOR = 60 * 60  # seconds

system_administrator = for_holders_of(Role.SYSTEM_ADMIN)


@require_http_methods(["GET", "HEAD", "POST"])
@system_administrator
def account_sheet(request: HttpRequest) -> HttpResponse:
    """The form; with a file the preview, or what is wrong with it."""
    if request.method != "POST":
        return _form_page(request, SheetForm(), status=200)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form)
    file = form.cleaned_data["file"]
    try:
        refuse_infected(file, name=file.name)
    except ValidationError as error:
        form.add_error("file", error)
        return _form_page(request, form)
    content, name = file.read(), file.name
    try:
        sheet = read_account_sheet(content, name=name)
    except RefusedFile as refused:
        return _form_page(request, SheetForm(), problems=refused.problems, name=name)
    return _preview_page(request, sheet, content)


@require_POST
@system_administrator
def confirm(request: HttpRequest) -> HttpResponse:
    """Make what the preview showed; where that is no longer so, nothing but a new preview."""
    form = ConfirmedSheetForm(request.POST)
    try:
        name, content, digest = _unsigned(form.data.get("sheet", ""), by=person(request))
    except signing.BadSignature:
        messages.error(request, _("The preview is too old or not whole. Choose the file anew."))
        return redirect("accounts:account_sheet")
    try:
        sheet = read_account_sheet(content, name=name)
        if sheet.digest != digest:
            messages.warning(request, _("What the sheet would make has changed; look once more."))
            return _preview_page(request, sheet, content, status=409)
        issued = import_accounts(
            wanted=sheet.wanted, name=name, sha256=sheet.sha256, by=person(request)
        )
    except RefusedFile as refused:
        return _form_page(request, SheetForm(), status=409, problems=refused.problems, name=name)
    except NameTaken:
        messages.error(request, _("Nothing was made: one of the names was given away meanwhile."))
        return redirect("accounts:account_sheet")
    return issued_page(request, issued)


@require_safe
@system_administrator
def template(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        account_sheet_template(all_departments()),
        content_type=XLSX_TYPE,
        headers={"Content-Disposition": 'attachment; filename="accounts.xlsx"'},
    )


def _form_page(
    request: HttpRequest,
    form: SheetForm,
    *,
    status: int = 422,
    problems: Sequence[Problem] = (),
    name: str = "",
) -> HttpResponse:
    """problems, name: of the file that was refused."""
    words = [role.label for role in Role]
    context = {"form": form, "problems": problems, "name": name, "role_words": words}
    return render(request, "accounts/account_sheet.html", context, status=status)


def _preview_page(
    request: HttpRequest, sheet: AccountSheet, content: bytes, *, status: int = 200
) -> HttpResponse:
    signed = _signed(sheet, content, by=person(request))
    return render(
        request,
        "accounts/sheet_preview.html",
        {
            "sheet": sheet,
            "accounts": len(sheet.wanted),
            "form": ConfirmedSheetForm(initial={"sheet": signed}),
        },
        status=status,
    )


def _signed(sheet: AccountSheet, content: bytes, *, by: User) -> str:
    carried = [sheet.name, base64.b64encode(content).decode("ascii"), sheet.digest]
    return signing.dumps(carried, salt=_salt(by), compress=True)


def _unsigned(signed: str, *, by: User) -> tuple[str, bytes, str]:
    """Raises BadSignature unless this person got it within the hour."""
    name, content, digest = signing.loads(signed, salt=_salt(by), max_age=SIGNED_FOR)
    return name, base64.b64decode(content), digest


def _salt(user: User) -> str:
    return f"accounts.sheet:{user.pk}"
