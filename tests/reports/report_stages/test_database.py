"""What the database itself refuses to hold of a report."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import Report, ReportStep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "unknown"},
        {"stage": "issued"},
        {"issued_at": timezone.now()},
        {"edition": 0},
        {"version": 0},
        {"year": 3000},
    ],
)
def test_database_refuses(report, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**fields)


def test_database_holds_one_report_under_way_and_one_of_an_edition(report):
    copy = {
        field.name: getattr(report, field.name)
        for field in Report._meta.concrete_fields
        if field.name != "id"
    }
    for changed in ({"edition": 2}, {"edition": 1, "replaced_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(**{**copy, **changed})


def test_database_wants_a_reason_for_a_return(report):
    step = report.steps.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportStep.objects.filter(pk=step.pk).update(kind="return")
