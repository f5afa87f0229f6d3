"""Where people are signed in: the system administrator sees and ends it for all, everybody his
own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from targets_site.accounts import queries
from targets_site.accounts.actions.sessions import end_session, end_sessions
from targets_site.accounts.forms.people import PeopleFilter
from targets_site.accounts.forms.sessions import EndSessionForm
from targets_site.accounts.views.people import system_administrator
from targets_site.accounts.views.shared import person


@require_safe
@system_administrator
def sessions(request: HttpRequest) -> HttpResponse:
    chosen = PeopleFilter(request.GET)
    shown = {
        "page": queries.sessions(search=chosen.search, number=chosen.number),
        "filter": chosen,
        "here": request.session.session_key,
    }
    return render(request, "accounts/sessions.html", shown)


@require_POST
@system_administrator
def end(request: HttpRequest) -> HttpResponse:
    _end(request)
    return redirect("accounts:sessions")


@require_POST
@system_administrator
def end_of_person(request: HttpRequest, user_id: int) -> HttpResponse:
    """All of a person's; of the administrator's own, all but the one he is in."""
    user = get_object_or_404(queries.persons(), pk=user_id)
    end_sessions(user=user, by=person(request), keep=request.session.session_key)
    messages.success(request, _("%(who)s is no longer signed in elsewhere.") % {"who": user})
    return redirect("accounts:account", user_id)


@require_safe
def own_sessions(request: HttpRequest) -> HttpResponse:
    own = queries.sessions_of(person(request))
    shown = {"sessions": own, "here": request.session.session_key}
    return render(request, "accounts/own_sessions.html", shown)


@require_POST
def end_own(request: HttpRequest) -> HttpResponse:
    """One of the person's own, or without a handle all others."""
    user = person(request)
    if "session" in request.POST:
        _end(request, of=user.pk)
    else:
        end_sessions(user=user, by=user, keep=request.session.session_key)
        messages.success(request, _("You are no longer signed in elsewhere."))
    return redirect("accounts:own_sessions")


def _end(request: HttpRequest, *, of: int | None = None) -> None:
    """The one that the form names; of that person only, where one is given."""
    session = EndSessionForm(request.POST).found()
    if session is None or of not in {None, session.user_id}:
        messages.info(request, _("That session had ended already."))
        return
    end_session(session=session, by=person(request))
    messages.success(request, _("The session of %(who)s is ended.") % {"who": session.user})
