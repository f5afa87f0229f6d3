"""What every request passes: the chosen language, the login, and who asks, for the trail."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from targets_site.audit.context import Actor, acting

GetResponse = Callable[[HttpRequest], HttpResponse]


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


class OwnPasswordFirstMiddleware:
    """Who came with a one-time password chooses his own before anything else."""

    # Else one could neither read the page, nor leave it.
    OPEN = frozenset(
        ["accounts:password", "accounts:logout", "set_language", "healthz", "readyz"],
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(request.user, "must_change_password", False):
            return None
        if request.resolver_match and request.resolver_match.view_name in self.OPEN:
            return None
        if request.path.startswith("/api/"):
            said = _("Choose your own password first, on the page %(address)s.")
            said %= {"address": reverse("accounts:password")}
            return JsonResponse({"errors": {"": [said]}}, status=403)
        return redirect("accounts:password")


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
        with acting(Actor(name=name, ip=request.META.get("REMOTE_ADDR", ""))):
            return self.get_response(request)
