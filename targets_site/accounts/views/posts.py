"""The security administrator's pages: what is asked for, and the posts of each person."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from targets_site.accounts import queries
from targets_site.accounts.actions import posts as actions
from targets_site.accounts.forms.people import PeopleFilter
from targets_site.accounts.forms.posts import GRANT_ALL, REFUSE, DecisionForm, EndForm, GrantForm
from targets_site.accounts.identity import needs_fresh_login
from targets_site.accounts.models import Post, Role, User
from targets_site.accounts.views.shared import for_holders_of, person

security_administrator = for_holders_of(Role.SECURITY_ADMIN)


@require_safe
@security_administrator
def posts(request: HttpRequest) -> HttpResponse:
    return _posts_page(request, DecisionForm())


@require_POST
@security_administrator
@needs_fresh_login
def decide(request: HttpRequest) -> HttpResponse:
    """Grant or refuse what was chosen, whole or not at all."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _posts_page(request, form, status=422)
    try:
        done = _decided(request, form)
    except actions.AlreadyDecided:
        form.add_error(None, _("Nothing was done: somebody has decided on one of them meanwhile."))
        return _posts_page(request, form, status=409)
    except actions.CannotHold as refused:
        form.add_error(None, _("Nothing was granted."))
        return _posts_page(request, form, status=422, reasons=refused.reasons)
    messages.success(request, done)
    return redirect("accounts:posts")


@require_safe
@security_administrator
def posts_of_person(request: HttpRequest, user_id: int) -> HttpResponse:
    return _person_page(request, _found(user_id), GrantForm())


@require_POST
@security_administrator
@needs_fresh_login
def grant(request: HttpRequest, user_id: int) -> HttpResponse:
    user, form = _found(user_id), GrantForm(request.POST)
    if not form.is_valid() or form.wanted is None:
        return _person_page(request, user, form, status=422)
    try:
        post = actions.grant_post(user=user, wanted=form.wanted, by=person(request))
    except actions.CannotHold as refused:
        return _person_page(request, user, form, status=422, reasons=refused.reasons)
    messages.success(request, _("Granted: %(post)s.") % {"post": post.get_role_display()})
    return redirect("accounts:posts_of_person", user_id)


@require_POST
@security_administrator
@needs_fresh_login
def end(request: HttpRequest, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.granted().select_related("user"), pk=post_id)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            actions.end_post(post=post, last_day=form.last_day_or_none, by=person(request))
        except actions.AlreadyDecided:
            messages.error(request, _("Nothing was done: the post has ended already."))
            return _person_page(request, post.user, GrantForm(), status=409)
        except ValidationError as error:
            form.add_error("last_day", error)
    if form.errors:
        return _person_page(request, post.user, GrantForm(), status=422, rejected=(post.pk, form))
    messages.success(request, _("Ended: %(post)s.") % {"post": post.get_role_display()})
    return redirect("accounts:posts_of_person", post.user_id)


def _found(user_id: int) -> User:
    return get_object_or_404(queries.persons(), pk=user_id)


def _decided(request: HttpRequest, form: DecisionForm) -> str:
    """Do it, and say what was done."""
    chosen, decision = form.cleaned_data["post"], form.cleaned_data["decision"]
    if decision == REFUSE:
        reason = form.cleaned_data["reason"]
        refused = actions.refuse_requests(posts=chosen, reason=reason, by=person(request))
        said = ngettext("%(number)s post refused.", "%(number)s posts refused.", len(refused))
        return said % {"number": len(refused)}
    if decision == GRANT_ALL:
        chosen = queries.requests_up_to(form.cleaned_data["newest"] or 0)
    granted = actions.grant_requests(posts=chosen, by=person(request))
    said = ngettext("%(number)s post granted.", "%(number)s posts granted.", len(granted))
    return said % {"number": len(granted)}


def _posts_page(
    request: HttpRequest, form: DecisionForm, *, status: int = 200, reasons: Sequence[str] = ()
) -> HttpResponse:
    chosen = PeopleFilter(request.GET)
    requests, newest = queries.requests(number=chosen.number_of_requests)
    return render(
        request,
        "accounts/posts.html",
        {
            "requests": requests,
            "newest": newest,
            "resets": queries.resets_for(Role.SECURITY_ADMIN).count(),
            "form": form,
            "ticked": form.cleaned_data.get("post", []) if form.is_bound else [],
            "reasons": reasons,
            "page": queries.people(search=chosen.search, number=chosen.number),
            "filter": chosen,
        },
        status=status,
    )


def _person_page(
    request: HttpRequest,
    user: User,
    form: GrantForm,
    *,
    status: int = 200,
    reasons: Sequence[str] = (),
    rejected: tuple[int, EndForm] | None = None,
) -> HttpResponse:
    """rejected: the post that was not ended, and the form that says why."""
    forms = dict([rejected] if rejected else [])
    rows = [
        (post, forms.get(post.pk) or EndForm(auto_id=f"end-{post.pk}-%s"))
        for post in queries.posts_of(user)
    ]
    return render(
        request,
        "accounts/posts_of_person.html",
        {
            "account": user,
            "rows": rows,
            "form": form,
            "reasons": reasons,
            "own": user == person(request),
        },
        status=status,
    )
