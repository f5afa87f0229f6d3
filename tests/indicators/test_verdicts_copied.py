"""Columns out of PostgreSQL and back say what a row a target says, of made and of real targets."""

import random
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.db import connection, transaction

from indicators.actions.verdicts import copied, recompute, rows
from indicators.models import Judgement, JudgementVersion, Verdict
from indicators.reference.load import load_reference, reference_user
from plans.models import Document
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows COPY"),
]
FIXTURES = Path(project_settings.BASE_DIR) / "fixtures"
UNITS = ["%", "index", "个"]
GRADES = ["official", "press", "reprint", "reported"]


class Made:
    """A document with targets of every kind, drawn by chance."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.document = make_document(start_year=2011, end_year=2020)
        self.unit = self.one_of(UNITS)
        nature = self.one_of(["level", "level", "level", "cumulative", "flow"])
        indicator = make_indicator(unit=self.unit, nature=nature, largest=None, smallest=None)
        self.series = [
            make_series(indicator=indicator, scope=f"s{n}", frequency=self.one_of([1, 1, 1, 5]))
            for n in range(3)
        ]
        for series in self.series:
            self.add_figures(series)
        for number in range(1, 9):
            self.add_target(number)
        self.add_words()

    def one_of(self, choices):
        return self.chance.choice(choices)

    def figure(self):
        if self.chance.random() < 0.05:
            return self.one_of(["999999999.999999", "-999999999.999999", "0.000001", "123456789"])
        decimals = self.one_of([0, 1, 2, 2, 4])
        return f"{self.chance.uniform(80, 100):.{decimals}f}"

    def add_figures(self, series):
        for year in self.chance.sample(range(2008, 2022), self.chance.randint(0, 11)):
            value = None if self.chance.random() < 0.05 else self.figure()
            make_figure(
                series,
                year,
                value,
                bound=self.one_of(["exact"] * 8 + ["at_least", "at_most", "about"]),
                obs_status=self.one_of(["A"] * 9 + ["B", "BE", "P"]),
                source_grade=self.one_of(GRADES),
            )

    def add_target(self, number):
        kind = self.one_of(["reach", "reach", "reach", "hold", "relative", "monotone"])
        comparators = ["ge", "le"]
        if kind in {"reach", "hold"}:
            comparators = ["ge", "ge", "ge", "gt", "le", "lt", "about"]
        comparator = self.one_of(comparators)
        target = make_target(
            f"plan-2011-{number:03}",
            self.document,
            kind=kind,
            comparator=comparator,
            value=None if kind == "monotone" else self.figure(),
            unit=self.unit,
            target_year=self.one_of([2015, 2020, 2020, 2018, None]),
        )
        if self.chance.random() < 0.9:
            self.add_reading(target, kind, comparator)

    def add_reading(self, target, kind, comparator):
        is_named = self.chance.random() < 0.4
        make_reading(
            target,
            self.one_of(self.series),
            hold_from=self.one_of([None, None, 2013, 2016]),
            tolerance=self.one_of([None, "0.5", "0.000001"]) if comparator == "about" else None,
            baseline_year=self.chance.randint(2008, 2016) if is_named else None,
            baseline_value=self.figure() if is_named else None,
        )

    def add_words(self):
        for number, years in enumerate([(), (2013, 2016)]):
            target = make_text_target(f"plan-2011-90{number}", target_year=2020)
            for year in years:
                cell = Judgement.objects.create(target=target, target_code=target.code, year=year)
                cell.in_force = JudgementVersion.objects.create(
                    judgement=cell,
                    number=1,
                    state="approved",
                    outcome=self.one_of(["done", "partly", "not"]),
                    narrative="已建立",
                    entered_by=reference_user(),
                )
                cell.save()


def stored():
    """What is in force, without what tells one row from another."""
    left_out = {"id", "recorded_at", "superseded_at"}
    names = [f.attname for f in Verdict._meta.concrete_fields if f.attname not in left_out]
    found = Verdict.objects.in_force().order_by("target_id", "as_of").values(*names)
    return [{name: plain(value) for name, value in row.items()} for row in found]


def plain(value):
    return value.normalize() if hasattr(value, "normalize") else value


def both_ways(documents, as_of=None):
    """What rows store, and what columns store in their place."""
    with transaction.atomic():
        changed = rows.recompute(documents, None, as_of=as_of).changed
        by_rows = stored()
        transaction.set_rollback(True)
    assert not Verdict.objects.exists()
    assert copied.recompute(documents, None, as_of=as_of).changed == changed == len(by_rows)
    return by_rows, stored()


@pytest.mark.parametrize("seed", range(40))
def test_columns_say_what_rows_say(seed):
    made = Made(seed)

    by_rows, by_columns = both_ways([made.document.pk])

    assert by_columns == by_rows


@pytest.mark.parametrize("seed", range(40, 50))
def test_columns_and_rows_agree_that_nothing_changed(seed):
    made = Made(seed)
    both_ways([made.document.pk])

    assert copied.recompute([made.document.pk], None, as_of=None).changed == 0
    assert rows.recompute([made.document.pk], None, as_of=None).changed == 0
    assert Verdict.objects.filter(superseded_at__isnull=False).count() == 0


def test_the_real_targets_have_the_same_verdicts_in_columns_and_in_rows():
    load_reference(FIXTURES)

    by_rows, by_columns = both_ways(list(Document.objects.values_list("pk", flat=True)))

    assert len(by_rows) > 2000
    assert by_columns == by_rows


@pytest.mark.parametrize("as_of", [2010, 2011, 2015, 2020])
def test_one_year_is_seen_from_alone(as_of):
    made = Made(99)

    by_rows, by_columns = both_ways([made.document.pk], as_of)

    assert by_columns == by_rows
    assert {row["as_of"] for row in by_columns} <= {as_of}


@pytest.mark.parametrize("seed", range(20))
def test_one_year_alone_says_what_all_years_together_say(seed):
    made = Made(seed)
    copied.recompute([made.document.pk], None, as_of=None)

    changed = [
        copied.recompute([made.document.pk], None, as_of=as_of).changed
        for as_of in range(2010, 2022)
    ]

    assert changed == [0] * 12


def test_a_level_finer_than_the_columns_goes_by_rows():
    """Half a millionth has seven decimals, a thousandth of a level with six has nine."""
    document = make_document()
    about = make_target(comparator="about", value="98.000001", unit="%")
    relative = make_target("plan-2011-002", kind="relative", value="0.1", unit="%")
    series = make_series()
    make_reading(about, series)
    other = make_series(scope="other")
    make_reading(relative, other, baseline_year=2010, baseline_value="98.000001")
    make_figure(series, 2020, "98.000000")
    make_figure(other, 2020, "98.098001")

    by_rows, by_columns = both_ways([document.pk])

    assert by_columns == by_rows
    of_2020 = {row["target_id"]: row for row in by_columns if row["as_of"] == 2020}
    # 98.000001 × 1.001 = 98.098001001
    assert str(of_2020[relative.pk]["gap"]) == "1E-9"
    assert of_2020[relative.pk]["status"] == "missed"


@pytest.mark.parametrize("seed", range(50, 60))
def test_more_years_than_are_computed_at_once_come_one_after_another(seed, monkeypatch):
    made = Made(seed)
    by_rows, _by_columns = both_ways([made.document.pk])
    Verdict.objects.all().delete()
    monkeypatch.setattr(copied, "AT_A_TIME", 25)

    recompute(made.document.targets.all())

    assert stored() == by_rows
