"""The test's database in a PostgreSQL of its own."""

import errno
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.conftest import leave_out
from tests.services.clusters import PROGRAMS, SUPERUSER, Cluster
from tests.services.servers import LOCAL, database_url

NAME = "copied"


def copied_into(one: Cluster) -> None:
    """With its tables and what the tables hold, in a second: migrating takes half a minute."""
    one.run(f"CREATE DATABASE {NAME}")
    dump = subprocess.run(
        [PROGRAMS / "pg_dump", "--no-owner", database_url()], check=True, capture_output=True
    )
    subprocess.run(
        [PROGRAMS / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", one.url(name=NAME)],
        input=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def standing_on(one: Cluster) -> Iterator[None]:
    """All connections of this process that are opened inside; and what is started there."""
    copied_into(one)
    own = {"HOST": LOCAL, "PORT": one.port, "NAME": NAME}
    own |= {"USER": SUPERUSER, "PASSWORD": one.password}
    before = {name: connection.settings_dict[name] for name in own}
    connection.close()
    connection.settings_dict.update(own)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def small_disk(*, megabytes: int) -> Iterator[Path]:
    """In memory; its folder."""
    with tempfile.TemporaryDirectory(prefix="disk-") as folder:
        mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", folder]
        mounted = subprocess.run(mounting, check=False, capture_output=True, text=True)
        if mounted.returncode:
            leave_out(f"only root can make a small disk: {mounted.stderr.strip()}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def filled_up(folder: Path) -> Iterator[None]:
    """Not a byte more goes onto the disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            write_while_there_is_room(file.fileno(), b"x" * size)
    try:
        yield
    finally:
        filler.unlink()


def write_while_there_is_room(file: int, block: bytes) -> None:
    try:
        while os.write(file, block) == len(block):
            continue
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
