"""The page on which one says where one's notices are mailed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from targets_site.accounts.actions.accounts import change_own_email
from targets_site.accounts.forms.people import EmailForm
from targets_site.accounts.views.shared import person


@require_http_methods(["GET", "HEAD", "POST"])
def own_email(request: HttpRequest) -> HttpResponse:
    user = person(request)
    typed = request.POST if request.method == "POST" else None
    form = EmailForm(typed, initial={"email": user.email})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/own_email.html", {"form": form}, status=status)
    change_own_email(user=user, email=form.address)
    messages.success(request, _("Your e-mail address is stored."))
    return redirect("accounts:own_email")
