"""Pages of these tests, behind the product's middleware."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from reports.forms.goals import GoalForm
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page
from targets_site.urls import urlpatterns as of_the_product

built: list[str] = []


class YearForm(GoalForm):
    def __init__(self, data):
        super().__init__(data, years=[2015, 2020])


def page(content: str, request: HttpRequest, **context: object) -> HttpResponse:
    template = '{% extends "targets_site/base.html" %}{% block content %}' + content
    text = engines["django"].from_string(template + "{% endblock %}").render(context, request)
    return HttpResponse(text)


@reading_page
@kept_page(YearForm)
def year(request: HttpRequest) -> HttpResponse:
    built.append(request.get_full_path())
    form = YearForm(request.GET)
    problems = form.problems()
    return page("{{ goal }} {{ problems }}", request, goal=form.chosen("goal"), problems=problems)


@reading_page
@kept_page(of_reader=lambda request: {"name": str(request.user)})
def own(request: HttpRequest, name: str) -> HttpResponse:
    built.append(name)
    return page("<p>own page of {{ name }}</p>", request, name=name)


@reading_page
@kept_page()
def with_form(request: HttpRequest) -> HttpResponse:
    return page('<form id="own" method="post">{% csrf_token %}</form>', request)


@reading_page
@kept_page()
def personal(request: HttpRequest) -> HttpResponse:
    return page(str(request.session["secret"]), request)


@reading_page
@kept_page()
def elsewhere(request: HttpRequest) -> HttpResponse:
    built.append("elsewhere")
    return redirect("/method/")


urlpatterns = [
    *of_the_product,
    path("try/year/", year),
    path("try/own/", own),
    path("try/form/", with_form),
    path("try/personal/", personal),
    path("try/elsewhere/", elsewhere),
]
