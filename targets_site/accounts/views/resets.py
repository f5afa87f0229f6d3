"""Resets that wait for a second administrator: the security administrator, or the audit
administrator where the account is a security administrator's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from targets_site.accounts import queries
from targets_site.accounts.actions import resets as actions
from targets_site.accounts.actions.posts import AlreadyDecided
from targets_site.accounts.forms.resets import REFUSE, ResetDecisionForm
from targets_site.accounts.identity import needs_fresh_login
from targets_site.accounts.models import PasswordReset, ResetAction, Role
from targets_site.accounts.rights import holds
from targets_site.accounts.views.shared import for_holders_of, person

confirming_administrator = for_holders_of(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


@require_safe
@confirming_administrator
def resets(request: HttpRequest) -> HttpResponse:
    return _resets_page(request)


@require_POST
@confirming_administrator
@needs_fresh_login
def decide(request: HttpRequest, reset_id: int) -> HttpResponse:
    reset = get_object_or_404(PasswordReset.objects.select_related("user"), pk=reset_id)
    form = ResetDecisionForm(request.POST)
    if not form.is_valid():
        return _resets_page(request, rejected=(reset.pk, form), status=422)
    try:
        done = _decided(request, reset, form)
    except AlreadyDecided:
        messages.error(request, _("Nothing was done: it does not wait any more."))
        return _resets_page(request, status=409)
    messages.success(request, done)
    return redirect("accounts:resets")


def _decided(request: HttpRequest, reset: PasswordReset, form: ResetDecisionForm) -> str:
    """Do it, and say what was done."""
    by, who = person(request), {"who": reset.user}
    is_factor = reset.action == ResetAction.SECOND_FACTOR
    if form.cleaned_data["decision"] == REFUSE:
        actions.refuse_reset(reset=reset, reason=form.cleaned_data["reason"], by=by)
        if is_factor:
            return _("Refused: %(who)s keeps the second factor.") % who
        return _("Refused: a one-time password for %(who)s.") % who
    actions.confirm_reset(reset=reset, by=by)
    if is_factor:
        return _("Done: the second factor of %(who)s is off.") % who
    return _("Confirmed: a one-time password for %(who)s.") % who


def _resets_page(
    request: HttpRequest,
    *,
    rejected: tuple[int, ResetDecisionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """rejected: the one that was not decided on, and the form that says why."""
    gives_posts = holds(person(request), Role.SECURITY_ADMIN)
    role = Role.SECURITY_ADMIN if gives_posts else Role.AUDIT_ADMIN
    forms = dict([rejected] if rejected else [])
    rows = [
        (reset, forms.get(reset.pk) or ResetDecisionForm(auto_id=f"reset-{reset.pk}-%s"))
        for reset in queries.resets_for(role)
    ]
    context = {"rows": rows, "gives_posts": gives_posts}
    return render(request, "accounts/resets.html", context, status=status)
