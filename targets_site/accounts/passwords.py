"""One-time passwords: handed out on paper, good for one login, in which one chooses one's own."""

import secrets

from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    PBKDF2PasswordHasher,
    check_password,
    get_hasher,
    make_password,
)

# Without what looks alike on paper: i l o, I O, 0 1.
SMALL, CAPITAL, DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
BLOCKS, BLOCK_LENGTH = 3, 4
# A hash is slow so that nobody tries out what people think of; nobody tries out 69 random bits.
# A thousand accounts then take a second instead of seven minutes.
ROUNDS = 1000


def one_time_password() -> str:
    """Twelve random characters in three blocks, with a small letter, a capital and a digit."""
    while True:
        blocks = [_block() for _each in range(BLOCKS)]
        drawn = set("".join(blocks))
        if all(drawn & set(kind) for kind in (SMALL, CAPITAL, DIGITS)):
            return "-".join(blocks)


def _block() -> str:
    return "".join(secrets.choice(SMALL + CAPITAL + DIGITS) for _each in range(BLOCK_LENGTH))


def hashed(one_time: str) -> str:
    """The hash of a one-time password, as User.password holds it."""
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(one_time, hasher.salt(), iterations=ROUNDS)
    return make_password(one_time)


def spent(encoded: str) -> str:
    """The hash of a password that opens nothing any more, but is still known."""
    return UNUSABLE_PASSWORD_PREFIX + encoded


def is_spent(password: str, encoded: str) -> bool:
    """Whether `encoded` is this password, spent."""
    return encoded.startswith(UNUSABLE_PASSWORD_PREFIX) and check_password(
        password, encoded.removeprefix(UNUSABLE_PASSWORD_PREFIX)
    )
