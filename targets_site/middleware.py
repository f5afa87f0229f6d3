"""What every request passes: the chosen language, the login, and who asks, for the trail."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

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
