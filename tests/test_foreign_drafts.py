"""What is on its way in one department is not there for anybody else: every person who holds a post
elsewhere, every address that leads to it."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.actions import entry, judgements, workflow
from indicators.actions.attachments import add_attachment
from indicators.actions.entry import EnteredFigure
from indicators.models import JudgementVersion, ObservationVersion
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_official,
    make_post,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_target,
    make_text_target,
    make_user,
    name_department,
)

pytestmark = pytest.mark.django_db
SECRET = "77.31"
NARRATIVE = "还没有写完的评价"
WITH_DEPARTMENT = {Role.OFFICIAL, Role.SIGNER}
# What a draft said stands in the trail, which is open to these whatever their area.
TRAIL = ("/trail/", "/api/v1/trail/", "/exports/audit.csv")
READS_TRAIL = {Role.AUDITOR, Role.AUDIT_ADMIN}
FETCH = {"X-Requested-With": "fetch"}


class Draft:
    """What a department of one area has on its way, and the addresses that lead to it."""

    def __init__(self, state):
        department = make_department()
        self.official = make_official("their-official", department)
        signer = make_signer("their-signer", department)
        self.series = make_series(department=department)
        make_reading(make_target(), self.series)
        self.round = make_round(department.area, 2020)
        self.evidence = add_attachment(
            upload=SimpleUploadedFile("来函.pdf", b"%PDF-1.7"),
            name="来函.pdf",
            department=department,
            by=self.official,
        ).attachment
        figure = EnteredFigure(
            Decimal(SECRET), 2, source_title="公报", evidence=frozenset([self.evidence.pk]),
            shortfall_reason="原因", next_steps="措施",
        )  # fmt: skip
        self.version = entry.save(
            series=self.series, year=2020, figure=figure, read_version=None, by=self.official
        )
        self.target = make_text_target()
        name_department(self.target, department)
        self.judgement = judgements.save(
            target=self.target, year=2020, outcome="done", narrative=NARRATIVE,
            read_version=None, by=self.official,
        )  # fmt: skip
        if state != "draft":
            self.version = entry.submit(version=self.version, by=self.official)
            self.judgement = judgements.submit(version=self.judgement, by=self.official)
        if state == "returned":
            back = {"by": signer, "reason": "笔误"}
            self.version = workflow.return_to_official(version=self.version, **back)
            self.judgement = workflow.return_to_official(version=self.judgement, **back)

    def read(self):
        code = self.series.code
        return [
            "/entry/", f"/entry/{self.round.pk}/", f"/entry/{self.round.pk}/{code}/2020/",
            f"/entry/series/{code}/2020/", f"/entry/attachments/{self.evidence.pk}/",
            f"/entry/judgements/{self.target.code}/2020/", f"/entry/{self.round.pk}/materials/",
            f"/entry/{self.round.pk}/form/{self.version.cell.reporting()[0]}/",
            f"/entry/{self.round.pk}/template.xlsx", "/review/", "/review/sign/",
            "/registers/changed/", "/registers/late/", f"/review/figure/{code}/2020/",
            f"/review/judgement/{self.target.code}/2020/", "/review/completeness/",
            "/review/completeness/owed/", "/review/completeness/owed.xlsx",
            f"/review/completeness/letters/{self.round.pk}/", "/review/rounds/",
            f"/review/rounds/{self.round.pk}/", f"/api/v1/figures/{code}/2020/",
            "/api/v1/versions/", "/api/v1/rounds/", "/exports/observations.csv",
            f"/targets/{self.target.code}/", f"/indicators/{self.series.indicator.code}/",
            "/", "/areas/990000/", f"/provenance/{code}/2020/",
            f"/targets/{self.target.code}/provenance/", f"/search/?q={code}",
            "/exports/versions.csv", "/entry/imports/", *TRAIL,
        ]  # fmt: skip

    def written(self):
        """Address and body of everything that would move it on."""
        code, pk, number = self.series.code, self.version.pk, self.version.number
        cell = f"/entry/{self.round.pk}/{code}/2020/"
        chosen = {"version": [f"figure:{pk}", f"judgement:{self.judgement.pk}"], "reason": "x"}
        steps = [
            (f"/api/v1/figures/{code}/2020/{step}/", {"version": number, "reason": "x"}, True)
            for step in ["submit", "sign", "recall", "return", "approve"]
        ]
        return [
            *steps,
            (cell, {"value": "11.1", "read_version": number, "source_title": "x"}, False),
            (f"{cell}submit/", {"version": pk}, False),
            (f"{cell}recall/", {"version": pk}, False),
            (f"/entry/series/{code}/2020/", {"value": "11.1", "read_version": number}, False),
            (f"/entry/{self.round.pk}/submit/", {"version": [pk]}, False),
            ("/review/approve/", chosen, False),
            ("/review/return/", chosen, False),
            ("/review/sign/sign/", chosen, False),
            ("/review/sign/return/", chosen, False),
            (
                f"/entry/judgements/{self.target.code}/2020/",
                {"outcome": "not", "narrative": "x", "read_version": 1, "step": "save"},
                False,
            ),
        ]


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def stranger(role):
    """Somebody with a post in another area."""
    area = make_area("980000")
    department = make_department(area) if role in WITH_DEPARTMENT else None
    user = make_user(f"stranger-{role}")
    make_post(user, role, area=area, department=department)
    return user


def neighbour():
    """An official of another department of the same area."""
    return make_official("neighbour", make_department(name_zh="省林业厅"))


def somebody(who):
    """Nobody whose the draft is; the reviewers and leaders of its own area wait for it too."""
    if who == "neighbour":
        return neighbour()
    if who in OF_THE_AREA:
        user = make_user(who)
        make_post(user, OF_THE_AREA[who])
        return user
    return stranger(who)


OF_THE_AREA = {"its reviewer": Role.REVIEWER, "its leader": Role.LEADER}
PEOPLE = [*Role, "neighbour", *OF_THE_AREA]
# What the department has not handed in: drafts, what its signer has, and what he gave back.
STATES = ["draft", "to_sign", "returned"]
# Pages of the person's own desk, empty for strangers; everything else of a draft is not there.
OWN_DESK = ("/entry/", "/review/", "/api/v1/versions/", "/api/v1/rounds/")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", PEOPLE)
def test_nothing_of_it_is_read(client, state, who):
    draft = Draft(state)
    assert draft.version.state == state
    client.force_login(somebody(who))

    shown = {}
    for address in draft.read():
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        said = body.decode("utf-8", "replace")
        if (SECRET in said or NARRATIVE in said) and not (who in READS_TRAIL and address in TRAIL):
            shown[address] = response.status_code
        assert response.status_code in {200, 302, 403, 404}, address

    assert shown == {}
    for address in [
        f"/entry/attachments/{draft.evidence.pk}/",
    ]:
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", PEOPLE)
def test_nothing_of_it_is_moved_on(client, state, who):
    draft = Draft(state)
    client.force_login(somebody(who))
    before = kept()
    denials = Entry.objects.filter(action="denied").count()

    for address, fields, is_json in draft.written():
        if is_json:
            response = client.post(address, fields, content_type="application/json")
            assert response.status_code == 404, address
        else:
            response = client.post(address, fields)
            assert response.status_code in {403, 404}, (address, response.status_code)
        assert kept() == before, address
        told = Entry.objects.filter(action="denied").count()
        assert told > denials, address
        denials = told


def test_the_draft_is_there_for_those_whose_it_is(client):
    draft = Draft("draft")
    client.force_login(draft.official)

    response = client.get(f"/entry/{draft.round.pk}/{draft.series.code}/2020/", headers=FETCH)
    said = client.get(f"/api/v1/figures/{draft.series.code}/2020/").json()

    assert SECRET in response.content.decode()
    assert [each["value"] for each in said["versions"]] == [SECRET]


def test_an_approved_figure_is_there_for_everybody(client):
    draft = Draft("to_sign")
    signer = make_signer("second-signer", draft.official.posts.get().department)
    version = workflow.sign(version=draft.version, by=signer)
    workflow.approve(version=version, by=make_reviewer())

    for who in Role:
        client.force_login(stranger(who))
        said = client.get(f"/api/v1/figures/{draft.series.code}/2020/").json()
        assert [each["value"] for each in said["versions"]] == [SECRET]
        page = client.get(f"/review/figure/{draft.series.code}/2020/").content.decode()
        assert SECRET in page


def kept():
    return (
        list(ObservationVersion.objects.order_by("pk").values_list("pk", "state", "number")),
        list(JudgementVersion.objects.order_by("pk").values_list("pk", "state", "number")),
    )
