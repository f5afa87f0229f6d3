"""The migrations that move or constrain rows, with rows in them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from indicators.actions.tallies import count_anew
from indicators.enums import Status
from indicators.models import StaleRow, VerdictTally
from plans.models import Document, Target
from targets_site.accounts.models import Role
from tests.factories import (
    make_area,
    make_document,
    make_post,
    make_target,
    make_text_target,
    make_user,
    make_verdict,
)

BEFORE, MARKED, CONSTRAINED, WITH_JOBS, NOTICES, REMINDERS_MOVED, COUNTED = (
    "0002_rounds_judgements_evidence",
    "0004_mark_what_signers_returned",
    "0005_hands_states_and_letters",
    "0007_move_imports_to_jobs",
    "0008_notices",
    "0009_move_reminders_to_notices",
    "0011_tallies_to_be_counted",
)
CODE = "990000.pass-rate.all"
SENT, HOUR = datetime(2026, 3, 1, tzinfo=UTC), timedelta(hours=1)


def migrate(name):
    """The models of that time; the trail is of its first day, which they write to."""
    then = [("indicators", name), ("audit", "0001_initial")]
    executor = MigrationExecutor(connection)
    executor.migrate(then)
    return executor.loader.project_state(then).apps


@pytest.fixture
def latest(transactional_db):
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


class Rows:
    """A figure and a judgement of the same area, with models of the time before."""

    def __init__(self, apps):
        self.apps = apps
        area = self.make("places", "Area", code="990000", level="province", name_zh="某省")
        self.area = area
        author = self.make("accounts", "User", username="author")
        signer = self.make("accounts", "User", username="signer")
        self.said = {"entered_by": author, "submitted_by": author, "reviewed_by": signer}
        indicator = self.make("indicators", "Indicator", code="pass-rate", unit="%")
        series = self.make("indicators", "Series", code=CODE, area=area, indicator=indicator)
        document = self.make(
            "plans", "Document", slug="plan-2011", area=area, start_year=2011, end_year=2020
        )
        target = self.make(
            "plans", "Target", code="plan-2011-900", area=area, document=document, kind="text",
            domain=self.make("plans", "Domain", code="product", position=1), recorded_by=author,
            stated="基本建立", locator="一、目标",
        )  # fmt: skip
        self.observation = self.make("indicators", "Observation", series=series, year=2020)
        self.judgement = self.make(
            "indicators", "Judgement", target=target, target_code=target.code, year=2020
        )

    def make(self, app, model, **fields):
        return self.apps.get_model(app, model).objects.create(**fields)

    def returned(self, number, role):
        """A figure and a judgement, and what the trail says of each."""
        said = {**self.said, "number": number, "state": "returned", "return_reason": "笔误"}
        figure = {"value": 98, "source_title": "公报", "source_grade": "reported"}
        self.make(
            "indicators", "ObservationVersion", observation=self.observation, **figure, **said
        )
        words = {"outcome": "done", "narrative": "已建成"}
        self.make("indicators", "JudgementVersion", judgement=self.judgement, **words, **said)
        for about in (f"observation:{CODE}:2020", "judgement:plan-2011-900:2020"):
            self.make(
                "audit", "Entry", action="return", role=role, object=about,
                after={"version": number, "state": "returned"},
            )  # fmt: skip


@pytest.mark.usefixtures("latest")
def test_the_trail_says_who_returned_what_was_there_before():
    rows = Rows(migrate(BEFORE))
    rows.returned(1, "signer")
    rows.returned(2, "reviewer")

    apps = migrate(MARKED)

    for model in ("ObservationVersion", "JudgementVersion"):
        found = apps.get_model("indicators", model).objects.order_by("number")
        assert list(found.values_list("number", "returned_by_signer")) == [(1, True), (2, False)]


@pytest.mark.usefixtures("latest")
def test_the_constraints_take_what_is_there_and_hold_from_then_on():
    rows = Rows(migrate(MARKED))
    rows.returned(1, "reviewer")
    rows.make(
        "indicators", "ObservationVersion", observation=rows.observation, number=2, value=97,
        source_title="公报", source_grade="official", state="approved", obs_status="BP",
        entered_by=rows.said["entered_by"],
    )  # fmt: skip

    versions = migrate(CONSTRAINED).get_model("indicators", "ObservationVersion").objects

    assert list(versions.order_by("number").values_list("number", "obs_status")) == [
        (1, "A"),
        (2, "BP"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        versions.filter(number=2).update(obs_status="X")


# By state of an import: what its job is then, and the steps that wait.
MOVED = {
    "waiting": ("waiting", "waiting", "read", [0]),
    "reading": ("waiting", "waiting", "read", [0]),
    "previewed": ("previewed", "done", "read", []),
    "refused": ("refused", "done", "read", []),
    "to_store": ("to_store", "waiting", "store", [7]),
    "stored": ("stored", "done", "store", []),
    "discarded": ("discarded", "done", "read", []),
}


def make_imports(rows):
    """One in each state, of 10 lines of which 9 were read."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    said = {"name": "a.csv", "media_type": "text/csv", "size": 1, "sha256": "0" * 64}
    author = rows.said["entered_by"]
    department = rows.make("places", "Department", code="d", area_id=rows.area.pk, name_zh="d")
    for state in MOVED:
        attachment = rows.make(
            "indicators", "Attachment", department=department, added_by=author, **said
        )
        rows.make(
            "indicators", "Import", attachment=attachment, imported_by=author, state=state,
            language="en", lines_total=10, lines_done=9, started_at=at, attempts=1,
            read_at=None if state == "waiting" else at + timedelta(minutes=1),
            stored_at=at + timedelta(minutes=2) if state == "stored" else None,
            counts={"new": 5, "changed": 2, "unchanged": 2},
        )  # fmt: skip


@pytest.mark.usefixtures("latest")
def test_imports_move_to_jobs_and_back():
    rows = Rows(migrate(CONSTRAINED))
    make_imports(rows)

    apps = migrate(WITH_JOBS)

    imports = apps.get_model("indicators", "Import").objects.select_related("job").order_by("pk")
    found = [
        (one.state, one.job.state, one.job.parameters["step"],
         list(one.job.parts.values_list("size", flat=True)))
        for one in imports
    ]  # fmt: skip
    assert found == list(MOVED.values())
    assert {one.job.asked_by_id for one in imports} == {rows.said["entered_by"].pk}
    by_state = {one.state: one for one in imports}
    stored, waiting = by_state["stored"], by_state["waiting"]
    assert (stored.job.done, stored.job.total, stored.lines_total) == (9, 10, 10)
    assert stored.job.finished_at == stored.stored_at
    assert (waiting.read_at, waiting.lines_total) == (None, None)

    before = migrate(CONSTRAINED).get_model("indicators", "Import").objects.order_by("pk")
    assert list(before.values_list("state", "lines_done")) == [
        ("waiting", 0), ("waiting", 0), ("previewed", 9), ("refused", 9), ("to_store", 0),
        ("stored", 9), ("discarded", 9),
    ]  # fmt: skip


@pytest.mark.usefixtures("latest")
def test_what_was_there_before_verdicts_were_counted_is_counted():
    """As `actions.tallies` counts it: the rows are the same when it has counted. Backwards none
    is left, so that it can be done again."""
    area = make_area("460105", parent=make_area("460100", parent=make_area("460000")))
    for number, status in enumerate(Status.values):
        is_in_words = "judged" in status or status == "not_measurable"
        make = make_text_target if is_in_words else make_target
        document = make_document(f"plan-{number % 3}", area, start_year=2018, end_year=2020)
        code, year = f"{document.slug}-{number:03d}", [2019, 2020, None][number % 3]
        target = make(code, document=document, target_year=year)
        for as_of, side in ((2018, "short"), (2019, "met"), (2020, "")):
            make_verdict(
                target, as_of, status, actual_year=[2018, None][number % 2],
                side_year=2017 if side else None, side_state=side,
            )  # fmt: skip
    Target.objects.filter(code="plan-0-003").update(superseded_at=SENT)
    make_target("plan-0-900", make_document("plan-0"), target_year=2010)
    migrate(REMINDERS_MOVED)

    migrate(COUNTED)

    counted = list(VerdictTally.objects.order_by("pk").values())
    assert len(counted) == 8
    count_anew(Document.objects.all())
    assert list(VerdictTally.objects.order_by("pk").values()) == counted
    assert not StaleRow.objects.exists()

    migrate("0010_tallies")

    assert not VerdictTally.objects.exists()


def triggers():
    """By name, what the database does by itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


def kept_triggers():
    """Without those of reports, whose tables go away and come back with what they stand on."""
    return {name: sql for name, sql in triggers().items() if not name.startswith("reports_")}


@pytest.mark.usefixtures("latest")
def test_no_trigger_is_lost_when_tables_are_made_anew():
    before = kept_triggers()
    assert [name for name in before if name.startswith("accounts_one_duty")]

    migrate(BEFORE)
    backwards = kept_triggers()
    migrate(CONSTRAINED)

    assert backwards == kept_triggers() == before
    user = make_user()
    make_post(user, Role.LEADER)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(user, Role.OFFICIAL)


def make_reminders(rows, *kinds):
    """Reminders of one round, an hour after each other; returns when each was sent."""
    area = rows.apps.get_model("places", "Area").objects.get()
    person = rows.said["entered_by"]
    one = rows.make(
        "indicators", "Round", area=area, name="2020年度数据", created_by=person,
        opens_at=SENT, due_at=SENT + HOUR, closes_at=SENT + HOUR,
    )  # fmt: skip
    sent = {kind: SENT + number * HOUR for number, kind in enumerate(kinds)}
    for kind, at in sent.items():
        rows.make("indicators", "Reminder", round=one, person=person, kind=kind, sent_at=at)
    return sent


@pytest.mark.usefixtures("latest")
def test_reminders_become_notices_that_were_mailed_and_back():
    sent = make_reminders(Rows(migrate(NOTICES)), "opened", "due_soon", "overdue")

    notices = migrate(REMINDERS_MOVED).get_model("indicators", "Notice").objects

    kinds = ["round_opened", "due_soon", "overdue"]
    assert list(
        notices.order_by("made_at").values_list("kind", "made_at", "mailed_at", "read_at")
    ) == [(kind, at, at, at) for kind, at in zip(kinds, sent.values(), strict=True)]

    notices.create(
        kind="reports_overdue", round=notices.first().round, person=notices.first().person
    )
    reminders = migrate(NOTICES).get_model("indicators", "Reminder").objects

    assert dict(reminders.values_list("kind", "sent_at")) == sent
