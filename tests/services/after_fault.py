"""What must hold of people's attempts after a fault, whatever it was: slow, obvious, by looking at
every row. The nine points of the fault plan's oracle."""

import csv
import io
import json
import re
from collections import defaultdict
from decimal import Decimal

from django.db import connection
from django.db.models import Count, QuerySet

from indicators.models import Observation, ObservationVersion
from targets_site.audit.models import Entry
from targets_site.audit.sealer import Sealer
from targets_site.audit.verifying.verify import verify
from tests.services.ledger import Ledger
from tests.services.people import Person
from tests.services.servers import Site, is_ready, wait_until

# Seconds until a person is told, and until the site is well again without anybody's hand.
ANSWERED, HEALTHY = 10, 60
CELL = ("observation__series__code", "observation__year")


def assert_holds(ledger: Ledger, *, site: Site, reader: Person, answered: float = ANSWERED) -> None:
    """The nine points of a fault's oracle, whatever it was.

    reader: who reads what is in force. answered: seconds in which each attempt was.
    """
    took = wait_until(lambda: is_ready(site.url), seconds=HEALTHY)
    # The test's own connection may have been cut, too.
    connection.close()
    assert_stored(ledger)
    _assert_sums_agree(site, reader)
    _assert_people_were_told(ledger, seconds=answered)
    print(f"{ledger}; well again after {took:.1f} s")


def assert_stored(ledger: Ledger) -> None:
    """The points of it that the database alone shows."""
    assert_stored_as_told(ledger)
    _assert_numbered_as_in_trail(ledger)
    _assert_chained()
    _assert_no_key_twice()


def assert_stored_as_told(ledger: Ledger) -> None:
    """What was called saved is there, be it superseded by now; what was not is absent; what nobody
    was told of is there or not at all. Each attempt makes at most the version after the one that
    was read, and the same figure twice running is one figure stored twice."""
    stored = defaultdict(set)
    for series, year, value, number in _versions(ledger).values_list(*CELL, "value", "number"):
        stored[series, year, value].add(number)
    attempts = defaultdict(list)
    for each in ledger.attempts:
        attempts[each.series, each.year, Decimal(each.value)].append(each)
    assert set(stored) <= set(attempts), "a figure that nobody entered"
    for key, tried in attempts.items():
        allowed = {each.read_version + 1 for each in tried if each.outcome != "fail"}
        assert stored[key] <= allowed, (key, stored[key], tried)
        assert not any(number + 1 in stored[key] for number in stored[key]), (key, stored[key])
        for each in tried:
            # Whoever saves a draft as he read it is told that it is saved, and makes no other.
            as_told = {each.read_version, each.read_version + 1}
            assert each.outcome != "ok" or as_told & stored[key], (each, stored[key])


def _assert_numbered_as_in_trail(ledger: Ledger) -> None:
    """Versions run 1..n without a gap, and the trail has saved each of them, once."""
    numbers = defaultdict(list)
    for series, year, number in _versions(ledger).values_list(*CELL, "number").order_by("number"):
        numbers[f"observation:{series}:{year}"].append(number)
    saves = Entry.objects.filter(action="save", object__in=numbers).order_by("seq")
    told = defaultdict(list)
    for about, after in saves.values_list("object", "after"):
        told[about].append(after["version"])
    for about, found in numbers.items():
        assert found == list(range(1, len(found) + 1)), (about, found)
        assert told[about] == found, (about, told[about], found)
    entries = Entry.objects.filter(action="save", object__startswith="observation:")
    cells = {f"observation:{each.series}:{each.year}" for each in ledger.attempts}
    assert set(entries.filter(object__in=cells).values_list("object", flat=True)) == set(numbers)


def _assert_chained() -> None:
    Sealer().look()
    assert verify() == []


def _assert_no_key_twice() -> None:
    cells = Observation.objects.values("series", "year").annotate(times=Count("pk"))
    assert not cells.filter(times__gt=1).exists()
    versions = ObservationVersion.objects.values("observation", "number")
    assert not versions.annotate(times=Count("pk")).filter(times__gt=1).exists()


def _assert_sums_agree(site: Site, reader: Person) -> None:
    """Of the figures in force: in the database, on pages, from the API, and in the CSV file."""
    rows = Observation.objects.filter(in_force__value__isnull=False)
    stored = {
        (series, year): value
        for series, year, value in rows.values_list("series__code", "year", "in_force__value")
    }
    pages = {}
    for series, year in stored:
        shown = reader.get(f"/provenance/{series}/{year}/").text
        found = re.search(r'class="num nowrap">([-\d.]+)', shown)
        assert found, f"no figure on the page of {series} {year}"
        pages[series, year] = Decimal(found[1])
    sums = {
        "database": sum(stored.values()),
        "pages": sum(pages.values()),
        "API": sum(_from_api(site, reader)),
        "CSV": sum(_from_csv(reader)),
    }
    assert len(set(sums.values())) == 1, sums


def _from_api(site: Site, reader: Person) -> list[Decimal]:
    values, address = [], "/api/v1/observations/"
    while address:
        said = json.loads(reader.get(address).text)
        values += [Decimal(each["value"]) for each in said["results"] if each["value"]]
        address = (said["next"] or "").removeprefix(site.url)
    return values


def _from_csv(reader: Person) -> list[Decimal]:
    text = reader.get("/exports/observations.csv").text.removeprefix("\ufeff")
    return [Decimal(row["value"]) for row in csv.DictReader(io.StringIO(text)) if row["value"]]


def _assert_people_were_told(ledger: Ledger, *, seconds: float) -> None:
    """In time, and in words: saved, not saved, or please look."""
    for each in ledger.attempts:
        assert each.seconds < seconds, each
        assert each.said or not each.status, f"an answer that says nothing: {each}"


def _versions(ledger: Ledger) -> QuerySet[ObservationVersion]:
    """All versions of the cells that people tried to save."""
    series = {each.series for each in ledger.attempts}
    years = {each.year for each in ledger.attempts}
    return ObservationVersion.objects.filter(
        observation__series__code__in=series, observation__year__in=years
    )
