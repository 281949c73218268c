"""Who was let in a moment ago: argon2 and signatures are slow on purpose, and a reader asks often."""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

from api.access.caller import Caller
from api.access.secrets import Digests

MOST = 10_000


@dataclass(frozen=True)
class Vouched:
    """Who somebody is, and by what.

    Attributes:
        key: the id of the key that says so; none for a token.
        until_s: when that ends, of the monotonic clock.
    """

    caller: Caller
    key: str | None = None
    until_s: float = math.inf


class Remembered:
    """What was presented and found right, by its digest; the presented itself is not kept.

    Args:
        for_s: so long, unless it ends before.
    """

    def __init__(self, for_s: float) -> None:
        self._for_s = for_s
        self._digests = Digests()
        self._vouched: OrderedDict[bytes, tuple[Vouched, float]] = OrderedDict()

    def get(self, presented: str) -> Vouched | None:
        """Who presents this; none where it is not remembered."""
        vouched, until_s = self._vouched.get(self._digests.of(presented), (None, 0.0))
        return vouched if time.monotonic() < until_s else None

    def keep(self, presented: str, vouched: Vouched) -> None:
        """Remember it, and forget the oldest where they are too many."""
        until_s = min(vouched.until_s, time.monotonic() + self._for_s)
        self._vouched[self._digests.of(presented)] = (vouched, until_s)
        while len(self._vouched) > MOST:
            self._vouched.popitem(last=False)

    def drop(self, presented: str) -> None:
        """Forget it."""
        self._vouched.pop(self._digests.of(presented), None)

    def forget(self, key: str) -> None:
        """Forget everybody whom a key vouched for."""
        for digest, (vouched, _) in list(self._vouched.items()):
            if vouched.key == key:
                self._vouched.pop(digest, None)
