"""Every page there is: those for readers, and those behind login by who opens them."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from indicators.actions.questions import find_questions
from indicators.actions.recompute import start_recompute
from indicators.models import Observation, Question, Round, SeriesDepartment
from plans.models import Document, Target
from targets_site.accounts.actions.locks import count_failure
from targets_site.accounts.actions.resets import ask_second_factor_reset
from targets_site.accounts.models import Role, User
from targets_site.audit.models import Entry, Link
from targets_site.audit.sealing import seal
from targets_site.places.models import Area
from tests.browser.audited_world import (
    asked_question,
    checked_question,
    come_late,
    correct,
    use_the_centre,
)
from tests.browser.conftest import SERIES
from tests.factories import make_post, make_user

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
        *[
            reverse("reports:provenance", args=[observation.series.code, observation.year])
            for observation in provenance_of()
        ],
        *[
            reverse("reports:target_provenance", args=[code])
            for code in [
                "hainan-2013-032",
                "hainan-2018-015",
                "anhui-2013-013",
                "shanxi-undated-003",
            ]
        ],
        reverse("reports:reports"),
        reverse("reports:news"),
        reverse("reports:registers"),
        reverse("reports:unjudged"),
        reverse("reports:unjudged") + "?goal=2020&area=460000&reason=not_collected",
        reverse("reports:unjudged") + "?goal=2020&as_of=2018",
        reverse("reports:method"),
        reverse("reports:manual"),
        reverse("reports:components"),
        reverse("reports:exports"),
        reverse("reports:exports") + "?table=observations&area=460000&below=1&state=draft",
        reverse("reports:exports") + "?table=bundle",
        reverse("accounts:login"),
        # As they stood: on a day, before the first one, and where nothing goes back.
        reverse("reports:overview") + f"?at={timezone.localdate().isoformat()}",
        reverse("reports:exports") + f"?at={timezone.localdate().isoformat()}",
        reverse("reports:target", args=["hainan-2013-032"]) + "?at=1999-12-31",
        reverse("reports:reports") + "?at=1999-12-31",
    ]


def provenance_of():
    """A figure of each grade, and one that is missing."""
    there = Observation.objects.filter(in_force__isnull=False)
    found = there.select_related("series", "in_force").order_by("series", "-year")
    kinds = {(each.in_force.source_grade, each.in_force.value is None): each for each in found}
    return list(kinds.values())


def pages_behind_login():
    """Addresses by the name of who opens them; they need `people`."""
    one = Round.objects.get()
    known = Observation.objects.filter(series__code=SERIES).latest("year")
    department = SeriesDepartment.objects.get(series__code=SERIES).department
    find_questions()
    question = Question.objects.filter(area__code="460000").latest("pk").get_absolute_url()
    checked, asked = (make(department) for make in (checked_question, asked_question))
    correct(known.series, known.year, "62.30")
    come_late(department)
    export_job = use_the_centre(User.objects.get(username="auditor"))
    seal()
    link = Link.objects.latest("position")
    return {
        # Of the department that the question was put to.
        "colleague": ["/entry/", "/review/questions/", asked.get_absolute_url()],
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
            "/registers/changed/",
            "/registers/late/",
            "/review/rounds/",
            "/review/rounds/new/",
            "/review/completeness/",
            f"/review/completeness/owed/?round={one.pk}",
            f"/review/rounds/{one.pk}/",
            f"/review/completeness/letters/{one.pk}/",
            "/accounts/password/",
            "/accounts/tokens/",
            "/accounts/sessions/own/",
            "/accounts/second-factor/",
            "/api/v1/docs/",
            f"/review/figure/{SERIES}/{known.year}/",
            "/review/questions/",
            question,
            f"/provenance/{SERIES}/{known.year}/",
        ],
        "sysadmin": [
            "/accounts/people/",
            "/accounts/people/new/",
            "/accounts/people/sheet/",
            "/accounts/sessions/",
            f"/accounts/people/{with_all_that_may_be_decided().pk}/",
            "/jobs/",
            start_recompute(by=None).get_absolute_url(),
        ],
        "secadmin": ["/accounts/posts/", "/accounts/resets/"],
        "auditor": [
            "/review/questions/",
            question,
            checked.get_absolute_url(),
            "/exports/?table=audit",
            "/exports/?table=versions",
            export_job,
            "/accounts/tokens/",
            "/registers/changed/",
            "/registers/late/",
            f"/provenance/{SERIES}/{known.year}/",
            f"/targets/{TARGETS[0]}/provenance/",
            f"/targets/{TARGETS[0]}/?at={timezone.localdate().isoformat()}",
            "/trail/",
            "/trail/?action=load_reference",
            f"/trail/{Entry.objects.earliest('seq').seq}/",
            f"/trail/{link.entry_id}/",
            f"/review/figure/{SERIES}/{known.year}/",
            f"/targets/{TARGETS[0]}/",
        ],
        "steward": ["/reference/readings/", "/reference/readings/hainan-2018-016/"],
    }


def with_all_that_may_be_decided():
    """Somebody locked, with a post and a second factor that is asked to be taken off; the
    administrator's page of him shows all there is but the suspension."""
    user = make_user("locked", full_name="周锁定", second_factor_since=timezone.now())
    make_post(user, Role.LEADER, area=Area.objects.get(code="460000"))
    by = User.objects.get(username="sysadmin")
    ask_second_factor_reset(user=user, reason="手机遗失", by=by)
    for _time in range(settings.LOGIN_FAILURES):
        count_failure(username=user.username, address="")
    return user
