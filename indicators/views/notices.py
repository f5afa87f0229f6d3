"""A person's own notices: the list, and marking them as read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from indicators.actions.notices import mark_all_read, mark_read
from indicators.forms.notices import UpToForm
from indicators.forms.rounds import PageForm
from indicators.models import Notice
from indicators.queries import notices as queries
from indicators.views.shared import found, person


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    user = person(request)
    page = queries.notices_page(user, number=PageForm(request.GET).number)
    lines = [queries.NoticeLine(each) for each in page]
    newest = queries.newest_of(user) if lines else 0
    return render(
        request, "indicators/notices.html", {"page": page, "lines": lines, "newest": newest}
    )


@require_POST
def read_one(request: HttpRequest, notice_id: int) -> HttpResponse:
    user = person(request)
    own = Notice.objects.of_person(user).given()
    mark_read(notice=found(request, own, pk=notice_id), by=user)
    return _back(request)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Those that the page showed or listed further down; not what came in since."""
    form = UpToForm(request.POST)
    marked = mark_all_read(up_to=form.number, by=person(request))
    said = ngettext("%(n)s notice marked as read.", "%(n)s notices marked as read.", marked)
    messages.success(request, said % {"n": marked} if marked else _("All notices were read."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page of the list that one came from."""
    number = PageForm(request.POST).number
    address = redirect("indicators:notices")
    if number > 1:
        address["Location"] += f"?page={number}"
    return address
