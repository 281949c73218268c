"""Who asks, by the administrator's key, a key of the store, a token of OpenID Connect, or a session of the board."""

import hmac
import secrets
import time

from api.access.caller import ANONYMOUS, Caller
from api.access.failures import Failures
from api.access.keys import Keys
from api.access.oidc import Oidc, Tokens
from api.access.remembered import Remembered, Vouched
from api.access.secrets import id_of, is_right
from api.errors import ApiError, unauthorized

REMEMBERED_S = 30.0  # so long another API process may let in a key that was revoked at this one
SESSION_S = 8 * 3_600.0
TOKEN_DOTS = 2
UNAUTHORIZED = 401
ADMIN = Caller("admin", "admin")


class Gate:
    """Tells who presents what; wrong is wrong, and never anonymous.

    Args:
        keys: those of the store.
        admin_key: the one that the system was started with; none lets nobody in by it.
        oidc: the identity provider; none refuses every token.
        wrong_a_minute: so many wrong ones of an address are looked at.
    """

    def __init__(self, keys: Keys, *, admin_key: str | None, oidc: Oidc | None, wrong_a_minute: int) -> None:
        self._keys, self._admin_key = keys, admin_key
        self._tokens = Tokens(oidc) if oidc is not None else None
        self._failures = Failures(wrong_a_minute)
        self._remembered, self._sessions = Remembered(REMEMBERED_S), Remembered(SESSION_S)

    def known(self, authorization: str | None) -> Caller | None:
        """Who that is, where it takes no looking up; else none."""
        if authorization is None:
            return ANONYMOUS
        presented = _bearer(authorization)
        vouched = self._remembered.get(presented) if presented else None
        return vouched.caller if vouched is not None else None

    def caller(self, authorization: str | None, session: str | None, address: str) -> Caller:
        """Who asks; a header counts before a cookie, and a session that is over is nobody's.

        Raises:
            ApiError: 401 for a key or token that is wrong, 403, 429 and 503 as they come.
            StoreUnavailable: the keys cannot be read.
        """
        if authorization is not None:
            return self._vouched(_bearer(authorization), address).caller
        vouched = self._sessions.get(session) if session else None
        if vouched is None or not self._stands(vouched.key):
            return ANONYMOUS
        return vouched.caller

    def sign_in(self, presented: str, address: str) -> tuple[Caller, str, int]:
        """Who presents a key or token, the word of a new session, and for how many seconds it holds.

        Raises:
            ApiError: as `caller`.
        """
        vouched = self._vouched(presented.strip(), address)
        session = secrets.token_urlsafe(32)
        self._sessions.keep(session, vouched)
        return vouched.caller, session, int(min(SESSION_S, vouched.until_s - time.monotonic()))

    def sign_out(self, session: str) -> None:
        """End a session."""
        self._sessions.drop(session)

    def forget(self, key: str) -> None:
        """Let nobody in any more by a key that was revoked."""
        self._remembered.forget(key)
        self._sessions.forget(key)

    def _stands(self, key: str | None) -> bool:
        return key is None or self._keys.standing(key) is not None

    def _vouched(self, presented: str, address: str) -> Vouched:
        vouched = self._remembered.get(presented)
        if vouched is None:
            vouched = Vouched(ADMIN) if self._is_admin(presented) else self._looked_up(presented, address)
            self._remembered.keep(presented, vouched)
        return vouched

    def _looked_up(self, presented: str, address: str) -> Vouched:
        self._failures.demand_patience(address)
        try:
            return self._of_token(presented) if presented.count(".") == TOKEN_DOTS else self._of_key(presented)
        except ApiError as error:
            if error.status == UNAUTHORIZED:
                self._failures.count(address)
            raise

    def _of_token(self, presented: str) -> Vouched:
        if self._tokens is None:
            raise _wrong("A token is refused: this system knows no identity provider.")
        caller, left_s = self._tokens.caller(presented)
        return Vouched(caller, until_s=time.monotonic() + left_s)

    def _of_key(self, presented: str) -> Vouched:
        key = self._keys.standing(id_of(presented) or "")
        if key is None or not is_right(key.hash, presented):
            raise _wrong("The key is none of this system's, or was revoked; ask its administrator for one.")
        return Vouched(key.caller, key.id)

    def _is_admin(self, presented: str) -> bool:
        # Compared as bytes: a header may hold characters that compare_digest refuses in text.
        own = self._admin_key
        return own is not None and hmac.compare_digest(presented.encode("utf-8", "replace"), own.encode())


def _bearer(authorization: str) -> str:
    """What the header presents; nothing where it is not a bearer's."""
    scheme, _, presented = authorization.partition(" ")
    return presented.strip() if scheme.lower() == "bearer" else ""


def _wrong(sentence: str) -> ApiError:
    return unauthorized("key_wrong", sentence, presented=True)
