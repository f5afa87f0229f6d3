"""Backups that leave the house: encrypted for whoever holds the key of a certificate.

A random password is encrypted for the certificate (CMS), the backup by that password (AES-256);
openssl alone opens both, see the guide. Not the backup itself by CMS: openssl would read all of it
into memory to decrypt it. Whether it was tampered with, the manifest in it says.
"""

import os
import re
import secrets
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from targets_site.operations.backups.errors import BackupError
from targets_site.operations.backups.programs import run

SUFFIX = ".encrypted"
PASSWORD, DATA = "password.cms", "backup.tar.enc"
PASSWORD_LETTERS = re.compile("[0-9a-f]{64}")
BLOCK = 64 * 1024
CIPHER = ["enc", "-aes-256-ctr", "-pbkdf2", "-iter", "10000", "-md", "sha256"]


def encrypt(backup: Path, *, certificate: Path) -> Path:
    """A folder beside the backup; it appears once it is whole. Raises BackupError."""
    done = backup.with_name(backup.name + SUFFIX)
    part = backup.with_name(f".unfinished-{done.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    try:
        password = secrets.token_hex(32)
        _encrypt_password(password, certificate, part / PASSWORD)
        _encrypt_folder(backup, password, part / DATA)
        return part.rename(done)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def decrypt(folder: Path, into: Path, *, key: Path) -> None:
    """The backup's files into an empty folder. Raises BackupError where the key is another or
    something is damaged."""
    password = _decrypt_password(folder / PASSWORD, key)
    with _openssl(password, "-d", "-in", str(folder / DATA), stdout=subprocess.PIPE) as decrypting:
        try:
            with tarfile.open(fileobj=decrypting.stdout, mode="r|") as archive:
                archive.extractall(into, filter="data")
            _read_to_its_end(decrypting.stdout)
        except (tarfile.TarError, OSError, EOFError) as error:
            raise BackupError(
                f"加密备份已损坏。/ The encrypted backup is damaged: {error}"
            ) from error


def is_encrypted(folder: Path) -> bool:
    return (folder / DATA).is_file()


def _encrypt_password(password: str, certificate: Path, path: Path) -> None:
    command = ["openssl", "cms", "-encrypt", "-binary", "-aes-256-cbc", "-outform", "DER"]
    ended = subprocess.run(
        [*command, "-out", str(path), str(certificate)],
        input=password.encode(),
        capture_output=True,
        check=False,
    )
    if ended.returncode:
        raise BackupError(
            f"无法用此证书加密。/ Nothing can be encrypted for {certificate}: "
            f"{ended.stderr.decode(errors='replace').strip()[-500:]}"
        )


def _decrypt_password(path: Path, key: Path) -> str:
    """With another key openssl may give out something at random instead of failing."""
    words = "无法用此私钥解密。/ This key does not open the backup"
    command = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", str(path)]
    password = run([*command, "-inkey", str(key)], environment=os.environ, what=words)
    if not PASSWORD_LETTERS.fullmatch(password):
        raise BackupError(words)
    return password


def _encrypt_folder(backup: Path, password: str, path: Path) -> None:
    with (
        _openssl(password, "-out", str(path), stdin=subprocess.PIPE) as encrypting,
        tarfile.open(fileobj=encrypting.stdin, mode="w|") as archive,
    ):
        for each in sorted(backup.iterdir()):
            archive.add(each, arcname=each.name)


@contextmanager
def _openssl(
    password: str, *arguments: str, stdin: int | None = None, stdout: int | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """The password through a pipe of its own, which nobody else reads. Raises BackupError where it
    ends with anything but 0."""
    reading, writing = os.pipe()
    os.write(writing, f"{password}\n".encode())
    os.close(writing)
    command = ["openssl", *CIPHER, "-pass", f"fd:{reading}", *arguments]
    process = subprocess.Popen(
        command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, pass_fds=[reading]
    )
    os.close(reading)
    try:
        yield process
    finally:
        _close(process.stdin)
        _close(process.stdout)
        said = process.stderr.read() if process.stderr else b""
        _close(process.stderr)
        code = process.wait()
    if code:
        raise BackupError(f"openssl (exit {code}): {said.decode(errors='replace')[-500:]}")


def _read_to_its_end(stream: IO[bytes] | None) -> None:
    """What pads the archive: openssl fails where nobody takes all that it writes."""
    while stream is not None and stream.read(BLOCK):
        continue


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None and not stream.closed:
        stream.close()
