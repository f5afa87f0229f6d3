"""The manual for officials, signers and reviewers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.manual import PARTS
from reports.manual_pictures import PICTURES
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page()
def manual(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/manual.html", {"parts": PARTS, "pictures": PICTURES})
