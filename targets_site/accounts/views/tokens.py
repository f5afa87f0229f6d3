"""The page on which a person makes and ends the access tokens of his programs."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from targets_site.accounts.actions.tokens import Made, TooManyTokens, end_token, make_token
from targets_site.accounts.forms.tokens import EndTokenForm, NewTokenForm
from targets_site.accounts.models import AccessToken
from targets_site.accounts.views.shared import person


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The secret stands in the answer to the form that made it, and nowhere else."""
    form = NewTokenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    try:
        made = make_token(user=person(request), name=form.cleaned_data["name"])
    except TooManyTokens:
        said = _("You have %(number)s tokens in force, which is as many as one may have.")
        form.add_error(None, said % {"number": settings.API_TOKENS_EACH})
        return _page(request, form, status=422)
    return _page(request, NewTokenForm(), made=made)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    form = EndTokenForm(person(request), request.POST)
    if not form.is_valid():
        raise Http404
    end_token(token=form.cleaned_data["token"], by=person(request))
    messages.success(request, _("The token is ended. It opens nothing any more."))
    return redirect("accounts:tokens")


def _page(
    request: HttpRequest, form: NewTokenForm, *, made: Made | None = None, status: int = 200
) -> HttpResponse:
    own = AccessToken.objects.of_user(person(request))
    shown = {"form": form, "made": made, "tokens": own, "days": settings.API_TOKEN_DAYS}
    return render(request, "accounts/tokens.html", shown, status=status)
