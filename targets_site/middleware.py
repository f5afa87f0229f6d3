"""What every request passes: its name, the language, the login, and who asks, for the trail."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from targets_site.accounts.identity import take_password_out
from targets_site.accounts.models import User
from targets_site.accounts.rights import needs_second_factor
from targets_site.accounts.second_step import had_both_steps
from targets_site.accounts.session_words import not_signed_in
from targets_site.accounts.sessions import session_of
from targets_site.audit.context import Actor, acting
from targets_site.carried import carried, is_of_another
from targets_site.client_address import client_address
from targets_site.logs import IN_META, new_request_id, request_named

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Names each request, for the log and for whoever reports that something broke."""

    HEADER = "X-Request-ID"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = new_request_id(request.headers.get(self.HEADER, ""))
        request.META[IN_META] = name
        with request_named(name):
            response = self.get_response(request)
        response.headers[self.HEADER] = name
        return response


class ChosenLanguageMiddleware:
    """Chinese unless the person chose English; Accept-Language says nothing about officials."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class ReadingOrLoginMiddleware(LoginRequiredMiddleware):
    """Every page needs login, except that reading pages may be opened by OPEN_READING."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if settings.OPEN_READING and getattr(view_func, "is_reading_page", False):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # Django's may answer anything
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """To the login and back. What was sent would not come back that way: it stands in the
        answer, a 401. So does what a script asks for, which would take the login page for it."""
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"errors": {"": [not_signed_in(request)]}}, status=401)
        if request.method not in {"GET", "HEAD"}:
            take_password_out(request)
            sent = carried(request, typed_by=session_of(request).ended_of)
            shown = {"said": not_signed_in(request), "carried": sent}
            response = render(request, "401.html", shown, status=401)
            patch_cache_control(response, no_store=True)
            return response
        ended = session_of(request).ended
        response = super().handle_no_permission(request, view_func)
        if ended:
            response.headers["Location"] += f"&ended={ended}"
        return response


class TypedByMiddleware(MiddlewareMixin):
    """What one person typed before his session ended is not sent again by the next who signs in:
    it would be done, and recorded, in the name of who did not write it."""

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        # Programs send no forms.
        if not request.user.is_authenticated or request.path.startswith("/api/"):
            return None
        if not is_of_another(request, request.user.pk):
            return None
        take_password_out(request)
        return render(request, "409_another.html", {"carried": carried(request)}, status=409)


class SeenMiddleware(MiddlewareMixin):
    """Whoever asks for something keeps his session alive; a script that asks by itself does not
    (`asked_by_scripts`)."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], *_arguments: Any
    ) -> None:
        if request.user.is_authenticated and not getattr(view_func, "is_asked_by_scripts", False):
            session_of(request).seen()


class OwnPasswordFirstMiddleware(MiddlewareMixin):
    """Who came with a one-time password, or has one that is too old, chooses his own before
    anything else."""

    # Else one could neither read the page, nor leave it.
    OPEN = frozenset(
        ["accounts:password", "accounts:logout", "set_language", "healthz", "readyz"],
    )

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        user = request.user
        if not user.is_authenticated or not user.must_choose_password:
            return None
        if request.resolver_match and request.resolver_match.view_name in self.OPEN:
            return None
        if request.path.startswith("/api/"):
            said = (
                _("Your password is too old. Choose another one first, on the page %(address)s.")
                if user.password_is_over
                else _("Choose your own password first, on the page %(address)s.")
            )
            said %= {"address": reverse("accounts:password")}
            return JsonResponse({"errors": {"": [said]}}, status=403)
        return redirect("accounts:password")


class SecondFactorFirstMiddleware(MiddlewareMixin):
    """Whose post asks for a second factor sets one up before anything else; and who has one is
    signed in only where the login asked for it. One query, for who has none."""

    OPEN = frozenset(
        ["accounts:second_factor", "accounts:logout", "set_language", "healthz", "readyz"],
    )

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User):
            return None
        if user.second_factor_since is not None:
            return None if had_both_steps(request) else self._signed_out(request)
        # The password comes before.
        if user.must_choose_password or not needs_second_factor(user):
            return None
        user.must_set_up_second_factor = True
        if request.resolver_match and request.resolver_match.view_name in self.OPEN:
            return None
        return self._refused(request)

    def _signed_out(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        return redirect_to_login(request.get_full_path())

    def _refused(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            said = _("Set up your second factor first, on the page %(address)s.")
            said %= {"address": reverse("accounts:second_factor")}
            return JsonResponse({"errors": {"": [said]}}, status=403)
        return redirect("accounts:second_factor")


class NoDevicesMiddleware:
    """No page asks for a camera, a place or a payment, so none may, whatever gets into it."""

    POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = self.POLICY
        return response


class NoNulMiddleware:
    """What was typed stands again in the page that refuses it. No page may hold a NUL, which old
    filters read past: it is sent as what browsers show in its place. A page that comes compressed
    shows nothing that was typed, and zeros are in its nature."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        is_page = headers.get("Content-Type", "").startswith("text/html")
        is_text = "Content-Encoding" not in headers and not response.streaming
        if is_page and is_text and b"\0" in response.content:
            response.content = response.content.replace(b"\0", "\ufffd".encode())
        return response


class NothingKeptMiddleware:
    """What a signed-in person sees is kept by no browser and no proxy; static files, which
    WhiteNoise answers before, are."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, no_store=True)
        return response


class TrailMiddleware:
    """Tells the trail who acts and from which address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        name = user.get_username() if user.is_authenticated else ""
        with acting(Actor(name=name, ip=client_address(request))):
            return self.get_response(request)
