"""What an answer keeps of a form that was sent, and what it never keeps."""

import re

import pytest
from django import forms
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from targets_site.carried import LARGEST_CHARACTERS, SECRETS, ChosenFiles, carried
from tests.factories import make_official

ADDRESS = "/entry/1/990000.pass-rate.all/2020/?from=grid"


@pytest.fixture
def sent():
    """A POST by a page of ours, as the answer to it sees it."""

    def post(fields, **headers):
        headers = {"Origin": "http://testserver", **headers}
        return RequestFactory().post(ADDRESS, fields, headers=headers)

    return post


def test_every_value_of_each_name_is_kept_in_its_order(sent):
    kept = carried(sent({"value": "98.10", "years": ["2019", "2020"], "remark": " a\r\nb "}))

    assert kept.address == ADDRESS
    assert kept.fields == (
        ("value", "98.10"), ("years", "2019"), ("years", "2020"), ("remark", " a\r\nb "),
    )  # fmt: skip
    assert [value for _label, value in kept.shown] == ["98.10", " a\r\nb "]
    assert not kept.has_secrets


def test_token_secrets_and_files_are_not(sent):
    files = [SimpleUploadedFile(name, b"x") for name in ("a.pdf", "b.pdf")]

    kept = carried(
        sent({"csrfmiddlewaretoken": "t", "username": "u", "password": "p", "evidence": files})
    )

    assert kept.fields == (("username", "u"),)
    assert kept.has_secrets
    assert kept.files == (ChosenFiles("evidence", ("a.pdf", "b.pdf")),)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "https://testserver"},
    ],
)
def test_what_another_site_sent_is_not_kept(sent, headers):
    assert carried(sent({"value": "1"}, **headers)) is None


def test_without_an_origin_a_token_is_asked_for():
    request = RequestFactory().post(ADDRESS, {"value": "1"})

    assert carried(request) is None


def test_what_is_too_large_is_not_kept(sent):
    assert carried(sent({"remark": "x" * (LARGEST_CHARACTERS - 6)})) is not None
    assert carried(sent({"remark": "x" * (LARGEST_CHARACTERS - 5)})) is None


def test_every_field_for_a_secret_is_named():
    """In all forms that the product has."""
    __import__("targets_site.urls")
    found = {
        name
        for form in subclasses(forms.BaseForm)
        if form.__module__.split(".")[0] in {"targets_site", "plans", "indicators", "reports"}
        for name, field in getattr(form, "base_fields", {}).items()
        if is_secret(field)
    }
    in_templates = {
        name
        for path in project.BASE_DIR.glob("[a-z]*/**/templates/**/*.html")
        if ".venv" not in path.parts
        for tag in re.findall(r"<input[^>]*(?:password|one-time-code)[^>]*>", path.read_text())
        for name in re.findall(r'name="([^"]+)"', tag)
    }

    assert found >= {"password", "old_password", "new_password1", "new_password2"}
    assert found | in_templates <= SECRETS


def is_secret(field):
    by_browser = str(field.widget.attrs.get("autocomplete", ""))
    return isinstance(field.widget, forms.PasswordInput) or "one-time-code" in by_browser


def subclasses(kind):
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


@pytest.mark.django_db
def test_a_form_older_than_the_cookie_is_kept_and_sent_again():
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    client.force_login(make_official())
    client.get("/accounts/password/")

    answer = client.post(ADDRESS, {"value": "98.10", "csrfmiddlewaretoken": "x" * 32})

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (403, "no-store")
    assert "data-page-expired" in page
    assert '<input type="hidden" name="value" value="98.10"' in page
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', page)
    again = client.post(ADDRESS, {"value": "98.10", "csrfmiddlewaretoken": token})
    assert again.status_code == 404, "past the check of the token: there is no such round"
