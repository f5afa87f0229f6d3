"""Targets whose figures come into force, and what must hold once the work is done: slow, obvious,
by looking at every row."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from django.db import connection, transaction

from indicators.actions import entry
from indicators.actions.entry import EnteredFigure
from indicators.actions.verdicts import recompute
from indicators.models import ObservationVersion, Series, StaleRow, Verdict
from plans.models import Target
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_document,
    make_figure,
    make_official,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_target,
)
from tests.services.people import WHY_BELOW, Page, Person, approve
from tests.services.servers import wait_until

YEARS = range(2011, 2021)
# At least 98 % by 2020, so that only the last year's verdict changes with the figure of 2020.
WANTED = Decimal(98)


class World:
    """Targets that have verdicts of every year already, without a figure; their figures of 2020
    are entered by an official and decided on by a reviewer, both of whom can sign in.

    values: what has been put in force of 2020, by target code, in order.
    """

    def __init__(self, number: int, *, documents: int = 1) -> None:
        self.department = make_department()
        self.official = make_official("official", self.department)
        self.reviewer = make_reviewer("reviewer")
        make_round(self.department.area, 2020)
        self.series: dict[str, Series] = {}
        self.values: dict[str, list[Decimal]] = {}
        for index in range(number):
            target = make_target(f"plan-{index:04}", make_document(f"plan-{index % documents}"))
            series = make_series(scope=f"s{index}", department=self.department)
            make_reading(target, series)
            self.series[target.code], self.values[target.code] = series, []
        recompute(Target.objects.in_force())
        assert not StaleRow.objects.exists()

    @property
    def codes(self) -> list[str]:
        return list(self.series)

    def target(self, code: str) -> Target:
        return Target.objects.in_force().get(code=code)

    def versions(self, code: str) -> list[str]:
        """What all versions of the figure say, oldest first."""
        rows = ObservationVersion.objects.filter(observation__series=self.series[code])
        return [each.value_as_stated for each in rows.order_by("number")]

    def put_in_force(self, value: str, codes: Iterable[str] = ()) -> None:
        """The figure of these targets, of all unless named, and their stale rows in one
        transaction, without a message to anybody."""
        chosen = list(codes) or self.codes
        with transaction.atomic():
            for code in chosen:
                make_figure(self.series[code], 2020, value)
                self.values[code].append(Decimal(value))
            StaleRow.objects.append_series(self.series[code].pk for code in chosen)

    def submitted(self, code: str, value: str) -> int:
        """A figure on the reviewers' desk; the primary key of its version."""
        series = self.series[code]
        before = ObservationVersion.objects.filter(observation__series=series).last()
        entry.save(
            series=series,
            year=2020,
            figure=EnteredFigure(
                value=Decimal(value), stated_decimals=2, source_title="统计公报", **WHY_BELOW
            ),
            read_version=before.number if before else None,
            correction_reason="原数有误" if before else "",
            by=self.official,
        )
        return self.submit(code)

    def submit(self, code: str) -> int:
        """The newest version of the figure goes on the reviewers' desk; its primary key."""
        newest = ObservationVersion.objects.filter(observation__series=self.series[code]).last()
        return int(entry.submit(version=newest, by=self.official).pk)

    def approved(self, code: str, value: str, *, by: Person) -> Page:
        """Entered, submitted, and approved over HTTP."""
        page = approve(by, self.submitted(code, value))
        self.values[code].append(Decimal(value))
        return page

    def assert_effective_once(self, *, without: Collection[str] = ()) -> None:
        """Every change took effect, each once, and the trail says so.

        without: codes of the targets that cannot be judged; only their rows are left.
        """
        left = {self.series[code].pk for code in without}
        assert set(StaleRow.objects.values_list("series", flat=True)) == left
        in_force = Counter(Verdict.objects.in_force().values_list("target__code", "as_of"))
        assert in_force == {(code, year): 1 for code in self.codes for year in YEARS}
        for code in self.codes:
            self._assert_told_once(code, [] if code in without else self.values[code])
        told = Entry.objects.filter(action="recompute").values_list("after", flat=True)
        assert sum(each["verdicts"] for each in told) == Verdict.objects.count()

    def _assert_told_once(self, code: str, values: list[Decimal]) -> None:
        rows = Verdict.objects.filter(target__code=code).order_by("pk")
        assert rows.exclude(as_of=2020).count() == len(YEARS) - 1, "no other year changed"
        said = list(rows.filter(as_of=2020).values_list("status", "actual_value"))
        wanted = [("achieved" if value >= WANTED else "missed", value) for value in values]
        assert said[0] == ("not_collected", None)
        # Changes that waited together took effect together; what counts is the last.
        assert is_in_order(said[1:], within=wanted), (code, said, wanted)
        assert said[-1:] == (wanted or said)[-1:], (code, said, wanted)


def is_in_order(said: Sequence[object], *, within: Sequence[object]) -> bool:
    rest = iter(within)
    return all(each in rest for each in said)


class Slowed:
    """A worker that stores a verdict of the target stops there for some seconds, in the middle of
    its batch. For the worker it is a slow database."""

    def __init__(self, target: Target, *, seconds: float) -> None:
        self.target, self.seconds = target, seconds

    def __enter__(self) -> "Slowed":
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION slowed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" PERFORM pg_sleep({self.seconds}); RETURN NEW; END $$;"
                "CREATE TRIGGER slowed BEFORE INSERT ON indicators_verdict FOR EACH ROW"
                # Once a statement: what does not change is offered too, and passed over.
                f" WHEN (NEW.target_id = {self.target.pk} AND NEW.as_of = {YEARS[-1]})"
                " EXECUTE FUNCTION slowed();"
            )
        return self

    def __exit__(self, *_error: object) -> None:
        for pid in self.backends():
            self.terminate(pid)
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER slowed ON indicators_verdict; DROP FUNCTION slowed();")

    def backends(self) -> list[int]:
        """Of those who stand there now."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                " AND datname = current_database()"
            )
            return [pid for (pid,) in cursor.fetchall()]

    def wait(self, *, seconds: float = 60) -> int:
        """Until somebody stands there; the process of the database that serves him."""
        wait_until(self.backends, seconds=seconds)
        return self.backends()[0]

    @staticmethod
    def terminate(pid: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
