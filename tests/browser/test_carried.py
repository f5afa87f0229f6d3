"""A form met a database that does not answer: what was typed stays, and one press sends it."""

import re
import sqlite3
from contextlib import closing, contextmanager
from decimal import Decimal

import pytest
from django.db import connection, connections
from playwright.sync_api import expect

from indicators.models import ObservationVersion
from targets_site.audit.models import Entry
from tests.browser.conftest import sign_in
from tests.browser.looker import violations
from tests.factories import make_department, make_official, make_round, make_series

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@contextmanager
def gone(tmp_path):
    """No connection can be made."""
    options = connections.settings["default"]
    before, options["NAME"] = options["NAME"], str(tmp_path / "nowhere" / "db.sqlite3")
    try:
        yield
    finally:
        options["NAME"] = before


@contextmanager
def busy(_tmp_path):
    """Somebody else writes and does not end; nobody waits for it longer than a moment."""
    options = connections.settings["default"]["OPTIONS"]
    before, options["timeout"] = options["timeout"], 0.1
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.rollback()
            options["timeout"] = before


@pytest.fixture
def round_(live_server, settings, tmp_path):
    settings.ALLOWED_HOSTS = ["*"]
    settings.MEDIA_ROOT = tmp_path
    department = make_department()
    make_series(department=department)
    make_official("official", department)
    return make_round(department.area, 2020)


@pytest.fixture
def form(page, live_server, round_):
    """The page of a figure, filled in and not yet sent."""
    sign_in(page, live_server.url, "official")
    page.goto(f"{live_server.url}/entry/{round_.pk}/990000.pass-rate.all/2020/")
    page.locator('[name="value"]').fill("98.10")
    page.locator('[name="source_title"]').fill("2020年统计公报 <第二版>")
    page.locator('[name="remark"]').fill("第一行\n第二行")
    return page


def submit(page):
    page.locator("form:has([name=value])").evaluate("form => form.requestSubmit()")


@pytest.mark.parametrize("fault", [gone, busy])
def test_what_was_typed_is_stored_once_when_the_database_is_back(form, heard, fault, tmp_path):
    entries = Entry.objects.count()

    with fault(tmp_path):
        submit(form)
        expect(form.locator("h1")).to_have_text("系统繁忙")
        expect(form.locator("dd").nth(0)).to_have_text("98.10")
        expect(form.locator("main")).to_contain_text("2020年统计公报 <第二版>")
        form.get_by_role("button", name="重新提交").click()
        expect(form.locator("h1")).to_have_text("系统繁忙")
        expect(form.locator("main")).to_contain_text("98.10")
    assert ObservationVersion.objects.count() == 0
    assert Entry.objects.count() == entries
    form.get_by_role("button", name="重新提交").click()

    expect(form.locator("main")).to_contain_text("98.10")
    stored = ObservationVersion.objects.get()
    assert (stored.value, stored.stated_decimals) == (Decimal("98.1"), 2)
    assert stored.source_title == "2020年统计公报 <第二版>"
    assert stored.remark.splitlines() == ["第一行", "第二行"]
    assert [each for each in heard.complaints if "503" not in each] == []


def test_chosen_files_are_asked_for_again(form, tmp_path):
    (tmp_path / "material.pdf").write_bytes(b"%PDF-1.4 first")
    form.locator('input[type="file"]').first.set_input_files(tmp_path / "material.pdf")

    with gone(tmp_path):
        submit(form)
        expect(form.locator("main")).to_contain_text("material.pdf")
        assert violations(form) == []

    expect(form.locator('input[type="file"]')).to_have_count(1)


def test_who_signed_in_meanwhile_sends_the_form_with_the_token_of_now(form, live_server, tmp_path):
    with gone(tmp_path):
        submit(form)
        expect(form.locator("h1")).to_have_text("系统繁忙")
    other = form.context.new_page()
    form.context.clear_cookies()
    sign_in(other, live_server.url, "official")

    form.get_by_role("button", name="重新提交").click()

    expect(form.locator("main")).to_contain_text("98.10")
    assert ObservationVersion.objects.get().source_title == "2020年统计公报 <第二版>"


def test_another_sites_form_leaves_nothing_to_press(form, live_server, tmp_path):
    """Its words would else stand in our answer with a token of ours."""
    with gone(tmp_path):
        markup = (
            f'<form method="post" action="{live_server.url}/entry/1/990000.pass-rate.all/2020/">'
            '<input name="value" value="1"><button>Free gift</button></form>'
        )
        form.route("http://gifts.example/", lambda route: route.fulfill(
            body=markup, content_type="text/html"
        ))  # fmt: skip
        form.goto("http://gifts.example/")
        form.evaluate("document.forms[0].submit()")
        expect(form.locator("h1")).to_have_text(re.compile("系统繁忙|页面已过期"))

    expect(form.get_by_role("button")).to_have_count(0)
    expect(form.locator('input[name="value"]')).to_have_count(0)
