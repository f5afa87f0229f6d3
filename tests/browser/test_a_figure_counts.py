"""From the official's form to the verdict on the page, with the background thread at work."""

import threading
import time
from datetime import timedelta

import pytest

from indicators import drain
from indicators.models import ObservationVersion, Verdict
from targets_site.audit.models import Entry
from targets_site.places.models import Area
from tests.browser.conftest import SERIES, sign_in
from tests.factories import make_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGET = "hainan-2018-016"  # stays at or above 62 % to 2020


@pytest.fixture
def _at_work():
    stopped = threading.Event()
    thread = threading.Thread(target=drain.work_until, args=(stopped,))
    thread.start()
    yield
    stopped.set()
    drain.wake()
    thread.join(10)


def submit_figure(page, address, **fields):
    page.goto(address)
    for name, text in fields.items():
        page.locator(f"#id_{name}").fill(text)
    page.locator("button[name=step][value=submit]").click()
    page.wait_for_load_state()


@pytest.mark.usefixtures("people", "_at_work")
def test_an_approved_figure_changes_the_verdict_within_a_second(browser, site):
    official = browser.new_context(locale="zh-CN").new_page()
    reviewer = browser.new_context(locale="zh-CN").new_page()
    reader = browser.new_context(locale="zh-CN").new_page()
    reader.goto(f"{site}/targets/{TARGET}/")
    assert "目标年数据未收集" in reader.locator("main").inner_text()

    one = make_round(Area.objects.get(code="460000"), 2020)
    address = f"{site}/entry/{one.pk}/{SERIES}/2020/"
    sign_in(official, site, "official")
    submit_figure(official, address, value="62%%", source_title="2020年海南省生态环境状况公报")
    wrong = official.locator("#id_value")
    assert wrong.get_attribute("aria-invalid") == "true"
    assert wrong.input_value() == "62%%"
    assert not ObservationVersion.objects.filter(entered_by__username="official").exists()

    submit_figure(official, address, value="62.1", source_title="2020年海南省生态环境状况公报")
    sign_in(reviewer, site, "reviewer")
    reviewer.goto(f"{site}/review/")
    reviewer.get_by_role("button", name="审核通过").click()
    reviewer.wait_for_load_state()
    approved_at = time.monotonic()
    while "62.1" not in said(reader, site):
        assert time.monotonic() - approved_at < 10, "the verdict never changed"

    version = ObservationVersion.objects.get(entered_by__username="official")
    verdict = Verdict.objects.at(2020).get(target__code=TARGET)
    # By the product's own clock: Chromium's takes as long as other tests leave it.
    assert verdict.recorded_at - version.reviewed_at < timedelta(seconds=1)
    assert (version.state, version.value_as_stated) == ("approved", "62.1")
    steps = Entry.objects.filter(object=f"observation:{SERIES}:2020").values_list("action", "actor")
    assert list(steps) == [
        ("save", "official"),
        ("submit", "official"),
        ("approve", "reviewer"),
    ]


def said(page, site):
    """What the target's page says above everything else, fetched without drawing it."""
    text = page.request.get(f"{site}/targets/{TARGET}/").text()
    return text[text.index("<h1") : text.index("</header>", text.index("<h1"))]
