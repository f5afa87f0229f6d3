"""What differs between the two databases: how a backup leaves them and comes back."""

from django.db import connection

from targets_site.operations.backups.databases import postgresql, sqlite
from targets_site.operations.backups.databases.kinds import Database


def this_database() -> Database:
    """Of the default connection."""
    return postgresql.DATABASE if connection.vendor == "postgresql" else sqlite.DATABASE
