"""What must hold of readings, figures and verdicts stands in the database too."""

from decimal import ROUND_DOWN, Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from indicators.enums import LIGHT_OF, State, Status
from indicators.models import (
    Attachment,
    Import,
    ImportLine,
    Judgement,
    JudgementVersion,
    MaterialFile,
    Notice,
    Observation,
    ObservationVersion,
    ReadingProposal,
    RoundException,
    RoundMaterial,
    RoundYear,
    StaleRow,
)
from indicators.models.workflow import Worked
from indicators.validators import known_obs_status, published_on_text
from tests.factories import (
    make_department,
    make_figure,
    make_job,
    make_reading,
    make_round,
    make_series,
    make_target,
    make_text_target,
    make_user,
    make_verdict,
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"missing_reason": "未统计"},
        {"value": None, "missing_reason": ""},
        {"source_title": ""},
        {"state": "returned"},
        {"state": "lost"},
        {"bound": "roughly"},
        {"source_grade": "rumour"},
        {"stated_decimals": 7},
        {"obs_status": "X"},
        {"obs_status": "BX"},
        {"obs_status": "b"},
        {"returned_by_signer": True},
    ],
)
def test_a_wrong_version_is_refused_by_the_database(fields):
    version = make_figure(make_series(), 2020, "98.4")

    with pytest.raises(IntegrityError), transaction.atomic():
        ObservationVersion.objects.filter(pk=version.pk).update(**fields)


@pytest.mark.django_db
@given(
    digits=st.integers(-(10**15) + 1, 10**15 - 1), stated=st.integers(0, 6), more=st.integers(0, 6)
)
def test_a_figure_is_what_is_stated_to_the_last_decimal(digits, stated, more):
    """Whatever its size: the database takes nothing that has more decimals than are stated."""
    value = Decimal(digits).scaleb(-6)
    shown = value.quantize(Decimal(1).scaleb(-stated), ROUND_DOWN)
    with transaction.atomic():
        version = make_figure(make_series(), 2020, str(shown), stated_decimals=stated)
        more_decimals = {"stated_decimals": min(6, stated + more)}
        ObservationVersion.objects.filter(pk=version.pk).update(**more_decimals)
        if shown != value:
            assert refused(version, value=value, stated_decimals=stated)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"value": "98.5"}, {"value_upper": "98.5"}])
def test_a_target_is_what_is_stated_to_the_last_decimal(fields):
    target = make_target(comparator="between", value="97", value_upper=Decimal(99))

    assert refused(target, **fields)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_no_figure_that_is_not_a_number(value):
    version = make_figure(make_series(), 2020, "98.4")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE indicators_observationversion SET value = %s WHERE id = %s",
            [value, version.pk],
        )


def make_judgement(number=1, **fields):
    target = make_text_target()
    cell = Judgement.objects.create(target=target, target_code=target.code, year=2020)
    said = {"outcome": "done", "narrative": "制度已建立", "entered_by": make_user("author")}
    return JudgementVersion.objects.create(judgement=cell, number=number, **{**said, **fields})


def refused(row, **fields):
    """The database says no, whatever the model checks."""
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**fields)
    return True


def refused_new(model, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("make", [lambda: make_figure(make_series(), 2020, "98.4"), make_judgement])
@pytest.mark.parametrize(
    "fields", [{"state": "lost"}, {"state": State.RETURNED}, {"number": -1}], ids=str
)
def test_a_wrong_step_is_refused_by_the_database(make, fields):
    assert refused(make(), **fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        lambda **fields: make_figure(make_series(), 2020, "98.4", **fields),
        make_judgement,
    ],
)
@pytest.mark.parametrize("field", ["reviewed_by", "signed_by"])
def test_nobody_signs_or_approves_what_he_entered(make, field):
    wang = make_user()

    assert refused(make(entered_by=wang), **{field: wang})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        lambda **fields: make_figure(make_series(), 2020, "98.4", **fields),
        make_judgement,
    ],
)
@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("submitted_by", "signed_by"),
        ("submitted_by", "reviewed_by"),
        ("signed_by", "reviewed_by"),
    ],
)
def test_nobody_signs_or_decides_on_what_he_passed_on(make, earlier, later):
    wang, li = make_user(), make_user("li")
    version = make(**{earlier: wang})

    assert refused(version, **{later: wang})
    assert type(version).objects.filter(pk=version.pk).update(**{later: li}) == 1


@pytest.mark.django_db
def test_letters_of_a_figure_may_stand_together():
    version = make_figure(make_series(), 2020, "98.4", obs_status="BEP")

    version.full_clean()
    assert ObservationVersion.objects.get().obs_status == "BEP"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        lambda **fields: make_figure(make_series(), 2020, "98.4", **fields),
        make_judgement,
    ],
)
def test_a_signer_returns_only_what_he_did_not_sign(make):
    returned = {"state": State.RETURNED, "return_reason": "笔误", "returned_by_signer": True}
    version = make(**returned)

    assert refused(version, signed_by=make_user())
    assert refused(version, state=State.SUBMITTED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "nearly"},
        {"outcome": ""},
        {"state": State.SUBMITTED, "narrative": ""},
        {"state": State.TO_SIGN, "narrative": ""},
        {"state": State.APPROVED, "narrative": ""},
    ],
    ids=str,
)
def test_a_wrong_judgement_is_refused_by_the_database(fields):
    assert refused(make_judgement(), **fields)


@pytest.mark.django_db
def test_a_drafted_judgement_may_lack_its_narrative():
    JudgementVersion.objects.filter(pk=make_judgement().pk).update(narrative="")

    assert JudgementVersion.objects.get().narrative == ""


@pytest.mark.django_db
@pytest.mark.parametrize("year", [1899, 2101])
def test_one_judgement_a_target_and_year(year):
    version = make_judgement()
    cell, by = version.judgement, version.entered_by

    assert refused_new(Judgement, target=cell.target, target_code=cell.target_code, year=2020)
    assert refused_new(JudgementVersion, judgement=cell, number=1, outcome="done", entered_by=by)
    assert refused(cell, year=year)


@pytest.mark.django_db
def test_a_version_has_its_number_once():
    version = make_figure(make_series(), 2020, "98.4")
    version.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)


def test_both_kinds_of_versions_copy_what_they_say():
    """A version made by recall says all that the recalled one said: every field is either said
    or tells who did what with it."""
    steps = {field.name for field in Worked._meta.get_fields()}
    for model, cell in ((ObservationVersion, "observation"), (JudgementVersion, "judgement")):
        said = {field.name for field in model._meta.get_fields()} - steps
        assert said - {"id", cell, "evidence"} == set(model.COPIED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one: {"due_at": one.opens_at}, id="due-as-it-opens"),
        pytest.param(lambda one: {"closes_at": one.opens_at}, id="closed-as-it-opens"),
        pytest.param(
            lambda one: {"closes_at": one.due_at, "due_at": one.closes_at}, id="closed-before-due"
        ),
    ],
)
def test_a_round_runs_forward(change):
    one = make_round()

    assert refused(one, **change(one))


@pytest.mark.django_db
def test_a_round_may_close_when_it_is_due():
    one = make_round()
    type(one).objects.filter(pk=one.pk).update(closes_at=one.due_at)


@pytest.mark.django_db
def test_what_a_round_asks_for_stands_there_once():
    one, other = make_round(None, 2020), make_round(None, 2020)
    material = RoundMaterial.objects.create(round=one, kind="summary", due_at=one.due_at)

    assert refused(other, name=one.name)
    assert refused_new(RoundYear, round=one, year=2020)
    assert refused_new(RoundMaterial, round=one, kind="summary", due_at=one.due_at)
    assert refused(material, kind="cake")
    assert refused(one.year_rows.get(), year=1899)


@pytest.mark.django_db
def test_more_time_needs_a_reason():
    one = make_round()
    department, wang = make_department(), make_user()

    assert refused_new(
        RoundException,
        round=one,
        department=department,
        until=one.closes_at,
        reason="",
        granted_by=wang,
    )


def make_attachment(**fields):
    return Attachment.objects.create(
        file="attachments/2026/0",
        name="报告.pdf",
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        department=make_department(),
        added_by=make_user("author"),
    )


@pytest.mark.django_db
def test_material_is_of_a_known_kind_and_handed_in_once():
    one, attachment = make_round(), make_attachment()
    said = {"round": one, "department": attachment.department, "attachment": attachment}
    file = MaterialFile.objects.create(kind="summary", **said)

    assert refused(file, kind="cake")
    assert refused_new(MaterialFile, kind="summary", **said)


@pytest.mark.django_db
def test_somebody_is_told_once_of_each_and_of_one_thing():
    said = {"round": make_round(), "person": make_user(), "kind": "overdue"}
    notice = Notice.objects.create(**said)

    assert refused_new(Notice, **said)
    assert refused(notice, kind="again")
    assert refused(notice, kind="new_breach")
    assert refused(notice, round=None)


@pytest.mark.django_db
def test_somebody_is_told_once_of_a_verdict_that_got_worse():
    target = make_target()
    before = make_verdict(target, 2020, "achieved", superseded_at=timezone.now())
    said = {
        "person": make_user(), "kind": "new_breach", "target_code": target.code, "as_of": 2020,
        "verdict": make_verdict(target, 2020, "missed"), "before": before,
        "worse_since": timezone.now(),
    }  # fmt: skip
    notice = Notice.objects.create(**said)

    assert refused_new(Notice, **said)
    for field in ("verdict", "before", "as_of", "worse_since"):
        assert refused(notice, **{field: None})
    assert refused(notice, target_code="")


@pytest.mark.django_db
def test_a_line_of_a_file_and_its_figure_stand_in_the_preview_once():
    attachment, series = make_attachment(), make_series()
    imported = Import.objects.create(
        attachment=attachment, imported_by=attachment.added_by, language="en", job=make_job()
    )
    said = {"imported": imported, "outcome": "new", "content": {}}
    line = ImportLine.objects.create(number=2, series=series, year=2020, **said)

    assert refused_new(ImportLine, number=2, series=series, year=2019, **said)
    assert refused_new(ImportLine, number=3, series=series, year=2020, **said)
    assert refused(imported, state="lost")
    assert refused(line, outcome="perhaps")


@pytest.mark.django_db
def test_a_proposed_reading_waits_once_and_for_somebody_else():
    target, series, wang = make_target(), make_series(), make_user()
    said = {"target": target, "target_code": target.code, "series": series, "note_zh": "同一指标"}
    proposal = ReadingProposal.objects.create(proposed_by=wang, **said)

    assert refused_new(ReadingProposal, proposed_by=make_user("li"), **said)
    assert refused(proposal, decided_by=wang)
    assert refused(proposal, state="refused")
    assert refused(proposal, state="forgotten")
    ReadingProposal.objects.filter(pk=proposal.pk).update(
        state="refused", refusal_reason="口径不同"
    )
    assert ReadingProposal.objects.create(proposed_by=wang, **said).state == "proposed"


@pytest.mark.django_db
def test_one_figure_a_series_and_year():
    series = make_series()
    make_figure(series, 2020, "98.4")

    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(series=series, year=2020)


@pytest.mark.django_db
def test_one_reading_of_a_target_is_in_force():
    target, series = make_target(), make_series()
    make_reading(target, series)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_reading(target, series)


@pytest.mark.django_db
def test_a_reading_is_confirmed_by_somebody_else():
    wang = make_user()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_reading(make_target(), make_series(), read_by=wang, confirmed_by=wang)


@pytest.mark.django_db
def test_one_verdict_of_a_target_and_year_is_in_force():
    target = make_target()
    make_verdict(target, 2020)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_verdict(target, 2020)


@pytest.mark.django_db
def test_a_stale_row_names_a_series_or_a_target():
    with pytest.raises(IntegrityError), transaction.atomic():
        StaleRow.objects.create()


def test_every_status_has_a_light():
    assert set(LIGHT_OF) == set(Status.values)


@pytest.mark.parametrize("letters", ["A", "B", "BE", "P"])
def test_known_letters_of_obs_status(letters):
    known_obs_status(letters)


@pytest.mark.parametrize("letters", ["Z", "AA", "b"])
def test_unknown_letters_of_obs_status_are_refused(letters):
    with pytest.raises(ValidationError):
        known_obs_status(letters)


@pytest.mark.parametrize("text", ["2020", "2020-02", "2020-02-29"])
def test_a_date_or_the_known_part_of_it(text):
    published_on_text(text)


@pytest.mark.parametrize(
    "text", ["2020-13", "2020-02-30", "20200229", "２０２０", "2020-2", "last"]
)
def test_no_other_date(text):
    with pytest.raises(ValidationError):
        published_on_text(text)
