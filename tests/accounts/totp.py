"""What an app on a phone does: our own reading of RFC 6238, which the tests hold the product to."""

import hmac
import time
from base64 import b32decode

STEP = 30


def totp(key: bytes, at: float, *, digits: int = 6) -> str:
    digest = hmac.digest(key, int(at // STEP).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def shown_by_app(key: str, *, steps: int = 0) -> str:
    """Now, or so many half minutes from now. key: as people type it."""
    return totp(b32decode(key.replace(" ", "")), time.time() + steps * STEP)
