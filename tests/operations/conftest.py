"""The product as it runs: a database that other processes open too, figures, files."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from targets_site.operations.backups.databases import this_database
from tests.operations.product import Product


@pytest.fixture
def on_disk(transactional_db, tmp_path):
    """Tests on SQLite lie in the memory of one process; the product does not."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = str(tmp_path / "db.sqlite3")
    with closing(sqlite3.connect(path)) as copy:
        in_memory.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, path
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


@pytest.fixture
def product(on_disk, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.BACKUPS_DIR = tmp_path / "backups"
    return Product()


@pytest.fixture
def empty(on_disk):
    """The URL of a database with nothing in it."""
    with this_database().scratch() as url:
        yield url
