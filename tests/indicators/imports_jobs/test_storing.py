"""A preview is stored whole or not at all, once it was seen and confirmed."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest

from indicators.actions import entry, imports, workflow
from indicators.enums import ImportState
from indicators.models import ImportLine, Observation, ObservationVersion
from targets_site.audit.models import Entry
from tests.factories import make_figure, make_reviewer
from tests.indicators.importing import changed_line, csv_file, read, store, what_is_stored
from tests.indicators.imports_jobs.world import BY_SERIES, GOOD


def test_a_preview_is_stored_as_drafts_with_one_trail_entry(world):
    make_figure(world.series, 2025, "98.0")
    content = csv_file(changed_line(), changed_line(年份="2025", 数值="98.1"))
    imported = read(content, by=world.official, reason="修订")
    before = Entry.objects.latest("seq").seq

    stored = store(imported)

    assert (stored.state, stored.stored_at is not None) == (ImportState.STORED, True)
    entries = Entry.objects.filter(seq__gt=before)
    about = f"job:{stored.job_id}"
    assert [(each.action, each.object) for each in entries] == [
        ("start_job", about), ("import", f"import:{imported.pk}"), ("end_job", about),
    ]  # fmt: skip
    said = entries.get(action="import")
    assert (said.action, said.object, said.actor, said.role, said.reason) == (
        "import", f"import:{imported.pk}", "wang", "official", "修订",
    )  # fmt: skip
    assert said.after == {
        "file": "数据.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "new": 1,
        "changed": 1,
        "unchanged": 0,
    }
    new = Observation.objects.get(year=2020)
    assert (new.in_force, new.working.value, new.working.state) == (None, Decimal("98.5"), "draft")
    corrected = Observation.objects.get(year=2025)
    assert (corrected.in_force.number, corrected.working.number) == (1, 2)
    assert corrected.working.correction_reason == "修订"


def test_the_stored_draft_goes_the_usual_way(world):
    headings = [*BY_SERIES, "source_title"]
    content = csv_file([world.series.code, "2020", "98.50", "公报"], headings=headings)
    store(read(content, by=world.official))
    draft = ObservationVersion.objects.get()

    sent = entry.submit(version=draft, by=world.official)
    approved = workflow.approve(version=sent, by=make_reviewer(area=world.series.area))

    assert approved.value_as_stated == "98.50"
    assert Observation.objects.get().in_force == approved


def test_nothing_is_stored_while_it_is_only_previewed(world):
    before = what_is_stored()

    imported = read(GOOD, by=world.official)

    assert imported.state == ImportState.PREVIEWED
    assert what_is_stored() == before


def test_one_refused_line_refuses_all(world):
    before = what_is_stored()

    imported = read(
        csv_file(changed_line(), changed_line(年份="2025", 数值="x")), by=world.official
    )

    assert imported.state == ImportState.REFUSED
    assert imported.counts == {"new": 1, "refused": 1, "problems_found": 1}
    assert not ImportLine.objects.exists()
    assert what_is_stored() == before
    with pytest.raises(imports.NotAtThisStep):
        store(imported)


def test_what_is_asked_about_is_stored_only_once_confirmed(world):
    imported = read(csv_file(changed_line(数值="0.95")), by=world.official)
    before = what_is_stored()
    assert imported.counts == {"new": 1, "questions": 1}

    with pytest.raises(imports.steps.ValidationError) as refused:
        imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=False)

    assert refused.value.code == "unconfirmed"
    assert what_is_stored() == before
    store(imported, confirmed=True)
    assert ObservationVersion.objects.get().value == Decimal("0.95")


def test_nothing_to_store_is_not_stored(world):
    store(read(GOOD, by=world.official))
    again = read(GOOD, by=world.official)

    with pytest.raises(imports.steps.ValidationError) as refused:
        store(again)

    assert refused.value.code == "nothing"
    assert ObservationVersion.objects.count() == 1


def test_only_the_preview_that_was_seen_is_stored(world):
    imported = read(GOOD, by=world.official)

    with pytest.raises(imports.NotAtThisStep):
        imports.ask_to_store(
            imported=imported, seen=imported.read_at - timedelta(seconds=1), confirmed=True
        )


def test_a_discarded_preview_is_gone(world):
    imported = read(GOOD, by=world.official)

    discarded = imports.discard(imported=imported)

    assert discarded.state == ImportState.DISCARDED
    assert not ImportLine.objects.exists()
    assert Entry.objects.filter(action="discard", object=f"import:{imported.pk}").count() == 1
    with pytest.raises(imports.NotAtThisStep):
        store(imported)
