"""Many rows at once: what the database then holds is what Django would have stored."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from indicators.actions import imports, jobs
from indicators.actions.bulk import insert
from indicators.enums import ImportState, LineOutcome, State
from indicators.models import ImportLine, JobPart, Observation, ObservationVersion
from targets_site.accounts.models import Post, User
from targets_site.figures import decimals_of
from tests.indicators.importing import (
    add_series,
    changed_line,
    csv_file,
    hand_in,
    make_world,
    read,
    store,
)

pytestmark = pytest.mark.django_db
TEXTS = [
    "一\n二", "a\tb", "a\r\nb", "\\N", "\\", "\\n\\.", "\\.", "'", '"', "%s", "😀", "", " a ",
    "NULL", "\x0b\x7f", "{}",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    return make_world()


@pytest.mark.parametrize("text", ["一\n二", "a\tb", "\\N", "\\", "\\n\\.", "'", '"', "%s", "😀"])
def test_no_character_is_lost_on_the_way_into_the_database(world, text):
    headings = ["series", "year", "value", "note", "source_title"]
    row = [world.series.code, "2020", "98.5", text, text.replace("\n", "").replace("\t", "")]

    store(read(csv_file(row, headings=headings), by=world.official))

    version = ObservationVersion.objects.get()
    assert [version.remark, version.source_title] == row[3:]
    assert ImportLine.objects.get().content["figure"]["remark"] == text


def test_lines_are_stored_as_django_stores_them(world):
    """JSON of every kind, texts that a format could take for its own signs, and NULL."""
    imported = hand_in(csv_file(changed_line()), by=world.official)
    contents = [*TEXTS, *({text: text} for text in TEXTS), [], {}, {"a": None, "b": [1, True]}, 0]
    rows = [
        {
            "imported_id": imported.pk,
            "series_id": world.series.pk,
            "outcome": LineOutcome.NEW,
            "content": content,
            "read_version": None if number % 2 else number,
            "note": TEXTS[number % len(TEXTS)],
        }
        for number, content in enumerate(contents)
    ]
    lines = [{**row, "number": place, "year": place} for place, row in enumerate(rows)]

    assert held(ImportLine, lines) == held_by_django(ImportLine, lines)


def test_versions_are_stored_as_django_stores_them(world):
    """Figures to the last digit, moments in any zone, and what has no value."""
    cell = Observation.objects.create(series=world.series, year=2020)
    shanghai = timezone(timedelta(hours=8))
    figures = ["98.5", "-0.000001", "999999999.999999", "1E+3", "0", None]
    rows = [
        {
            "observation_id": cell.pk,
            "number": number,
            "value": figure and Decimal(figure),
            "stated_decimals": decimals_of(Decimal(figure or 0)),
            "missing_reason": "" if figure else "\\N",
            "state": State.DRAFT,
            "source_grade": "reported",
            "entered_by_id": world.official.pk,
            "entered_at": datetime(2021, 1, 1, 0, 0, 0, number, tzinfo=shanghai),
        }
        for number, figure in enumerate(figures, start=1)
    ]

    assert held(ObservationVersion, rows) == held_by_django(ObservationVersion, rows)


def test_flags_and_days_are_stored_as_django_stores_them(world):
    """Of other models, since no import writes any."""
    person = User.objects.filter(pk=world.official.pk).values().get()
    post = Post.objects.filter(user=world.official).values().get() | {
        "from_date": date(2012, 2, 29)
    }
    del person["id"], post["id"]
    person |= {"username": "li", "is_staff": True}

    assert held(User, [person]) == held_by_django(User, [person])
    assert held(Post, [post]) == held_by_django(Post, [post])


def held(model, rows):
    """The rows as the database gives them back, without their keys."""
    return _held(model, lambda: insert(model, rows))


def held_by_django(model, rows):
    return _held(model, lambda: model.objects.bulk_create(model(**row) for row in rows))


def _held(model, write):
    before = set(model.objects.values_list("pk", flat=True))
    with transaction.atomic():
        write()
        found = list(model.objects.exclude(pk__in=before).order_by("pk").values())
        transaction.set_rollback(True)
    keys = [each.pop("id") for each in found]
    assert len(set(keys)) == len(keys) > 0
    return [{name: (type(said), said) for name, said in each.items()} for each in found]


def test_no_rows_are_no_statement(world, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert(ImportLine, [])


def test_what_the_database_refuses_is_an_error_of_django(world):
    row = {
        "imported_id": hand_in(csv_file(changed_line()), by=world.official).pk,
        "number": 2, "series_id": world.series.pk, "year": 2020, "outcome": "new", "content": {},
    }  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(ImportLine, [row, row])

    assert not ImportLine.objects.exists()


def test_a_full_disk_is_no_attempt(world):
    """It says nothing about the file, which is read once there is room again."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's triggers raise one kind of error only")
    rows = [[add_series(world, "0202").code, "2020", "1"]]
    handed_in = hand_in(csv_file(*rows, headings=["series", "year", "value"]), by=world.official)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE SQLSTATE '53100'; END$$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON indicators_importline"
            " EXECUTE FUNCTION full_disk()"
        )

    for _time in range(5):
        with pytest.raises(OperationalError):
            jobs.work_off_one()
    part = JobPart.objects.get()
    assert (part.attempts, part.leased_until) == (0, None)

    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER full_disk ON indicators_importline")
    assert imports.work_off(handed_in).state == ImportState.PREVIEWED
