"""Who may read what: the one rule of pages, lists, searches, charts, exports, API and jobs."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from indicators.actions import workflow
from indicators.enums import State
from indicators.models import (
    Attachment,
    Import,
    JudgementVersion,
    MaterialFile,
    ObservationVersion,
    SeriesDepartment,
)
from targets_site.accounts.models import Role
from targets_site.places.models import Department
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_indicator,
    make_job,
    make_official,
    make_post,
    make_reviewer,
    make_series,
    make_signer,
    make_text_target,
    make_user,
    name_department,
)
from tests.indicators.steps import (
    KINDS,
    UNSIGNED,
    Figure,
    InWords,
    bring_to,
    make_hands,
    open_round,
)

pytestmark = pytest.mark.django_db

# By hand: the states that each post lets a person read, of figures and judgements that the post
# concerns (own) and of all others (elsewhere).
EVERY_STATE = "draft to_sign submitted returned recalled approved unsigned"
# What the department's own signer returned stands beside what a reviewer did.
STATES = {**{state: state for state in State.values}, "unsigned": UNSIGNED}
OWN = {
    "official": EVERY_STATE,
    "signer": EVERY_STATE,
    "reviewer": "submitted returned approved",
    "leader": "approved",
    "auditor": EVERY_STATE,
    "steward": "approved",
    "system_admin": "approved",
    "security_admin": "approved",
    "audit_admin": "approved",
}
ELSEWHERE = dict.fromkeys(OWN, "approved")


@pytest.fixture
def department():
    return make_department()


def one_of_each(kind, department):
    """A version of every state, by state; those who had them in hand are nobody's colleagues."""
    hands = make_hands(department)
    open_round(department)
    found = {name: bring_to(state, kind(department), hands).pk for name, state in STATES.items()}
    make_department(department.area, name_zh="省林业厅")
    return found


def holder_of(role, area, department):
    person = make_user(f"{role} of {area.code} {department}")
    needs = department if role in {Role.OFFICIAL, Role.SIGNER} else None
    make_post(person, role, area, needs)
    return person


def states_read(kind, versions, person):
    """In the order of the way."""
    readable = set(
        kind.versions.objects.readable_by(person)
        .filter(pk__in=versions.values())
        .values_list("pk", flat=True)
    )
    return " ".join(state for state in STATES if versions[state] in readable)


@pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])
def test_every_post_reads_what_it_should(kind, department):
    versions = one_of_each(kind, department)
    far = make_department(make_area("980000"), name_zh="省水利厅")
    foreign = Department.objects.get(area=department.area, name_zh="省林业厅")
    assert set(OWN) == set(Role.values)

    own = {role: holder_of(role, department.area, department) for role in OWN}
    elsewhere = {role: holder_of(role, far.area, far) for role in ELSEWHERE}
    of_another_department = {
        role: holder_of(role, department.area, foreign) for role in ("official", "signer")
    }

    def read_by(people):
        return {role: states_read(kind, versions, person) for role, person in people.items()}

    assert read_by(own) == OWN
    assert read_by(elsewhere) == ELSEWHERE
    assert read_by(of_another_department) == {"official": "approved", "signer": "approved"}
    assert states_read(kind, versions, make_user("nobody")) == "approved"


@pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])
@pytest.mark.parametrize(
    "fields",
    [
        # Two days, so that midnight may pass while the tests run.
        pytest.param({"to_date": timezone.localdate() - timedelta(2)}, id="ended"),
        pytest.param({"from_date": timezone.localdate() + timedelta(2)}, id="not-begun"),
        pytest.param({"granted_at": None}, id="asked"),
    ],
)
@pytest.mark.parametrize("role", ["official", "signer", "reviewer", "auditor"])
def test_a_post_that_is_not_held_today_lets_nothing_be_read(kind, department, role, fields):
    versions = dict.fromkeys(STATES)
    open_round(department)
    versions["submitted"] = bring_to("submitted", kind(department), make_hands(department)).pk
    person = make_user("person")
    needs = department if role in {"official", "signer"} else None
    make_post(person, role, department.area, needs, **fields)

    assert states_read(kind, versions, person) == ""


@pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])
@pytest.mark.parametrize("make", [make_official, make_signer])
def test_the_successor_reads_what_its_predecessor_entered(kind, department, make):
    open_round(department)
    version = bring_to("draft", kind(department), make_hands(department))
    today = make_department(name_zh="省农业农村厅")
    Department.objects.filter(pk=department.pk).update(successor=today)

    assert list(kind.versions.objects.readable_by(make("successor", today))) == [version]


def test_each_year_is_read_by_who_reports_it():
    """The series changed hands in 2019."""
    first, second = make_department(name_zh="省农业厅"), make_department(name_zh="省卫生厅")
    series = make_series()
    SeriesDepartment.objects.create(series=series, department=first, to_year=2018)
    SeriesDepartment.objects.create(series=series, department=second, from_year=2019)
    drafts = [make_figure(series, year, "98", state="draft") for year in (2018, 2019)]

    read = [
        list(ObservationVersion.objects.readable_by(make_official(f"of {each}", each)))
        for each in (first, second)
    ]

    assert read == [[drafts[0]], [drafts[1]]]


@pytest.mark.parametrize(
    ("named", "read"),
    [
        pytest.param(["省农业厅"], [True, False, False], id="one"),
        pytest.param(["省农业厅", "省林业厅"], [True, True, False], id="two"),
        pytest.param([], [True, True, False], id="nobody-so-all-of-the-area"),
    ],
)
def test_a_judgement_is_read_by_the_departments_that_may_judge(named, read):
    departments = [
        make_department(name_zh="省农业厅"),
        make_department(name_zh="省林业厅"),
        make_department(make_area("980000"), name_zh="省水利厅"),
    ]
    thing = InWords(departments[0])
    thing.target = make_text_target()
    for name in named:
        name_department(thing.target, make_department(name_zh=name))
    open_round(departments[0])
    version = thing.save(by=make_official("author", departments[0]))

    found = [
        list(JudgementVersion.objects.readable_by(make_official(f"of {each}", each)))
        for each in departments
    ]

    assert found == [[version] if may else [] for may in read]


def test_nothing_is_read_twice(department):
    """However many posts lead to it."""
    person = make_official("person", department)
    for role in (Role.SIGNER, Role.OFFICIAL):
        make_post(person, role, department=make_department(name_zh=f"省{role}厅"))
    make_post(person, Role.REVIEWER)
    versions = {
        kind: bring_to("submitted", kind(department), make_hands(department))
        for kind in KINDS
        if open_round(department)
    }

    for kind, version in versions.items():
        assert list(kind.versions.objects.readable_by(person)) == [version]


def test_what_was_approved_stays_readable_when_it_was_replaced(department):
    hands, thing = make_hands(department), Figure(department)
    open_round(department)
    first = bring_to("approved", thing, hands)
    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)
    second = workflow.approve(version=sent, by=hands.reviewer)

    assert list(ObservationVersion.objects.readable_by(make_user("nobody"))) == [first, second]


# Files


def attach(department, by):
    return Attachment.objects.create(
        file=ContentFile(b"%PDF", name="x"),
        name="检验报告.pdf",
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        department=department,
        added_by=by,
    )


@pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])
@pytest.mark.parametrize(
    ("role", "own", "elsewhere"),
    [
        ("official", True, False),
        ("signer", True, False),
        ("reviewer", False, False),
        ("leader", False, False),
        ("auditor", True, False),
        ("steward", False, False),
        ("system_admin", False, False),
        ("security_admin", False, False),
        ("audit_admin", False, False),
    ],
)
def test_evidence_of_what_is_not_approved(
    kind, department, settings, tmp_path, role, own, elsewhere
):
    settings.MEDIA_ROOT = tmp_path
    hands, thing = make_hands(department), kind(department)
    open_round(department)
    file = attach(department, hands.author)
    thing.save(by=hands.author, evidence=[file.pk])
    far = make_department(make_area("980000"), name_zh="省水利厅")

    people = [holder_of(role, department.area, department), holder_of(role, far.area, far)]

    read = [list(Attachment.objects.readable_by(person)) for person in people]
    assert read == [[file] if may else [] for may in (own, elsewhere)]


@pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])
def test_evidence_of_what_was_approved_is_read_by_all_once(kind, department, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    hands, thing = make_hands(department), kind(department)
    open_round(department)
    file, unused = attach(department, hands.author), attach(department, hands.author)
    version = thing.submit(thing.save(by=hands.author, evidence=[file.pk]), hands.sender)
    version = thing.submit(workflow.recall(version=version, by=hands.sender), hands.sender)
    workflow.approve(version=workflow.sign(version=version, by=hands.signer), by=hands.reviewer)

    assert list(Attachment.objects.readable_by(make_user("nobody"))) == [file]
    assert list(Attachment.objects.readable_by(make_reviewer("another"))) == [file]
    assert list(Attachment.objects.readable_by(hands.signer)) == [file, unused]


@pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])
@pytest.mark.parametrize("state", STATES)
def test_reviewers_read_the_evidence_of_the_versions_that_they_read(
    kind, department, settings, tmp_path, state
):
    settings.MEDIA_ROOT = tmp_path
    hands, thing = make_hands(department), kind(department)
    open_round(department)
    file = attach(department, hands.author)
    version = bring_to(STATES[state], thing, hands, evidence=[file.pk])
    reviewer, far = make_reviewer("another"), make_reviewer("far", make_area("980000"))

    read = [file] if state in OWN["reviewer"].split() else []

    assert list(version.evidence.all()) == [file]
    assert list(Attachment.objects.readable_by(reviewer)) == read
    assert list(Attachment.objects.readable_by(far)) == (read if state == "approved" else [])


def test_reviewers_read_the_material_that_was_handed_in_and_no_imported_file(
    department, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    official = make_official("official", department)
    report, sheet = attach(department, official), attach(department, official)
    MaterialFile.objects.create(
        round=open_round(department), kind="summary", department=department, attachment=report
    )
    Import.objects.create(
        attachment=sheet, imported_by=official, language="zh-hans", job=make_job()
    )

    assert list(Attachment.objects.readable_by(make_reviewer())) == [report]
    assert not Attachment.objects.readable_by(make_reviewer("far", make_area("980000"))).exists()
    assert list(Attachment.objects.readable_by(official)) == [report, sheet]


def test_an_imported_file_is_read_by_nobody_but_who_added_it(department, settings, tmp_path):
    """It holds figures of all departments for which the person enters."""
    settings.MEDIA_ROOT = tmp_path
    official = make_official("official", department)
    make_post(official, Role.OFFICIAL, department=make_department(name_zh="省林业厅"))
    sheet, letter = attach(department, official), attach(department, official)
    Import.objects.create(
        attachment=sheet, imported_by=official, language="zh-hans", job=make_job()
    )

    roles = ["official", "signer", "reviewer", "leader", "auditor", "steward"]
    people = [holder_of(role, department.area, department) for role in roles]

    read = [set(Attachment.objects.readable_by(person)) for person in people]
    assert read == [{letter}, {letter}, set(), set(), {letter}, set()]
    assert list(Attachment.objects.readable_by(official)) == [sheet, letter]


@pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])
def test_an_imported_file_that_is_named_as_evidence_is_read_as_evidence(
    kind, department, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    hands, thing = make_hands(department), kind(department)
    open_round(department)
    sheet = attach(department, hands.author)
    Import.objects.create(
        attachment=sheet, imported_by=hands.author, language="zh-hans", job=make_job()
    )

    version = thing.submit(thing.save(by=hands.author, evidence=[sheet.pk]), hands.sender)
    read_before = list(Attachment.objects.readable_by(make_user("nobody")))
    workflow.approve(version=workflow.sign(version=version, by=hands.signer), by=hands.reviewer)

    assert read_before == []
    assert list(Attachment.objects.readable_by(make_user("anybody"))) == [sheet]


# What it costs


@pytest.mark.parametrize("number", [1, 6])
def test_the_cost_does_not_grow(department, number, django_assert_num_queries):
    person = make_user("person")
    for nth in range(number):
        at = make_department(name_zh=f"省第{nth}厅")
        make_post(person, Role.OFFICIAL, department=at)
        make_post(person, Role.SIGNER, department=at)
        series = make_series(indicator=make_indicator(f"rate-{nth}"), department=at)
        make_figure(series, 2020, "98", state="draft")

    # Posts, predecessors of the departments of each of the two roles, and the versions.
    with django_assert_num_queries(4):
        assert len(ObservationVersion.objects.readable_by(person)) == number
