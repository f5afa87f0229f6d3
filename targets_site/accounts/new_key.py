"""The key of a second factor before it is confirmed: it travels with its page, signed for the
person, since a page that is only looked at stores nothing."""

from base64 import b32encode
from dataclasses import dataclass
from secrets import token_hex

from django.core import signing
from django.utils.functional import cached_property

from targets_site.accounts.models import Authenticator, User

SALT = "accounts.new_key"
SECONDS = 15 * 60
KEY_BYTES = 20
GROUP = 4


@dataclass(frozen=True)
class NewKey:
    user: User
    # In hexadecimal.
    key: str

    @classmethod
    def drawn(cls, user: User) -> "NewKey":
        return cls(user, token_hex(KEY_BYTES))

    @classmethod
    def signed_for(cls, user: User, text: str) -> "NewKey | None":
        """None where it is none of ours, another person's, or of too long ago."""
        try:
            owner, key = signing.loads(text, salt=SALT, max_age=SECONDS)
        except (signing.BadSignature, ValueError):
            return None
        return cls(user, key) if owner == user.pk else None

    @cached_property
    def signed(self) -> str:
        return signing.dumps([self.user.pk, self.key], salt=SALT)

    @property
    def groups(self) -> str:
        """As people type it into an app: letters and digits in groups of four."""
        letters = b32encode(bytes.fromhex(self.key)).decode()
        return " ".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))

    @property
    def picture(self) -> str:
        """The QR code that apps read, as a data address of an SVG."""
        # Some megabytes that nothing else needs.
        import segno

        address: str = Authenticator(user=self.user, key=self.key).config_url
        return segno.make_qr(address, error="l").svg_data_uri(omitsize=True, light="#fff")
