"""Confirming with the password that it is oneself, on the way to a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from targets_site.accounts.identity import PASSWORD, confirmed, identity_page, why_refused


@sensitive_post_parameters(PASSWORD)
@require_POST
def confirm_identity(request: HttpRequest) -> HttpResponse:
    """Back to the page that asked for it; with a wrong password it is asked for again."""
    wanted = request.POST.get("next", "")
    here = {request.get_host()}
    if not url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()):
        wanted = "/"
    if confirmed(request, request.POST.get(PASSWORD, "")):
        return redirect(wanted)
    return identity_page(request, back_to=wanted, refused=why_refused(request))
