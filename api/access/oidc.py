"""Whom an identity provider vouches for: a signed token of OpenID Connect, its role and areas by its claims."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from api.access.algorithm import ALGORITHMS, Algorithm
from api.access.caller import ROLES, Caller, Given, checked_grant
from api.access.jwks import Jwks
from api.errors import ApiError, unauthorized

LEEWAY_S = 30
MAX_TOKEN = 16_384
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]


@dataclass(frozen=True)
class Oidc:
    """The identity provider.

    Attributes:
        issuer: as `iss` must say.
        audience: as `aud` must say: this platform.
        jwks: an https URL or the path of a file.
        algorithm: the one that it signs with.
        role_claim: names the claim that holds roles or groups; dots lead into objects.
        roles: role by value of that claim; of several the highest counts.
        areas_claim: names the claim with scopes, of a role `area`.
        factories_claim: names the claim with ids, of a role `factory`.
    """

    issuer: str
    audience: str
    jwks: str
    algorithm: Algorithm = "RS256"
    role_claim: str = "roles"
    roles: Mapping[str, Given] = field(default_factory=dict)
    areas_claim: str = "areas"
    factories_claim: str = "factories"


class Tokens:
    """Reads tokens; each one that is not wholly right is refused."""

    def __init__(self, oidc: Oidc) -> None:
        if oidc.algorithm not in ALGORITHMS:
            raise ValueError(f"{oidc.algorithm} is no algorithm with a public key; there are {', '.join(ALGORITHMS)}")
        self._oidc, self._jwks = oidc, Jwks(oidc.jwks)

    def caller(self, token: str) -> tuple[Caller, float]:
        """Who presents a token, and for how many seconds more it holds.

        Raises:
            ApiError: 401 for a token that is wrong, 403 for one that opens nothing, 503 while the provider's keys are
                not to be had.
        """
        claims = self._claims(token)
        return self._caller(claims), float(claims["exp"]) - time.time()

    def _claims(self, token: str) -> Mapping[str, Any]:
        if len(token) > MAX_TOKEN:
            raise _wrong("is too long")
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = self._jwks.key(kid if isinstance(kid, str) else None)
            if key is None:
                raise _wrong("is signed with a key that the identity provider does not publish")
            return jwt.decode(
                token, key, algorithms=[self._oidc.algorithm], audience=self._oidc.audience,
                issuer=self._oidc.issuer, leeway=LEEWAY_S, options={"require": REQUIRED, "strict_aud": False},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise _wrong(f"was refused ({type(error).__name__})") from error

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        oidc = self._oidc
        granted = [oidc.roles[value] for value in _texts(claims, oidc.role_claim) if value in oidc.roles]
        if not granted:
            sentence = f"The token's claim {oidc.role_claim!r} names no role of this platform; ask its administrator."
            raise ApiError(403, "no_role", sentence)
        role = max(granted, key=ROLES.index)
        areas = _texts(claims, oidc.areas_claim) if role == "area" else frozenset()
        factories = _texts(claims, oidc.factories_claim) if role == "factory" else frozenset()
        fault = checked_grant(role, areas, factories)
        if fault is not None:
            raise ApiError(403, "no_role", f"The token opens nothing: {fault}; ask its administrator.")
        return Caller(role, f"oidc {str(claims['sub'])[:100]}", areas, factories)


def _texts(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """The texts that a claim holds, one or a list; none where it is not there."""
    found: object = claims
    for name in [path] if path in claims else path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return frozenset(each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str))


def _wrong(reason: str) -> ApiError:
    sentence = f"The token in the header Authorization {reason}; sign in again."
    return unauthorized("token_wrong", sentence, presented=True)
