"""What a database holds, in figures that are the same where the same is held."""

import hashlib
from collections import defaultdict
from decimal import Decimal, localcontext
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from indicators.models import ObservationVersion
from targets_site.audit.chain import head

# More digits than a sum of figures has; by default the end of a long one would be rounded off.
DIGITS = 100
AT_A_TIME = 2000


def contents() -> dict[str, Any]:
    """As JSON has it; of the caller's snapshot.

    tables: by name, the number of rows and a digest of all of them, in whatever order they lie.
    figures: by indicator, how many versions have a value and their exact sum. chain: how many
    entries are chained, and the last hash.
    """
    last = head()
    return {
        "migrations": migrations(),
        "tables": {name: _rows_of(name) for name in tables()},
        "figures": _figures(),
        "chain": {"length": last.position, "head": last.hash} if last else None,
    }


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """A line for each thing that is not the same, with both."""
    return list(_different("", expected, found))


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def migrations() -> list[str]:
    return sorted(
        f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
    )


def _rows_of(table: str) -> dict[str, Any]:
    counted = _rows_on_postgresql if connection.vendor == "postgresql" else _rows_on_sqlite
    number, digest = counted(connection.ops.quote_name(table))
    return {"rows": number, "digest": f"{digest:x}"}


def _rows_on_postgresql(table: str) -> tuple[int, int]:
    """The sum of 60 bits of each row's hash, for a sum asks for no order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)"
            f" FROM {table} t"
        )
        number, digest = cursor.fetchone()
    return int(number), int(digest)


def _rows_on_sqlite(table: str) -> tuple[int, int]:
    number = digest = 0
    with connection.cursor() as cursor:
        cursor.execute(_all_rows(table))
        while rows := cursor.fetchmany(AT_A_TIME):
            number += len(rows)
            digest += sum(_hash(row) for row in rows)
    return number, digest


def _all_rows(quoted_table: str) -> str:
    return f"SELECT * FROM {quoted_table}"


def _hash(row: object) -> int:
    return int(hashlib.sha256(repr(row).encode(errors="surrogatepass")).hexdigest()[:15], 16)


def _figures() -> dict[str, Any]:
    """Added up here and not by the database: SQLite would add as floating point."""
    versions: dict[str, int] = defaultdict(int)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    values = ObservationVersion.objects.filter(value__isnull=False).order_by()
    rows = values.values_list("observation__series__indicator__code", "value")
    with localcontext(prec=DIGITS):
        for code, value in rows.iterator(chunk_size=AT_A_TIME):
            versions[code] += 1
            sums[code] += value or 0
    return {code: {"versions": versions[code], "sum": f"{sums[code]:f}"} for code in sorted(sums)}


def _different(where: str, expected: Any, found: Any) -> list[str]:
    if expected == found:
        return []
    if not (isinstance(expected, dict) and isinstance(found, dict)):
        return [f"{where}: {expected} ≠ {found}"]
    names = sorted({*expected, *found})
    return [
        line
        for name in names
        for line in _different(f"{where}.{name}".lstrip("."), expected.get(name), found.get(name))
    ]
