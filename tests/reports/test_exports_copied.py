"""What PostgreSQL writes by itself is byte for byte what Python writes, the slow way; and however
it ends, the connection is as good as before."""

import string
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DataError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.models import ObservationVersion
from reports.exports import TABLES, Export, Selection
from reports.exports import copied as copied_module
from reports.exports.copied import copied
from reports.exports.csv_file import written
from targets_site.figures import decimals_of
from targets_site.places.models import Area
from tests import factories

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no COPY"),
    pytest.mark.django_db,
]
COPIED = sorted(name for name, table in TABLES.items() if table.is_copied)
NASTY = st.text(
    st.sampled_from("'=+-@\t\r\n\",; \\.09:;<>?AZaz~中＝\u2028\ufeff😀")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    max_size=8,
)
FIGURES = st.decimals("-999999999.999999", "999999999.999999", places=6)


def both(table, *, walked=False):
    """The rows as PostgreSQL writes them, and as Python does."""
    rows = Selection(table).rows(sees_all=True)
    blocks = list(copied(table, rows, walked=walked))
    slow = list(written(table, rows))
    assert sum(block.rows for block in blocks) == sum(block.rows for block in slow)
    return b"".join(b.content for b in blocks), b"".join(b.content for b in slow)


@pytest.fixture
def figure(db):
    return factories.make_figure(factories.make_series(), 2015, "63.10")


def test_all_tables_of_figures_are_copied():
    assert {"targets", "observations", "verdicts"} <= set(COPIED)


@pytest.mark.parametrize("walked", [False, True])
def test_real_data_are_the_same_both_ways(real_data, walked):
    for name in COPIED:
        fast, slow = both(TABLES[name], walked=walked)

        assert fast == slow, name
        assert fast.count(b"\r\n") > 50, name


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.tuples(NASTY, NASTY, NASTY),
    value=st.none() | FIGURES,
    other=st.none() | FIGURES,
    decimals=st.integers(0, 6),
    seconds=st.integers(0, 2**37),
    microsecond=st.integers(0, 999_999),
)
def test_nasty_figures_are_the_same_both_ways(
    figure, texts, value, other, decimals, seconds, microsecond
):
    remark, title, published_as = texts
    moment = datetime(1985, 1, 1, tzinfo=UTC) + timedelta(0, seconds, microsecond)
    ObservationVersion.objects.filter(pk=figure.pk).update(
        value=value,
        missing_reason="" if value is not None else f"{remark}缺",
        stated_decimals=max(decimals, decimals_of((value or Decimal(0)).normalize())),
        numerator=other,
        remark=remark,
        source_title=f"{title}报",
        published_as=published_as,
        entered_at=moment,
        reviewed_at=moment,
    )
    Area.objects.update(name_zh=f"{published_as}{title}")

    fast, slow = both(TABLES["observations"])

    assert fast == slow


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NASTY.filter(bool), min_size=0, max_size=3, unique=True))
def test_nasty_lists_are_the_same_both_ways(db, names):
    with transaction.atomic():
        target = factories.make_target()
        for position, name in enumerate(names):
            link = factories.name_department(target, factories.make_department(target.area, name))
            link.position = position
            link.save()

        fast, slow = both(TABLES["targets"])
        transaction.set_rollback(True)

    assert fast == slow


def test_zero_and_trailing_zeros_are_the_same_both_ways(figure):
    for value in ("0", "-0.000001", "100", "100.10", "999999999.999999"):
        stated = decimals_of(Decimal(value))
        for decimals in {stated, max(stated, 2), 6}:
            ObservationVersion.objects.update(
                value=Decimal(value), numerator=Decimal(value), stated_decimals=decimals
            )
            fast, slow = both(TABLES["observations"])
            assert fast == slow, (value, decimals)


def test_copying_leaves_no_setting_behind(figure):
    before = ObservationVersion.objects.get().entered_at

    list(copied(TABLES["observations"], Selection(TABLES["observations"]).rows(), walked=True))

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('TimeZone'), current_setting('enable_sort')")
        assert cursor.fetchone() == ("UTC", "on")
    assert ObservationVersion.objects.get().entered_at == before


def stream(monkeypatch, *, years=range(1991, 2021)):
    """Blocks of one row of an export that is begun."""
    monkeypatch.setattr(copied_module, "BLOCK_ROWS", 1)
    series = factories.make_series()
    for year in years:
        factories.make_figure(series, year, "1")
    return iter(Export(Selection(TABLES["observations"])))


def exporting_threads():
    return [each for each in threading.enumerate() if each.name == "export"]


def test_export_that_is_given_up_leaves_no_thread_and_a_connection_that_works(db, monkeypatch):
    blocks = stream(monkeypatch)
    for _number in range(4):
        next(blocks)
    assert exporting_threads()

    blocks.close()

    assert exporting_threads() == []
    assert ObservationVersion.objects.count() == 30


def test_error_of_the_database_in_the_midst_is_raised(db, monkeypatch):
    """As where a disk fails: the statement breaks off after some rows."""
    blocks = stream(monkeypatch)
    sent = []
    broken = copied_module.copy_statement

    def divides_by_zero_later(table, rows):
        statement, parameters = broken(table, rows)
        return statement.replace('"year" AS', '"year" / ("year" - 2000) AS', 1), parameters

    monkeypatch.setattr(copied_module, "copy_statement", divides_by_zero_later)

    with pytest.raises(DataError, match="division by zero"):
        sent.extend(blocks)

    assert len(sent) < 10
    assert exporting_threads() == []
    assert ObservationVersion.objects.count() == 30


def test_line_that_takes_nothing_is_given_up(db, monkeypatch):
    monkeypatch.setattr(copied_module, "SECONDS_TO_TAKE_A_BLOCK", 0.05)
    blocks = stream(monkeypatch)
    next(blocks)
    next(blocks)
    [thread] = exporting_threads()

    thread.join(10)
    sent = []
    with pytest.raises(copied_module.Stalled):
        sent.extend(blocks)

    assert not thread.is_alive()
    assert len(sent) < 10
    assert ObservationVersion.objects.count() == 30


def test_every_character_before_a_text_is_guarded_alike(figure):
    for first in [*string.printable, "中", "＝", "😀"]:
        ObservationVersion.objects.update(remark=f"{first}x", published_as=f"'{first}x"[:120])
        fast, slow = both(TABLES["observations"])
        assert fast == slow, repr(first)
