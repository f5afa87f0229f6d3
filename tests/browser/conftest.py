"""The whole product with the real data, in Chromium."""

import pytest
from django.utils import timezone

from indicators.actions.verdicts import recompute
from plans.models import Target
from targets_site.accounts.models import Role
from targets_site.places.models import Area, Department
from tests.browser.rich_figures import make_rich_figures
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_post,
    make_reading,
    make_round,
    make_series,
    make_target,
    make_user,
)

SERIES = "460000.forest-cover.provincial"
OTHERS = {
    "auditor": Role.AUDITOR, "steward": Role.STEWARD, "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
}  # fmt: skip


@pytest.fixture
def site(live_server, settings, real_data):
    """Address of a server with the reference data and open reading pages."""
    settings.OPEN_READING = True
    settings.ALLOWED_HOSTS = ["*"]
    return live_server.url


@pytest.fixture
def rich_site(site, filled_once):
    """The same with figures of every sort beside the real ones."""
    filled_once(add_rich_figures)
    return site


def add_rich_figures():
    make_rich_figures()
    recompute(Target.objects.in_force())


@pytest.fixture
def heard(context):
    """What the browser complained of, and every address it asked."""
    noise = Heard()
    context.on("request", lambda request: noise.requests.append(request.url))
    context.on("console", lambda message: noise.hear(message))
    context.on("weberror", lambda error: noise.complaints.append(str(error.error)))
    return noise


class Heard:
    def __init__(self):
        self.requests, self.complaints = [], []

    def hear(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def outside(self, site):
        """Addresses that left the host."""
        own = (site, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


@pytest.fixture
def target_to_come(site, request):
    """One whose year has not come, with enough figures for a forecast: the real ones are due."""
    if "rich_site" in request.fixturenames:
        # Filling puts the database of another test in the place of this one.
        request.getfixturevalue("rich_site")
    this_year = timezone.localdate().year
    area = Area.objects.get(code="460000")
    document = make_document("made-up", area=area, start_year=this_year - 5, end_year=this_year + 4)
    target = make_target("made-up-001", document, target_year=document.end_year)
    series = make_series(area, make_indicator("made-up"))
    make_reading(target, series)
    for back, value in enumerate(("97.1", "96.5", "96.4", "96"), start=1):
        make_figure(series, this_year - back, value)
    recompute(Target.objects.filter(pk=target.pk))
    return target


@pytest.fixture
def speak(context, site):
    def choose(language):
        context.add_cookies([{"name": "django_language", "value": language, "url": site}])

    return choose


@pytest.fixture
def people(site):
    forestry = Department.objects.get(series_links__series__code=SERIES, area__code="460000")
    make_post(make_user("official", full_name="王填报"), Role.OFFICIAL, department=forestry)
    make_post(make_user("reviewer", full_name="李审核"), Role.REVIEWER, area=forestry.area)
    for name, role in OTHERS.items():
        make_post(make_user(name), role, area=forestry.area)
    make_round(forestry.area, 2019, 2020, name="2019—2020年数据补报")


def sign_in(page, site, name):
    page.goto(site + "/accounts/login/")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill("Passw0rd-2026")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
