"""Every page there is: those for readers, and those behind login by who opens them."""

from django.urls import reverse

from indicators.actions.recompute import start_recompute
from indicators.models import Observation, Round, SeriesDepartment
from plans.models import Document, Target
from targets_site.places.models import Area
from tests.browser.conftest import SERIES

# A target of each kind of verdict that the real data have, and of each kind; one to come.
TARGETS = [
    "hainan-2013-032", "hainan-2013-031", "hainan-2013-018", "hainan-2013-027",
    "hainan-2018-017", "hainan-2018-015", "jiangxi-2012-014", "jiangxi-2012-015",
    "jiangxi-2012-016", "anhui-2013-013", "shanxi-undated-003", "made-up-001",
]  # fmt: skip


def reading_pages():
    """Addresses in the order of the menu; those of `made-up-001` need `target_to_come`."""
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
        reverse("reports:meeting", args=["460000"]),
        reverse("reports:reports"),
        reverse("reports:news"),
        reverse("reports:method"),
        reverse("reports:manual"),
        reverse("reports:components"),
        reverse("reports:exports"),
        reverse("accounts:login"),
    ]


def pages_behind_login():
    """Addresses by the name of who opens them; they need `people`."""
    one = Round.objects.get()
    known = Observation.objects.filter(series__code=SERIES).latest("year")
    department = SeriesDepartment.objects.get(series__code=SERIES).department
    return {
        "official": [
            "/entry/",
            f"/entry/{one.pk}/",
            f"/entry/{one.pk}/{SERIES}/2020/",
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
            "/accounts/tokens/",
            "/api/v1/docs/",
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
