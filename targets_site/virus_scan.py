"""The deployment's own virus scanner, asked about each file that people send."""

import logging
import os
import signal
import subprocess
from collections.abc import Sequence
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

SECONDS_TO_SCAN = 30.0
CLEAN, INFECTED = 0, 1
CHUNK_BYTES = 64 * 1024
# What programs are found by; no secrets.
PASSED_ON = ("PATH", "HOME", "LANG")


class ScanFailed(Exception):
    """The scanner said neither that a file is clean nor that it is infected."""


def refuse_infected(file: IO[bytes], *, name: str) -> None:
    """Have the file scanned where UPLOAD_SCAN_COMMAND says by what; name: as it is said.

    The file must be seekable and stands at its beginning afterwards. Raises ValidationError with
    the code unsafe, or unscanned where the scanner does not answer: then nothing is taken. Not to
    be called within a transaction, which would keep others from saving meanwhile.
    """
    command = settings.UPLOAD_SCAN_COMMAND
    if not command:
        return
    try:
        is_infected = _is_infected(file, command)
    except ScanFailed as error:
        logger.error("An upload was refused: the virus scanner %s %s.", command[0], error)
        message = _(
            "“%(name)s” could not be checked for viruses and was not stored: try again later, or "
            "tell the system administrator."
        )
        raise ValidationError(message, code="unscanned", params={"name": name}) from error
    finally:
        file.seek(0)
    if is_infected:
        message = _(
            "The virus scan refuses “%(name)s”, and it was not stored: have your computer scanned "
            "before you send the file again."
        )
        raise ValidationError(message, code="unsafe", params={"name": name})


def _is_infected(file: IO[bytes], command: Sequence[str]) -> bool:
    try:
        code = _exit_code(file, command)
    except subprocess.TimeoutExpired as error:
        raise ScanFailed(f"took longer than {SECONDS_TO_SCAN:g} s") from error
    except OSError as error:
        raise ScanFailed(f"could not be run: {error.strerror}") from error
    if code not in (CLEAN, INFECTED):
        raise ScanFailed(f"ended with {code}")
    return code == INFECTED


def _exit_code(file: IO[bytes], command: Sequence[str]) -> int:
    """A copy is what it reads: a pipe would have to be fed within the time, and some uploads have
    no file of their own. What it says is read by nobody, since it may tell of the content."""
    with TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        file.seek(0)
        copyfileobj(file, copy, CHUNK_BYTES)
        copy.seek(0)
        with subprocess.Popen(
            command,
            stdin=copy,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,
        ) as scanner:
            try:
                return scanner.wait(SECONDS_TO_SCAN)
            except BaseException:
                # With whatever it started itself.
                os.killpg(scanner.pid, signal.SIGKILL)
                raise
