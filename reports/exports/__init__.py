"""The tables that can be exported as CSV, by the name that commands and addresses use."""

from reports.exports.columns import Table
from reports.exports.observations import OBSERVATIONS
from reports.exports.targets import TARGETS
from reports.exports.verdicts import VERDICTS

TABLES: dict[str, Table] = {table.name: table for table in (TARGETS, OBSERVATIONS, VERDICTS)}

__all__ = ["TABLES", "Table"]
