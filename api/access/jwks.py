"""The public keys of an identity provider: kept, renewed, and never guessed.

A fetch that fails waits for the next one. While keys that were fetched are young enough they hold; after that nobody
is let in until the provider answers.
"""

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import jwt
import structlog

from api.errors import ApiError

FRESH_S = 300.0  # after so long they are fetched anew
PAUSE_S = 30.0  # and not more often than this, whatever is asked for: an unknown key may be a rotation, or a flood
LIFETIME_S = 3_600.0  # without a fetch that succeeds they are not trusted any longer
TIMEOUT_S = 5.0
MAX_BYTES = 1024 * 1024


class Jwks:
    """The keys of a JWK set by their `kid`.

    Args:
        source: a URL or the path of a file.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._keys: Mapping[str | None, jwt.PyJWK] = {}
        self._fetched_s = self._again_s = float("-inf")

    def key(self, kid: str | None) -> jwt.PyJWK | None:
        """The key of a `kid`; one that is not known is looked for once in a while.

        Raises:
            ApiError: 503 `identity_unavailable` while there is nothing to judge by.
        """
        with self._lock:
            now_s = time.monotonic()
            wanted = kid not in self._keys or now_s - self._fetched_s >= FRESH_S
            if wanted and now_s >= self._again_s:
                self._again_s = now_s + PAUSE_S
                self._renew(now_s)
            if now_s - self._fetched_s > LIFETIME_S:
                sentence = "The identity provider's keys cannot be had, so no token can be judged; ask again."
                raise ApiError(503, "identity_unavailable", sentence, headers={"Retry-After": str(int(PAUSE_S))})
            return self._keys.get(kid)

    def _renew(self, now_s: float) -> None:
        try:
            self._keys, self._fetched_s = _read_keys(self._fetch()), now_s
        except (OSError, ValueError, httpx.HTTPError, jwt.PyJWTError) as error:
            log = structlog.get_logger("api")
            log.warning("the identity provider's keys cannot be had; they are asked for again", reason=repr(error))

    def _fetch(self) -> bytes:
        if "://" not in self._source:
            return Path(self._source).read_bytes()
        with httpx.stream("GET", self._source, timeout=TIMEOUT_S, trust_env=False) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ValueError(f"{self._source} answers {answer.status_code}")
            body = bytearray()
            for block in answer.iter_bytes():
                body += block
                if len(body) > MAX_BYTES:
                    raise ValueError(f"{self._source} answers with more than {MAX_BYTES} bytes")
            return bytes(body)


def _read_keys(document: bytes) -> Mapping[str | None, jwt.PyJWK]:
    """The keys that sign; a symmetric one, or one that this library does not know, is none."""
    told = json.loads(document)
    listed = told.get("keys") if isinstance(told, dict) else None
    found: dict[str | None, jwt.PyJWK] = {}
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and each.get("kty") in {"RSA", "EC", "OKP"} and each.get("use", "sig") == "sig":
            try:
                found[each.get("kid")] = jwt.PyJWK(each)
            except jwt.PyJWTError:
                continue
    if not found:
        raise ValueError("the document has no key that signs")
    return found
