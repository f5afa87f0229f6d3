"""The tables of versions and of the trail, filters, and the decimals of verdicts."""

import csv
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.models import Attachment, ObservationVersion
from plans.models import Domain
from reports.exports import TABLES, Export, NotUnderstood, Selection
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Post, Role, User
from targets_site.audit import chain
from targets_site.audit.models import Entry, Link
from targets_site.csv_text import text_behind
from tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 3, 1, 4, 0, 0, 123456, tzinfo=UTC)


def exported(table, *, reader=None, sees_all=True, **filters):
    chosen = Selection(TABLES[table], **filters)
    content = b"".join(Export(chosen, reader=reader, sees_all=sees_all))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def person(name, role, area):
    user = User.objects.create(username=name)
    Post.objects.create(user=user, role=role, area=area, granted_at=timezone.now(), granted_by=None)
    return user


def test_versions_say_who_did_what_when_with_the_evidence():
    clerk, signer, reviewer = (
        User.objects.create(username=name) for name in ("clerk", "signer", "reviewer")
    )
    first = factories.make_figure(
        factories.make_series(), 2015, "63.10", entered_by=clerk, entered_at=NOON,
        submitted_by=clerk, submitted_at=NOON + timedelta(hours=1), signed_by=signer,
        signed_at=NOON + timedelta(hours=2), reviewed_by=reviewer,
        reviewed_at=NOON + timedelta(hours=3),
    )  # fmt: skip
    department = factories.make_department(first.observation.series.area, "省农业厅")
    for name in ("监测报告.pdf", "=表.xlsx"):
        first.evidence.add(
            Attachment.objects.create(
                file=name, name=name, media_type="application/pdf", size=1, added_by=clerk,
                sha256=hashlib.sha256(name.encode()).hexdigest(), department=department,
            )
        )  # fmt: skip
    ObservationVersion.objects.create(
        observation=first.observation, number=2, state="returned", value=Decimal("64.0"),
        stated_decimals=1, entered_by=clerk, entered_at=NOON, source_title="公报",
        source_grade="reported", return_reason="-请核实", reviewed_by=reviewer,
        reviewed_at=NOON, correction_reason="漏报",
    )  # fmt: skip

    rows = exported("versions")

    names = ("version", "state", "in_force", "value", "signed_by", "reviewed_by", "return_reason")
    assert [[row[name] for name in names] for row in rows] == [
        ["1", "approved", "1", "63.10", "signer", "reviewer", ""],
        ["2", "returned", "0", "64.0", "", "reviewer", "'-请核实"],
    ]
    assert rows[0]["evidence"] == "监测报告.pdf;=表.xlsx"
    assert rows[0]["evidence_sha256"].split(";") == [
        hashlib.sha256(name.encode()).hexdigest() for name in ("监测报告.pdf", "=表.xlsx")
    ]
    assert rows[0]["submitted_at"] == "2024-03-01T13:00:00+08:00"


def test_versions_are_those_that_the_reader_may_read():
    figure = factories.make_figure(factories.make_series(), 2015, "1")
    draft = ObservationVersion.objects.create(
        observation=figure.observation, number=2, state="draft", value=Decimal(2),
        entered_by=figure.entered_by, source_grade="reported",
    )  # fmt: skip
    here = draft.observation.series.area
    elsewhere = factories.make_area("110000")
    seen = {
        None: ["1"],
        person("auditor", Role.AUDITOR, here): ["1", "2"],
        person("other", Role.AUDITOR, elsewhere): ["1"],
    }

    for reader, numbers in seen.items():
        rows = exported("versions", reader=reader, sees_all=False)

        assert [row["version"] for row in rows] == numbers
    assert [row["version"] for row in exported("versions", state="draft")] == ["2"]


def chained(*entries):
    before = chain.NOTHING_BEFORE
    for position, entry in enumerate(entries, start=1):
        digest = chain.digest(before, chain.cells_of(entry))
        Link.objects.create(position=position, entry=entry, prev_hash=before, hash=digest)
        before = digest


def test_audit_has_the_cells_of_the_chain_in_its_order():
    late, early, loose = (
        Entry.objects.create(
            at=NOON, actor=actor, action="save", object="observation:1", reason=reason,
            before={"b": "=1", "a": None}, after=None, ip="10.0.0.7",
        )
        for actor, reason in (("late", "'=x"), ("early", "=x"), ("loose", ""))
    )  # fmt: skip
    chained(early, late)

    rows = exported("audit")

    assert [row["actor"] for row in rows] == ["early", "late", "loose"]
    for row, entry in zip(rows, (early, late, loose), strict=True):
        cells = list(map(text_behind, row.values()))
        assert cells[:10] == chain.cells_of(Entry.objects.get(pk=entry.pk))
    assert (rows[1]["prev_hash"], rows[2]["hash"]) == (rows[0]["hash"], "")
    assert rows[0]["at"] == "2024-03-01T12:00:00.123456+08:00"
    assert (rows[0]["before"], rows[0]["reason"]) == ('{"a":null,"b":"=1"}', "'=x")
    assert rows[1]["reason"] == "''=x"


def test_audit_is_for_auditors_and_audit_administrators():
    area = factories.make_area("110000")
    Entry.objects.create(action="login", object="user:x")
    for role in (Role.AUDITOR, Role.AUDIT_ADMIN):
        assert exported("audit", reader=person(role, role, area), sees_all=False)

    for reader in (None, person("leader", Role.LEADER, area), User.objects.create(username="no")):
        with pytest.raises(NotAllowed):
            exported("audit", reader=reader, sees_all=False)


def test_audit_cites_the_head_of_its_snapshot():
    entry = Entry.objects.create(at=NOON, action="login", object="user:x")
    chained(entry)
    export = Export(Selection(TABLES["audit"]), sees_all=True)

    list(export)

    assert export.head == chain.head()
    assert export.manifest["head"] == {
        "position": 1, "seq": entry.seq, "hash": Link.objects.get().hash
    }  # fmt: skip
    assert json.dumps(Entry.objects.get(action="export").after["head"])


def test_verdicts_have_the_decimals_of_the_figures_that_they_rest_on():
    target = factories.make_target(value="70")
    series = factories.make_series(target.area)
    reading = factories.make_reading(target, series)
    factories.make_figure(series, 2014, "60.00")
    factories.make_figure(series, 2015, "63.10")
    factories.make_verdict(
        target, 2015, "behind", reading=reading, actual_year=2015, actual_value=Decimal("63.1"),
        baseline_year=2014, baseline_value=Decimal(60), gap=Decimal("6.9"),
    )  # fmt: skip
    factories.make_verdict(
        target, 2016, "behind", reading=reading, actual_year=2015, actual_value=Decimal("123.1")
    )

    rows = exported("verdicts")

    names = ("actual_value", "baseline_value", "gap")
    assert [[row[name] for name in names] for row in rows] == [
        ["63.10", "60.00", "6.9"],
        ["123.1", "", ""],
    ]


@pytest.fixture
def two_areas():
    """A target, its reading, figures and verdict of a province, and a county below another."""
    province = factories.make_area("990000")
    county = factories.make_area("990101", parent=factories.make_area("990100", parent=province))
    for area, slug, domain in ((province, "plan-a", "product"), (county, "plan-b", "trade")):
        document = factories.make_document(slug, area)
        target = factories.make_target(
            f"{slug}-001", document, domain=Domain.objects.create(code=domain)
        )
        series = factories.make_series(area)
        factories.make_reading(target, series)
        factories.make_figure(series, 2015, "1")
        factories.make_verdict(target, 2015, "near")


@pytest.mark.parametrize("table", ["targets", "observations", "verdicts", "versions"])
@pytest.mark.parametrize(
    ("filters", "areas"),
    [
        ({}, ["990000", "990101"]),
        ({"area": "990000"}, ["990000"]),
        ({"area": "990000", "below": True}, ["990000", "990101"]),
        ({"area": "990100", "below": True}, ["990101"]),
        ({"domain": "trade"}, ["990101"]),
        ({"document": "plan-a"}, ["990000"]),
        ({"year": 1999}, []),
        ({"area": "990101", "document": "plan-a"}, []),
    ],
)
def test_filters(two_areas, table, filters, areas):
    rows = exported(table, **filters)

    assert [row["area_code"] for row in rows] == areas


@pytest.mark.parametrize(
    ("table", "filters"),
    [("targets", {"state": "draft"}), ("audit", {"area": "990000"}), ("audit", {"domain": "x"})],
)
def test_filter_that_a_table_does_not_understand_is_refused(table, filters):
    with pytest.raises(NotUnderstood, match=next(iter(filters))):
        Selection(TABLES[table], **filters)
