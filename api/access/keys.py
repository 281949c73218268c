"""The API's keys in the store: who they are for, what they open, and whether they still stand."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.access.caller import Caller
from api.access.secrets import hashed, new_secret
from api.answer import shanghai_time
from store.base import Store
from store.schema import API_KEY, STATE

FRESH_S = 5.0  # so long what was read of the keys holds
NEWEST_S = 1.0  # and so long that a key is unknown


@dataclass(frozen=True)
class Key:
    """A key as it is kept.

    Attributes:
        hash: of its secret, by argon2.
        revoked_us: none while it stands.
    """

    id: str
    caller: Caller
    name: str
    hash: str
    made_us: int
    revoked_us: int | None

    def to_json(self) -> dict[str, object]:
        """All that may be told of it: neither the secret nor its hash."""
        return {
            "key": self.id,
            "name": self.name,
            "role": self.caller.role,
            "areas": sorted(self.caller.areas),
            "factories": sorted(self.caller.factories),
            "made": shanghai_time(self.made_us),
            "revoked": shanghai_time(self.revoked_us),
        }


class Keys:
    """Every key by its id, at most FRESH_S old; every call raises StoreUnavailable when the store does not answer."""

    def __init__(self, store: Store, *, clock_ns: Callable[[], int]) -> None:
        self._store, self._clock_ns = store, clock_ns
        self._lock = threading.Lock()
        self._known: Mapping[str, Key] = {}
        self._read_s = float("-inf")

    def all(self) -> list[Key]:
        """Every key, the oldest first, the revoked ones too."""
        return sorted(self._read().values(), key=lambda key: (key.made_us, key.id))

    def standing(self, key: str) -> Key | None:
        """The key of an id; none where there never was one or it is revoked."""
        age_s = time.monotonic() - self._read_s
        if age_s >= FRESH_S or (key not in self._known and age_s >= NEWEST_S):
            self._read()
        found = self._known.get(key)
        return found if found is not None and found.revoked_us is None else None

    def add(self, name: str, role: str, areas: list[str], factories: list[str]) -> tuple[Key, str]:
        """Make a key; answers it with its secret, which is kept nowhere."""
        key, secret = new_secret()
        row = {
            "time": 0,
            "key": key,
            "name": name,
            "role": role,
            "areas": json.dumps(sorted(set(areas))),
            "factories": json.dumps(sorted(set(factories))),
            "hash": hashed(secret),
            "made_us": self._clock_ns() // 1_000,
        }
        self._store.write(STATE, {API_KEY: API_KEY.frame([row])})
        return self._read()[key], secret

    def revoke(self, key: str) -> Key | None:
        """End a key for good; none where there never was one. Ending it twice changes nothing."""
        found = self._read().get(key)
        if found is None or found.revoked_us is not None:
            return found
        row = {"time": 0, "key": key, "revoked_us": self._clock_ns() // 1_000}
        self._store.write(STATE, {API_KEY: API_KEY.frame([row])})
        return self._read()[key]

    def _read(self) -> Mapping[str, Key]:
        with self._lock:
            self._read_s = time.monotonic()
            rows = self._store.read(STATE, API_KEY).iter_rows(named=True)
            self._known = {row["key"]: _key(row) for row in rows}
            return self._known


def _key(row: Mapping[str, object]) -> Key:
    areas, factories = (frozenset(json.loads(str(row[name]))) for name in ("areas", "factories"))
    caller = Caller(row["role"], f"key {row['key']} {row['name']}", areas, factories)  # type: ignore[arg-type] # checked
    return Key(
        str(row["key"]), caller, str(row["name"]), str(row["hash"]), row["made_us"], row["revoked_us"],  # type: ignore[arg-type] # as the schema says
    )  # fmt: skip
