"""Views that go back: they answer as it stood where the address names a day."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from targets_site.reading.links import keep_day, with_day
from targets_site.reading.parts import filled, rendered
from targets_site.reading.then import Then, asked_for, then_of

View = Callable[..., HttpResponseBase]


def knows_day(view: View, *, too_early: int = 200) -> View:
    """Read `at` before the view, which finds it by `then_of(request)` and answers by itself.

    A day to come and what is no day give a message (400); before the system's first day nothing
    is asked of the view, and a page says so. too_early: the status of that page.
    """

    @functools.wraps(view)
    def asked(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        form = asked_for(request)
        if form is None or request.method not in {"GET", "HEAD"}:
            return view(request, **arguments)
        if not form.is_valid():
            context = {"problem": form.problem}
            return render(request, "targets_site/no_such_day.html", context, status=400)
        request.then = form.then  # type: ignore[attr-defined]
        if form.then.is_too_early:
            early = {"then": form.then}
            return render(request, "targets_site/too_early.html", early, status=too_early)
        return view(request, **arguments)

    asked.goes_back = True  # type: ignore[attr-defined]
    return asked


def file_knows_day(view: View) -> View:
    """As `knows_day`; whoever wants a file must not take a page for it."""
    return knows_day(view, too_early=400)


def unkept_page(view: View) -> View:
    """A reading page that depends on the person, or on too many words to be kept, and goes back.

    What belongs to the person in its frame is of today.
    """

    @functools.wraps(view)
    def asked(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        then = then_of(request)
        if then is None:
            return view(request, **arguments)
        request.parts_come_later = True  # type: ignore[attr-defined]
        with then.standing():
            response = view(request, **arguments)
        return _finished(request, response, then)

    return knows_day(asked)


def _finished(request: HttpRequest, response: HttpResponseBase, then: Then) -> HttpResponseBase:
    keep_day_in(response, path=request.path, then=then)
    if isinstance(response, HttpResponse):
        response.content = filled(response.content, rendered(request))
    return response


def keep_day_in(response: HttpResponseBase, *, path: str, then: Then) -> None:
    """Where it leads, in its text or at once."""
    if "Location" in response.headers:
        response.headers["Location"] = with_day(
            response.headers["Location"], path=path, day=then.text
        )
    elif isinstance(response, HttpResponse):
        response.content = keep_day(response.content, path=path, day=then.text)
