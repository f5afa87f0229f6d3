"""Exports as bytes and as rows."""

import csv
import io
from datetime import datetime, timedelta, timezone

from reports.exports import TABLES, Export, Selection
from targets_site.audit.context import Actor

NOON = datetime(2024, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=8)))
EVERY_TABLE = sorted(TABLES)
TABLES_OF_FIGURES = ["targets", "observations", "verdicts"]


def export(table, *, area="", bom=False, actor="auditor"):
    selection = Selection(TABLES[table], area=area)
    return Export(selection, bom=bom, actor=Actor(name=actor, ip="10.0.0.7"))


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def exported(table, **options):
    return rows_of(b"".join(export(table, **options)))
