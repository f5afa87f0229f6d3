"""One-time passwords on their only way out: a page, and the same as a file.

What the page shows it also carries signed, so that the file is made from what the server wrote and
nothing has to be kept for it.
"""

from collections.abc import Sequence

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from targets_site.accounts.actions.accounts import Issued
from targets_site.accounts.exports import PASSWORD_FILES, PasswordRow
from targets_site.accounts.models import Role, User
from targets_site.accounts.views.shared import for_holders_of, person
from targets_site.audit.actions import record

SIGNED_FOR = 15 * 60  # seconds


def issued_page(request: HttpRequest, issued: Sequence[Issued]) -> HttpResponse:
    """The page that shows them, once; it is kept nowhere."""
    rows = [PasswordRow(each.user.username, each.user.full_name, each.password) for each in issued]
    signed = signing.dumps(rows, salt=_salt(person(request)), compress=True)
    return render(request, "accounts/issued.html", {"rows": rows, "signed": signed})


@sensitive_post_parameters()
@require_POST
@for_holders_of(Role.SYSTEM_ADMIN)
def passwords_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The list that the page shows, as `csv` or `xlsx`."""
    by = person(request)
    try:
        sent = signing.loads(request.POST.get("list", ""), salt=_salt(by), max_age=SIGNED_FOR)
    except signing.BadSignature:
        return render(request, "accounts/issued_gone.html", status=400)
    rows = [PasswordRow(*row) for row in sent]
    with transaction.atomic():
        record(
            "export_one_time_passwords",
            f"file:{kind}",
            by=by.username,
            role=Role.SYSTEM_ADMIN,
            after={"accounts": [row.username for row in rows]},
        )
    content_type, write = PASSWORD_FILES[kind]
    return HttpResponse(
        write(rows),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="one-time-passwords.{kind}"',
            "Cache-Control": "no-store",
        },
    )


def _salt(user: User) -> str:
    """Only who made the list gets it as a file."""
    return f"accounts.issued:{user.pk}"
