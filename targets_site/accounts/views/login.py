"""Signing in, and the page that people land on."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView as DjangosLoginView
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url

from targets_site.accounts import second_step
from targets_site.accounts.forms.login import LoginForm
from targets_site.accounts.models import Post, Role, User
from targets_site.accounts.session_words import why_ended
from targets_site.accounts.views.shared import person

OVERVIEW = "reports:overview"
# Whose work waits on a page of its own, the first of them where somebody holds several posts.
ROOMS = {
    Role.OFFICIAL: "indicators:entry",
    Role.SIGNER: "indicators:sign_queue",
    Role.REVIEWER: "indicators:review",
    Role.SYSTEM_ADMIN: "accounts:people",
    Role.SECURITY_ADMIN: "accounts:posts",
}


def own_room(user: User) -> str:
    """The name of the page where the person's work waits today; the overview for who only reads."""
    held = set(Post.objects.of_user(user).today().order_by().values_list("role", flat=True))
    return next((room for role, room in ROOMS.items() if role in held), OVERVIEW)


class LoginView(DjangosLoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **shown: Any) -> dict[str, Any]:
        """With why the person is here again, who was signed in before."""
        return super().get_context_data(ended=why_ended(self.request.GET.get("ended", "")), **shown)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Signed in; who has a second factor only once he has given a code too."""
        user = form.get_user()
        if user.second_factor_since is None:
            return super().form_valid(form)
        second_step.begin(self.request, user, wanted=self.get_redirect_url())
        return redirect("accounts:second_step")

    def get_default_redirect_url(self) -> str:
        """Where nobody asked for another page before."""
        return resolve_url(own_room(person(self.request)))
