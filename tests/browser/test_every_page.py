"""Every page in both languages: accessible, self-contained, quiet, and never wider than a phone."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators.actions.recompute import start_recompute
from indicators.actions.verdicts import recompute
from indicators.models import Notice, Observation, Round, SeriesDepartment, Verdict
from plans.models import Document, Target
from targets_site.accounts.models import User
from targets_site.places.models import Area
from tests.browser.conftest import SERIES, sign_in
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# A target of each kind of verdict that the real data have, and of each kind; one to come.
TARGETS = [
    "hainan-2013-032", "hainan-2013-031", "hainan-2013-018", "hainan-2013-027",
    "hainan-2018-017", "hainan-2018-015", "jiangxi-2012-014", "jiangxi-2012-015",
    "jiangxi-2012-016", "anhui-2013-013", "shanxi-undated-003", "made-up-001",
]  # fmt: skip


def pages():
    return [
        reverse("reports:overview"),
        reverse("reports:overview") + "?goal=2015",
        reverse("reports:overview") + "?goal=2020&coverage=side",
        *[area.get_absolute_url() for area in Area.objects.all()],
        *[document.get_absolute_url() for document in Document.objects.all()],
        reverse("reports:documents"),
        reverse("reports:document", args=["hainan-2013"]) + "?part=figures&as_of=2018",
        reverse("reports:compare") + "?a=hainan-2013&b=hainan-2018",
        reverse("reports:compare") + "?a=hainan-2013&b=anhui-2013&change=in_words",
        reverse("reports:revisions"),
        reverse("reports:search") + "?q=海南 水质",
        reverse("reports:search") + "?q=水",
        reverse("reports:reference"),
        reverse("reports:reference_areas"),
        reverse("reports:reference_departments"),
        reverse("reports:reference_indicators") + "?domain=environment",
        *[reverse("reports:target", args=[code]) for code in TARGETS],
        *[
            reverse("reports:indicator", args=[target.readings.get().series.indicator.code])
            for target in Target.objects.in_force().filter(code__in=TARGETS, readings__gt=0)
        ],
        reverse("reports:method"),
        reverse("reports:manual"),
        reverse("reports:exports"),
        reverse("accounts:login"),
    ]


@pytest.fixture
def target_to_come(site):
    """One whose year has not come, with enough figures for a forecast: the real ones are due."""
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


def violations(page):
    """What axe-core finds on the page that is open."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [(page.url, rule["id"], node["html"][:160]) for rule in found for node in rule["nodes"]]


def open_page(page, address):
    response = page.goto(address)
    assert response.status == 200, address
    # The charts are drawn when they come into view.
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")


@pytest.mark.usefixtures("target_to_come")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_accessible_quiet_and_fits_a_phone(page, site, speak, heard, language):
    speak(language)
    found, too_wide = [], {}

    for address in pages():
        page.set_viewport_size({"width": 1280, "height": 900})
        open_page(page, site + address)
        assert page.locator("html").get_attribute("lang").lower() == language
        found += violations(page)
        page.set_viewport_size({"width": 360, "height": 740})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            too_wide[address] = width

    assert found == []
    assert too_wide == {}
    assert heard.outside(site) == []
    assert heard.complaints == []


def tell_the_reviewer(one):
    """A notice of a round and one of a verdict."""
    reviewer = User.objects.get(username="reviewer")
    verdict = Verdict.objects.filter(target__code=TARGETS[0]).earliest("as_of")
    Notice.objects.create(person=reviewer, kind="reports_overdue", round=one, due_at=one.due_at)
    Notice.objects.create(
        person=reviewer, kind="worse_light", target_code=TARGETS[0], as_of=verdict.as_of,
        verdict=verdict, before=verdict, worse_since=verdict.recorded_at,
    )  # fmt: skip


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_behind_login_is_accessible_and_quiet(page, site, speak, heard, language):
    speak(language)
    found = []
    one = Round.objects.get()
    tell_the_reviewer(one)
    cell = f"/entry/{one.pk}/{SERIES}/2020/"
    known = Observation.objects.filter(series__code=SERIES).latest("year")
    department = SeriesDepartment.objects.get(series__code=SERIES).department
    addresses = {
        "official": [
            "/entry/",
            f"/entry/{one.pk}/",
            cell,
            f"/entry/{one.pk}/materials/",
            f"/entry/{one.pk}/form/{department.pk}/",
            "/entry/imports/",
            "/entry/imports/new/",
            "/review/completeness/",
            "/notices/",
        ],
        "reviewer": [
            "/notices/",
            "/review/",
            "/entry/",
            "/review/changed/",
            "/review/rounds/",
            "/review/rounds/new/",
            "/review/completeness/",
            f"/review/completeness/owed/?round={one.pk}",
            f"/review/rounds/{one.pk}/",
            f"/review/completeness/letters/{one.pk}/",
            "/accounts/password/",
            f"/review/figure/{SERIES}/{known.year}/",
        ],
        "sysadmin": [
            "/accounts/people/",
            "/accounts/people/new/",
            "/accounts/people/sheet/",
            "/jobs/",
            start_recompute(by=None).get_absolute_url(),
        ],
        "secadmin": ["/accounts/posts/"],
        "steward": ["/reference/readings/", "/reference/readings/hainan-2018-016/"],
    }

    for name, behind_login in addresses.items():
        sign_in(page, site, name)
        for address in behind_login:
            open_page(page, site + address)
            found += violations(page)
        page.context.clear_cookies(name="sessionid")

    assert found == []
    assert heard.outside(site) == []
    assert heard.complaints == []


def test_a_page_that_is_not_there_says_so(page, site, heard):
    response = page.goto(site + "/areas/000000/")

    assert response.status == 404
    assert violations(page) == []
