"""What ours is measured against: a bare form behind login that writes two rows, and a bare page
behind login that lists the rows of one table."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import RequestContext, Template
from django.urls import path

from plans.models import Domain
from targets_site.audit.models import Entry

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


class DomainForm(forms.ModelForm):
    class Meta:
        model = Domain
        fields = ["code", "name_zh", "name_en", "position"]


@login_required
def add(request: HttpRequest) -> HttpResponse:
    form = DomainForm(request.POST)
    if not form.is_valid():
        return render(request, "500.html", status=422)
    with transaction.atomic():
        domain = form.save()
        Entry.objects.create(action="add", object=f"domain:{domain.code}")
    return redirect("/")


LIST = Template(
    "<!doctype html><title>{{ user }}</title><ul>"
    "{% for each in domains %}<li>{{ each.code }} {{ each.name_zh }}</li>{% endfor %}</ul>"
)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Three queries: session, user, rows."""
    context = RequestContext(request, {"user": request.user, "domains": Domain.objects.all()})
    return HttpResponse(LIST.render(context))


urlpatterns = [path("add/", add), path("page/", page)]
