"""The page on which one chooses one's own password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from targets_site.accounts.actions.accounts import change_own_password
from targets_site.accounts.forms.password import password_form
from targets_site.accounts.views.login import own_room
from targets_site.accounts.views.shared import person


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = password_form(user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        page = {"form": form, "oldest": settings.PASSWORD_DAYS}
        return render(request, "accounts/password.html", page, status=status)
    change_own_password(
        user=user,
        password=form.cleaned_data["new_password1"],
        keep=request.session.session_key,
    )
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password is changed. Sessions elsewhere have ended."))
    return redirect(own_room(user))
