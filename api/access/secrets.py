"""A key's secret: `rd_<id>_<32 random bytes>`; argon2 keeps it, a digest remembers that it was right."""

import base64
import hashlib
import re
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_SECRET = re.compile(r"rd_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
# The least that OWASP advises; the secret itself is 256 random bits, which no hash need protect from guessing.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_ONE = threading.Lock()  # a flood of wrong keys takes one core and 19 MiB, not all


def new_secret() -> tuple[str, str]:
    """The id of a new key and its secret."""
    key = secrets.token_hex(6)
    random = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    return key, f"rd_{key}_{random}"


def id_of(secret: str) -> str | None:
    """The id that a secret names; none where it is no secret of a key."""
    found = _SECRET.fullmatch(secret)
    return found[1] if found else None


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return _HASHER.hash(secret)


def is_right(kept: str, secret: str) -> bool:
    """Whether a secret is the one that was hashed; one at a time, some 20 ms each."""
    with _ONE:
        try:
            return _HASHER.verify(kept, secret)
        except VerificationError:
            return False


class Digests:
    """Names what was presented without keeping it: a keyed digest, another one in each process."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(32)

    def of(self, presented: str) -> bytes:
        """The digest of anything presented."""
        return hashlib.blake2b(presented.encode("utf-8", "replace"), key=self._salt, digest_size=32).digest()
