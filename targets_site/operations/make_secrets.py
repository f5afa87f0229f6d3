"""Makes the secrets of an installation, a file each:

    python -m targets_site.operations.make_secrets FOLDER

What is there already stays; delete a file and run it again for a new one. Needs nothing but the
standard library and openssl, since it runs before anything else does.
"""

import hashlib
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from targets_site.operations.roles import ROLES

# Made by the server at its first start for `postgres`, whom only the step `roles` signs in as.
SUPERUSER = "postgres_password"
NAMES = ("secret_key", "redis_password", SUPERUSER, *(role.secret for role in ROLES))
# What Redis reads: who may sign in and the hash of his password, so no secret.
REDIS_USERS = "redis_users.acl"
# What the proxy ends TLS with: a pair.
CERTIFICATE, KEY = "tls_certificate", "tls_key"
CERTIFICATE_DAYS = 365


def make(folder: Path) -> list[str]:
    """Returns the names of what was made.

    The folder is its owner's alone. The files are readable, because each container reads its own
    as a user of its own and containers do not see the folder. Raises OSError, also where openssl
    or one of certificate and key is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    made = [name for name in NAMES if not (folder / name).exists()]
    for name in made:
        _write(folder / name, secrets.token_urlsafe(50 if name == "secret_key" else 24))
    password = (folder / "redis_password").read_text(encoding="utf-8").strip()
    hashed = hashlib.sha256(password.encode()).hexdigest()
    _write(folder / REDIS_USERS, f"user default on #{hashed} ~* &* +@all\n")
    missing = [name for name in (CERTIFICATE, KEY) if not (folder / name).exists()]
    if len(missing) == 1:
        raise FileNotFoundError(
            f"{missing[0]}：证书与私钥须成对；请放入缺少的文件，或删除另一个。/ "
            "Certificate and key belong together: put the missing one there, or delete the other."
        )
    if missing:
        _make_certificate(folder)
    return made + missing


def _make_certificate(folder: Path) -> None:
    """Of this machine's own name alone, so that browsers warn: until there is the site's own."""
    key, certificate = folder / f".{KEY}.new", folder / f".{CERTIFICATE}.new"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", str(CERTIFICATE_DAYS),
         "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )  # fmt: skip
    for made, name in ((key, KEY), (certificate, CERTIFICATE)):
        _write(folder / name, made.read_text(encoding="utf-8"))
        made.unlink()


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    beside = path.with_name(f".{path.name}")
    beside.write_text(text, encoding="utf-8")
    beside.chmod(0o444)
    beside.replace(path)


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        made = make(Path(arguments[0]))
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"已生成 / made: {', '.join(made) or '0'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
