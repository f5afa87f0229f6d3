"""A backup that was carried away encrypted: its key opens it, and openssl alone does."""

import subprocess
import tarfile

import pytest
from django.core.management import CommandError, call_command

from targets_site.operations.backups import encrypted, manifest
from targets_site.operations.backups.taking import backups
from tests.operations.product import ask, manage
from tests.operations.test_backup import change_a_byte


def make_key(folder, name):
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return key, certificate


@pytest.fixture
def ours(tmp_path):
    return make_key(tmp_path, "ours")


@pytest.fixture
def copy(product, settings, ours):
    product.save(2019, "97.25")
    product.seal()
    call_command("backup", encrypt_for=ours[1])
    [backup] = backups(settings.BACKUPS_DIR)
    return backup.with_name(backup.name + encrypted.SUFFIX)


def test_the_copy_alone_is_restored_with_its_key(copy, ours, tmp_path, empty):
    restored = manage("restore", copy, "--key", ours[0], database=empty, room=tmp_path / "new")

    assert restored.returncode == 0, restored.stderr
    assert ask(empty, "SELECT count(*) FROM indicators_observationversion") == [(2,)]
    assert (tmp_path / "new/files/attachments/2026/one").is_file()


def test_what_pads_its_end_is_read_too(tmp_path, ours, monkeypatch):
    """tar is content before the end; whoever stops there breaks openssl off in the middle of what
    a pipe does not hold."""
    monkeypatch.setattr(tarfile, "RECORDSIZE", 1 << 20)
    backup, restored = tmp_path / "backup", tmp_path / "restored"
    backup.mkdir()
    restored.mkdir()
    (backup / "figures").write_text("97.25")

    copy = encrypted.encrypt(backup, certificate=ours[1])
    encrypted.decrypt(copy, restored, key=ours[0])

    assert (copy / encrypted.DATA).stat().st_size >= 1 << 20
    assert (restored / "figures").read_text() == "97.25"


def test_nothing_of_it_can_be_read_without_the_key(copy, tmp_path):
    assert b"manifest.json" not in (copy / encrypted.DATA).read_bytes()
    with pytest.raises(CommandError, match="name the --key"):
        call_command("verify_backup", copy)
    with pytest.raises(CommandError, match="does not open the backup"):
        call_command("verify_backup", copy, key=make_key(tmp_path, "other")[0])


def test_a_changed_byte_is_found(copy, ours):
    change_a_byte(copy / encrypted.DATA)

    with pytest.raises(CommandError, match="CANNOT be relied on"):
        call_command("verify_backup", copy, key=ours[0])


def test_openssl_alone_opens_it(copy, ours, tmp_path):
    """With the commands of the guide."""
    script = f"""
    set -eu
    openssl cms -decrypt -binary -inform DER -in password.cms -inkey {ours[0]} -out {tmp_path}/pw
    openssl {" ".join(encrypted.CIPHER)} -d -pass file:{tmp_path}/pw -in backup.tar.enc \\
        | tar x -C {tmp_path}
    """
    subprocess.run(["bash", "-c", script], cwd=copy, check=True)

    assert manifest.check(tmp_path).handed_in == 1
