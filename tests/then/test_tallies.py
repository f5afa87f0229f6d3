"""The roll-up as it stood: what is counted anew, and what is taken from the table."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from indicators.actions.tallies import count_anew
from indicators.models import Verdict, VerdictTally
from indicators.then.tallies import changed, counted
from plans.models import Document, Target
from targets_site.then import as_it_stood
from targets_site.then.views import At, quoted
from tests.factories import make_document, make_target, make_verdict

pytestmark = pytest.mark.django_db
NAMES = [f.column for f in VerdictTally._meta.concrete_fields if f.name != "id"]


def now():
    is_postgresql = connection.vendor == "postgresql"
    moment = timezone.now()
    literal = f"TIMESTAMPTZ '{moment}'" if is_postgresql else f"'{moment.replace(tzinfo=None)}'"
    return At(literal, is_postgresql=is_postgresql, schema="public" if is_postgresql else "main")


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.usefixtures("real_data")
def test_counted_it_is_what_the_table_holds():
    held = sorted(VerdictTally.objects.order_by().values_list(*NAMES))
    of = Document.objects.earliest("pk").pk

    all_of_them = asked(f"SELECT {', '.join(map(quoted, NAMES))} FROM ({counted(now())}) c")
    one = asked(f"SELECT document_id FROM ({counted(now(), documents=str(of))}) c")

    assert sorted(all_of_them) == held
    assert {document for (document,) in one} == {of}
    assert asked(changed(now())) == []


def test_only_documents_with_something_recorded_since_are_counted(db):
    """Of the others the table is believed; this one says a number that nobody could count."""
    before, moment = timezone.now() - timedelta(days=2), timezone.now() - timedelta(days=1)
    plans = [make_document(f"plan-{number}") for number in (1, 2, 3)]
    for plan in plans:
        target = make_target(f"{plan.slug}-001", plan, recorded_at=before)
        make_verdict(target, 2020, "missed", recorded_at=before)
    count_anew(Document.objects.all())
    VerdictTally.objects.update(in_words=77)
    Target.objects.filter(document=plans[1]).update(superseded_at=timezone.now())
    Verdict.objects.filter(target__document=plans[2]).update(superseded_at=timezone.now())

    with as_it_stood(moment):
        rows = VerdictTally.objects.filter(as_of=2020).order_by("document")
        shown = list(rows.values_list("document", "in_words", "red"))

    in_words = 77 if connection.vendor == "postgresql" else 0
    assert shown == [(plans[0].pk, in_words, 1), (plans[1].pk, 0, 1), (plans[2].pk, 0, 1)]
